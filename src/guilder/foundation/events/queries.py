"""Reading what happened, and what has not been told yet."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connections
from django.db.models import Q

from guilder.foundation.events import bus
from guilder.foundation.events.models import Event, PendingEvent
from guilder.foundation.tenancy import hot
from guilder.foundation.tenancy.transaction import transaction


@dataclass(frozen=True, slots=True)
class Backlog:
    """How far the telling is behind."""

    waiting: int
    parked: int
    oldest_at: datetime | None


def list_events(
    organization_id: UUID,
    *,
    types: tuple[str, ...] = (),
    subject_id: UUID | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    before: tuple[int, UUID] | None = None,
    limit: int = 50,
) -> list[Event]:
    """Events, newest first; `before` is (sequence, id) of the last one on the page before."""
    found = Event.objects.of(organization_id)
    if types:
        found = found.filter(type__in=types)
    if subject_id is not None:
        found = found.filter(subject_id=subject_id)
    if since is not None:
        found = found.filter(occurred_at__gte=since)
    if until is not None:
        found = found.filter(occurred_at__lt=until)
    if before is not None:
        sequence, event_id = before
        found = found.filter(Q(sequence__lt=sequence) | Q(sequence=sequence, id__lt=event_id))
    with transaction(organization_id):
        return list(found.order_by("-sequence", "-id")[:limit])


def backlog(organization_id: UUID | None = None) -> Backlog:
    """What waits and what is parked, of one organization or of all."""
    with connections["default"].cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FILTER (WHERE parked_at IS NULL), count(parked_at), "
            "min(due_at) FILTER (WHERE parked_at IS NULL) FROM events_pending "
            "WHERE %(of)s::uuid IS NULL OR organization_id = %(of)s",
            {"of": organization_id},
        )
        waiting, parked, oldest = cursor.fetchone()  # type: ignore[misc]
    return Backlog(waiting, parked, oldest)


def parked_events(organization_id: UUID, *, limit: int = 100) -> list[dict[str, Any]]:
    """Parked events with the reason, newest first."""
    return list(
        PendingEvent.objects.filter(organization_id=organization_id, parked_at__isnull=False)
        .order_by("-sequence")
        .values("event_id", "subject_id", "attempts", "heard", "problem", "parked_at")[:limit]
    )


# Committed since: `seen` are those that the asker has already, so that a second look costs little.
SINCE = """
SELECT id, type, subject_id, payload::text, actor_id, sequence FROM events_event
WHERE organization_id = %(organization)s::uuid AND sequence > %(after)s::bigint
  AND NOT id = ANY(%(seen)s::uuid[])
ORDER BY sequence, id LIMIT %(limit)s
"""
# The begin of the oldest transaction under way in this database, in nanoseconds since 1970.
HORIZON = """
SELECT (extract(epoch FROM coalesce(min(xact_start), clock_timestamp())) * 1000000000)::bigint
FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
WAITING_OF = """
SELECT DISTINCT organization_id FROM events_pending WHERE organization_id = ANY(%s::uuid[])
"""


@dataclass(frozen=True, slots=True)
class Happened:
    """One event as those who follow along read it."""

    id: UUID
    type: str
    subject_id: UUID | None
    payload: dict[str, Any]
    actor_id: UUID | None
    sequence: int


def happened_since(
    organization_id: UUID, *, after: int, seen: Iterable[UUID] = (), limit: int = 1000
) -> list[Happened]:
    """Events with a later sequence than `after`, without those in `seen`, oldest first."""
    values = {"organization": organization_id, "after": after, "seen": list(seen), "limit": limit}
    with transaction(organization_id):
        rows = hot.cursor().execute(SINCE, values, prepare=True).fetchall()
    return [
        Happened(event_id, kind, subject_id, bus.decode(payload), actor_id, sequence)
        for event_id, kind, subject_id, payload, actor_id, sequence in rows
    ]


def horizon() -> int:
    """A sequence (nanoseconds since 1970) that every event still to be committed lies behind.

    An event takes its sequence inside its transaction, and becomes visible with its commit: a later
    one may be seen first. None that is yet to come is older than the oldest transaction under way.
    Call it before reading.
    """
    row = hot.cursor().execute(HORIZON, prepare=True).fetchone()
    return int(row[0]) if row else 0


def organizations_waiting(organization_ids: Iterable[UUID]) -> list[UUID]:
    """Those of some organizations that have events no listener was told of yet."""
    rows = hot.cursor().execute(WAITING_OF, [list(organization_ids)], prepare=True)
    return [row[0] for row in rows.fetchall()]
