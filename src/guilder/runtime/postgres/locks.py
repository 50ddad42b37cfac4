"""File locks that end with the processes that hold them, however those die.

Three of them stand in GUILDER_HOME/postgres: `start.lock` (one at a time decides), `server.lock`
(held by the server's own processes: as long as one lives, nobody starts a second on the same data,
in this container or another) and `use.lock` (shared by all who use the server; the last stops it).
"""

import fcntl
import os
import time
from pathlib import Path

from guilder.runtime.postgres import reach

SHARED, EXCLUSIVE = fcntl.LOCK_SH, fcntl.LOCK_EX
PAUSE = 0.01  # seconds between two tries


def take(path: Path, kind: int, *, wait: float = 0) -> int | None:
    """A descriptor that holds the lock, or None when `wait` seconds were not enough."""
    with reach.open_private(path) as file:
        handle = os.dup(file.fileno())  # not inherited by programs that we start
    end = time.monotonic() + wait
    while True:
        try:
            fcntl.flock(handle, kind | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= end:
                os.close(handle)
                return None
            time.sleep(PAUSE)
        else:
            return handle


def free(path: Path) -> bool:
    """Whether nobody holds the lock at this moment."""
    handle = take(path, EXCLUSIVE)
    if handle is None:
        return False
    os.close(handle)
    return True


def release(handle: int) -> None:
    """Give the lock up."""
    os.close(handle)
