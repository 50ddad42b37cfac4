"""What matches teach: this account, this name, means this client."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from guilder.flows.banking import calc
from guilder.flows.banking.models import StatementLine
from guilder.flows.banking.queries.gathering import line_fact
from guilder.foundation.tenancy.hot import array, cursor
from guilder.foundation.tenancy.ids import uuid7
from guilder.kernel.actor import Actor

# Somebody's newest decision wins over what was learned before.
LEARN = """
INSERT INTO banking_payer (organization_id, id, key, partner_id, hits, changed_at)
SELECT %(organization)s::uuid, k.id, k.key, k.partner_id, k.hits, %(at)s::timestamptz
FROM unnest(%(ids)s::uuid[], %(keys)s::text[], %(partners)s::uuid[], %(hits)s::integer[])
  AS k(id, key, partner_id, hits)
ORDER BY k.key
ON CONFLICT (organization_id, key) DO UPDATE SET
  hits = CASE WHEN banking_payer.partner_id = EXCLUDED.partner_id
      AND NOT EXCLUDED.key = ANY(%(turned)s::text[])
    THEN banking_payer.hits + EXCLUDED.hits ELSE EXCLUDED.hits END,
  partner_id = EXCLUDED.partner_id, changed_at = EXCLUDED.changed_at
"""
FORGET = """
WITH less AS (
  UPDATE banking_payer SET hits = hits - 1
  WHERE organization_id = %(organization)s::uuid AND key = ANY(%(keys)s::text[])
    AND partner_id = %(partner)s::uuid AND hits > 1 RETURNING key
)
DELETE FROM banking_payer
WHERE organization_id = %(organization)s::uuid AND key = ANY(%(keys)s::text[])
  AND partner_id = %(partner)s::uuid AND hits = 1 AND key NOT IN (SELECT key FROM less)
"""


def keys_of(row: calc.Line) -> list[str]:
    """What a line tells its payer by."""
    account = row.account.replace(" ", "").upper()
    name = calc.name_key(row.name) if row.name else ""
    keys = [f"account:{account}"] if account else []
    return keys + ([f"name:{name}"[:120]] if name else [])


def learn(row: StatementLine, partner_id: UUID, *, by: Actor, at: datetime) -> None:
    """Whoever this line is from is this client."""
    learn_many([(line_fact(row), partner_id)], by=by, at=at)


@dataclass(slots=True)
class Lesson:
    """What some lines teach of one key: whose it is, said so many times since it was another's."""

    partner_id: UUID
    hits: int = 0
    has_turned: bool = False


def learn_many(pairs: Sequence[tuple[calc.Line, UUID]], *, by: Actor, at: datetime) -> None:
    """Whoever these lines are from are these clients; the same as learning one after the other."""
    known = lessons(pairs)
    if not known:
        return
    values = {
        "organization": by.organization_id,
        "at": at,
        "ids": array([uuid7() for _ in known], "uuid"),
        "keys": array(known, "text"),
        "partners": array([one.partner_id for one in known.values()], "uuid"),
        "hits": array([one.hits for one in known.values()], "integer"),
        "turned": array([key for key, one in known.items() if one.has_turned], "text"),
    }
    cursor().execute(LEARN, values, prepare=True)


def lessons(pairs: Sequence[tuple[calc.Line, UUID]]) -> dict[str, Lesson]:
    """What lines teach of each key."""
    known: dict[str, Lesson] = {}
    for row, partner_id in pairs:
        for key in keys_of(row) if row.details < 2 else ():
            lesson = known.setdefault(key, Lesson(partner_id))
            if lesson.partner_id != partner_id:
                known[key] = lesson = Lesson(partner_id, has_turned=True)
            lesson.hits += 1
    return known


def forget(row: StatementLine, partner_id: UUID, *, by: Actor) -> None:
    """An undone match taught nothing."""
    keys = keys_of(line_fact(row))
    if not keys:
        return
    values = {
        "organization": by.organization_id,
        "partner": partner_id,
        "keys": array(keys, "text"),
    }
    cursor().execute(FORGET, values, prepare=True)
