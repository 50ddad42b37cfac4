"""/exports/: everything, or one collection, as a file that is made in the background."""

from datetime import datetime
from typing import Any, Literal
from urllib.parse import urlencode
from uuid import UUID

import msgspec
from django.http import QueryDict

from guilder.faces.rest import exporting, proving, tasks
from guilder.faces.rest.listing import answer_of, read_query
from guilder.faces.rest.routes import Call, file_answer, route
from guilder.foundation.files import queries as files
from guilder.foundation.jobs.queue import enqueue
from guilder.kernel.errors import Conflict
from guilder.kernel.wire import Wire
from guilder.office.desk import operations, queries
from guilder.office.desk.models import Progress

FORMATS = ("csv", "jsonl")
EVERYTHING = "organization"


class NotReady(Conflict):
    """The file is not made yet, or could not be made."""

    code = "export.not_ready"


class ExportIn(msgspec.Struct, omit_defaults=True, forbid_unknown_fields=True):
    """Everything (`organization`, a zip), or one collection, narrowed as its list is."""

    what: str
    format: Literal["csv", "jsonl"] = "csv"
    filters: dict[str, str] = {}


class ExportOut(msgspec.Struct):
    """One export; its file can be fetched once, until `expires_at`."""

    id: UUID
    what: str
    format: str
    state: str
    problem: str
    size: int | None
    created_at: datetime
    ended_at: datetime | None
    expires_at: datetime | None
    fetched_at: datetime | None


class ExportsOut(msgspec.Struct):
    """One's own exports, newest first."""

    data: list[ExportOut]
    next: str | None


def export_out(row: Progress) -> ExportOut:
    """The shape of one export."""
    fetched = row.data.get("fetched_at")
    return ExportOut(
        id=row.id,
        what=row.data["collection"] or EVERYTHING,
        format=row.data["format"],
        state=row.state,
        problem=row.problem,
        size=row.file.size if row.file else None,
        created_at=row.created_at,
        ended_at=row.ended_at,
        expires_at=row.ended_at + operations.FILE_LASTS if row.file_id and row.ended_at else None,
        fetched_at=datetime.fromisoformat(fetched) if fetched else None,
    )


@route("GET", "exports/", permission="desk.view", answer=ExportsOut)
def list_exports(call: Call) -> Any:
    """List one's exports"""
    return answer_of([export_out(one) for one in queries.exports_of(by=call.by)], None)


def asked_first(call: Call) -> None:
    """An export of everything wants a fresh proof; a list shows what one sees anyway."""
    if call.body.get("what") == EVERYTHING:
        call.by.require("export.run")
        proving.guard("export.run")(call)


@route(
    "POST",
    "exports/",
    permission="desk.view",
    body=ExportIn,
    answer=ExportOut,
    before=asked_first,
    scope="export",
    example={"what": "invoices", "format": "csv", "filters": {"status": "overdue"}},
)
def start_export(call: Call) -> ExportOut:
    """Start an export

    `what` is `organization` or the name of a collection, such as `invoices`; `filters` are those of
    its list. Ask for it until `state` is `finished`, then fetch its file.
    """
    wire = Wire(call.body)
    wire.known(ExportIn.__struct_fields__)
    known = exporting.collections()
    what = wire.choice("what", (EVERYTHING, *sorted(known)), required=True)
    form = wire.choice("format", FORMATS) or FORMATS[0]
    filters = wire.free_form("filters")
    wire.done()
    is_all = what == EVERYTHING
    query = urlencode({k: v for k, v in filters.items() if k not in exporting.NOT_ASKED})
    if not is_all:
        call.by.require(known[what].permission)
        read_query(QueryDict(query), listing=known[what].listing)
    progress = operations.start_progress(
        by=call.by,
        kind=EVERYTHING if is_all else "export",
        at=call.at,
        data={
            "title": what.capitalize(),
            "api": True,
            "collection": "" if is_all else what,
            "format": "zip" if is_all else form,
            "query": query,
        },
    )
    enqueue(
        tasks.make_export,
        organization_id=call.by.organization_id,
        progress_id=progress.id,
        user_id=call.by.user_id,
    )
    call.place(f"exports/{progress.id}/")
    return export_out(progress)


@route("GET", "exports/{id}/", permission="desk.view", answer=ExportOut)
def read_export(call: Call) -> ExportOut:
    """Read how far an export is"""
    return export_out(queries.get_export(call.id, by=call.by))


@route("POST", "exports/{id}/file/", permission="desk.view", answer=bytes, is_bare=True)
def fetch_export(call: Call) -> Any:
    """Fetch the file of an export

    Once, hence a POST: what was fetched or is too old is gone (409); start the export anew.
    """
    if queries.get_export(call.id, by=call.by).file_id is None:
        raise NotReady("There is no file. Read the export: its state says why.")
    stored = operations.take_file(call.id, by=call.by, at=call.at)
    return file_answer(
        files.read_bytes(stored.sha256), media_type=stored.media_type, filename=stored.filename
    )
