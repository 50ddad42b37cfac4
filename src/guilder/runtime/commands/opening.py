"""What a command of the rooms needs before it runs: settings, and a database that answers."""

import contextlib
import os
import signal
import sys
from dataclasses import dataclass

from guilder.runtime import environment, migration
from guilder.runtime.environment import set_up
from guilder.runtime.postgres import Cluster

__all__ = ("Opened", "open_all", "set_up")


@dataclass(slots=True)
class Opened:
    """What was opened for one command."""

    cluster: Cluster | None

    def close(self) -> None:
        """Let go of the database; the last one to do so stops the embedded server."""
        from django.db import connections

        connections.close_all()
        if self.cluster is not None:
            self.cluster.stop()


def open_all(data: str | None) -> Opened:
    """Set Django up on a running database whose tables are those of this release."""
    folder = environment.load(data=data)
    # A polite end by SIGTERM passes through `finally`, as Ctrl+C does.
    with contextlib.suppress(ValueError):  # not in the main thread
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    addresses, cluster = environment.open_database(folder)
    try:
        os.environ["DATABASE_URL"] = addresses.app
        os.environ["GUILDER_OWNER_DATABASE_URL"] = addresses.owner
        migration.bring_up_to_date(addresses)
        set_up(data)
    except BaseException:
        if cluster is not None:
            cluster.stop()
        raise
    return Opened(cluster)
