"""The app: throttles that cannot be read stop the start, not the first request."""

from django.apps import AppConfig
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured


class EdgesConfig(AppConfig):
    """Names the room for Django and reads the throttles once."""

    name = "guilder.foundation.edges"
    label = "edges"

    def ready(self) -> None:
        from guilder.foundation.edges.throttle import parse_rate

        for scope, text in getattr(settings, "THROTTLES", {}).items():
            try:
                parse_rate(text)
            except ValueError as error:
                raise ImproperlyConfigured(f"GUILDER_THROTTLE_{scope.upper()}: {error}") from error
