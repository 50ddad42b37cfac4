"""The charging room as a Django app."""

from django.apps import AppConfig


class ChargingConfig(AppConfig):
    name = "guilder.books.charging"
    label = "charging"
    verbose_name = "Charging"
