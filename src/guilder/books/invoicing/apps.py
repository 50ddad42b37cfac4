"""The invoicing room as a Django app."""

from django.apps import AppConfig


class InvoicingConfig(AppConfig):
    name = "guilder.books.invoicing"
    label = "invoicing"
    verbose_name = "Invoicing"
