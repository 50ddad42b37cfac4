"""The desk room as a Django app."""

from django.apps import AppConfig


class DeskConfig(AppConfig):
    """Tables of the desk room."""

    name = "guilder.office.desk"
    label = "desk"
