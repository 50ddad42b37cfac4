"""The billing room as a Django app."""

from django.apps import AppConfig


class BillingConfig(AppConfig):
    name = "guilder.flows.billing"
    label = "billing"
    verbose_name = "Billing"
