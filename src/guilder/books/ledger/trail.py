"""The part of a hot statement that tells and audits: its event rows and audit rows, under a gate.

Both are made in Python before the statement runs, so that their hashes are; what only the statement
itself knows (the number) is added to the event's payload by `payload`, an SQL expression.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from guilder.foundation.audit import operations as audit
from guilder.foundation.events import bus
from guilder.kernel.actor import Actor

Audited = tuple[str, str, UUID, dict[str, Any] | None, dict[str, Any] | None]


def trail_sql(gate: str, *, payload: str = "") -> str:
    """The CTEs `told` and `audited` under `gate`; `payload` is merged into each event's payload."""
    return f"""told AS (
  INSERT INTO events_event ({", ".join(bus.COLUMNS)})
  SELECT {selected(bus.COLUMNS, payload)} FROM {gate}, {rows("e", bus.COLUMNS)}
), audited AS (
  INSERT INTO audit_entry ({", ".join(audit.COLUMNS)})
  SELECT {selected(audit.COLUMNS, "")} FROM {gate}, {rows("a", audit.COLUMNS)}
)"""  # noqa: S608 (our own text)


def selected(columns: dict[str, str], payload: str) -> str:
    """The columns of a row source, with something merged into the payload."""
    return ", ".join(
        f"r.payload || {payload}" if payload and name == "payload" else f"r.{name}"
        for name in columns
    )


def rows(prefix: str, columns: dict[str, str]) -> str:
    """A row source of one bound array for each column."""
    arrays = ", ".join(f"%({prefix}_{name})s::{kind}[]" for name, kind in columns.items())
    return f"unnest({arrays}) AS r({', '.join(columns)})"


def trail_parameters(
    *, by: Actor, events: Sequence[Any], audits: Sequence[Audited]
) -> dict[str, Any]:
    """What trail_sql binds. An audit is (action, table, row id, before, after)."""
    told = [bus.row_of(event, by) for event in events]
    noted = [
        audit.row_of(by=by, action=action, table=table, row_id=row_id, before=before, after=after)
        for action, table, row_id, before, after in audits
    ]
    return {
        **{f"e_{name}": [row[i] for row in told] for i, name in enumerate(bus.COLUMNS)},
        **{f"a_{name}": [row[i] for row in noted] for i, name in enumerate(audit.COLUMNS)},
    }
