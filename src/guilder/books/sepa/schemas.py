"""The public shapes of mandates, payment orders and what may be put in them."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

import msgspec

from guilder.books.sepa import calc
from guilder.kernel.money import Money

if TYPE_CHECKING:
    from guilder.books.sepa.models import Item, Mandate


class MandateOut(msgspec.Struct, kw_only=True):
    """A mandate; standing: waiting, active, used, expired, ended."""

    id: UUID
    client: UUID
    client_name: str
    reference: str
    scheme: str
    recurrent: bool
    last: bool
    holder: str
    iban: str
    bic: str
    signed_on: date | None
    notice_days: int | None
    standing: str
    last_used_on: date | None
    expires_on: date | None
    ended_at: datetime | None
    ended_reason: str
    failure: str
    created_at: datetime
    updated_at: datetime
    etag: str


def mandate_out(row: "Mandate", *, on: date) -> MandateOut:
    """The shape of one row as of a day."""
    standing = calc.standing(
        signed_on=row.signed_on,
        last_used_on=row.last_used_on,
        is_ended=row.ended_at is not None,
        is_recurrent=row.is_recurrent,
        on=on,
    )
    return MandateOut(
        id=row.id,
        client=row.partner_id,
        client_name=row.partner.name,
        reference=row.reference,
        scheme=row.scheme,
        recurrent=row.is_recurrent,
        last=row.is_last,
        holder=row.holder,
        iban=row.iban,
        bic=row.bic,
        signed_on=row.signed_on,
        notice_days=row.notice_days,
        standing=standing,
        last_used_on=row.last_used_on,
        expires_on=calc.expires_on(row.signed_on, row.last_used_on),
        ended_at=row.ended_at,
        ended_reason=row.ended_reason,
        failure=row.ended_code,
        created_at=row.created_at,
        updated_at=row.updated_at,
        etag=f'"{row.version}"',
    )


class OrderOut(msgspec.Struct, kw_only=True):
    """One order; state: open, booked, rejected, returned, dropped. `failure` is the bank's code,
    `reason` says it in words."""

    id: UUID
    partner: UUID
    partner_name: str
    invoice: UUID | None
    bill: UUID | None
    refund: UUID | None
    number: str
    mandate: UUID | None
    sequence: str
    end_to_end: str
    group: str
    amount: str
    iban: str
    state: str
    failure: str
    reason: str
    payment: UUID | None
    disbursement: UUID | None


def order_out(item: "Item") -> OrderOut:
    """The shape of one order."""
    paper = item.invoice or item.bill
    return OrderOut(
        id=item.id,
        partner=item.partner_id,
        partner_name=item.partner.name,
        invoice=item.invoice_id,
        bill=item.bill_id,
        refund=item.refund_id,
        number=(paper.number if paper else "") or item.remittance,
        mandate=item.mandate_id,
        sequence=item.sequence,
        end_to_end=item.end_to_end,
        group=item.group,
        amount=str(Money(item.amount, "EUR")),
        iban=item.iban,
        state=item.state,
        failure=item.code,
        reason=item.trouble or calc.words_of(item.code),
        payment=item.payment_id,
        disbursement=item.disbursement_id,
    )


class PaymentOrderOut(msgspec.Struct, kw_only=True):
    """A batch of orders; kind: debit, transfer; status: draft, closed, handed_over, cancelled.
    `orders` are there when one is read, not in lists."""

    id: UUID
    kind: str
    status: str
    message_id: str
    due_on: date
    currency: str
    amount: str
    count: int
    open: int
    refused: int
    account: str
    creditor_id: str
    needs_approval: bool
    approved_by: UUID | None
    bank_status: str
    answered_at: datetime | None
    closed_at: datetime | None
    handed_over_at: datetime | None
    cancelled_at: datetime | None
    cancelled_reason: str
    orders: list[OrderOut]
    created_at: datetime
    updated_at: datetime
    etag: str


def payment_order_out(row: Any, items: "list[Item] | tuple[()]" = ()) -> PaymentOrderOut:
    """The shape of a batch with its figures."""
    return PaymentOrderOut(
        id=row.id,
        kind=row.kind,
        status=row.status,
        message_id=row.message_id,
        due_on=row.due_on,
        currency=row.currency,
        amount=str(Money(row.amount, row.currency)),
        count=row.count,
        open=row.open,
        refused=row.failed,
        account=row.iban,
        creditor_id=row.creditor_id,
        needs_approval=row.is_over_limit and row.approved_at is None,
        approved_by=row.approved_by_id,
        bank_status=row.bank_status,
        answered_at=row.answered_at,
        closed_at=row.closed_at,
        handed_over_at=row.handed_over_at,
        cancelled_at=row.cancelled_at,
        cancelled_reason=row.cancelled_reason,
        orders=[order_out(one) for one in items],
        created_at=row.created_at,
        updated_at=row.updated_at,
        etag=f'"{row.version}"',
    )
