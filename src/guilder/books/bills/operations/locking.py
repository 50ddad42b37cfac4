"""Bills under lock, in one order, whoever asks."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from guilder.books.bills.calc import step
from guilder.books.bills.models import Bill
from guilder.books.bills.queries import NoSuchBill, visible
from guilder.foundation.identity.permissions import require_own
from guilder.kernel.actor import Actor
from guilder.kernel.errors import Stale


@dataclass(frozen=True, slots=True)
class Payable:
    """A bill under lock, as a payment looks at it; amounts in minor units."""

    row: Bill

    @property
    def left(self) -> int:
        """What is open."""
        return self.row.open_amount

    @property
    def is_payable(self) -> bool:
        """Whether it is booked and asks for money."""
        return self.row.status == Bill.Status.BOOKED and self.row.kind == Bill.Kind.BILL

    def base_of(self, amount: int) -> int:
        """What paying `amount` takes off payables in base units; below zero puts it back."""
        cleared = self.row.payable_amount - self.left
        return step(
            self.row.base_payable_amount or 0,
            total=self.row.payable_amount,
            before=cleared,
            after=cleared + amount,
        )


def locked_bill(
    bill_id: UUID, *, by: Actor, version: int | None, permission: str = "bill.edit"
) -> Bill:
    """The row under lock in the version that was read. Raises NoSuchBill, NotYours, Stale."""
    row = visible(by).lock().filter(id=bill_id).first()
    if row is None:
        raise NoSuchBill("There is no such bill.")
    require_own(by, permission, created_by_id=row.created_by_id)
    if version is not None and version != row.version:
        raise Stale("This bill was changed in the meantime. Read it again.")
    return row


def lock_payables(ids: Iterable[UUID], *, by: Actor) -> dict[UUID, Payable]:
    """The bills of these ids under lock; those that do not exist are absent."""
    rows = Bill.objects.of(by.organization_id).lock().filter(id__in=set(ids)).order_by("id")
    return {row.id: Payable(row) for row in rows}
