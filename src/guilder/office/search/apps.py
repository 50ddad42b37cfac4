"""The search room as a Django app."""

from django.apps import AppConfig


class SearchConfig(AppConfig):
    """Tables of the search room."""

    name = "guilder.office.search"
    label = "search"
