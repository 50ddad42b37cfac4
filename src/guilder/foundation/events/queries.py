"""Reading what happened, and what has not been told yet."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from django.db import connections
from django.db.models import Q

from guilder.foundation.events import bus
from guilder.foundation.events.models import Event, PendingEvent
from guilder.foundation.tenancy import hot
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.errors import NotFound


class NoSuchEvent(NotFound):
    """There is no such event in this organization."""

    code = "event.not_found"


class NoSuchParked(NotFound):
    """No such event is parked in this organization."""

    code = "event.not_parked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Parked:
    """An event that somebody failed to hear for good; `heard` names who did hear it."""

    id: UUID
    type: str  # "" where the event itself is missing
    subject_id: UUID | None
    payload: dict[str, Any]
    occurred_at: datetime | None
    parked_at: datetime
    problem: str
    heard: list[str]
    sequence: int


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


def list_parked(
    organization_id: UUID, *, before: tuple[int, UUID] | None = None, limit: int = 50
) -> list[Parked]:
    """Parked events, newest first; `before` is (sequence, id) of the last one on the page."""
    found = PendingEvent.objects.filter(organization_id=organization_id, parked_at__isnull=False)
    if before is not None:
        sequence, event_id = before
        found = found.filter(Q(sequence__lt=sequence) | Q(sequence=sequence, event_id__lt=event_id))
    return _with_events(organization_id, found.order_by("-sequence", "-event_id")[:limit])


def get_parked(event_id: UUID, organization_id: UUID) -> Parked:
    """One parked event; NoSuchParked."""
    found = PendingEvent.objects.filter(
        organization_id=organization_id, event_id=event_id, parked_at__isnull=False
    )
    for one in _with_events(organization_id, found):
        return one
    raise NoSuchParked("There is no such parked event: it was told or given up in the meantime.")


def _with_events(organization_id: UUID, rows: Iterable[PendingEvent]) -> list[Parked]:
    """The waiting rows with what they are about, which is read under its organization."""
    with transaction(organization_id):
        waiting = list(rows)
        known = Event.objects.of(organization_id).in_bulk([one.event_id for one in waiting])
    return [_parked(one, known.get(one.event_id)) for one in waiting]


def _parked(row: PendingEvent, event: Event | None) -> Parked:
    return Parked(
        id=row.event_id,
        type=event.type if event else "",
        subject_id=row.subject_id,
        payload=event.payload if event else {},
        occurred_at=event.occurred_at if event else None,
        parked_at=cast("datetime", row.parked_at),
        problem=row.problem,
        heard=list(row.heard),
        sequence=row.sequence,
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


# The begin of whatever may still commit an event with an early sequence. A transaction that has
# written nothing yet takes its sequence within moments of writing it, so that a long report holds
# up the feed for some seconds only.
SETTLED = """
SELECT (extract(epoch FROM least(clock_timestamp(), min(CASE WHEN backend_xid IS NOT NULL
    THEN xact_start ELSE greatest(xact_start, clock_timestamp() - interval '5 seconds') END)))
  * 1000000000)::bigint
FROM pg_stat_activity
WHERE datname = current_database() AND xact_start IS NOT NULL AND pid <> pg_backend_pid()
"""


def settled() -> int:
    """A sequence before which nothing will appear any more: how far a reader may go who must not
    miss anything. Call it before reading."""
    row = hot.cursor().execute(SETTLED, prepare=True).fetchone()
    return int(row[0]) if row else 0


def list_forward(
    organization_id: UUID,
    *,
    types: tuple[str, ...] = (),
    subject_id: UUID | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    after: tuple[int, UUID] | None = None,
    limit: int = 50,
) -> list[Event]:
    """Events, oldest first; `after` is (sequence, id) of the last one read. Only what is settled:
    who goes on from the last one of a page misses nothing."""
    with transaction(organization_id):
        found = Event.objects.of(organization_id).filter(sequence__lt=settled())
        if types:
            found = found.filter(type__in=types)
        if subject_id is not None:
            found = found.filter(subject_id=subject_id)
        if since is not None:
            found = found.filter(occurred_at__gte=since)
        if until is not None:
            found = found.filter(occurred_at__lt=until)
        if after is not None:
            sequence, event_id = after
            found = found.filter(
                Q(sequence__gt=sequence) | Q(sequence=sequence, id__gt=event_id),
                sequence__gte=sequence,
            )
        return list(found.order_by("sequence", "id")[:limit])


def get_event(event_id: UUID, organization_id: UUID) -> Event:
    """One event; NoSuchEvent."""
    with transaction(organization_id):
        found = Event.objects.of(organization_id).filter(id=event_id).first()
    if found is None:
        raise NoSuchEvent("There is no such event.")
    return found
