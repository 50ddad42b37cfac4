"""Noting calls: into memory at once, into the table a moment later, out of it after some weeks."""

import logging
import os
import threading
import time
from collections import deque
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db import close_old_connections, connections
from psycopg import IntegrityError

from guilder.foundation.tenancy import hot
from guilder.foundation.tenancy.transaction import transaction
from guilder.office.calls import calc

logger = logging.getLogger("guilder.calls")

MOST_WAITING = 20_000  # beyond that the oldest are let go: a log never stops the business
EVERY = 1.0  # seconds between two writings
AT_ONCE = 5_000
COLUMNS = {
    "id": "uuid", "organization_id": "uuid", "at": "timestamptz", "method": "text",
    "route": "text", "path": "text", "status": "smallint", "code": "text",
    "microseconds": "integer", "user_id": "uuid", "key_id": "uuid", "source": "text",
    "address": "text", "agent": "text", "request_id": "text", "request_text": "text",
    "response_text": "text",
}  # fmt: skip
OLD = """
DELETE FROM calls_apicall WHERE organization_id = %(of)s AND id IN (
  SELECT id FROM calls_apicall WHERE organization_id = %(of)s AND id < %(before)s
  ORDER BY id LIMIT %(most)s)
"""


class Noted(NamedTuple):
    """A call as the door saw it. Texts come as they were sent; they are made fit when written."""

    id: UUID
    organization_id: UUID
    at: datetime
    method: str
    route: str
    path: str
    status: int
    code: str
    microseconds: int
    user_id: UUID | None
    key_id: UUID | None
    source: str
    address: str
    agent: str
    request_id: str
    request_body: bytes = b""
    response_body: bytes = b""


_waiting: "deque[Noted]" = deque(maxlen=MOST_WAITING)
_lock = threading.Lock()
_writing = threading.Lock()
_writer: tuple[int, threading.Thread] | None = None


def note(call: Noted) -> None:
    """Keep a call in memory; a thread writes it down within a second. Costs a microsecond or two.

    What a process had not written when it was killed is lost: this is a log, not evidence.
    """
    _waiting.append(call)
    if _writer is None or _writer[0] != os.getpid():
        begin()


def begin() -> None:
    """Start this process's writer, once."""
    global _writer
    with _lock:
        if _writer is None or _writer[0] != os.getpid():
            thread = threading.Thread(target=write_for_ever, name="calls", daemon=True)
            _writer = (os.getpid(), thread)
            thread.start()


def write_for_ever() -> None:
    """Write what waits, every second."""
    while True:
        time.sleep(EVERY)
        write_if_any()


def write_if_any() -> None:
    """Write what waits; trouble with the database is waited out. The connection is given back in
    the first second without a call: a new one costs more than what is written."""
    if not _waiting:
        connections.close_all()
        return
    try:
        close_old_connections()
        write_waiting()
    except Exception as error:
        logger.warning("Calls of the API could not be written down: %s", error)
        connections.close_all()


def write_waiting() -> int:
    """Write down what waits, a statement for each organization; gives how many. Once it is back,
    everything noted before is written, by whichever thread."""
    with _writing:
        found: dict[UUID, list[Noted]] = {}
        for _ in range(min(len(_waiting), AT_ONCE)):
            call = _waiting.popleft()
            found.setdefault(call.organization_id, []).append(call)
        count = sum(map(len, found.values()))
        try:
            while found:
                organization_id, calls = next(iter(found.items()))
                try:
                    with transaction(organization_id):
                        hot.insert_many("calls_apicall", COLUMNS, [row_of(one) for one in calls])
                except IntegrityError:  # the organization is gone, and its log with it
                    logger.info("Calls of an organization that is gone are let go: %d", len(calls))
                del found[organization_id]
        finally:  # what could not be written waits for the next time
            for calls in found.values():
                _waiting.extendleft(reversed(calls))
        return count


def row_of(call: Noted) -> tuple[object, ...]:
    """The values of COLUMNS."""
    return (
        call.id, call.organization_id, call.at, call.method[:7], call.route[:120],
        calc.plain(call.path, 500), call.status, call.code[:60], call.microseconds, call.user_id,
        call.key_id, call.source, call.address[:45], calc.plain(call.agent, 120),
        calc.plain(call.request_id, 64), calc.redacted(call.request_body),
        calc.redacted(call.response_body),
    )  # fmt: skip


def forget_old(organization_id: UUID, *, before: datetime) -> int:
    """Drop the calls from before a moment; gives how many."""
    floor = UUID(int=int(before.timestamp() * 1000) << 80)
    count = 0
    while True:
        with transaction(organization_id), connections["default"].cursor() as cursor:
            cursor.execute(OLD, {"of": organization_id, "before": floor, "most": AT_ONCE})
            count += cursor.rowcount
            if cursor.rowcount < AT_ONCE:
                return count
