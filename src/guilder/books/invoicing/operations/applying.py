"""Open credit of a client: applied to invoices, and taken off again."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from guilder.books.invoicing.events import CreditAllocated, CreditReversed
from guilder.books.invoicing.models import CreditAllocation
from guilder.books.invoicing.operations.settle import (
    Debt,
    NotOpen,
    OverOpen,
    lock_debts,
    settled_parameters,
    settled_sql,
    settlement_events,
)
from guilder.books.invoicing.queries.records import NoSuchInvoice
from guilder.books.ledger import operations as ledger
from guilder.foundation.audit import operations as audit
from guilder.foundation.events import bus
from guilder.foundation.tenancy.hot import cursor
from guilder.foundation.tenancy.ids import uuid7
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.kernel.errors import Invalid, NotFound, Problem
from guilder.kernel.money import Money

APPLY = f"WITH gate AS (SELECT 1), {settled_sql('gate', column='credited_amount')} SELECT 1"
TAKE = f"WITH gate AS (SELECT 1), {settled_sql('gate')} SELECT 1"


def allocate_credit(
    credit_note_id: UUID,
    *,
    invoice_id: UUID,
    by: Actor,
    on: date,
    at: datetime,
    amount: Money | None = None,
) -> UUID:
    """Apply open credit of a credit note to an open invoice of the same client: `amount`, else as
    much as both have. Gives the allocation's id.

    Raises NoSuchInvoice, NotOpen, OverOpen, Invalid (another client or currency).
    """
    by.require("payment.record")
    with transaction(by.organization_id):
        debts = lock_debts([credit_note_id, invoice_id], by=by)
        if credit_note_id not in debts or invoice_id not in debts:
            raise NoSuchInvoice("There is no such document.")
        credit, debt = debts[credit_note_id], debts[invoice_id]
        refuse_unlike(credit, debt, amount)
        taken = min(credit.left, debt.left) if amount is None else amount.minor
        if not 0 < taken <= min(credit.left, debt.left):
            left = Money(min(credit.left, debt.left), debt.currency)
            raise OverOpen(f"Apply more than nothing, and at most {left} {debt.currency}.")
        allocation = CreditAllocation.objects.create(
            organization_id=by.organization_id,
            id=uuid7(),
            credit_note_id=credit.id,
            invoice_id=debt.id,
            amount=taken,
            base_amount=debt.base_of(taken),
            credit_base_amount=credit.base_of(taken),
            allocated_on=on,
            created_by_id=by.user_id,
            created_at=at,
        )
        move(credit, debt, taken, by=by, on=on, at=at, source="credit.allocate", row=allocation)
        event = CreditAllocated(
            credit_note_id=credit.id,
            invoice_id=debt.id,
            amount=str(Money(taken, debt.currency)),
            currency=debt.currency,
        )
        bus.publish(event, by=by)
        return allocation.id


def refuse_unlike(credit: Debt, debt: Debt, amount: Money | None) -> None:
    """NotOpen, Invalid: the two do not go together."""
    if credit.kind != "credit_note" or credit.status != "issued" or not credit.left:
        raise NotOpen("This credit note has no open credit.")
    if not debt.is_receivable or not debt.left:
        raise NotOpen("Nothing is open on this document.")
    if credit.partner_id != debt.partner_id:
        detail = "Credit of one client does not pay another's invoice."
        raise Invalid(problems=[Problem("/invoice", "invoicing.other_client", detail)])
    if credit.currency != debt.currency or (amount and amount.currency != debt.currency):
        detail = "Credit note, invoice and amount are in one currency."
        raise Invalid(problems=[Problem("/amount", "invoicing.currency", detail)])


def move(
    credit: Debt,
    debt: Debt,
    taken: int,
    *,
    by: Actor,
    on: date,
    at: datetime,
    source: str,
    row: CreditAllocation,
) -> None:
    """Move `taken` (below zero: back) from a credit note to an invoice: both rows, the ledger, the
    trail and the events."""
    base, credit_base = debt.base_of(taken), credit.base_of(taken)
    for statement, one in ((APPLY, debt), (TAKE, credit)):
        cursor().execute(
            statement,
            {
                "organization": by.organization_id,
                **settled_parameters({one.id: taken}, on=on, at=at),
            },
            prepare=True,
        )
    ledger.post(
        ledger.Booking(
            legs=(
                ledger.Leg("customer_credit", taken, credit_base),
                ledger.Leg("receivables", -taken, -base),
                ledger.Leg("exchange", 0, base - credit_base),
            ),
            on=on,
            source=source,
            source_id=row.id,
            currency=debt.currency,
            base_currency=debt.base_currency,
            rate=debt.base_rate or Decimal(1),
            rate_source=debt.rate_source,
            partner_id=debt.partner_id,
            memo=f"{credit.number} → {debt.number}"[:200],
        ),
        by=by,
        at=at,
    )
    audit.record(
        by=by,
        action=source,
        table="invoicing_creditallocation",
        row_id=row.id,
        before=None,
        after={
            "credit_note": str(credit.id),
            "invoice": str(debt.id),
            "amount": str(Money(taken, debt.currency)),
            "on": on.isoformat(),
        },
    )
    for event in settlement_events({debt.id: debt}, {debt.id: taken}, on=on):
        bus.publish(event, by=by)


def reverse_credit(allocation_id: UUID, *, by: Actor, on: date, at: datetime) -> None:
    """Take a credit note off an invoice again: the invoice is open, the credit is the client's.

    Raises NotFound, NotOpen (reversed already).
    """
    by.require("payment.reverse")
    with transaction(by.organization_id):
        row = CreditAllocation.objects.of(by.organization_id).filter(id=allocation_id).first()
        if row is None:
            raise NotFound("There is no such allocation.")
        debts = lock_debts([row.credit_note_id, row.invoice_id], by=by)
        row = CreditAllocation.objects.of(by.organization_id).lock().get(id=allocation_id)
        if not row.is_active:
            raise NotOpen("This allocation was reversed already.")
        row.is_active = False
        row.reversed_on = on
        row.save(update_fields=["is_active", "reversed_on"])
        credit, debt = debts[row.credit_note_id], debts[row.invoice_id]
        move(credit, debt, -row.amount, by=by, on=on, at=at, source="credit.reverse", row=row)
        event = CreditReversed(
            credit_note_id=credit.id,
            invoice_id=debt.id,
            amount=str(Money(row.amount, debt.currency)),
            currency=debt.currency,
        )
        bus.publish(event, by=by)
