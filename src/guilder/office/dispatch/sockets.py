"""Connections to mail servers: to judged addresses only, and with an end to every conversation."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from guilder.foundation.edges import outbound


def connect(host: str, port: int, *, timeout: float | None, is_trusted: bool) -> socket.socket:
    """A socket to the first address of `host` that answers within `timeout` seconds.

    A host that an organization chose must be public, or opened by the operator in
    GUILDER_OUTBOUND_ALLOW; the installation's own (`is_trusted`) may be anywhere. Raises BadTarget,
    Unreachable, OSError.
    """
    addresses = outbound.resolve(host, port)
    if not is_trusted:
        allowed = outbound.allowances()
        if (host.lower(), port) not in allowed.pairs:
            outbound.refuse_private(host, addresses, allowed)
    problem = OSError("no address answered")
    for address in addresses:
        try:
            return socket.create_connection((address, port), timeout=timeout)
        except OSError as error:
            problem = error
    raise problem


@contextmanager
def ends_after(seconds: float, sock_of: Callable[[], socket.socket | None]) -> Iterator[None]:
    """Cut the connection after `seconds`: a server that says one byte at a time is not waited for.

    Timeouts of a socket begin anew with every byte; this one does not.
    """

    def end() -> None:
        sock = sock_of()
        if sock is not None:
            with suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(seconds, end)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
