"""An organization brought back whole from the archive that it was handed out in."""

import hashlib
import json
import logging
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import connections, models
from psycopg import sql

from guilder.foundation.files import operations as files
from guilder.foundation.identity.models import Organization, User
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.errors import Conflict, Invalid, Problem
from guilder.office.backup.exporting import AT_ONCE, FORMAT, is_secret, tables

logger = logging.getLogger("guilder.backup")

MOST_MANIFEST = 256 * 1024 * 1024
STRETCH = 1024 * 1024
FIRST = ("identity_organization", "identity_customrole", "identity_membership")


LAST = ("workflow_approvalrule",)  # it judges what is issued, and not what was
FILLED = ("audit_unsealed",)  # by a trigger, while what it looks at is written
WAITING = ("events_pending", "webhooks_pending")


class NotAnArchive(Invalid):
    """The file is no whole, unchanged archive of an organization; `problems` say why."""

    code = "archive.not_whole"


class OrganizationIsThere(Conflict):
    """The organization exists here; it is brought back only where it is not."""

    code = "archive.organization_is_there"


def import_organization(source: Path, *, progress: Callable[[], Any] = lambda: None) -> UUID:
    """Everything of an archive, with the ids, numbers and hashes that it had; gives the id.

    For operators: it runs as the owner of the database, in one transaction. Every file is held
    against the manifest first. People who are known by their mail address keep their account;
    others get one without a password. `progress` is called after each table. Raises NotAnArchive,
    OrganizationIsThere.
    """
    try:
        with zipfile.ZipFile(source) as archive:
            manifest = manifest_of(archive)
            check(archive, manifest)
            return fill(archive, manifest, progress=progress)
    except (zipfile.BadZipFile, OSError, EOFError) as error:
        raise NotAnArchive(f"{source} is no archive that can be read: {error}") from None


def manifest_of(archive: zipfile.ZipFile) -> dict[str, Any]:
    """The list of what the archive holds. Raises NotAnArchive."""
    try:
        if archive.getinfo("manifest.json").file_size > MOST_MANIFEST:
            raise NotAnArchive("The list of its files is too large.")
        found = json.loads(archive.read("manifest.json"))
        found["organization"] = UUID(found["organization"])
        known = found["format"] == FORMAT
    except (KeyError, TypeError, ValueError):
        raise NotAnArchive("It has no list of its files: it is no archive of Guilder.") from None
    if not known:
        raise NotAnArchive("It is of another version of Guilder; bring it back with that one.")
    return found


def check(archive: zipfile.ZipFile, manifest: dict[str, Any]) -> None:
    """Hold every file against its hash. Raises NotAnArchive with each that differs."""
    problems = []
    listed = {one["name"]: one for one in manifest["files"]}
    for name in {one.filename for one in archive.infolist()} - {*listed, "manifest.json"}:
        problems.append(Problem(f"/{name}", "archive.unlisted", "It is not on the list."))
    for name, one in listed.items():
        try:
            digest = digest_of(archive, name, size=one["size"])
        except KeyError:
            problems.append(Problem(f"/{name}", "archive.missing", "It is missing."))
            continue
        if digest != one["sha256"]:
            problems.append(Problem(f"/{name}", "archive.changed", "It was changed."))
    if problems:
        raise NotAnArchive(problems=problems[:100])


def digest_of(archive: zipfile.ZipFile, name: str, *, size: int) -> str:
    """The SHA-256 of a file of at most `size` bytes; of a larger one only of its beginning."""
    digest, read = hashlib.sha256(), 0
    with archive.open(name) as file:
        while read <= size and (part := file.read(STRETCH)):
            digest.update(part)
            read += len(part)
    return digest.hexdigest()


def fill(
    archive: zipfile.ZipFile, manifest: dict[str, Any], *, progress: Callable[[], Any]
) -> UUID:
    """The bytes of its files, then all rows in one transaction."""
    organization_id: UUID = manifest["organization"]
    if Organization.objects.filter(id=organization_id).exists():
        raise OrganizationIsThere("This organization is here already. Nothing was changed.")
    for one in manifest["files"]:
        if one["name"].startswith("files/"):
            files.keep_bytes(archive.read(one["name"]))
    with transaction(organization_id, using="owner"), connections["owner"].cursor() as cursor:
        for setting in ("guilder.deleting_demo", "guilder.maintenance"):
            cursor.execute(f"SET LOCAL {setting} = 'on'")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        people = bring_people(archive)
        for table, columns in in_order():
            if table in FILLED:
                clear(cursor, table, organization_id)
            write(cursor, archive, table, columns, manifest=manifest, people=people)
            progress()
        for table in WAITING:  # what was told once is not told again
            clear(cursor, table, organization_id)
    logger.warning("Organization %s was brought back from an archive.", organization_id)
    return organization_id


def clear(cursor: Any, table: str, organization_id: UUID) -> None:
    """Take away what came into a table by itself."""
    statement = sql.SQL("DELETE FROM {} WHERE organization_id = %s").format(sql.Identifier(table))
    cursor.execute(statement, [organization_id])


def in_order() -> list[tuple[str, list[str]]]:
    """The tables of an archive, what is referred to before what refers to it."""
    exported = dict(tables())
    known = {model._meta.db_table: model for model in apps.get_models(include_auto_created=True)}
    exported["identity_organization"] = [
        field.column for field in known["identity_organization"]._meta.concrete_fields
    ]
    later = [table for table in known if table in exported and table not in (*FIRST, *LAST)]
    return [(table, exported[table]) for table in (*FIRST, *later, *LAST)]


def bring_people(archive: zipfile.ZipFile) -> dict[str, str]:
    """Accounts for who belonged to it: id in the archive → id here, where that is another."""
    moved: dict[str, str] = {}
    for line in lines_of(archive, "members.jsonl"):
        one = json.loads(line)
        users = User.objects.using("owner")
        known = users.filter(email=one["email"]).first()
        if known is None and users.filter(id=one["id"]).exists():
            raise NotAnArchive(f"{one['email']} has another address here. Change it first.")
        if known is None:
            made = User(id=one["id"], email=one["email"], name=one["name"])
            made.set_unusable_password()
            made.save(using="owner", force_insert=True)
        elif str(known.id) != one["id"]:
            moved[one["id"]] = str(known.id)
    return moved


def lines_of(archive: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    """The lines of a file of JSON lines; a file that is not there has none."""
    if name not in archive.NameToInfo:
        return
    with archive.open(name) as file:
        yield from file


def write(
    cursor: Any,
    archive: zipfile.ZipFile,
    table: str,
    columns: list[str],
    *,
    manifest: dict[str, Any],
    people: dict[str, str],
) -> None:
    """The rows of one table, some at a time. Raises NotAnArchive for rows of somebody else."""
    name = f"tables/{table}.jsonl"
    waiting: list[str] = []
    for line in lines_of(archive, name):
        text = line.decode()
        if table == "identity_membership":
            for before, now in people.items():
                text = text.replace(before, now)
        waiting.append(text)
        if len(waiting) == AT_ONCE:
            insert(cursor, table, columns, waiting, manifest=manifest)
            waiting = []
    if waiting:
        insert(cursor, table, columns, waiting, manifest=manifest)


def insert(
    cursor: Any, table: str, columns: list[str], rows: list[str], *, manifest: dict[str, Any]
) -> None:
    """Some rows, as they were; what was left out of the archive is empty."""
    model = next(
        one for one in apps.get_models(include_auto_created=True) if one._meta.db_table == table
    )
    left_out = [
        field
        for field in model._meta.concrete_fields
        if is_secret(field.column) and not field.null and field.column not in columns
    ]
    key = "id" if table == "identity_organization" else "organization_id"
    statement = sql.SQL(
        "INSERT INTO {table} ({columns}) SELECT {values} FROM"
        " jsonb_populate_recordset(NULL::{table}, %s::jsonb) r WHERE r.{key} = %s"
    ).format(
        table=sql.Identifier(table),
        columns=sql.SQL(", ").join(
            sql.Identifier(name) for name in (*columns, *(one.column for one in left_out))
        ),
        values=sql.SQL(", ").join(
            (
                *(sql.SQL("r.{}").format(sql.Identifier(name)) for name in columns),
                *(empty(one) for one in left_out),
            )
        ),
        key=sql.Identifier(key),
    )
    cursor.execute(statement, [f"[{','.join(rows)}]", manifest["organization"]])
    if cursor.rowcount != len(rows):
        raise NotAnArchive(f"{table} holds rows of another organization.")


def empty(field: Any) -> sql.SQL:
    """What stands in a column of secrets that was left out."""
    return sql.SQL("''::bytea") if isinstance(field, models.BinaryField) else sql.SQL("''")
