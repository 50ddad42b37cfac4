"""What happened to payments and refunds. Ids and values only; amounts are decimal text."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentEvent:
    """What every event of a payment carries."""

    payment_id: UUID
    partner_id: UUID
    amount: str
    currency: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentRecorded(PaymentEvent):
    """Money came in; `unallocated` of it is the client's credit."""

    type: ClassVar[str] = "payment.recorded"
    received_on: date
    unallocated: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentAllocated(PaymentEvent):
    """A part of a payment, `amount`, was applied to an invoice later on."""

    type: ClassVar[str] = "payment.allocated"
    invoice_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class AllocationReversed(PaymentEvent):
    """A part of a payment, `amount`, was taken off an invoice."""

    type: ClassVar[str] = "payment.allocation_reversed"
    invoice_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentReversed(PaymentEvent):
    """The payment did not happen: it bounced or was entered by mistake."""

    type: ClassVar[str] = "payment.reversed"
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundEvent:
    """What every event of a refund carries; it draws on a payment or on a credit note."""

    refund_id: UUID
    partner_id: UUID
    amount: str
    currency: str
    payment_id: UUID | None
    credit_note_id: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundRequested(RefundEvent):
    """A refund waits for somebody else's approval."""

    type: ClassVar[str] = "refund.requested"
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundPaid(RefundEvent):
    """Money was given back."""

    type: ClassVar[str] = "refund.paid"
    refunded_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundDeclined(RefundEvent):
    """A refund that waited was refused."""

    type: ClassVar[str] = "refund.declined"
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundReversed(RefundEvent):
    """The money of a refund came back."""

    type: ClassVar[str] = "refund.reversed"
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DisbursementEvent:
    """What every event of money paid to a supplier carries."""

    disbursement_id: UUID
    partner_id: UUID
    amount: str
    currency: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DisbursementRecorded(DisbursementEvent):
    """A supplier was paid."""

    type: ClassVar[str] = "disbursement.recorded"
    paid_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class DisbursementReversed(DisbursementEvent):
    """The money came back, or was entered by mistake."""

    type: ClassVar[str] = "disbursement.reversed"
    reason: str
