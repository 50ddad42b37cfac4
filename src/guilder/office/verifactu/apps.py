"""The room of Spanish billing records as a Django app."""

from django.apps import AppConfig


class VerifactuConfig(AppConfig):
    """Tables of the room."""

    name = "guilder.office.verifactu"
    label = "verifactu"
