"""An Idempotency-Key that is claimed along with the sign-in, in one statement.

Who asks is known to the server before it is known here, so their claim needs no journey of its own.
It is a claim like any other once `settle` has looked at it; what nothing used is given back.
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from guilder.foundation.edges import idempotency
from guilder.foundation.edges.idempotency import Answer, Claim
from guilder.foundation.tenancy.ids import uuid7

# For a statement with `who` (id, organization_id) and `counted` (allowed; no row where nothing is
# counted): who is refused claims nothing.
SOURCE = (
    "SELECT "  # noqa: S608  (constants of our own)
    + idempotency.CLAIMED.format(
        organization="who.organization_id",
        fingerprint=idempotency.FINGERPRINT.format(who="uuid_send(who.id)"),
    )
    + " FROM who LEFT JOIN counted ON true"
    " WHERE who.organization_id IS NOT NULL AND counted.allowed IS NOT FALSE"
)
CTE = f", claimed AS ({idempotency.CLAIM.format(source=SOURCE)})"
COLUMNS = f"claimed.lease IS NOT NULL, {idempotency.THERE}, "
WIDTH = 6  # columns
JOIN = """
LEFT JOIN claimed ON true
LEFT JOIN edges_idempotency e ON claimed.lease IS NULL AND e.organization_id = who.organization_id
  AND e.key = %(claim_key)s::text"""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A key that a request wants; `asked` is idempotency's of it. Wanting it again after the
    connection was lost is the same claim, whatever became of the first."""

    key: str
    method: str
    route: str
    asked: bytes
    lease: UUID = field(default_factory=uuid7)


@dataclass(slots=True)
class Pending:
    """What came of wanting a key; it is used once or given back."""

    wanted: Wanted
    organization_id: UUID
    who: UUID
    row: tuple[Any, ...]  # COLUMNS
    is_used: bool = False

    @property
    def claim(self) -> Claim:
        """The claim, where it is one."""
        return Claim(self.organization_id, self.wanted.key, self.wanted.lease)


def wanted(key: str, *, method: str, route: str, path: str, body: bytes) -> Wanted | None:
    """The key that a request wants; None where it is none that can be claimed."""
    if not idempotency.is_usable(key):
        return None
    return Wanted(key, method, route, idempotency.asked(method=method, path=path, body=body))


def values_of(one: Wanted) -> dict[str, Any]:
    """What CTE and JOIN bind."""
    values = idempotency.claim_values(
        one.key, method=one.method, route=one.route, lease_id=one.lease
    )
    return {**values, "claim_asked": one.asked}


def settle(pending: Pending) -> Claim | Answer:
    """The claim, or the answer that the key got before; as `idempotency.begin`.

    Raises KeyReused when the fingerprint differs, StillRunning while another one holds it.
    """
    pending.is_used = True
    is_mine, *there = pending.row
    if is_mine:
        return pending.claim
    if there[0] is None:  # claimed by another request after the statement began
        raise idempotency.begun_meanwhile()
    fingerprint = hashlib.sha256(pending.wanted.asked + pending.who.bytes).digest()
    return idempotency.earlier_answer(
        pending.organization_id, tuple(there), fingerprint=fingerprint
    )


def give_back(pending: Pending | None) -> None:
    """Release a claim that nothing used."""
    if pending is not None and pending.row[0] and not pending.is_used:
        pending.is_used = True
        idempotency.release(pending.claim)


@contextmanager
def used_or_given_back(pending: Pending | None) -> Iterator[None]:
    """Around all that may use a claim."""
    try:
        yield
    finally:
        give_back(pending)
