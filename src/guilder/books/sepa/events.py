"""What happened to mandates and orders: ids and values, amounts as decimal text."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class MandateEvent:
    """What every event of a mandate carries."""

    mandate_id: UUID
    partner_id: UUID
    reference: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MandateCreated(MandateEvent):
    """A client's mandate was entered."""

    type: ClassVar[str] = "mandate.created"


@dataclass(frozen=True, slots=True, kw_only=True)
class MandateChanged(MandateEvent):
    """A mandate was signed or amended."""

    type: ClassVar[str] = "mandate.changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class MandateEnded(MandateEvent):
    """A mandate must not be used any more; `failure` is the bank's code where it said so."""

    type: ClassVar[str] = "mandate.ended"
    reason: str
    failure: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchEvent:
    """What every event of a batch carries; kind is debit or transfer."""

    batch_id: UUID
    kind: str
    amount: str
    currency: str
    count: int
    due_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchCreated(BatchEvent):
    """Orders were put together."""

    type: ClassVar[str] = "payment_order.created"
    is_over_limit: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchClosed(BatchEvent):
    """The file is ready for the bank."""

    type: ClassVar[str] = "payment_order.closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchHandedOver(BatchEvent):
    """The bank has the file."""

    type: ClassVar[str] = "payment_order.handed_over"


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchCancelled(BatchEvent):
    """It does not go to the bank, or the bank did not take it."""

    type: ClassVar[str] = "payment_order.cancelled"
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderEvent:
    """What every event of one order carries; of invoice, bill and refund one is there."""

    order_id: UUID
    batch_id: UUID
    partner_id: UUID
    invoice_id: UUID | None
    bill_id: UUID | None
    amount: str
    currency: str
    failure: str
    reason: str
    refund_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderRejected(OrderEvent):
    """The bank refused an order before money moved."""

    type: ClassVar[str] = "payment_order.rejected"


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderReturned(OrderEvent):
    """The money of an order came back: what it paid is open again."""

    type: ClassVar[str] = "payment_order.returned"


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderNotBooked(OrderEvent):
    """An order's day came and the books refused it; somebody has to look."""

    type: ClassVar[str] = "payment_order.not_booked"
