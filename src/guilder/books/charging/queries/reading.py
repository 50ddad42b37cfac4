"""Pages of rows under a few conditions: what the lists of this room share."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from guilder.foundation.tenancy.hot import cursor
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.registers.parties.queries import reach_of


def rows_of(
    statement: str,
    *,
    by: Actor,
    given: Mapping[str, tuple[str, Any]],
    limit: int,
    after: UUID | None = None,
    letter: str = "c",
) -> list[tuple[Any, ...]]:
    """Rows under those conditions whose value is given, newest first, beyond `after`."""
    held = {name: one for name, one in given.items() if one[1] not in (None, "")}
    where = "".join(f" AND {condition}" for condition, _ in held.values())
    values = {name: value for name, (_, value) in held.items()}
    if after is not None:
        where += f" AND {letter}.id < %(after)s::uuid"
        values["after"] = after
    with transaction(by.organization_id):
        found = cursor(binary=True).execute(
            f"{statement}{where} ORDER BY {letter}.id DESC LIMIT %(limit)s",
            {**values, "organization": by.organization_id, "limit": limit, **reach_of(by)},
            prepare=True,
        )
        return found.fetchall()
