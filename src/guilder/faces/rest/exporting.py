"""A collection of the API as a file, whole and in its own shape; and everything as an archive."""

import csv
import json
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
from django.conf import settings
from django.http import HttpRequest, QueryDict

from guilder.faces.rest.routes import ROUTES, Call, Route
from guilder.foundation.files import operations as files
from guilder.foundation.identity import queries as identity
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.kernel.cells import harmless
from guilder.kernel.errors import GuilderError
from guilder.office.backup import operations as backup
from guilder.office.desk import operations as desk
from guilder.office.desk.models import Progress

AT_ONCE = 200  # rows of one page
MEDIA = {"csv": "text/csv", "jsonl": "application/x-ndjson"}
BOM = "\ufeff"  # without it Excel takes UTF-8 for the local code page
NOT_ASKED = frozenset(("limit", "cursor", "fields", "expand"))
encoder = msgspec.json.Encoder(decimal_format="string", enc_hook=str)


@dataclass(frozen=True, slots=True)
class Made:
    """The file, or why there is none."""

    file_id: UUID | None = None
    problem: str = ""


def collections() -> dict[str, Route]:
    """Collection → its route: every list of the table that is read in pages."""
    return {
        route.path.strip("/"): route
        for route in ROUTES
        if route.method == "GET" and route.listing is not None and "{" not in route.path
    }


def make(progress: Progress, *, by: Actor, at: datetime) -> Made:
    """The file of a job."""
    desk.advance(progress.id, by=by, at=at)
    facts = progress.data
    with tempfile.TemporaryDirectory(dir=settings.HOME, prefix=".export-") as folder:
        name, media = filename(facts, at)
        target = Path(folder) / name
        try:
            if facts["collection"]:
                write(target, facts, by=by, at=at)
            else:
                backup.export_organization(target, by=by, at=at)
            stored = files.store_path(target, by=by, media_type=media)
        except GuilderError as error:
            return Made(problem=error.detail)
    return Made(file_id=stored.id)


def filename(facts: dict[str, Any], at: datetime) -> tuple[str, str]:
    """(name, media type) of a file; exports of one second do not share a name."""
    if not facts["collection"]:
        return f"guilder-{at:%Y-%m-%d-%H%M%S}.zip", "application/zip"
    form = facts["format"]
    return f"{facts['collection']}-{at:%Y-%m-%d-%H%M%S}.{form}", MEDIA[form]


def write(target: Path, facts: dict[str, Any], *, by: Actor, at: datetime) -> None:
    """The rows of a collection, one a line."""
    route = collections()[facts["collection"]]
    by.require(route.permission)
    with target.open("w", encoding="utf-8", newline="") as out:
        if facts["format"] == "jsonl":
            for row in rows(route, facts["query"], by=by, at=at):
                out.write(json.dumps(row, ensure_ascii=False) + "\n")
            return
        out.write(BOM)
        columns = columns_of(route)
        writer = csv.writer(out)
        writer.writerow(columns)
        for row in rows(route, facts["query"], by=by, at=at):
            flat = flattened(row)
            writer.writerow([cell(flat.get(name)) for name in columns])


def rows(route: Route, query: str, *, by: Actor, at: datetime) -> Iterator[dict[str, Any]]:
    """Every row that the collection gives to this actor, page by page."""
    cursor: str | None = ""
    while cursor is not None:
        asked = QueryDict(query, mutable=True)
        asked["limit"] = str(AT_ONCE)
        if cursor:
            asked["cursor"] = cursor
        with transaction(by.organization_id):
            page = msgspec.json.decode(encoder.encode(route.handler(call_of(asked, by=by, at=at))))
        yield from page["data"]
        cursor = page["next"]


def call_of(asked: QueryDict, *, by: Actor, at: datetime) -> Call:
    """A call as the handler of a collection gets it."""
    request = HttpRequest()
    request.method, request.GET = "GET", asked  # type: ignore[assignment]
    zone = ZoneInfo(identity.get_organization(by.organization_id).time_zone)
    return Call(request=request, by=by, path={}, body={}, at=at, today=at.astimezone(zone).date())


def columns_of(route: Route) -> list[str]:
    """The columns of a collection's rows: its fields, parts of a part with a dot between."""
    return list(named(msgspec.inspect.type_info(route.listing.shape), ""))


def named(shape: Any, before: str) -> Iterator[str]:
    """The names of plain fields under a shape."""
    if isinstance(shape, msgspec.inspect.UnionType):
        inner = [one for one in shape.types if isinstance(one, msgspec.inspect.StructType)]
        shape = inner[0] if inner else shape
    if not isinstance(shape, msgspec.inspect.StructType):
        yield before.removesuffix(".")
        return
    for field in shape.fields:
        yield from named(field.type, f"{before}{field.encode_name}.")


def flattened(row: dict[str, Any], before: str = "") -> dict[str, Any]:
    """A row with a dot between the names of parts, and each part as a whole too."""
    found: dict[str, Any] = {}
    for name, value in row.items():
        found[f"{before}{name}"] = value
        if isinstance(value, dict):
            found |= flattened(value, f"{before}{name}.")
    return found


def cell(value: Any) -> str:
    """A value that no spreadsheet runs; lists and free forms as JSON."""
    if value is None:
        return ""
    if isinstance(value, list | dict):
        return harmless(json.dumps(value, ensure_ascii=False)) if value else ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return harmless(str(value))
