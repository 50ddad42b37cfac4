"""/calls/: the log of what was asked of this API."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from guilder.faces.rest.listing import Filter, Listing, page_of_records, read_query
from guilder.faces.rest.routes import Call, route
from guilder.office.calls import queries
from guilder.office.calls.models import ApiCall


class CallOut(msgspec.Struct, kw_only=True):
    """One call: who asked what, and what was answered. Bodies are kept only where the installation
    wants that; secrets in them are hidden."""

    id: UUID
    at: datetime
    method: str
    route: str
    path: str
    status: int
    code: str
    microseconds: int
    user: UUID | None
    key: UUID | None
    source: str
    address: str
    agent: str
    request_id: str
    request_text: str | None
    response_text: str | None


CALLS = Listing(
    shape=CallOut,
    filters={
        "status": Filter("status", "text", ("",)),
        "method": Filter("method", "text", ("",)),
        "path": Filter("path", "text", ("",)),
        "key": Filter("key_id", "id", ("",)),
        "request_id": Filter("request_id", "text", ("",)),
        "at": Filter("since", "instant", ("gte",)),
    },
    sorts={"at": "id"},
    default_sort="-at",
    kinds={"at": "text"},
    is_newest_first=True,
)


def call_out(row: ApiCall, *, is_whole: bool = False) -> CallOut:
    """The shape of a call; in a list without bodies."""
    return CallOut(
        id=row.id,
        at=row.at,
        method=row.method,
        route=row.route,
        path=row.path,
        status=row.status,
        code=row.code,
        microseconds=row.microseconds,
        user=row.user_id,
        key=row.key_id,
        source=row.source,
        address=row.address,
        agent=row.agent,
        request_id=row.request_id,
        request_text=row.request_text if is_whole else None,
        response_text=row.response_text if is_whole else None,
    )


@route("GET", "calls/", permission="event.view", answer=CallOut, listing=CALLS)
def list_calls(call: Call) -> Any:
    """List calls of this API; `status` is ok, refused, broken or a number"""
    query = read_query(call.request.GET, listing=CALLS)
    found = queries.list_calls(
        by=call.by,
        before_id=query.after[1] if query.after else None,
        limit=query.limit + 1,
        **{CALLS.filters[name.partition("__")[0]].column: one for name, one in query.where.items()},
    )
    return page_of_records(found, query, shape=call_out)


@route("GET", "calls/{id}/", permission="event.view", answer=CallOut)
def read_call(call: Call) -> CallOut:
    """Read one call of this API"""
    return call_out(queries.get_call(call.id, by=call.by), is_whole=True)
