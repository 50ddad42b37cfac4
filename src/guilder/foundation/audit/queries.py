"""Reading the audit trail, and proving its seals."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any
from uuid import UUID

from django.db import connections

from guilder.foundation.audit import calc
from guilder.foundation.audit.calc import Breach
from guilder.foundation.audit.models import AuditEntry, Seal
from guilder.foundation.tenancy import hot
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.errors import NotFound

SEALS_AT_ONCE = 50
MOST_COVERED = 1_000  # organizations whose count a process remembers


@dataclass(frozen=True, slots=True)
class SealStatus:
    """How far the trail of an organization is sealed."""

    entries: int  # that seals cover
    waiting: int
    last: Seal | None


class NoSuchEntry(NotFound):
    """There is no such entry in this organization's trail."""

    code = "audit.not_found"


def list_entries(
    organization_id: UUID,
    *,
    row_id: UUID | None = None,
    row_ids: Sequence[UUID] = (),
    action: str = "",
    actor_id: UUID | None = None,
    table: str = "",
    source: str = "",
    since: datetime | None = None,
    until: datetime | None = None,
    before_id: UUID | None = None,
    limit: int = 50,
) -> list[AuditEntry]:
    """Entries, newest first; `before_id` is the last id of the page before. `row_ids` asks for
    several rows at once; an `action` that ends in a dot is a family ("invoice.")."""
    wanted: dict[str, Any] = {
        "row_id": row_id,
        "action__startswith" if action.endswith(".") else "action": action,
        "actor_id": actor_id,
        "table_name": table,
        "source": source,
        "at__gte": since,
        "at__lt": until,
        "id__gte": since and first_id(since),
        "id__lt": before_id,
    }
    found = AuditEntry.objects.of(organization_id).filter(
        **{name: value for name, value in wanted.items() if value}
    )
    if row_ids:
        found = found.filter(row_id__in=row_ids)
    with transaction(organization_id):
        return list(found.order_by("-id")[:limit])


def first_id(moment: datetime) -> UUID:
    """The least id of what was written at or after a moment (UUIDv7): ids are in an index."""
    return UUID(int=max(0, int(moment.timestamp() * 1000)) << 80)


def get_entry(entry_id: UUID, organization_id: UUID) -> AuditEntry:
    """One entry; NoSuchEntry."""
    with transaction(organization_id):
        found = AuditEntry.objects.of(organization_id).filter(id=entry_id).first()
    if found is None:
        raise NoSuchEntry("There is no such entry.")
    return found


def seal_of(entry_id: UUID, organization_id: UUID) -> Seal | None:
    """The seal that covers an entry; None while it waits for one."""
    with transaction(organization_id):
        rows = Seal.objects.of(organization_id).filter(entries__contains=[entry_id])
        return rows.order_by("number").first()


def list_seals(organization_id: UUID, *, before: int | None = None, limit: int = 50) -> list[Seal]:
    """Seals, newest first; `before` is the number of the last one on the page before."""
    with transaction(organization_id):
        found = Seal.objects.of(organization_id)
        if before is not None:
            found = found.filter(number__lt=before)
        return list(found.order_by("-number")[:limit])


# Seals are only ever added, so a process counts the entries of each once. What it remembers holds
# for as long as the last seal that it counted is still there as it was.
COVERED = """
SELECT coalesce(sum(cardinality(entries)) FILTER (WHERE number > %(number)s::bigint), 0)::bigint,
  max(number), bool_or(number = %(number)s::bigint AND link = %(link)s::bytea),
  (SELECT count(*) FROM audit_unsealed WHERE organization_id = %(of)s::uuid)
FROM audit_seal WHERE organization_id = %(of)s::uuid AND number >= %(number)s::bigint
"""
_covered: dict[UUID, tuple[int, bytes, int]] = {}  # the last seal's number and link, and the sum


def seal_status(organization_id: UUID) -> SealStatus:
    """How many entries are sealed, how many wait, and the last seal, without its entries."""
    with transaction(organization_id):
        before = _covered.get(organization_id, (0, b"", 0))
        more, number, is_there, waiting = covered(organization_id, before)
        if before[0] and not is_there:  # another history, as after a restore
            before = (0, b"", 0)
            more, number, is_there, waiting = covered(organization_id, before)
        seals = Seal.objects.of(organization_id).defer("entries")
        last = seals.filter(number=number).first() if number else None
    entries = before[2] + more
    if last is not None:
        if len(_covered) >= MOST_COVERED:
            _covered.clear()
        _covered[organization_id] = (last.number, bytes(last.link), entries)
    return SealStatus(entries, waiting, last)


def covered(organization_id: UUID, before: tuple[int, bytes, int]) -> tuple[int, int, bool, int]:
    """Of the seals after one: how many entries they cover, and the last one's number; whether that
    one is there; and how many entries wait."""
    values = {"of": organization_id, "number": before[0], "link": before[1]}
    return hot.cursor().execute(COVERED, values, prepare=True).fetchone()


def breaches(organization_id: UUID) -> list[Breach]:
    """Everything in the trail of one organization that its seals do not bear out."""
    found: list[Breach] = []
    with transaction(organization_id):
        previous: Seal | None = None
        for seals in in_chunks(organization_id):
            found += check(organization_id, seals, previous=previous)
            previous = seals[-1]
        found += [
            Breach("the entry is neither sealed nor waiting to be", entry_id=entry_id)
            for entry_id in unaccounted(organization_id)
        ]
    return found


def in_chunks(organization_id: UUID) -> Iterator[list[Seal]]:
    """The seals in order, some at a time."""
    seals = Seal.objects.of(organization_id).order_by("number").iterator(chunk_size=SEALS_AT_ONCE)
    while chunk := list(islice(seals, SEALS_AT_ONCE)):
        yield chunk


def check(organization_id: UUID, seals: list[Seal], *, previous: Seal | None) -> list[Breach]:
    """Check some seals against their entries and, by the link, against the seal before them."""
    parts = [part_of(seal) for seal in seals]
    ids = [entry_id for part in parts for entry_id in part.entries]
    stored = {
        entry.id: hashes_of(entry)
        for entry in AuditEntry.objects.of(organization_id).filter(id__in=ids).iterator()
    }
    if previous is None:
        return calc.verify_seals(parts, organization_id=organization_id, entries=stored)
    before = part_of(previous)
    found = []
    for part in parts:
        if part.number != before.number + 1:
            found.append(Breach("a seal before this one is missing", seal=part.number))
        elif part.previous_link != before.link:
            found.append(Breach("the link to the seal before is broken", seal=part.number))
        found += calc.verify_seal(part, entries=stored)
        before = part
    return found


def part_of(seal: Seal) -> calc.SealedPart:
    """A seal as the pure rules take it."""
    return calc.SealedPart(
        number=seal.number,
        entries=tuple(seal.entries),
        root=bytes(seal.root),
        previous_link=bytes(seal.previous_link),
        link=bytes(seal.link),
    )


def hashes_of(entry: AuditEntry) -> calc.StoredHashes:
    """The hashes of an entry as stored, and as its columns give them now."""
    content = calc.Content(
        id=entry.id,
        organization_id=entry.organization_id,  # type: ignore[attr-defined]
        **{
            name: getattr(entry, name)
            for name in calc.Content.__dataclass_fields__
            if name not in {"id", "organization_id"}
        },
    )
    salt = None if entry.salt is None else bytes(entry.salt)
    stored, sealed = bytes(entry.values_hash), bytes(entry.content_hash)
    has_bare_id = calc.content_hash(content, values=stored, has_bare_id=True) == sealed
    return calc.StoredHashes(
        values_hash=stored,
        content_hash=sealed,
        values_found=None if salt is None else calc.values_hash(content, salt=salt),
        content_found=calc.content_hash(content, values=stored, has_bare_id=has_bare_id),
    )


def unaccounted(organization_id: UUID) -> list[UUID]:
    """Entries that no seal covers and no sealer waits for (planted past the trigger)."""
    with connections["default"].cursor() as cursor:
        cursor.execute(
            "SELECT e.id FROM audit_entry e WHERE e.organization_id = %(of)s AND NOT EXISTS "
            "(SELECT FROM audit_unsealed u WHERE u.entry_id = e.id) AND NOT EXISTS (SELECT FROM "
            "(SELECT unnest(entries) AS id FROM audit_seal WHERE organization_id = %(of)s) s "
            "WHERE s.id = e.id) ORDER BY e.id LIMIT 1000",
            {"of": organization_id},
        )
        return [row[0] for row in cursor.fetchall()]


def last_of(
    organization_id: UUID, *, actions: Sequence[str], among: int = 5_000
) -> AuditEntry | None:
    """The newest entry of some actions, looked for among the newest so many entries only."""
    with transaction(organization_id):
        newest = AuditEntry.objects.of(organization_id).order_by("-id")[:among]
        ids = AuditEntry.objects.filter(id__in=newest.values("id"))
        found = ids.filter(organization_id=organization_id, action__in=list(actions))
        return found.order_by("-id").first()
