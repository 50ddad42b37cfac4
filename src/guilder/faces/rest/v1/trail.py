"""/events/ and /audit/: what happened, and who did what."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from guilder.faces.rest.listing import Filter, Listing, page_of_records, read_query
from guilder.faces.rest.routes import Call, route
from guilder.foundation.audit import queries as audit
from guilder.foundation.audit.models import AuditEntry
from guilder.foundation.events import queries as events
from guilder.foundation.events.models import Event


class EventOut(msgspec.Struct):
    """Something that happened; `subject` is the thing it happened to."""

    id: UUID
    type: str
    subject: UUID | None
    payload: dict[str, Any]
    version: int
    actor: UUID | None
    source: str
    request_id: str
    occurred_at: datetime


class AuditOut(msgspec.Struct):
    """Who did what, when, from where, to which row, before and after."""

    id: UUID
    at: datetime
    actor: UUID | None
    actor_name: str
    key: UUID | None
    source: str
    address: str
    request_id: str
    action: str
    table: str
    row: UUID | None
    before: Any
    after: Any


EVENTS = Listing(
    shape=EventOut,
    filters={
        "type": Filter("types"),
        "subject": Filter("subject_id", "id", ("",)),
        "occurred_at": Filter("occurred_at", "instant", ("gte", "lt")),
    },
    sorts={"occurred_at": "sequence"},
    default_sort="-occurred_at",
    kinds={"occurred_at": "whole"},
    is_newest_first=True,
)
AUDIT = Listing(
    shape=AuditOut,
    filters={
        "row": Filter("row_id", "id", ("",)),
        "action": Filter("action", "text", ("",)),
        "actor": Filter("actor_id", "id", ("",)),
    },
    sorts={"at": "id"},
    default_sort="-at",
    kinds={"at": "text"},
    is_newest_first=True,
)


def event_out(row: Event) -> EventOut:
    """The shape of an event."""
    return EventOut(
        id=row.id,
        type=row.type,
        subject=row.subject_id,
        payload=row.payload,
        version=row.version,
        actor=row.actor_id,
        source=row.source,
        request_id=row.request_id,
        occurred_at=row.occurred_at,
    )


def audit_out(row: AuditEntry) -> AuditOut:
    """The shape of an audit entry."""
    return AuditOut(
        id=row.id,
        at=row.at,
        actor=row.actor_id,
        actor_name=row.actor_name,
        key=row.key_id,
        source=row.source,
        address=row.address,
        request_id=row.request_id,
        action=row.action,
        table=row.table_name,
        row=row.row_id,
        before=row.before,
        after=row.after,
    )


@route("GET", "events/", permission="event.view", answer=EventOut, listing=EVENTS)
def list_events(call: Call) -> Any:
    """List what happened"""
    query = read_query(call.request.GET, listing=EVENTS)
    types = query.where.get("type__in", ())
    if "type" in query.where:
        types = [query.where["type"]]
    found = events.list_events(
        call.by.organization_id,
        types=tuple(types),
        subject_id=query.where.get("subject"),
        since=query.where.get("occurred_at__gte"),
        until=query.where.get("occurred_at__lt"),
        before=query.after,
        limit=query.limit + 1,
    )
    return page_of_records(found, query, shape=event_out, value=lambda row: (row.sequence, row.id))


@route("GET", "audit/", permission="audit.view", answer=AuditOut, listing=AUDIT)
def list_audit(call: Call) -> Any:
    """List who did what"""
    query = read_query(call.request.GET, listing=AUDIT)
    found = audit.list_entries(
        call.by.organization_id,
        row_id=query.where.get("row"),
        action=query.where.get("action", ""),
        actor_id=query.where.get("actor"),
        before_id=query.after[1] if query.after else None,
        limit=query.limit + 1,
    )
    return page_of_records(found, query, shape=audit_out)
