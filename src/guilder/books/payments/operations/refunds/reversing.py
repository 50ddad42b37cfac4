"""A refund that came back: the client has the credit again; or goes out once more after all."""

from collections.abc import Callable
from datetime import date, datetime
from uuid import UUID

from guilder.books.payments.events import RefundReversed
from guilder.books.payments.models import Refund
from guilder.books.payments.operations.refunds.paying import book, facts_of, pay, told_as
from guilder.books.payments.operations.refunds.sources import draw, lock_source
from guilder.books.payments.queries.refunds import NoSuchRefund, RefundRecord, get_refund
from guilder.foundation.events import bus
from guilder.foundation.tenancy.ids import uuid7
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.kernel.errors import Conflict, Invalid, Problem

Held = Callable[[UUID, Actor], bool]
_holders: list[Held] = []


def held_elsewhere(asked: Held) -> None:
    """Have a room above say which refunds the bank was asked for already; twice is once."""
    if asked not in _holders:
        _holders.append(asked)


class OnItsWay(Conflict):
    """The bank was asked to transfer it."""

    code = "refund.on_its_way"


class NotPaid(Conflict):
    """Only a paid refund can come back."""

    code = "refund.not_paid"


class NotReversed(Conflict):
    """Only what came back can go out again."""

    code = "refund.not_reversed"


def reverse_refund(
    refund_id: UUID, *, by: Actor, on: date, at: datetime, reason: str
) -> RefundRecord:
    """The money of a refund came back: credit and ledger are as before it, from `on`.

    Raises NoSuchRefund, NotPaid, OnItsWay, Invalid (no reason), PeriodIsLocked.
    """
    by.require("payment.reverse")
    if not reason.strip():
        raise Invalid(problems=[Problem("/reason", "required", "Say why it is reversed.")])
    with transaction(by.organization_id):
        seen = Refund.objects.of(by.organization_id).filter(id=refund_id).first()
        if seen is None:
            raise NoSuchRefund("There is no such refund.")
        source = lock_source(seen.payment_id, seen.credit_note_id, by=by)
        row = Refund.objects.of(by.organization_id).lock().get(id=refund_id)
        if row.status != Refund.Status.PAID:
            raise NotPaid("Only a refund that was paid can be reversed.")
        if any(asked(row.id, by) for asked in _holders):
            raise OnItsWay("The bank was asked to transfer it. Cancel that payment order first.")
        # What comes back is worth what is credited again, so that the credit's rest stays exact.
        row.status, row.reversed_on = Refund.Status.REVERSED, on
        row.reversed_reason, row.updated_at = reason.strip()[:200], at
        row.version += 1
        row.save()
        row.credit_base_amount = -source.base_of(-row.amount)
        draw(source, -row.amount, by=by, on=on, at=at)
        book(row, source="refund.reverse", sign=-1, memo=row.reversed_reason, by=by, on=on, at=at)
        told_as("refund.reverse", row, by=by, before={"status": "paid"})
        bus.publish(RefundReversed(reason=row.reversed_reason, **facts_of(row)), by=by)
        return get_refund(refund_id, by=by)


def repay_refund(refund_id: UUID, *, by: Actor, on: date, at: datetime) -> RefundRecord:
    """A reversal was none: what was given back is given back again, as another refund like it.

    Raises NoSuchRefund, NotReversed, OverCredit where the credit was used, PeriodIsLocked.
    """
    by.require("payment.reverse")
    with transaction(by.organization_id):
        seen = Refund.objects.of(by.organization_id).filter(id=refund_id).first()
        if seen is None:
            raise NoSuchRefund("There is no such refund.")
        source = lock_source(seen.payment_id, seen.credit_note_id, by=by)
        row = Refund.objects.of(by.organization_id).lock().get(id=refund_id)
        if row.status != Refund.Status.REVERSED:
            raise NotReversed("This refund was not reversed.")
        again = like(row, at=at)
        again.save(force_insert=True)
        pay(again, source, on=on, by=by, at=at)
        told_as("refund.record", again, by=by)
        return get_refund(again.id, by=by)


def like(row: Refund, *, at: datetime) -> Refund:
    """Another refund of the same money, decided by whom the first one was."""
    return Refund(
        organization_id=row.organization_id,
        id=uuid7(),
        partner_id=row.partner_id,
        payment_id=row.payment_id,
        credit_note_id=row.credit_note_id,
        status=Refund.Status.WAITING,
        amount=row.amount,
        currency=row.currency,
        base_currency=row.base_currency,
        method=row.method,
        account_id=row.account_id,
        reason=row.reason,
        reference=row.reference,
        decided_by_id=row.decided_by_id,
        decided_at=row.decided_at,
        decision_note=row.decision_note,
        created_by_id=row.created_by_id,
        created_at=at,
        updated_at=at,
    )
