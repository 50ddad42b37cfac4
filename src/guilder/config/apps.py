"""The house as a Django app: connected once everything is loaded."""

import gc

from django.apps import AppConfig


class HouseConfig(AppConfig):
    """Comes last of the apps, and wires them."""

    name = "guilder.config"
    label = "house"

    def ready(self) -> None:
        from guilder.config import tracing, wiring

        wiring.connect()
        tracing.begin()
        # What is loaded by now stays for good: collections need not look at it again and again,
        # which would be a third of what bulk work costs this side.
        gc.freeze()
        gc.set_threshold(10_000)
