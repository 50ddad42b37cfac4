"""Deciding on a refund that waits: by somebody else than who asked for it."""

from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from guilder.books.payments.events import RefundDeclined
from guilder.books.payments.models import Refund
from guilder.books.payments.operations.refunds.paying import facts_of, pay, told_as
from guilder.books.payments.operations.refunds.sources import Source, lock_source
from guilder.books.payments.queries.refunds import NoSuchRefund, RefundRecord, get_refund
from guilder.foundation.events import bus
from guilder.foundation.identity import queries as identities
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.kernel.errors import Conflict, Invalid, NotAllowed, Problem


class OwnRefund(NotAllowed):
    """Nobody decides on what they asked for themselves."""

    code = "refund.own"


class AlreadyDecided(Conflict):
    """It does not wait for anybody."""

    code = "refund.already_decided"


def approve_refund(
    refund_id: UUID, *, by: Actor, on: date, at: datetime, note: str = ""
) -> RefundRecord:
    """Agree to a waiting refund: it is paid on `on`.

    Raises NoSuchRefund, OwnRefund, AlreadyDecided, OverCredit where less is left by now, Invalid
    (a day to come), PeriodIsLocked.
    """
    by.require("refund.approve")
    zone = identities.get_organization(by.organization_id).time_zone
    if on > at.astimezone(ZoneInfo(zone)).date():
        detail = "Enter today or a day before."
        raise Invalid(problems=[Problem("/refunded_on", "refund.in_future", detail)])
    with transaction(by.organization_id):
        row, source = waiting(refund_id, by=by)
        decide(row, by=by, at=at, note=note)
        pay(row, source, on=on, by=by, at=at)
        told_as("refund.approve", row, by=by, before={"status": "waiting"})
        return get_refund(refund_id, by=by)


def decline_refund(refund_id: UUID, *, by: Actor, at: datetime, note: str) -> RefundRecord:
    """Refuse a waiting refund and say why.

    Raises NoSuchRefund, OwnRefund, AlreadyDecided, Invalid (no reason).
    """
    by.require("refund.approve")
    if not note.strip():
        raise Invalid(problems=[Problem("/note", "required", "Say why it is declined.")])
    with transaction(by.organization_id):
        row, _ = waiting(refund_id, by=by)
        decide(row, by=by, at=at, note=note)
        row.status = Refund.Status.DECLINED
        row.version += 1
        row.save()
        told_as("refund.decline", row, by=by, before={"status": "waiting"})
        bus.publish(RefundDeclined(note=row.decision_note, **facts_of(row)), by=by)
        return get_refund(refund_id, by=by)


def waiting(refund_id: UUID, *, by: Actor) -> tuple[Refund, Source]:
    """The refund and what it draws on, both under lock: documents and payments before refunds."""
    seen = Refund.objects.of(by.organization_id).filter(id=refund_id).first()
    if seen is None:
        raise NoSuchRefund("There is no such refund.")
    source = lock_source(seen.payment_id, seen.credit_note_id, by=by, with_invoices=seen.takes_off)
    row = Refund.objects.of(by.organization_id).lock().get(id=refund_id)
    if row.status != Refund.Status.WAITING:
        raise AlreadyDecided("This refund was decided already.")
    # Who is nobody in particular, such as a key without a person, cannot be somebody else.
    if by.user_id is None or row.created_by_id == by.user_id:
        raise OwnRefund("You asked for this refund yourself; somebody else must decide on it.")
    return row, source


def decide(row: Refund, *, by: Actor, at: datetime, note: str) -> None:
    """Note who decided, when and why."""
    row.decided_by_id, row.decided_at = by.user_id, at
    row.decision_note, row.updated_at = note.strip()[:200], at
