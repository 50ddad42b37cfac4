"""Taking back: an allocation, or a whole payment. Rows are switched off, entries are mirrored."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from guilder.books.invoicing import operations as invoicing
from guilder.books.ledger import operations as ledger
from guilder.books.payments.events import AllocationReversed, PaymentReversed
from guilder.books.payments.models import Allocation, Payment, Refund
from guilder.books.payments.queries import NoSuchPayment, PaymentRecord, get_payment
from guilder.foundation.audit import operations as audit
from guilder.foundation.events import bus
from guilder.foundation.tenancy.hot import cursor
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.kernel.errors import Conflict, Invalid, NotFound, Problem, Stale
from guilder.kernel.money import Money

SETTLE = f"WITH gate AS (SELECT 1), {invoicing.settled_sql('gate')} SELECT 1"


class AlreadyReversed(Conflict):
    """It was taken back before."""

    code = "payment.already_reversed"


class WasRefunded(Conflict):
    """Money of it was given back."""

    code = "payment.was_refunded"


def reverse_payment(
    payment_id: UUID, *, by: Actor, on: date, at: datetime, reason: str
) -> PaymentRecord:
    """The payment did not happen: what it paid is open again, the ledger is mirrored on `on`.

    Raises NoSuchPayment, AlreadyReversed, WasRefunded, Invalid (no reason), Stale, PeriodIsLocked.
    """
    by.require("payment.reverse")
    if not reason.strip():
        raise Invalid(problems=[Problem("/reason", "required", "Say why it is reversed.")])
    with transaction(by.organization_id):
        take_discounts_back(payment_id, by=by, on=on, at=at)
        row, shares, debts = locked(payment_id, by=by)
        refuse_refunded(row, by=by)
        base_open = reopened(shares, debts)
        applied = sum(one.amount for one in shares)
        rest_base = row.base_amount - invoicing.base_step(
            row.base_amount, payable=row.amount, before=0, after=applied
        )
        switch_off(shares, debts, row, by=by, on=on, at=at)
        Payment.objects.of(by.organization_id).filter(id=row.id).update(
            unallocated_amount=0,
            reversed_on=on,
            reversed_reason=reason.strip()[:200],
            updated_at=at,
            version=row.version + 1,
        )
        legs = (
            ledger.Leg("", -row.amount, -row.base_amount, account_id=row.account_id),
            ledger.Leg("receivables", applied, -base_open),
            ledger.Leg("customer_credit", row.unallocated_amount, rest_base),
            ledger.Leg("exchange", 0, row.base_amount + base_open - rest_base),
        )
        book(row, legs, source="payment.reverse", source_id=row.id, by=by, on=on, at=at)
        note(row, "payment.reverse", {"reason": reason, "on": on.isoformat()}, by=by)
        bus.publish(
            PaymentReversed(
                payment_id=row.id,
                partner_id=row.partner_id,
                amount=str(Money(row.amount, row.currency)),
                currency=row.currency,
                reason=reason.strip()[:200],
            ),
            by=by,
        )
        return get_payment(payment_id, by=by)


def take_discounts_back(payment_id: UUID, *, by: Actor, on: date, at: datetime) -> None:
    """What was kept back for this payment is not any more."""
    active = Allocation.objects.of(by.organization_id).filter(payment_id=payment_id, is_active=True)
    ids = sorted(set(active.values_list("invoice_id", flat=True)))
    if ids:
        invoicing.take_back(ids, by=by, on=on, at=at, payment_id=payment_id)


def refuse_refunded(row: Payment, *, by: Actor) -> None:
    """Money that was given back cannot also bounce. Raises WasRefunded."""
    given_back = Refund.objects.of(by.organization_id).filter(payment_id=row.id, status="paid")
    if given_back.exists():
        raise WasRefunded("Money of this payment was given back. Reverse its refunds first.")


def reverse_allocation(allocation_id: UUID, *, by: Actor, on: date, at: datetime) -> PaymentRecord:
    """Take a part of a payment off its invoice; it is the client's credit again.

    Raises NotFound, AlreadyReversed, Stale, PeriodIsLocked.
    """
    by.require("payment.reverse")
    with transaction(by.organization_id):
        share = Allocation.objects.of(by.organization_id).filter(id=allocation_id).first()
        if share is None:
            raise NotFound("There is no such allocation.")
        if not share.is_active:
            raise AlreadyReversed("This allocation was reversed already.")
        invoicing.take_back([share.invoice_id], by=by, on=on, at=at, payment_id=share.payment_id)
        row, shares, debts = locked(share.payment_id, by=by)
        shares = [one for one in shares if one.id == allocation_id]
        if not shares:
            raise AlreadyReversed("This allocation was reversed already.")
        base_open = reopened(shares, debts)
        done = row.amount - row.unallocated_amount
        paid_base = invoicing.base_step(
            row.base_amount, payable=row.amount, before=done, after=done - share.amount
        )
        switch_off(shares, debts, row, by=by, on=on, at=at)
        Payment.objects.of(by.organization_id).filter(id=row.id).update(
            unallocated_amount=row.unallocated_amount + share.amount,
            updated_at=at,
            version=row.version + 1,
        )
        legs = (
            ledger.Leg("customer_credit", -share.amount, paid_base),
            ledger.Leg("receivables", share.amount, -base_open),
            ledger.Leg("exchange", 0, base_open - paid_base),
        )
        book(row, legs, source="payment.unallocate", source_id=share.id, by=by, on=on, at=at)
        note(row, "payment.unallocate", {"allocation": str(share.id)}, by=by)
        return get_payment(row.id, by=by)


def locked(
    payment_id: UUID, *, by: Actor
) -> tuple[Payment, list[Allocation], dict[UUID, invoicing.Debt]]:
    """The payment, its active allocations, their invoices; invoices are locked first."""
    active = Allocation.objects.of(by.organization_id).filter(payment_id=payment_id, is_active=True)
    ids = set(active.values_list("invoice_id", flat=True))
    debts = invoicing.lock_debts(list(ids), by=by) if ids else {}
    row = Payment.objects.of(by.organization_id).lock().filter(id=payment_id).first()
    if row is None:
        raise NoSuchPayment("There is no such payment.")
    if row.reversed_on is not None:
        raise AlreadyReversed("This payment was reversed already.")
    shares = ordered(active.lock())
    if {one.invoice_id for one in shares} - set(debts):
        raise Stale("This payment was applied elsewhere in the meantime. Try again.")
    return row, shares, debts


def reopened(shares: Sequence[Allocation], debts: dict[UUID, invoicing.Debt]) -> int:
    """What the invoices' open amounts rise by in base units, below zero: it is put back on."""
    amounts: dict[UUID, int] = {}
    for one in shares:
        amounts[one.invoice_id] = amounts.get(one.invoice_id, 0) + one.amount
    return sum(debts[invoice_id].base_of(-amount) for invoice_id, amount in amounts.items())


def ordered(shares: Any) -> list[Allocation]:
    """Allocations in one order."""
    return sorted(shares, key=lambda one: one.id)


def switch_off(
    shares: Sequence[Allocation],
    debts: dict[UUID, invoicing.Debt],
    row: Payment,
    *,
    by: Actor,
    on: date,
    at: datetime,
) -> None:
    """Switch allocations off, open their invoices again, and tell."""
    amounts: dict[UUID, int] = {}
    for one in shares:
        amounts[one.invoice_id] = amounts.get(one.invoice_id, 0) - one.amount
        one.is_active = False
        one.reversed_on = on
        one.save(update_fields=["is_active", "reversed_on"])
        bus.publish(
            AllocationReversed(
                payment_id=row.id,
                partner_id=row.partner_id,
                amount=str(Money(one.amount, row.currency)),
                currency=row.currency,
                invoice_id=one.invoice_id,
            ),
            by=by,
        )
    if amounts:
        cursor().execute(
            SETTLE,
            {
                "organization": by.organization_id,
                **invoicing.settled_parameters(amounts, on=on, at=at),
            },
            prepare=True,
        )
    for event in invoicing.settlement_events(debts, amounts, on=on):
        bus.publish(event, by=by)


def book(
    row: Payment,
    legs: tuple[ledger.Leg, ...],
    *,
    source: str,
    source_id: UUID,
    by: Actor,
    on: date,
    at: datetime,
) -> None:
    """The entry that takes back."""
    ledger.post(
        ledger.Booking(
            legs=legs,
            on=on,
            source=source,
            source_id=source_id,
            currency=row.currency,
            base_currency=row.base_currency,
            rate=row.base_rate,
            rate_source=row.rate_source,
            partner_id=row.partner_id,
            memo=row.reference[:200],
        ),
        by=by,
        at=at,
    )


def note(row: Payment, action: str, after: dict[str, Any], *, by: Actor) -> None:
    """Audit what was taken back."""
    audit.record(
        by=by,
        action=action,
        table="payments_payment",
        row_id=row.id,
        before={"unallocated": str(Money(row.unallocated_amount, row.currency))},
        after=after,
    )
