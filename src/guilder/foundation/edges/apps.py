"""The app."""

from django.apps import AppConfig


class EdgesConfig(AppConfig):
    """Names the room for Django."""

    name = "guilder.foundation.edges"
    label = "edges"
