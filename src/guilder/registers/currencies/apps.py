"""The currencies room as a Django app."""

from django.apps import AppConfig


class CurrenciesConfig(AppConfig):
    """Tables of the currencies room."""

    name = "guilder.registers.currencies"
    label = "currencies"
