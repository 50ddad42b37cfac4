"""The background door of webhooks: tell, deliver, tell again, forget."""

import logging
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import close_old_connections, connections

from guilder.foundation.identity import operations as identity
from guilder.foundation.identity import queries as organizations
from guilder.foundation.jobs.queue import loop, periodic, task
from guilder.office.webhooks import operations

logger = logging.getLogger("guilder.webhooks")

AT_ONCE = 16  # calls under way in one worker; they wait for others, so they cost little
_calls = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="webhooks")
_free = threading.BoundedSemaphore(AT_ONCE)


def tell(organization_id: UUID, *, event_id: UUID, event_type: str) -> None:
    """Queue an event; small enough for the hearing itself."""
    by = identity.system_actor(organization_id, "job")
    operations.tell_event(event_id, event_type, by=by, at=datetime.now(UTC))


@loop(every=0.5)
def deliver_due() -> int:
    """Hand what is due to the threads that call; gives how many were taken."""
    room = 0
    while room < AT_ONCE and _free.acquire(blocking=False):
        room += 1
    taken: list[operations.Taken] = []
    try:
        if room:
            taken = operations.take_due(at=datetime.now(UTC), limit=room)
    finally:
        for _ in range(room - len(taken)):
            _free.release()
    for one in taken:
        _calls.submit(deliver, one).add_done_callback(done)
    return len(taken)


def deliver(taken: operations.Taken) -> None:
    """One call, in a thread of its own with a connection that does not stay."""
    close_old_connections()
    try:
        by = identity.system_actor(taken.organization_id, "job")
        operations.deliver(taken, by=by, at=datetime.now(UTC))
    finally:
        connections.close_all()


def done(call: "Future[None]") -> None:
    """A thread is free; what broke is told, and its delivery is taken anew after the lease."""
    _free.release()
    if error := call.exception():
        logger.error("a webhook call broke", exc_info=error)


@task(name="webhooks.replay")
def replay(
    organization_id: UUID,
    endpoint_id: UUID,
    since: str,
    until: str,
    types: list[str],
    only_missed: bool,
) -> None:
    """Tell a while again."""
    operations.replay_range(
        endpoint_id,
        by=identity.system_actor(organization_id, "job"),
        at=datetime.now(UTC),
        since=datetime.fromisoformat(since),
        until=datetime.fromisoformat(until),
        types=types,
        only_missed=only_missed,
    )


@periodic(cron="37 3 * * *", name="webhooks.forget")
def forget(at: datetime) -> None:
    """Drop what was delivered long ago."""
    before = at - timedelta(days=settings.WEBHOOK_KEEP_DAYS)
    for organization_id in organizations.organizations().values_list("id", flat=True):
        operations.forget_old(organization_id, before=before)
