"""The catalogue room as a Django app."""

from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    """Tables of the catalogue room."""

    name = "guilder.registers.catalogue"
    label = "catalogue"
