"""Writing audit entries, in the transaction of what they tell of, and sealing them later."""

import os
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connections

from guilder.foundation.audit import calc
from guilder.foundation.audit.models import AuditEntry, Seal
from guilder.foundation.tenancy import hot, story
from guilder.foundation.tenancy.ids import uuid7, uuid7_texts
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
SEAL_AT_MOST = 10_000

# The columns of `row_of` with their types, for hot statements that insert the row themselves.
COLUMNS = {
    "id": "uuid", "organization_id": "uuid", "at": "timestamptz", "actor_id": "uuid",
    "actor_name": "text", "key_id": "uuid", "source": "text", "address": "text",
    "request_id": "text", "action": "text", "table_name": "text", "row_id": "uuid",
    "before": "jsonb", "after": "jsonb", "salt": "bytea", "values_hash": "bytea",
    "content_hash": "bytea",
}  # fmt: skip
NAMES = ", ".join(COLUMNS)
PLACES = ", ".join(f"%s::{kind}" for kind in COLUMNS.values())
INSERT = f"INSERT INTO audit_entry ({NAMES}) VALUES ({PLACES})"  # noqa: S608  (our own constants)


def record(
    *,
    by: Actor,
    action: str,
    table: str,
    row_id: UUID | None,
    before: dict[str, Any] | None,
    after: dict[str, Any] | None,
) -> UUID:
    """Write down that `by` did `action` ("invoice.issue") to a row; gives the entry's id.

    `before` and `after` hold what changed, in types that JSON knows or kernel values; never
    passwords or keys.
    """
    row = row_of(by=by, action=action, table=table, row_id=row_id, before=before, after=after)
    with transaction(by.organization_id):
        hot.cursor().execute(INSERT, row, prepare=True)
    return row[0]


def row_of(
    *,
    by: Actor,
    action: str,
    table: str,
    row_id: UUID | None,
    before: dict[str, Any] | None,
    after: dict[str, Any] | None,
) -> tuple[Any, ...]:
    """The values of `COLUMNS` for a hot statement to insert; before and after as JSON text."""
    content = calc.Content(
        id=uuid7(),
        organization_id=by.organization_id,
        at=story.moment() or EPOCH + timedelta(microseconds=time.time_ns() // 1000),
        actor_id=by.user_id,
        key_id=by.key_id,
        source=by.source,
        request_id=by.request_id[:64],
        action=action,
        table_name=table,
        row_id=row_id,
        actor_name=by.name[:200],
        address=by.address[:45],
        before=None if before is None else calc.plain(before),
        after=None if after is None else calc.plain(after),
    )
    salt = os.urandom(16)
    values = calc.values_hash(content, salt=salt)
    return (
        content.id, content.organization_id, content.at, content.actor_id, content.actor_name,
        content.key_id, content.source, content.address, content.request_id, content.action,
        content.table_name, content.row_id,
        None if before is None else calc.canonical(content.before).decode(),
        None if after is None else calc.canonical(content.after).decode(),
        salt, values, calc.content_hash(content, values=values),
    )  # fmt: skip


class Change(NamedTuple):
    """A row that an action changed: what was and what is, as `record` takes them."""

    row_id: UUID
    before: dict[str, Any] | None
    after: dict[str, Any] | None


def record_many(changes: Sequence[Change], *, by: Actor, action: str, table: str) -> None:
    """Write down one action on many rows of a table, in one statement."""
    rows = many_rows(changes, by=by, action=action, table=table)
    with transaction(by.organization_id):
        hot.insert_many("audit_entry", COLUMNS, rows)


def many_rows(
    changes: Sequence[Change], *, by: Actor, action: str, table: str
) -> list[tuple[Any, ...]]:
    """What `row_of` makes of each change, byte for byte; what all share is spelled once."""
    salts, request_id = os.urandom(16 * len(changes)), by.request_id[:64]
    name, address = by.name[:200], by.address[:45]
    middle = calc.listed(by.user_id, by.key_id, by.source, request_id, action, table)
    who, organization = calc.listed(name, address), str(by.organization_id)
    # They are written by one statement, so they are of one moment.
    moment = story.moment() or EPOCH + timedelta(microseconds=time.time_ns() // 1000)
    told = calc.instant(moment)
    rows: list[tuple[Any, ...]] = []
    for place, (entry_id, one) in enumerate(zip(uuid7_texts(len(changes)), changes, strict=True)):
        salt = salts[place * 16 : place * 16 + 16]
        before, after = calc.spelled(one.before), calc.spelled(one.after)
        values = calc.values_hash_of(who, before or "null", after or "null", salt=salt)
        stays = calc.stays_hash_of(entry_id, organization, told, middle, one.row_id, values=values)
        rows.append(
            (
                entry_id, by.organization_id, moment, by.user_id, name, by.key_id, by.source,
                address, request_id, action, table, one.row_id, before, after, salt, values, stays,
            )
        )  # fmt: skip
    return rows


def seal_waiting() -> int:
    """Seal what waits, one seal per organization; gives how many entries were sealed."""
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT DISTINCT organization_id FROM audit_unsealed LIMIT 1000")
        organizations = [row[0] for row in cursor.fetchall()]
    return sum(seal_organization(organization_id) for organization_id in organizations)


def seal_organization(organization_id: UUID) -> int:
    """Seal up to 10,000 waiting entries of one organization; gives how many.

    Two sealers take turns: the second waits for the first's seal, which it is linked to.
    """
    with transaction(organization_id), connections["default"].cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 7254))", [str(organization_id)]
        )
        cursor.execute(
            "DELETE FROM audit_unsealed WHERE entry_id IN (SELECT entry_id FROM audit_unsealed "
            "WHERE organization_id = %s ORDER BY entry_id LIMIT %s) RETURNING entry_id",
            [organization_id, SEAL_AT_MOST],
        )
        entries = sorted(row[0] for row in cursor.fetchall())
        if entries:
            add_seal(organization_id, entries)
        return len(entries)


def add_seal(organization_id: UUID, entries: list[UUID]) -> None:
    """Bind `entries` into the next seal; one that is gone is sealed as missing, and will show."""
    known = dict(
        AuditEntry.objects.of(organization_id)
        .filter(id__in=entries)
        .values_list("id", "content_hash")
    )
    last = Seal.objects.of(organization_id).order_by("-number").values("number", "link").first()
    number = last["number"] + 1 if last else 1
    previous = bytes(last["link"]) if last else calc.first_link(organization_id)
    root = calc.merkle_root([bytes(known.get(one, calc.MISSING)) for one in entries])
    Seal.objects.create(
        organization_id=organization_id,
        number=number,
        entries=entries,
        root=root,
        previous_link=previous,
        link=calc.link(previous, number=number, count=len(entries), root=root),
    )


def erase_values(*, by: Actor, table: str, row_id: UUID) -> int:
    """Take the values out of what the trail says of one row, with their salts; gives how many
    entries that were. Who did what and when stays, and so does every seal: it commits to a hash
    that without the salt tells nothing.

    The caller has judged who may and what must be kept. It runs as the owner of the database: the
    app's role may only add.
    """
    with transaction(by.organization_id, using="owner"), connections["owner"].cursor() as cursor:
        cursor.execute("SET LOCAL guilder.maintenance = 'on'")
        cursor.execute(
            "UPDATE audit_entry SET before = NULL, after = NULL, salt = NULL"
            " WHERE organization_id = %s AND table_name = %s AND row_id = %s"
            " AND salt IS NOT NULL AND action NOT LIKE '%%.erase'",
            [by.organization_id, table, row_id],
        )
        return cursor.rowcount
