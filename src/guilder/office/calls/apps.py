"""The room of calls as a Django app."""

from django.apps import AppConfig


class CallsConfig(AppConfig):
    """The table of calls."""

    name = "guilder.office.calls"
    label = "calls"
