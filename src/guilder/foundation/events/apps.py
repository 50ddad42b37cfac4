"""The app."""

from django.apps import AppConfig


class EventsConfig(AppConfig):
    """Names the room for Django."""

    name = "guilder.foundation.events"
    label = "events"
