"""The app."""

from django.apps import AppConfig


class FilesConfig(AppConfig):
    """Names the room for Django."""

    name = "guilder.foundation.files"
    label = "files"
