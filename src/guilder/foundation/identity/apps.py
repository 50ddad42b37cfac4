"""The app."""

from importlib import import_module

from django.apps import AppConfig


class IdentityConfig(AppConfig):
    """Names the room for Django."""

    name = "guilder.foundation.identity"
    label = "identity"

    def import_models(self) -> None:
        """The tables of signing in stand in a file of their own."""
        super().import_models()
        import_module(f"{self.name}.signing")
