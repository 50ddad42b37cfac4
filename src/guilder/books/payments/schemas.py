"""The public shapes of a payment and of a refund."""

from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

import msgspec

from guilder.kernel.money import Money

if TYPE_CHECKING:
    from guilder.books.payments.queries import AllocationRecord, PaymentRecord
    from guilder.books.payments.queries.refunds import RefundRecord


class MoneyOut(msgspec.Struct):
    """An amount with its currency."""

    amount: str
    currency: str


class AllocationOut(msgspec.Struct, kw_only=True):
    """A part of the payment on one invoice."""

    id: UUID
    invoice: UUID
    number: str | None
    amount: str
    allocated_on: date
    is_active: bool
    reversed_on: date | None


class PaymentOut(msgspec.Struct, kw_only=True):
    """A payment as REST, webhooks and exports show it."""

    id: UUID
    client: UUID
    client_name: str
    amount: MoneyOut
    unallocated: MoneyOut
    received_on: date
    method: str
    reference: str
    notes: str
    allocations: list[AllocationOut]
    reversed_on: date | None
    reversed_reason: str
    created_at: datetime
    updated_at: datetime
    etag: str


def payment_out(record: "PaymentRecord") -> PaymentOut:
    """The shape of one record."""
    return PaymentOut(
        id=record.id,
        client=record.partner_id,
        client_name=record.partner_name,
        amount=money_out(record.amount, record.currency),
        unallocated=money_out(record.unallocated_amount, record.currency),
        received_on=record.received_on,
        method=record.method,
        reference=record.reference,
        notes=record.notes,
        allocations=[allocation_out(one, record.currency) for one in record.allocations],
        reversed_on=record.reversed_on,
        reversed_reason=record.reversed_reason,
        created_at=record.created_at,
        updated_at=record.updated_at,
        etag=f'"{record.version}"',
    )


def allocation_out(one: "AllocationRecord", currency: str) -> AllocationOut:
    """The shape of one allocation."""
    return AllocationOut(
        id=one.id,
        invoice=one.invoice_id,
        number=one.number,
        amount=str(Money(one.amount, currency)),
        allocated_on=one.allocated_on,
        is_active=one.is_active,
        reversed_on=one.reversed_on,
    )


def money_out(amount: int, currency: str) -> MoneyOut:
    """An amount in major units with its currency."""
    return MoneyOut(str(Money(amount, currency)), currency)


class RefundOut(msgspec.Struct, kw_only=True):
    """A refund as REST, webhooks and exports show it; status: waiting, declined, paid, reversed."""

    id: UUID
    client: UUID
    client_name: str
    payment: UUID | None
    credit_note: UUID | None
    credit_note_number: str | None
    status: str
    amount: MoneyOut
    method: str
    reason: str
    reference: str
    takes_off: bool
    refunded_on: date | None
    decided_by: UUID | None
    decided_at: datetime | None
    decision_note: str
    reversed_on: date | None
    reversed_reason: str
    created_at: datetime
    updated_at: datetime
    etag: str


def refund_out(record: "RefundRecord") -> RefundOut:
    """The shape of one record."""
    return RefundOut(
        id=record.id,
        client=record.partner_id,
        client_name=record.partner_name,
        payment=record.payment_id,
        credit_note=record.credit_note_id,
        credit_note_number=record.credit_note_number,
        status=record.status,
        amount=money_out(record.amount, record.currency),
        method=record.method,
        reason=record.reason,
        reference=record.reference,
        takes_off=record.takes_off,
        refunded_on=record.refunded_on,
        decided_by=record.decided_by_id,
        decided_at=record.decided_at,
        decision_note=record.decision_note,
        reversed_on=record.reversed_on,
        reversed_reason=record.reversed_reason,
        created_at=record.created_at,
        updated_at=record.updated_at,
        etag=f'"{record.version}"',
    )
