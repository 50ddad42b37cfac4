"""The audit trail: looking, filtering, taking along, proving."""

import csv
import io
import json
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from functools import partial
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from guilder.faces.web import days, lists
from guilder.faces.web.audit import words
from guilder.faces.web.door import context, page
from guilder.faces.web.kept import unchanged
from guilder.faces.web.shell import Visit
from guilder.foundation.audit import queries
from guilder.foundation.audit.models import AuditEntry
from guilder.foundation.edges import throttle
from guilder.foundation.identity import queries as identities
from guilder.kernel.cells import harmless
from guilder.kernel.errors import NotFound
from guilder.office.backup import operations as backup

NEWEST = "-id"
AT_ONCE = 1_000
MOST_CHECKED = 50_000  # entries that a page proves; more are for `guilder verify`
FAMILIES = (
    "invoice", "quote", "payment", "refund", "partner", "item", "tax", "series", "period",
    "account", "entry", "mail", "webhook", "key", "member", "role", "user", "organization",
    "settings", "export", "import",
)  # fmt: skip
COLUMNS = (
    "id", "at", "actor_name", "actor_id", "key_id", "source", "address", "request_id", "action",
    "table_name", "row_id", "before", "after",
)  # fmt: skip
TYPES = {"csv": "text/csv; charset=utf-8", "jsonl": "application/jsonl"}


class NoSuchForm(NotFound):
    """The trail is handed out as CSV or JSON lines."""

    code = "audit.no_such_form"


@page("audit", "audit.view", methods="GET")
def audit(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Entries, newest first, and how far they are sealed."""
    place = lists.place_of(request, sort=NEWEST)
    wanted = narrowed(request, visit)
    with visit.reading():
        found = queries.list_entries(
            visit.by.organization_id,
            before_id=place.row_id if place else None,
            limit=lists.PAGE + 1,
            **wanted,
        )
        seals, people = seals_of(visit), unchanged("people", visit, partial(people_of, visit))
    shown = lists.paged(found, place, sort=NEWEST, key=lambda one: (None, one.id))
    pager = lists.pager(request, shown)
    if place is not None:
        pager.newer = lists.address(request, cursor="")
    query = request.GET.urlencode()
    values = context(
        rows=[words.row_of(one) for one in shown.rows],
        pager=pager,
        seals=seals,
        people=people,
        families=FAMILIES,
        chosen={
            "person": request.GET.get("person", ""),
            "action": request.GET.get("action", ""),
            "since": request.GET.get("since", ""),
            "until": request.GET.get("until", ""),
            "row": request.GET.get("row", ""),
        },
        query=f"?{query}" if query else "",
        announce=ngettext("%(n)s entry", "%(n)s entries", len(shown.rows)) % {"n": len(shown.rows)},
    )
    return render(request, lists.template_of(request, "audit/list.html"), values)


def narrowed(request: HttpRequest, visit: Visit) -> dict[str, Any]:
    """What the filter asks for; what cannot be read is as if it were not there."""
    action = request.GET.get("action", "").strip()[:60]
    return {
        "actor_id": lists.identity(request.GET.get("person", "")),
        "row_id": lists.identity(request.GET.get("row", "")),
        "action": f"{action}." if action in FAMILIES else action,
        "since": midnight(request.GET.get("since", ""), visit),
        "until": midnight(request.GET.get("until", ""), visit, after=1),
    }


def midnight(text: str, visit: Visit, *, after: int = 0) -> datetime | None:
    """The begin of a day that was typed, or of the one `after` days later."""
    try:
        day = days.read(text, today=visit.today)
        return datetime.combine(day + timedelta(days=after), time(), visit.zone) if day else None
    except (ValueError, OverflowError):
        return None


def people_of(visit: Visit) -> list[SimpleNamespace]:
    """Who can have done something."""
    members = identities.list_members(visit.by.organization_id)
    return [SimpleNamespace(id=str(one.user.id), name=one.user.get_full_name()) for one in members]


def seals_of(visit: Visit) -> SimpleNamespace:
    """How far the trail is sealed."""
    status = queries.seal_status(visit.by.organization_id)
    last = status.last
    return SimpleNamespace(
        count=last.number if last else 0,
        entries=f"{status.entries:,}",
        waiting=status.waiting,
        at=last.sealed_at if last else None,
        link=bytes(last.link).hex() if last else "",
        may_check=status.entries <= MOST_CHECKED,
    )


@page("audit", "audit.view", methods="GET")
def audit_entry(request: HttpRequest, visit: Visit, entry_id: UUID) -> HttpResponse:
    """One entry: before and after, and the seal that covers it."""
    with visit.reading():
        entry = queries.get_entry(entry_id, visit.by.organization_id)
        seal = queries.seal_of(entry_id, visit.by.organization_id)
    values = context(
        entry=words.row_of(entry),
        table=entry.table_name,
        row_id=entry.row_id,
        request_id=entry.request_id,
        is_erased=entry.salt is None,
        changes=words.changes_of(entry.before, entry.after),
        seal={"number": seal.number, "link": bytes(seal.link).hex()} if seal else None,
        content_hash=bytes(entry.content_hash).hex(),
    )
    return render(request, "audit/entry.html", values)


@page("audit", "audit.view", methods="POST")
def audit_check(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Prove the seals here and now."""
    throttle.spend("report", str(visit.by.user_id))
    seals = seals_of(visit)
    found = queries.breaches(visit.by.organization_id) if seals.may_check else []
    values = context(
        seals=seals,
        breaches=[
            SimpleNamespace(
                what=one.what,
                seal=one.seal,
                entry_id=one.entry_id,
            )
            for one in found[:100]
        ],
    )
    return render(request, "audit/check.html", values)


@page("audit", "audit.view", methods="GET")
def audit_verifier(request: HttpRequest, visit: Visit) -> HttpResponse:  # noqa: ARG001
    """The program that proves an exported archive."""
    return HttpResponse(
        backup.verifier(),
        content_type="application/octet-stream",
        headers={"Content-Disposition": 'attachment; filename="guilder_verify.py"'},
    )


@page("audit", "audit.view", methods="GET")
def audit_export(request: HttpRequest, visit: Visit, form: str) -> Any:
    """What the filter finds, as CSV or JSON lines, newest first."""
    if form not in TYPES:
        raise NoSuchForm(_("The trail is handed out as CSV or JSON lines."))
    throttle.spend("export", str(visit.by.user_id))
    entries = every(visit.by.organization_id, narrowed(request, visit))
    lines = as_csv(entries) if form == "csv" else as_json(entries)
    name = f"audit-{visit.today.isoformat()}.{form}"
    return StreamingHttpResponse(
        lines,
        content_type=TYPES[form],
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def every(organization_id: UUID, wanted: dict[str, Any]) -> Iterator[AuditEntry]:
    """Everything that the filter finds, some at a time."""
    before: UUID | None = None
    while True:
        found = queries.list_entries(organization_id, before_id=before, limit=AT_ONCE, **wanted)
        yield from found
        if len(found) < AT_ONCE:
            return
        before = found[-1].id


def values_of(entry: AuditEntry) -> dict[str, Any]:
    """The columns of an entry in JSON's own types."""
    plain = {name: getattr(entry, name) for name in COLUMNS}
    return {
        name: value if value is None or name in {"before", "after"} else str(value)
        for name, value in plain.items()
    } | {"at": entry.at.isoformat()}


def as_json(entries: Iterator[AuditEntry]) -> Iterator[bytes]:
    """An object a line."""
    for entry in entries:
        yield json.dumps(values_of(entry), ensure_ascii=False).encode() + b"\n"


def as_csv(entries: Iterator[AuditEntry]) -> Iterator[bytes]:
    """A row an entry, heads in English; before and after as JSON. No cell is a formula."""
    yield ("\ufeff" + ",".join(COLUMNS) + "\r\n").encode()
    for entry in entries:
        line = io.StringIO()
        values = values_of(entry)
        csv.writer(line).writerow([cell(values[name]) for name in COLUMNS])
        yield line.getvalue().encode()


def cell(value: Any) -> str:
    """A value as a cell holds it."""
    if value is None:
        return ""
    return harmless(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))
