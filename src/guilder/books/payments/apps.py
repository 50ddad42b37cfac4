"""The payments room as a Django app."""

from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    name = "guilder.books.payments"
    label = "payments"
    verbose_name = "Payments"
