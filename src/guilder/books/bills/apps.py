"""The bills room as a Django app."""

from django.apps import AppConfig


class BillsConfig(AppConfig):
    name = "guilder.books.bills"
    label = "bills"
    verbose_name = "Bills"
