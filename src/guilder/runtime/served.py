"""The application as a web worker loads it, in a process that does not outlive its parent.

The server lets every request end before it stops, and a stream has no end of its own: so streams
are ended when the worker is told to stop, and their pages go on with another one.
"""

import signal
from collections.abc import Callable
from typing import Any

from granian import _signals

from guilder.config.asgi import application
from guilder.faces.web.live.stream import streams
from guilder.runtime import lifeline, server, straight

__all__ = ["application"]

set_loop_signals: Callable[[Any], Any] = _signals.set_loop_signals


def end_streams_with(loop: Any) -> Any:
    """The server's own way to hear of signals, heard by the streams first."""
    stop = set_loop_signals(loop)

    def told() -> None:
        streams.close()
        stop.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, told)
    return stop


_signals.set_loop_signals = end_streams_with
lifeline.follow_parent()
if not server.logs_access():  # what goes straight is not seen by the server's own log
    straight.shorten(application)
