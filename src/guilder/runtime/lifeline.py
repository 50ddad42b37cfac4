"""Ending with the process that started us, even when that one was killed."""

import contextlib
import os
import signal
import threading
import time

VARIABLE = "GUILDER_LIFELINE"
GRACE = 40  # seconds; longer than any child needs to finish its work


def hold_on() -> None:
    """End this process politely when the supervisor's end of the pipe closes.

    Without a supervisor (the variable is not set) it does nothing.
    """
    given = os.environ.pop(VARIABLE, "")
    if not given.isdigit():
        return
    handle = int(given)
    os.set_inheritable(handle, False)
    threading.Thread(target=_watch_pipe, args=(handle,), name="lifeline", daemon=True).start()


def follow_parent() -> None:
    """End this process hard when its parent is gone; for children that others start for us."""
    parent = os.getppid()
    threading.Thread(target=_watch_parent, args=(parent,), name="lifeline", daemon=True).start()


def _watch_pipe(handle: int) -> None:
    with contextlib.suppress(OSError):
        os.read(handle, 1)
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(GRACE)
    os._exit(1)  # it did not end politely, and nobody is left who would see to it


def _watch_parent(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(1)
    os.kill(os.getpid(), signal.SIGKILL)
