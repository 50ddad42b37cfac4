"""A line between browser and server that can be cut, and the database's listeners likewise."""

import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from urllib.parse import urlsplit

import psycopg

from guilder.faces.web.live.hub import NAME


class Line:
    """A TCP relay to a web process; while it is cut, nothing passes and nothing new is let in."""

    def __init__(self, base: str) -> None:
        parts = urlsplit(base)
        self.target = (parts.hostname or "", parts.port or 80)
        self.listening = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.base = f"http://127.0.0.1:{self.listening.getsockname()[1]}"
        self.open: set[socket.socket] = set()
        self.is_cut = False
        self.ended = False
        threading.Thread(target=self._serve, daemon=True).start()

    def cut(self) -> None:
        """Break every connection, and refuse new ones until `mend`."""
        self.is_cut = True
        for one in list(self.open):
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()
        self.open.clear()

    def mend(self) -> None:
        """Let everything through again."""
        self.is_cut = False

    def end(self) -> None:
        """Close for good."""
        self.ended = True
        self.cut()
        self.listening.close()

    def _serve(self) -> None:
        while not self.ended:
            try:
                near, _ = self.listening.accept()
            except OSError:
                return
            if self.is_cut:
                near.close()
                continue
            far = socket.create_connection(self.target)
            self.open |= {near, far}
            for one, other in ((near, far), (far, near)):
                threading.Thread(target=self._relay, args=(one, other), daemon=True).start()

    def _relay(self, source: socket.socket, sink: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                sink.sendall(data)
        for one in (source, sink):
            self.open.discard(one)
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()


@contextlib.contextmanager
def line_to(base: str) -> Iterator[Line]:
    """A line to a web process, for the time of a test."""
    line = Line(base)
    try:
        yield line
    finally:
        line.end()


class Listeners:
    """The database connections on which web processes listen."""

    def __init__(self) -> None:
        from django.db import connections

        given = connections["default"].get_connection_params()
        names = ("dbname", "user", "password", "host", "port")
        self.address = {name: given[name] for name in names if given.get(name)}
        self.killed = 0

    def kill(self) -> int:
        """End those that are there."""
        with psycopg.connect(**self.address, autocommit=True) as connection:
            rows = connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE application_name = %s AND datname = current_database()",
                [NAME],
            ).fetchall()
        self.killed += len(rows)
        return len(rows)

    def keep_down(self, seconds: float) -> None:
        """End them, and whatever comes back, for so long."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.kill()
            time.sleep(0.1)
