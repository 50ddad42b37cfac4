"""One journey to the server for all that is asked together: statements leave in one piece.

psycopg's own pipeline sends every statement as soon as it is made, waits for BEGIN before what
follows it, and asks twice more after COMMIT whether all was answered. That is right where the
server is to begin early; where we wait for the answer anyway it costs a dozen calls to the kernel
on either side and three journeys for one.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg.abc import PQGen
from psycopg.generators import send
from psycopg.pq import TransactionStatus


class Company(psycopg.Pipeline):
    """A pipeline whose statements wait in libpq's buffer until an answer is wanted."""

    def _communicate_gen(self) -> PQGen[None]:
        """Put what is queued into the buffer. libpq sends by itself beyond 64 kB."""
        while self.command_queue:
            self.command_queue.popleft()()
        yield from ()

    def _sync_gen(self) -> PQGen[None]:
        """Go, and come back with all answers; BEGIN goes with what follows it."""
        if self.pgconn.transaction_status == TransactionStatus.IDLE:
            yield from self._communicate_gen()  # nothing is begun: it is BEGIN that was queued
        else:
            yield from self._exit_gen()

    def _exit_gen(self) -> PQGen[None]:
        """Go, and come back with all answers; stay where nothing is asked. Raises the first error
        among the answers."""
        if not self.command_queue and not self.result_queue:
            return
        self._enqueue_sync()
        yield from self._communicate_gen()
        yield from send(self.pgconn)
        yield from self._fetch_gen(flush=False)


@contextmanager
def in_company(connection: psycopg.Connection[Any]) -> Iterator[None]:
    """What is executed inside leaves together at the end, or with COMMIT. Errors are raised there;
    a pipeline that is open already is joined."""
    made = None
    if connection._pipeline is None:
        made = connection._pipeline = Company(connection)
    try:
        with connection.pipeline():
            yield
    finally:
        if made is not None and connection._pipeline is made:
            connection._pipeline = None  # it could not even begin
