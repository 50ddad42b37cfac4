"""Django's command line over Guilder's settings; brings the embedded database along when needed."""

import os
import signal
import sys

from guilder.kernel.errors import GuilderError
from guilder.runtime import environment

# Commands that do their work without a database.
WITHOUT_DATABASE = {
    "check", "collectstatic", "compilemessages", "diffsettings", "findstatic", "help",
    "makemessages", "makemigrations", "startapp", "startproject", "version", "--help", "--version",
}  # fmt: skip


def main() -> None:
    """Run one of Django's management commands, on the configured or the embedded database."""
    from guilder.config import database

    folder = environment.load()
    word = sys.argv[1] if len(sys.argv) > 1 else "help"
    # The reloader's child finds the server that its parent holds.
    if database.is_external() or word in WITHOUT_DATABASE or os.environ.get("RUN_MAIN"):
        execute()
        return
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        _, cluster = environment.open_database(folder)
    except GuilderError as error:
        sys.exit(str(error))
    try:
        execute()
    finally:
        if cluster is not None:
            cluster.stop()


def execute() -> None:
    """Hand over to Django."""
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
