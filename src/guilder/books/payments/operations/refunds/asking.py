"""Asking for a refund: paid at once, or left for somebody else to approve."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from guilder.books.invoicing import operations as invoicing
from guilder.books.payments.events import RefundRequested
from guilder.books.payments.models import Refund, RefundPolicy
from guilder.books.payments.operations.payers import Payer, payer_of
from guilder.books.payments.operations.reading import ROLES
from guilder.books.payments.operations.refunds.paying import (
    NothingToRefund,
    OverCredit,
    facts_of,
    pay,
    rate_on,
    told_as,
)
from guilder.books.payments.operations.refunds.reading import RefundInput, read_refund
from guilder.books.payments.operations.refunds.sources import Source, lock_source
from guilder.books.payments.queries.refunds import RefundRecord, get_refund
from guilder.foundation.audit import operations as audit
from guilder.foundation.events import bus
from guilder.foundation.tenancy.ids import uuid7
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.kernel.errors import Invalid, Problem, Stale
from guilder.kernel.money import Money
from guilder.kernel.wire import Wire


class InvalidRefund(Invalid):
    """What was sent cannot be refunded; `problems` has every fault."""

    code = "refund.invalid"


def request_refund(*, by: Actor, data: Mapping[str, Any], at: datetime) -> RefundRecord:
    """Give money back, or ask for it where the organization wants a second pair of eyes.

    Raw values: `payment` or `credit_note`, amount {"amount", "currency"} (all that is left when
    missing), reason, refunded_on, method, account, reference, and `takes_off`: what the payment
    paid is taken off its invoices, the newest first, where the rest does not suffice. With
    `by_order` it is on its way from then on, and a payment order of SEPA transfers it.
    Raises InvalidRefund with every fault, NothingToRefund, OverCredit, NotRefundable, NoRate,
    NoSuchPayment, NoSuchInvoice, ledger's PeriodIsLocked.
    """
    by.require("refund.create")
    with transaction(by.organization_id):
        payer = payer_of(data, by=by)
        read = read_refund(data, today=at.astimezone(ZoneInfo(payer.time_zone)).date())
        if read.account_id is not None and payer.account_id is None:
            problem = Problem("/account", "payment.no_account", "There is no such money account.")
            read.problems.append(problem)
        if read.problems:
            raise InvalidRefund(problems=read.problems)
        source = lock_source(
            read.payment_id, read.credit_note_id, by=by, with_invoices=read.takes_off
        )
        if read.by_order and source.currency != "EUR":
            detail = "Payment orders move euro. Give it back another way."
            raise InvalidRefund(problems=[Problem("/by_order", "refund.currency", detail)])
        row = asked(read, payer, source, by=by, at=at)
        if exceeds_limit(row, read, by=by):
            bus.publish(RefundRequested(reason=row.reason, **facts_of(row)), by=by)
        else:
            pay(row, source, on=read.refunded_on, by=by, at=at)
        told_as("refund.request", row, by=by)
        return get_refund(row.id, by=by)


def record_refund(
    payment_id: UUID,
    *,
    by: Actor,
    amount: int,
    reason: str,
    reference: str,
    on: date,
    at: datetime,
) -> RefundRecord | None:
    """Money of a payment that is gone already: given back by a payment service, lost in a dispute.

    Booked at once whatever the limit, since nobody can stop it any more; what the payment paid is
    taken off its invoices where the rest does not suffice. `amount` is in minor units; no more than
    there is of the payment is booked, and None is given where there is nothing.
    Raises NoSuchPayment, NotRefundable, NoRate, ledger's PeriodIsLocked.
    """
    by.require("refund.create")
    with transaction(by.organization_id):
        source = lock_source(payment_id, None, by=by, with_invoices=True)
        most = min(amount, source.left + source.applied)
        if most <= 0:
            return None
        read = RefundInput(
            payment_id=payment_id,
            credit_note_id=None,
            amount=Money(most, source.currency),
            reason=reason[:200],
            refunded_on=on,
            method=source.method,
            account_id=source.account_id,
            reference=reference[:140],
            takes_off=True,
        )
        row = asked(read, payer_of({}, by=by), source, by=by, at=at)
        pay(row, source, on=on, by=by, at=at)
        told_as("refund.record", row, by=by)
        return get_refund(row.id, by=by)


def asked(read: RefundInput, payer: Payer, source: Source, *, by: Actor, at: datetime) -> Refund:
    """The row of what was asked for, judged against what there is; it waits until it is paid."""
    amount = amount_of(read, source)
    method = read.method or source.method
    row = Refund(
        organization_id=by.organization_id,
        id=uuid7(),
        partner_id=source.partner_id,
        payment_id=read.payment_id,
        credit_note_id=read.credit_note_id,
        status=Refund.Status.WAITING,
        amount=amount,
        currency=source.currency,
        base_currency=source.base_currency,
        method=method,
        account_id=place_of(read, source, payer),
        reason=read.reason,
        reference=read.reference,
        takes_off=read.takes_off,
        created_by_id=by.user_id,
        created_at=at,
        updated_at=at,
    )
    row.save(force_insert=True)
    return row


def place_of(read: RefundInput, source: Source, payer: Payer) -> UUID:
    """Where the money comes from: money on its way, the named account, else that of the source or
    of the method."""
    if read.by_order:
        return payer.accounts["transit"]
    method = read.method or source.method
    named = read.account_id or source.account_id
    return named or payer.accounts[ROLES.get(method, "transit")]


def amount_of(read: RefundInput, source: Source) -> int:
    """What is asked for, in minor units. Raises InvalidRefund, NothingToRefund, OverCredit."""
    there_is = source.left + (source.applied if read.takes_off else 0)
    if not there_is:
        hint = (
            " Send “takes_off” to take it off its invoices first."
            if source.applied
            else " All of it was given back or applied."
        )
        raise NothingToRefund(f"Nothing is left to be given back.{hint}")
    if read.amount is None:
        return there_is
    if read.amount.currency != source.currency:
        detail = f"It is in {source.currency}. Give back in that currency."
        raise InvalidRefund(problems=[Problem("/amount", "refund.currency", detail)])
    if read.amount.minor > there_is:
        left = Money(there_is, source.currency)
        raise OverCredit(f"Only {left} {source.currency} can be given back. Ask for less.")
    return read.amount.minor


def exceeds_limit(row: Refund, read: RefundInput, *, by: Actor) -> bool:
    """Whether somebody else has to approve: what was given back of the same money before, without
    anybody's approval, counts too, so that no limit is passed by in parts."""
    policy = RefundPolicy.objects.of(by.organization_id).first()
    if policy is None or policy.approval_above is None:
        return False
    rate, _ = rate_on(row, read.refunded_on, by=by)
    before = Refund.objects.of(by.organization_id).filter(
        payment_id=row.payment_id,
        credit_note_id=row.credit_note_id,
        status=Refund.Status.PAID,
        decided_by_id__isnull=True,
    )
    base = invoicing.in_base(
        row.amount + sum(before.values_list("amount", flat=True)),
        currency=row.currency,
        base_currency=row.base_currency,
        rate=rate,
    )
    return base > policy.approval_above


def set_refund_policy(
    *, by: Actor, data: Mapping[str, Any], base_currency: str, version: int | None = None
) -> int | None:
    """Say above which amount somebody else must approve: `approval_above` as text in the base
    currency, empty for never. Gives it in minor units. Raises Invalid, Stale."""
    by.require("settings.edit")
    wire = Wire(data)
    wire.known(("approval_above",))
    value = wire.decimal("approval_above", places=4)
    limit = None
    if value is not None:
        try:
            limit = Money.of(value, base_currency).minor
        except ValueError as error:
            wire.fault("approval_above", "refund.amount", str(error))
        if value < 0:
            wire.fault("approval_above", "too_small", "Enter 0 or more.")
    wire.done()
    with transaction(by.organization_id):
        # Two first wishes may come together: one row is made, and locked by one after the other.
        first = RefundPolicy(id=uuid7(), organization_id=by.organization_id, version=0)
        RefundPolicy.objects.bulk_create([first], ignore_conflicts=True)
        row = RefundPolicy.objects.of(by.organization_id).lock().get()
        if version is not None and version != row.version:
            raise Stale("This was changed in the meantime. Read it again.")
        before = row.approval_above
        row.approval_above, row.version = limit, row.version + 1
        row.save()
        audit.record(
            by=by,
            action="refund.policy",
            table="payments_refundpolicy",
            row_id=row.id,
            before={"approval_above": before},
            after={"approval_above": limit},
        )
        return limit
