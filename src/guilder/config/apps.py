"""The house as a Django app: connected once everything is loaded."""

from django.apps import AppConfig


class HouseConfig(AppConfig):
    """Comes last of the apps, and wires them."""

    name = "guilder.config"
    label = "house"

    def ready(self) -> None:
        from guilder.config import tracing, wiring

        wiring.connect()
        tracing.begin()
