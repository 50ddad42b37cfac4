"""/events/ and /audit/: what happened, and who did what."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

import msgspec

from guilder.faces.rest.listing import (
    BadQuery,
    Filter,
    Listing,
    page_of_records,
    read_expand,
    read_query,
)
from guilder.faces.rest.routes import Call, route
from guilder.faces.rest.v1.webhooks import NothingIn, nothing
from guilder.foundation.audit import queries as audit
from guilder.foundation.audit.models import AuditEntry, Seal
from guilder.foundation.events import operations as telling
from guilder.foundation.events import queries as events
from guilder.foundation.events.models import Event
from guilder.kernel.errors import Problem
from guilder.kernel.wire import Wire
from guilder.office.webhooks import queries as webhooks

DATA = ("data",)


class EventOut(msgspec.Struct):
    """Something that happened; `subject` is the thing it happened to. With `expand=data` the thing
    as it is now, in the shape in which webhooks tell it."""

    id: UUID
    type: str
    subject: UUID | None
    payload: dict[str, Any]
    version: int
    actor: UUID | None
    source: str
    request_id: str
    occurred_at: datetime
    data: Any = None


class ParkedOut(msgspec.Struct):
    """An event that somebody failed to hear for good: `problem` says who and why, `heard` names who
    did hear it."""

    id: UUID
    type: str
    subject: UUID | None
    payload: dict[str, Any]
    occurred_at: datetime | None
    parked_at: datetime
    problem: str
    heard: list[str]


class GiveUpIn(msgspec.Struct, forbid_unknown_fields=True):
    """Why nobody needs to hear it any more."""

    reason: str


class SealOut(msgspec.Struct):
    """A Merkle root over audit entries, linked to the seal before it; hexadecimal digits."""

    id: UUID
    number: int
    count: int
    root: str
    previous_link: str
    link: str
    sealed_at: datetime


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
        "after": Filter("after", "id", ("",)),
    },
    sorts={"occurred_at": "sequence"},
    default_sort="-occurred_at",
    kinds={"occurred_at": "whole"},
    expands=DATA,
)
AUDIT = Listing(
    shape=AuditOut,
    filters={
        "row": Filter("row_id", "id", ("",)),
        "action": Filter("action", "text", ("",)),
        "actor": Filter("actor_id", "id", ("",)),
        "table": Filter("table", "text", ("",)),
        "source": Filter("source", "text", ("",)),
        "at": Filter("at", "instant", ("gte", "lt")),
    },
    sorts={"at": "id"},
    default_sort="-at",
    kinds={"at": "text"},
    is_newest_first=True,
)

SEALS = Listing(
    shape=SealOut,
    sorts={"number": "number"},
    default_sort="-number",
    kinds={"number": "whole"},
    is_newest_first=True,
)


PARKED = Listing(
    shape=ParkedOut,
    sorts={"sequence": "sequence"},
    default_sort="-sequence",
    kinds={"sequence": "whole"},
    is_newest_first=True,
)


def parked_out(row: events.Parked) -> ParkedOut:
    """The shape of a parked event."""
    return ParkedOut(
        id=row.id,
        type=row.type,
        subject=row.subject_id,
        payload=row.payload,
        occurred_at=row.occurred_at,
        parked_at=row.parked_at,
        problem=row.problem,
        heard=row.heard,
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
    """List what happened; with `after` or `sort=occurred_at` oldest first, to catch up"""
    query = read_query(call.request.GET, listing=EVENTS)
    types = query.where.get("type__in", ())
    if "type" in query.where:
        types = [query.where["type"]]
    wanted: dict[str, Any] = {
        "types": tuple(types),
        "subject_id": query.where.get("subject"),
        "since": query.where.get("occurred_at__gte"),
        "until": query.where.get("occurred_at__lt"),
        "limit": query.limit + 1,
    }
    organization = call.by.organization_id
    if "after" in query.where or query.sort == "occurred_at":
        after = query.after or place_of(call, query.where.get("after"))
        found = events.list_forward(organization, after=after, **wanted)
    else:
        found = events.list_events(organization, before=query.after, **wanted)
    return page_of_records(
        found,
        query,
        shape=event_out,
        value=lambda row: (row.sequence, row.id),
        widen=partial(put_data, found, call=call),
    )


@route("GET", "events/parked/", permission="event.view", answer=ParkedOut, listing=PARKED)
def list_parked(call: Call) -> Any:
    """List events that somebody failed to hear for good, newest first"""
    query = read_query(call.request.GET, listing=PARKED)
    found = events.list_parked(call.by.organization_id, before=query.after, limit=query.limit + 1)
    return page_of_records(found, query, shape=parked_out, value=lambda row: (row.sequence, row.id))


@route(
    "POST",
    "events/parked/{id}/retry/",
    permission="settings.edit",
    body=NothingIn,
    answer=None,
    example={},
)
def retry_parked(call: Call) -> None:
    """Tell a parked event again"""
    nothing(call)
    telling.try_parked(call.id, by=call.by)


@route(
    "POST",
    "events/parked/{id}/give-up/",
    permission="settings.edit",
    body=GiveUpIn,
    answer=None,
    example={"reason": "The connected program is gone"},
)
def give_up_parked(call: Call) -> None:
    """Tell a parked event no more; the reason is kept in the audit trail"""
    wire = Wire(call.body)
    wire.known(GiveUpIn.__struct_fields__)
    reason = wire.text("reason", most=400, lines=True)
    wire.done()
    telling.give_up(call.id, by=call.by, reason=reason)


@route(
    "GET",
    "events/{id}/",
    permission="event.view",
    answer=EventOut,
    query=(("expand", "`data` brings the thing along as it is now."),),
)
def read_event(call: Call) -> EventOut:
    """Read one event"""
    row = events.get_event(call.id, call.by.organization_id)
    shaped = event_out(row)
    if read_expand(call.request.GET, expands=DATA):
        put_data([row], [shaped], call=call)
    return shaped


def place_of(call: Call, event_id: UUID | None) -> tuple[int, UUID] | None:
    """Where in the feed an event stands; BadQuery where there is none."""
    if event_id is None:
        return None
    try:
        row = events.get_event(event_id, call.by.organization_id)
    except events.NoSuchEvent:
        detail = "There is no such event. Begin without `after`."
        raise BadQuery(problems=[Problem("/after", "event.not_found", detail)]) from None
    return row.sequence, row.id


def put_data(rows: Sequence[Event], shaped: Sequence[Any], *, call: Call) -> None:
    """Put in the things that events are about."""
    for row, one in zip(rows, shaped, strict=False):
        one.data = webhooks.data_of(row, by=call.by, at=call.at)


@route("GET", "audit/", permission="audit.view", answer=AuditOut, listing=AUDIT)
def list_audit(call: Call) -> Any:
    """List who did what"""
    query = read_query(call.request.GET, listing=AUDIT)
    found = audit.list_entries(
        call.by.organization_id,
        row_id=query.where.get("row"),
        action=query.where.get("action", ""),
        actor_id=query.where.get("actor"),
        table=query.where.get("table", ""),
        source=query.where.get("source", ""),
        since=query.where.get("at__gte"),
        until=query.where.get("at__lt"),
        before_id=query.after[1] if query.after else None,
        limit=query.limit + 1,
    )
    return page_of_records(found, query, shape=audit_out)


@route("GET", "audit/seals/", permission="audit.view", answer=SealOut, listing=SEALS)
def list_seals(call: Call) -> Any:
    """List the seals over the audit trail"""
    query = read_query(call.request.GET, listing=SEALS)
    found = audit.list_seals(
        call.by.organization_id,
        before=query.after[0] if query.after else None,
        limit=query.limit + 1,
    )
    return page_of_records(found, query, shape=seal_out, value=lambda row: (row.number, row.id))


def seal_out(row: Seal) -> SealOut:
    """The shape of a seal."""
    return SealOut(
        id=row.id,
        number=row.number,
        count=len(row.entries),
        root=bytes(row.root).hex(),
        previous_link=bytes(row.previous_link).hex(),
        link=bytes(row.link).hex(),
        sealed_at=row.sealed_at,
    )
