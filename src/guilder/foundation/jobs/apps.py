"""The app."""

from django.apps import AppConfig


class JobsConfig(AppConfig):
    """Names the room for Django."""

    name = "guilder.foundation.jobs"
    label = "jobs"
