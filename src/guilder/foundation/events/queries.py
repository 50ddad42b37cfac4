"""Reading what happened, and what has not been told yet."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connections
from django.db.models import Q

from guilder.foundation.events.models import Event, PendingEvent
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
