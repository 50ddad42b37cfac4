"""What happened to bills. Ids and values only; amounts are decimal text."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class BillEvent:
    """What every event of a bill carries."""

    bill_id: UUID
    partner_id: UUID
    kind: str
    number: str
    amount: str
    currency: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BillCreated(BillEvent):
    """A bill was entered, by hand or from a paper that came in."""

    type: ClassVar[str] = "bill.created"


@dataclass(frozen=True, slots=True, kw_only=True)
class BillChanged(BillEvent):
    """The draft of a bill is another than before."""

    type: ClassVar[str] = "bill.changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class BillDeleted(BillEvent):
    """The draft of a bill was thrown away."""

    type: ClassVar[str] = "bill.deleted"


@dataclass(frozen=True, slots=True, kw_only=True)
class BillBooked(BillEvent):
    """A bill stands in the books and is to be paid."""

    type: ClassVar[str] = "bill.booked"
    booked_on: date
    due_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class BillCancelled(BillEvent):
    """A bill was taken out of the books again."""

    type: ClassVar[str] = "bill.cancelled"
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BillSettled(BillEvent):
    """Nothing of a bill is open any more."""

    type: ClassVar[str] = "bill.settled"
    settled_on: date
