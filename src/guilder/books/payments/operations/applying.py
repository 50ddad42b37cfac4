"""Applying what is left of a payment, later on: one statement after the locks."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from guilder.books.invoicing import operations as invoicing
from guilder.books.ledger import operations as ledger
from guilder.books.ledger import queries as accounts_of
from guilder.books.payments.events import PaymentAllocated
from guilder.books.payments.models import Payment
from guilder.books.payments.operations.reading import PaymentInput, read_shares
from guilder.books.payments.operations.record import (
    TAIL,
    InvalidPayment,
    Shares,
    fault,
    reckon,
    share_values,
    shared,
    told,
)
from guilder.books.payments.queries import NoSuchPayment, PaymentRecord, get_payment
from guilder.foundation.tenancy.hot import cursor
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.kernel.errors import Conflict
from guilder.kernel.money import Money
from guilder.kernel.wire import Wire

ALLOCATE = """
WITH made AS (
  UPDATE payments_payment SET unallocated_amount = unallocated_amount - %(taken)s::bigint,
    updated_at = %(at)s::timestamptz, version = version + 1
  WHERE organization_id = %(organization)s::uuid AND id = %(id)s::uuid RETURNING id
), {tail}, {trail} SELECT id FROM made""".replace("{tail}", TAIL)


class NotEnough(Conflict):
    """Nothing of the payment is left to be applied."""

    code = "payment.nothing_left"


def allocate_payment(
    payment_id: UUID,
    *,
    by: Actor,
    on: date,
    at: datetime,
    allocations: Sequence[Mapping[str, Any]] = (),
    auto: bool = False,
) -> PaymentRecord:
    """Apply what is left of a payment: to `allocations` [{"invoice", "amount"}], and with `auto`
    the rest to what is open. Raises NoSuchPayment, NotEnough, InvalidPayment, PeriodIsLocked."""
    by.require("payment.record")
    with transaction(by.organization_id):
        seen = Payment.objects.of(by.organization_id).filter(id=payment_id).first()
        if seen is None:
            raise NoSuchPayment("There is no such payment.")
        read = PaymentInput(
            client_id=seen.partner_id, amount=Money(seen.amount, seen.currency), auto=auto
        )
        wire = Wire({"allocations": list(allocations)}, problems=read.problems)
        read_shares(wire.parts("allocations", most=500), seen.currency, read)
        shares = shared(read, seen.unallocated_amount, by=by)
        # Documents are locked before payments, by everybody.
        row = Payment.objects.of(by.organization_id).lock().get(id=payment_id)
        if not row.unallocated_amount:
            raise NotEnough("Nothing of this payment is left to be applied.")
        if shares.total > row.unallocated_amount and not read.problems:
            fault(read, "/allocations", "payment.over_allocated", "Somebody was faster. Try again.")
        if not shares.amounts and not read.problems:
            fault(read, "/allocations", "required", "There is no open invoice to apply it to.")
        if read.problems:
            raise InvalidPayment(problems=read.problems)
        apply(row, shares, by=by, on=on, at=at)
        return get_payment(payment_id, by=by)


def told_of(row: Payment, shares: Shares, *, on: date) -> list[Any]:
    """What is told of later shares of a payment."""
    events: list[Any] = [
        PaymentAllocated(
            payment_id=row.id,
            partner_id=row.partner_id,
            amount=str(Money(share, row.currency)),
            currency=row.currency,
            invoice_id=invoice_id,
        )
        for invoice_id, share in shares.amounts.items()
    ]
    return events + invoicing.settlement_events(shares.debts, shares.amounts, on=on)


def apply(row: Payment, shares: Shares, *, by: Actor, on: date, at: datetime) -> None:
    """Write later shares of a payment: one statement."""
    reckon(
        shares,
        amount=row.amount,
        base_amount=row.base_amount,
        allocated=row.amount - row.unallocated_amount,
    )
    ids = share_values(shares)
    paid_base, base = sum(shares.payment_bases), sum(shares.bases)
    booking = ledger.Booking(
        legs=(
            ledger.Leg("customer_credit", shares.total, paid_base),
            ledger.Leg("receivables", -shares.total, -base),
            ledger.Leg("exchange", 0, base - paid_base),
        ),
        on=on,
        source="payment.allocate",
        source_id=ids["share_ids"][0],
        currency=row.currency,
        base_currency=row.base_currency,
        rate=row.base_rate,
        rate_source=row.rate_source,
        partner_id=row.partner_id,
        memo=row.reference[:200],
    )
    events = told_of(row, shares, on=on)
    after = {"allocations": {str(one): share for one, share in shares.amounts.items()}}
    values = {
        "organization": by.organization_id,
        "id": row.id,
        "taken": shares.total,
        "on": on,
        "created_by": by.user_id,
        **ledger.entry_parameters(
            booking,
            accounts=accounts_of.account_map(by.organization_id),
            by_id=by.user_id,
            at=at,
        ),
        **ids,
        **invoicing.settled_parameters(shares.amounts, on=on, at=at),
        **ledger.trail_parameters(
            by=by,
            events=events,
            audited=("payment.allocate", "payments_payment", row.id, None, after),
        ),
    }
    with ledger.refusals():
        cursor().execute(told(ALLOCATE, len(events)), values, prepare=True)
        invoicing.take_discounts(
            row.id, shares.amounts, debts=shares.debts, by=by, paid_on=row.received_on, on=on, at=at
        )
