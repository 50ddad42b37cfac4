"""The web server: granian, one port for pages, API and event streams."""

import logging.config
import os
import signal

from guilder.config import logs
from guilder.runtime import environment, lifeline

BACKLOG = 1024
LIFETIME = 6 * 3600  # seconds; a worker is replaced now and then, whatever it leaks
STOP_SECONDS = 20  # for requests that are under way


def serve(*, host: str, port: int, workers: int | None = None) -> None:
    """Serve until SIGINT or SIGTERM. `workers` are processes, by default one a processor."""
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    os.environ.setdefault("GUILDER_SERVICE", "web")
    lifeline.hold_on()
    os.register_at_fork(after_in_child=end_when_told)
    configuration = logs.configuration()
    logging.config.dictConfig(configuration)
    Granian(
        "guilder.runtime.served:application",
        address=host,
        port=port,
        interface=Interfaces.ASGI,
        workers=workers or worker_count(),
        websockets=False,
        backlog=BACKLOG,
        respawn_failed_workers=True,
        workers_lifetime=LIFETIME,
        workers_kill_timeout=STOP_SECONDS,
        log_level=LogLevels.error,  # its warnings are about its own worker count and kernel flags
        log_dictconfig=configuration,
        log_access=logs_access(),
        log_access_format="%(method)s %(path)s %(status)d %(dt_ms)d ms",
    ).serve()


def logs_access() -> bool:
    """Whether each request is logged (GUILDER_ACCESS_LOG)."""
    return os.environ.get("GUILDER_ACCESS_LOG", "") in {"1", "true", "on"}


def end_when_told() -> None:
    """A worker is born with its parent's ear for signals, which hears nothing there: until it has
    its own it serves nobody, and ends at once."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_DFL)


def worker_count() -> int:
    """GUILDER_WEB_WORKERS, else the number of processors."""
    return int(os.environ.get("GUILDER_WEB_WORKERS", "0")) or environment.cores()


def main() -> None:
    """Run by the supervisor: `python -m guilder.runtime.server HOST PORT`."""
    import sys

    serve(host=sys.argv[1], port=int(sys.argv[2]))


if __name__ == "__main__":
    main()
