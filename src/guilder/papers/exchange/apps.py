"""The exchange room as a Django app."""

from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    """Tables of the exchange room."""

    name = "guilder.papers.exchange"
    label = "exchange"
