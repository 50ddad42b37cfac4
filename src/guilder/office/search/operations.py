"""Keeping the index: things are read in their own rooms and written over what was known of them."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from guilder.foundation.tenancy.hot import cursor, insert_many
from guilder.foundation.tenancy.ids import uuid7
from guilder.foundation.tenancy.transaction import transaction
from guilder.office.search import queries
from guilder.office.search.sources import KINDS, SOURCES, Thing, statement

AT_ONCE = 2_000
COLUMNS = {
    "id": "uuid", "organization_id": "uuid", "kind": "text", "title": "text", "subtitle": "text",
    "text": "text", "key": "text", "tail": "text", "amount": "bigint", "payable": "bigint",
    "currency": "text", "dated_on": "date", "partner_id": "uuid", "owner_id": "uuid",
    "is_archived": "boolean",
}  # fmt: skip
WORD_COLUMNS = {"id": "uuid", "organization_id": "uuid", "entry_id": "uuid", "word": "text"}
NEVER = UUID(int=0)
FEW = 50  # things that are held one by one; more hold the whole organization's index
# What is written over must not have been read before somebody else wrote it.
HOLD_SOME = """
WITH shared AS MATERIALIZED (
  SELECT pg_advisory_xact_lock_shared(hashtextextended(%(organization)s::text, 19)))
SELECT pg_advisory_xact_lock(hashtextextended(y.x::text, 19))
FROM shared, (SELECT x FROM unnest(%(ids)s::uuid[]) x ORDER BY x OFFSET 0) y
"""
HOLD_ALL = "SELECT pg_advisory_xact_lock(hashtextextended(%(organization)s::text, 19))"
FORGET = """
WITH words AS (DELETE FROM search_word
  WHERE organization_id = %(organization)s::uuid AND entry_id = ANY(%(ids)s::uuid[]))
DELETE FROM search_entry
WHERE organization_id = %(organization)s::uuid AND id = ANY(%(ids)s::uuid[])
"""
RENAME = """
UPDATE search_entry SET subtitle = %(name)s WHERE organization_id = %(organization)s::uuid
  AND partner_id = %(partner)s::uuid AND kind <> 'payment' AND subtitle <> %(name)s
"""
RENAME_PAYMENTS = """
UPDATE search_entry SET title = %(name)s WHERE organization_id = %(organization)s::uuid
  AND partner_id = %(partner)s::uuid AND kind = 'payment' AND title <> %(name)s
"""
GONE = """
DELETE FROM search_entry e WHERE e.organization_id = %(organization)s::uuid
  AND e.kind = ANY(%(kinds)s::text[]) AND NOT EXISTS (SELECT FROM {table} i
    WHERE i.organization_id = e.organization_id AND i.id = e.id)
"""
GONE_WORDS = """
DELETE FROM search_word w WHERE w.organization_id = %(organization)s::uuid AND NOT EXISTS (
  SELECT FROM search_entry e WHERE e.organization_id = w.organization_id AND e.id = w.entry_id)
"""


def index(source: str, ids: Iterable[UUID], *, organization_id: UUID) -> int:
    """Write some things of one source as they are now; what is gone is forgotten. Safe to repeat.

    `source` is a name of sources.SOURCES. Gives how many there are.
    """
    wanted = list(ids)
    values = {"organization": organization_id, "ids": wanted, "limit": len(wanted)}
    with transaction(organization_id):
        cursor().execute(HOLD_SOME if len(wanted) <= FEW else HOLD_ALL, values, prepare=True)
        rows = cursor().execute(statement(source, only=True), values, prepare=True).fetchall()
        forget(wanted, organization_id=organization_id)
        write([Thing(*row) for row in rows], organization_id)
    return len(rows)


def forget(ids: Sequence[UUID], *, organization_id: UUID) -> None:
    """Take things out of the index."""
    with transaction(organization_id):
        values = {"organization": organization_id, "ids": list(ids)}
        cursor().execute(FORGET, values, prepare=True)


def rename(partner_id: UUID, name: str, *, organization_id: UUID) -> None:
    """Have a partner's papers and payments bear its new name."""
    values = {"organization": organization_id, "partner": partner_id, "name": name[:240]}
    with transaction(organization_id):
        for sql in (RENAME, RENAME_PAYMENTS):
            cursor().execute(sql, values, prepare=True)


def rebuild(organization_id: UUID) -> int:
    """Make an organization's whole index anew, some thousand things a transaction; gives how many.

    Events that are told meanwhile do no harm: each thing is written as it is at that moment.
    """
    count = sum(refill(source, organization_id) for source in SOURCES)
    with transaction(organization_id):
        for source, (_sql, table) in SOURCES.items():
            values = {"organization": organization_id, "kinds": list(KINDS[source])}
            cursor().execute(GONE.format(table=table), values)
        cursor().execute(GONE_WORDS, {"organization": organization_id})
    return count


def repair(organization_id: UUID) -> int:
    """Write what the index lacks and take out what is gone; gives how many things were amiss.

    Nothing is amiss but what was there before the index was, or what an outage swallowed.
    """
    strays = queries.strays(organization_id)
    if any(len(ids) >= queries.MOST_STRAYS for ids in strays.values()):
        return rebuild(organization_id)
    for source, ids in strays.items():
        index(source, ids, organization_id=organization_id)
    return sum(len(ids) for ids in strays.values())


def refill(source: str, organization_id: UUID) -> int:
    """Write every thing of one source, page by page in the order of ids."""
    count, after = 0, NEVER
    while True:
        with transaction(organization_id):
            values = {"organization": organization_id, "after": after, "limit": AT_ONCE}
            cursor().execute(HOLD_ALL, values)
            rows = cursor().execute(statement(source, paged=True), values).fetchall()
            if not rows:
                return count
            things = [Thing(*row) for row in rows]
            forget([thing.id for thing in things], organization_id=organization_id)
            write(things, organization_id)
        count, after = count + len(things), things[-1].id


def write(things: Sequence[Thing], organization_id: UUID) -> None:
    """Insert entries and their words; the open transaction has forgotten them before."""
    entries = [(thing.id, organization_id, *thing.row()) for thing in things]
    insert_many("search_entry", COLUMNS, entries)
    words = [
        (uuid7(), organization_id, thing.id, word) for thing in things for word in thing.words()
    ]
    insert_many("search_word", WORD_COLUMNS, words)
