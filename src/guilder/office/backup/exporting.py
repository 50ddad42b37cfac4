"""One organization handed out whole, in open forms: JSON lines, canonical papers, files."""

import hashlib
import json
import os
import zipfile
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg
from django.apps import apps
from django.db import connections, models
from django.db import transaction as database
from psycopg import sql

from guilder import __version__
from guilder.foundation.files import queries as files
from guilder.foundation.tenancy import hot
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.kernel.errors import Conflict

FORMAT = 1
AT_ONCE = 2_000
# What opens doors is no part of the books: keys, links, sessions, passwords, sealed answers.
LEFT_OUT = {
    "identity_apikey", "identity_accesstoken", "identity_loginsession", "edges_idempotency",
    "tenancy_generation",
}  # fmt: skip
SECRET = ("password", "secret", "sealed", "token")
VERIFIER = Path(__file__).with_name("guilder_verify.py")
README = """This is everything that Guilder keeps of one organization.

tables/<table>.jsonl   the rows of a table, one JSON object a line
papers/<number>.json   each issued document as it was frozen: canonical JSON (RFC 8785)
files/<name>           stored files, such as PDFs; tables/files_storedfile.jsonl names them
members.jsonl          who may sign in, and as what; passwords and keys are left out
manifest.json          every file of this archive with its size and SHA-256
guilder_verify.py      proves all of it, with Python and nothing else:
                       python guilder_verify.py <this archive>

Amounts are whole numbers of the currency's smallest unit (ISO 4217), dates ISO 8601, instants UTC.
Columns of bytes are written as \\x and hexadecimal digits.
"""


class ExportIsThere(Conflict):
    """There is a file of that name already."""

    code = "export.is_there"


class Outbox:
    """A zip archive being written, with the hash of each of its files."""

    def __init__(self, target: zipfile.ZipFile) -> None:
        self.target = target
        self.manifest: list[dict[str, Any]] = []

    def add(self, name: str, chunks: Iterator[bytes]) -> int:
        """One file from its parts; gives how many parts there were."""
        digest, size, count = hashlib.sha256(), 0, 0
        with self.target.open(name, "w", force_zip64=True) as out:
            for chunk in chunks:
                out.write(chunk)
                digest.update(chunk)
                size, count = size + len(chunk), count + 1
        self.manifest.append({"name": name, "size": size, "sha256": digest.hexdigest()})
        return count


def export_organization(
    target: Path,
    *,
    by: Actor,
    at: datetime,
    progress: Callable[[], Any] = lambda: None,
) -> dict[str, Any]:
    """Write all that is kept of the actor's organization into a zip archive, as of one moment.

    Read as the app's role behind row level security: nothing of others can slip in. Gives the
    manifest; `progress` is called after each of `len(tables())` tables. Raises ExportIsThere.
    """
    by.require("export.run")
    if target.exists():
        raise ExportIsThere(f"{target} is there already. Choose another name.")
    aside = target.with_name(f".{target.name}.{os.getpid()}.part")
    handle = os.open(aside, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with (
            os.fdopen(handle, "wb") as file,
            zipfile.ZipFile(file, "w", compression=zipfile.ZIP_DEFLATED) as archive,
        ):
            manifest = fill(Outbox(archive), by=by, at=at, progress=progress)
        aside.replace(target)
    finally:
        aside.unlink(missing_ok=True)
    return manifest


def fill(outbox: Outbox, *, by: Actor, at: datetime, progress: Callable[[], Any]) -> dict[str, Any]:
    """Everything, and the manifest last."""
    counts: dict[str, int] = {}
    outbox.add("README.txt", iter([README.encode()]))
    outbox.add(VERIFIER.name, iter([VERIFIER.read_bytes()]))
    with database.atomic():
        connections["default"].cursor().execute(
            "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"
        )
        with transaction(by.organization_id):
            counts["members"] = outbox.add("members.jsonl", members(by))
            for table, columns in tables():
                counts[table] = outbox.add(f"tables/{table}.jsonl", rows(table, columns, by=by))
                progress()
            counts["papers"] = add_papers(outbox, by=by)
            stored = digests(by)
    counts["files"] = sum(add_file(outbox, digest, name) for digest, name in stored)
    manifest = {
        "format": FORMAT,
        "guilder": __version__,
        "organization": str(by.organization_id),
        "created_at": at.isoformat(),
        "counts": counts,
        "files": outbox.manifest,
    }
    outbox.target.writestr("manifest.json", json.dumps(manifest, indent=1))
    return manifest


def tables() -> list[tuple[str, list[str]]]:
    """(table, its columns) of all that belongs to one organization, without what is secret, and
    without what the database makes of other columns."""
    found = []
    for model in apps.get_models(include_auto_created=True):
        table = model._meta.db_table
        columns = [one.column for one in model._meta.concrete_fields if not one.generated]
        if "organization_id" not in columns or table in LEFT_OUT or is_queue(model):
            continue
        found.append((table, [name for name in columns if not is_secret(name)]))
    found.append(("identity_organization", []))
    return sorted(found)


def is_queue(model: type[models.Model]) -> bool:
    """Whether a table holds what is waiting to be done rather than what is kept."""
    return model._meta.db_table in {"events_pending", "webhooks_pending"} or (
        model._meta.app_label in {"jobs", "procrastinate"}
    )


def is_secret(column: str) -> bool:
    """Whether a column may hold what opens a door."""
    return any(word in column for word in SECRET)


def rows(table: str, columns: list[str], *, by: Actor) -> Iterator[bytes]:
    """The rows of a table as JSON lines, in the order of their ids."""
    chosen: sql.Composable = sql.SQL("*")
    if columns:
        chosen = sql.SQL(", ").join(sql.Identifier(name) for name in columns)
    key = "id" if table == "identity_organization" else "organization_id"
    statement = sql.SQL(
        "SELECT row_to_json(t)::text FROM (SELECT {} FROM {} WHERE {} = %s ORDER BY {}) t"
    ).format(
        chosen,
        sql.Identifier(table),
        sql.Identifier(key),
        sql.Identifier("id" if not columns or "id" in columns else columns[0]),
    )
    for (text,) in streamed(statement, by):
        yield text.encode() + b"\n"


def streamed(statement: sql.Composed, by: Actor) -> Iterator[tuple[Any, ...]]:
    """The rows of a statement over one organization, some at a time, in the open transaction."""
    connection: psycopg.Connection[Any] = hot.connection_of()
    with psycopg.ServerCursor(connection, "export", scrollable=False) as cursor:
        cursor.itersize = AT_ONCE
        cursor.execute(statement, [by.organization_id])
        yield from cursor


def add_papers(outbox: Outbox, *, by: Actor) -> int:
    """Each issued document as it was frozen, under its number."""
    statement = sql.SQL(
        "SELECT number, document FROM invoicing_issueddocument WHERE organization_id = %s"
        " ORDER BY id"
    ).format()
    count = 0
    for count, (number, document) in enumerate(streamed(statement, by), start=1):  # noqa: B007
        outbox.add(f"papers/{plain(number)}.json", iter([bytes(document)]))
    return count


def plain(name: str) -> str:
    """A name that every file system takes."""
    return "".join(one if one.isalnum() or one in "-_. " else "_" for one in name)[:120]


def members(by: Actor) -> Iterator[bytes]:
    """Who belongs to the organization."""
    statement = sql.SQL(
        "SELECT row_to_json(t)::text FROM (SELECT u.id, u.email, u.name, m.role, m.is_active,"
        " m.created_at FROM identity_membership m JOIN identity_user u ON u.id = m.user_id"
        " WHERE m.organization_id = %s ORDER BY m.id) t"
    ).format()
    for (text,) in streamed(statement, by):
        yield text.encode() + b"\n"


def digests(by: Actor) -> list[tuple[str, str]]:
    """(hash, name) of each stored file."""
    statement = sql.SQL(
        "SELECT sha256, min(filename) FROM files_storedfile WHERE organization_id = %s"
        " GROUP BY sha256 ORDER BY 1"
    ).format()
    return [(row[0], row[1]) for row in streamed(statement, by)]


def add_file(outbox: Outbox, digest: str, name: str) -> int:
    """The bytes of a stored file; 1, or 0 where they are damaged, which verify tells too."""
    try:
        data = files.read_bytes(digest)
    except files.FileDamaged:
        return 0
    outbox.add(f"files/{digest[:16]}-{plain(name)}", iter([data]))
    return 1
