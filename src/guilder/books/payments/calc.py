"""Pure rules of payments: how money is split over debts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Owed:
    """An open invoice: what is left of it, and when it is due."""

    id: UUID
    left: int
    due_on: date | None
    issued_on: date | None


def split(paid: int, debts: Sequence[Owed]) -> dict[UUID, int]:
    """`paid` over the debts, the longest due first, none above what is left of it."""
    shares: dict[UUID, int] = {}
    rest = paid
    for debt in sorted(debts, key=urgency):
        share = min(rest, debt.left)
        if share > 0:
            shares[debt.id] = share
            rest -= share
    return shares


def urgency(debt: Owed) -> tuple[date, date, UUID]:
    """What is due first comes first; then what was issued first."""
    return (debt.due_on or date.max, debt.issued_on or date.max, debt.id)
