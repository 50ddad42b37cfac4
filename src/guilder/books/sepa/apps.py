"""The SEPA room as a Django app."""

from django.apps import AppConfig


class SepaConfig(AppConfig):
    name = "guilder.books.sepa"
    label = "sepa"
    verbose_name = "SEPA"
