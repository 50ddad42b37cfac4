"""The banking room as a Django app."""

from django.apps import AppConfig


class BankingConfig(AppConfig):
    name = "guilder.flows.banking"
    label = "banking"
    verbose_name = "Banking"
