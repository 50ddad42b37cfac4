"""The tax room as a Django app."""

from django.apps import AppConfig


class TaxConfig(AppConfig):
    """Tables of the tax room."""

    name = "guilder.registers.tax"
    label = "tax"
