"""The parties room as a Django app."""

from django.apps import AppConfig


class PartiesConfig(AppConfig):
    """Tables of the parties room."""

    name = "guilder.registers.parties"
    label = "parties"
