"""The numbering room as a Django app."""

from django.apps import AppConfig


class NumberingConfig(AppConfig):
    name = "guilder.registers.numbering"
    label = "numbering"
    verbose_name = "Numbering"
