"""The dispatch room as a Django app."""

from django.apps import AppConfig


class DispatchConfig(AppConfig):
    """Tables of the dispatch room."""

    name = "guilder.office.dispatch"
    label = "dispatch"
