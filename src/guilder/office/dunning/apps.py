"""The dunning room as a Django app."""

from django.apps import AppConfig


class DunningConfig(AppConfig):
    name = "guilder.office.dunning"
    label = "dunning"
    verbose_name = "Dunning"
