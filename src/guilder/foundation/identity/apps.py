"""The app."""

from django.apps import AppConfig


class IdentityConfig(AppConfig):
    """Names the room for Django."""

    name = "guilder.foundation.identity"
    label = "identity"
