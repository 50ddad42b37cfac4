"""The background worker as a process of its own."""

import logging.config
import os

from guilder.config import logs
from guilder.runtime import lifeline


def work() -> None:
    """Do queued and periodic work until SIGINT or SIGTERM."""
    _prepare("worker")
    from guilder.foundation.jobs import worker

    worker.run()


def schedule() -> None:
    """Queue periodic work, and do none, until SIGINT or SIGTERM."""
    _prepare("scheduler")
    from guilder.foundation.jobs import worker

    worker.run_scheduler()


def _prepare(service: str) -> None:
    os.environ.setdefault("GUILDER_SERVICE", service)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "guilder.config.settings")
    lifeline.hold_on()
    logging.config.dictConfig(logs.configuration())
    import django

    django.setup()


if __name__ == "__main__":
    work()
