"""What a refund draws on, under lock: a payment's unallocated part, a credit note's open one."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from guilder.books.invoicing import operations as invoicing
from guilder.books.invoicing.queries import NoSuchInvoice
from guilder.books.payments.models import Allocation, Payment
from guilder.books.payments.operations.reverse import reverse_allocation
from guilder.books.payments.queries import NoSuchPayment
from guilder.foundation.tenancy.hot import cursor
from guilder.kernel.actor import Actor
from guilder.kernel.errors import Conflict, Stale

SETTLE = f"WITH gate AS (SELECT 1), {invoicing.settled_sql('gate')} SELECT 1"


class NotRefundable(Conflict):
    """It is nothing that money can be given back on."""

    code = "refund.not_refundable"


@dataclass(slots=True)
class Source:
    """A locked payment or credit note; amounts in minor units of `currency`.

    `left` is what may be drawn now, `applied` what a payment paid and could be taken off.
    """

    kind: str
    id: UUID
    name: str
    partner_id: UUID
    currency: str
    base_currency: str
    left: int
    applied: int
    whole: int
    whole_base: int
    method: str
    account_id: UUID | None
    debt: invoicing.Debt | None = None

    def base_of(self, amount: int) -> int:
        """What drawing `amount` takes off the client's credit in base units; below zero puts on."""
        done = self.whole - self.left
        return invoicing.base_step(
            self.whole_base, payable=self.whole, before=done, after=done + amount
        )


def lock_source(
    payment_id: UUID | None, credit_note_id: UUID | None, *, by: Actor, with_invoices: bool = False
) -> Source:
    """The payment or credit note under lock; `with_invoices` also those that the payment pays, for
    what is to be taken off them.

    Raises NoSuchPayment, NoSuchInvoice, NotRefundable, Stale.
    """
    if credit_note_id is not None:
        return locked_note(credit_note_id, by=by)
    if payment_id is None:
        raise NoSuchPayment("There is no such payment.")
    # Documents are locked before payments, by everybody.
    locked = set(invoicing.lock_debts(paid_by(payment_id, by=by), by=by)) if with_invoices else None
    return locked_payment(payment_id, by=by, locked=locked)


def paid_by(payment_id: UUID, *, by: Actor) -> list[UUID]:
    """The invoices that a payment pays now."""
    active = Allocation.objects.of(by.organization_id).filter(payment_id=payment_id, is_active=True)
    return list(active.values_list("invoice_id", flat=True))


def locked_note(credit_note_id: UUID, *, by: Actor) -> Source:
    """A credit note's open credit."""
    debt = invoicing.lock_debts([credit_note_id], by=by).get(credit_note_id)
    if debt is None:
        raise NoSuchInvoice("There is no such credit note.")
    if debt.kind != "credit_note" or debt.status != "issued":
        raise NotRefundable("Money is given back on an issued credit note or on a payment.")
    return Source(
        kind="credit_note",
        id=debt.id,
        name=debt.number or "",
        partner_id=debt.partner_id,
        currency=debt.currency,
        base_currency=debt.base_currency,
        left=debt.left,
        applied=0,
        whole=debt.payable,
        whole_base=debt.base_payable or 0,
        method="bank_transfer",
        account_id=None,
        debt=debt,
    )


def locked_payment(payment_id: UUID, *, by: Actor, locked: set[UUID] | None) -> Source:
    """A payment's unallocated part; `locked` are the invoices that are under lock already."""
    row = Payment.objects.of(by.organization_id).lock().filter(id=payment_id).first()
    if row is None:
        raise NoSuchPayment("There is no such payment.")
    if row.reversed_on is not None:
        raise NotRefundable("This payment was reversed: there is no money to give back.")
    if locked is not None and set(paid_by(row.id, by=by)) - locked:
        raise Stale("This payment was applied elsewhere in the meantime. Try again.")
    applied = sum(
        Allocation.objects.of(by.organization_id)
        .filter(payment_id=row.id, is_active=True)
        .values_list("amount", flat=True)
    )
    return Source(
        kind="payment",
        id=row.id,
        name=row.reference,
        partner_id=row.partner_id,
        currency=row.currency,
        base_currency=row.base_currency,
        left=row.unallocated_amount,
        applied=applied,
        whole=row.amount,
        whole_base=row.base_amount,
        method=row.method,
        account_id=row.account_id,
    )


def take_off(payment_id: UUID, amount: int, *, by: Actor, on: date, at: datetime) -> None:
    """Take the newest allocations of a payment off their invoices until `amount` is unallocated."""
    for allocation_id in newest(payment_id, by=by):
        left = Payment.objects.of(by.organization_id).get(id=payment_id).unallocated_amount
        if left >= amount:
            return
        reverse_allocation(allocation_id, by=by, on=on, at=at)


def newest(payment_id: UUID, *, by: Actor) -> list[UUID]:
    """Active allocations of a payment, the newest first."""
    active = Allocation.objects.of(by.organization_id).filter(payment_id=payment_id, is_active=True)
    return list(active.order_by("-id").values_list("id", flat=True))


def draw(source: Source, amount: int, *, by: Actor, on: date, at: datetime) -> None:
    """Take `amount` off what the source has left; below zero puts it back."""
    if source.debt is not None:
        amounts: Mapping[UUID, int] = {source.id: amount}
        values: dict[str, Any] = invoicing.settled_parameters(amounts, on=on, at=at)
        cursor().execute(SETTLE, {"organization": by.organization_id, **values}, prepare=True)
        return
    row = Payment.objects.of(by.organization_id).get(id=source.id)
    Payment.objects.of(by.organization_id).filter(id=source.id).update(
        unallocated_amount=row.unallocated_amount - amount,
        updated_at=at,
        version=row.version + 1,
    )
