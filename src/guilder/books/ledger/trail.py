"""The part of a hot statement that tells and audits: its event rows and audit rows, under a gate.

Both are made in Python before the statement runs, so that their hashes are; what only the statement
itself knows (the number) is added to the event's payload by `payload`, an SQL expression.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any
from uuid import UUID

from guilder.foundation.audit import operations as audit
from guilder.foundation.events import bus
from guilder.kernel.actor import Actor

Audited = tuple[str, str, UUID, dict[str, Any] | None, dict[str, Any] | None]


@lru_cache(maxsize=64)
def trail_sql(gate: str, *, events: int = 1, payload: str = "") -> str:
    """The CTEs `told` (of that many events) and `audited` (one row) under `gate`.

    `payload`, an SQL expression over the gate, is merged into each event's payload.
    """
    parts = [
        f"""audited AS (
  INSERT INTO audit_entry ({", ".join(audit.COLUMNS)})
  SELECT {bound("a", audit.COLUMNS, "")} FROM {gate}
)"""  # noqa: S608 (our own text)
    ]
    if events:
        rows = " UNION ALL ".join(
            f"SELECT {bound(f'e{place}', bus.COLUMNS, payload)} FROM {gate}"  # noqa: S608
            for place in range(events)
        )
        parts.append(f"told AS (INSERT INTO events_event ({', '.join(bus.COLUMNS)}) {rows})")
    return ", ".join(parts)


def bound(prefix: str, columns: dict[str, str], payload: str) -> str:
    """The columns of one row as bound parameters; the organization is the statement's own."""
    return ", ".join(
        f"%(organization)s::{kind}"
        if name == "organization_id"
        else f"%({prefix}_{name})s::{kind}"
        + (f" || {payload}" if payload and name == "payload" else "")
        for name, kind in columns.items()
    )


def trail_parameters(*, by: Actor, events: Sequence[Any], audited: Audited) -> dict[str, Any]:
    """What trail_sql binds. `audited` is (action, table, row id, before, after)."""
    action, table, row_id, before, after = audited
    row = audit.row_of(by=by, action=action, table=table, row_id=row_id, before=before, after=after)
    values = {f"a_{name}": value for name, value in zip(audit.COLUMNS, row, strict=True)}
    for place, event in enumerate(events):
        told = bus.row_of(event, by)
        values |= {f"e{place}_{name}": value for name, value in zip(bus.COLUMNS, told, strict=True)}
    return values
