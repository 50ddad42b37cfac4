"""What lowers or raises the open amount of a booked bill, under its lock."""

from datetime import date, datetime

from guilder.books.bills.events import BillSettled
from guilder.books.bills.models import Bill
from guilder.books.bills.operations.telling import tell
from guilder.kernel.actor import Actor

COLUMNS = frozenset(("allocated_amount", "credited_amount"))


def settle(row: Bill, amount: int, *, column: str, by: Actor, on: date, at: datetime) -> None:
    """Apply `amount` (below zero: take it back) to a bill that the caller has locked and judged."""
    if column not in COLUMNS:
        raise ValueError(column)
    setattr(row, column, getattr(row, column) + amount)
    row.version += 1
    row.updated_at = at
    row.save(update_fields=[column, "version", "updated_at"])
    if amount > 0 and not row.open_amount:
        tell(BillSettled, row, by=by, settled_on=on)
