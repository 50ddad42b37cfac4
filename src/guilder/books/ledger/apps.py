"""The ledger room as a Django app."""

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "guilder.books.ledger"
    label = "ledger"
    verbose_name = "Ledger"
