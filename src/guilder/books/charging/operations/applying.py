"""Applying what a service told of a charge: facts are merged first, then what follows is booked.

Everything under the lock of the charge, so that the same telling twice, in any order, from a call,
a question or a person, ends the same.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from guilder.books.charging import calc
from guilder.books.charging.calc.standing import BACK, CHARGE, DISPUTE
from guilder.books.charging.events import (
    ChargebackClosed,
    ChargebackOpened,
    ChargeFailed,
    ChargeSucceeded,
)
from guilder.books.charging.gateways.base import Back, Contest, Kept, Report
from guilder.books.charging.models import Charge, Chargeback, GivenBack, State
from guilder.books.charging.operations.booking import book
from guilder.books.charging.operations.keeping import keep_method
from guilder.books.charging.operations.services import facts_of, mover
from guilder.books.charging.queries.charges import NoSuchCharge
from guilder.foundation.events import bus
from guilder.foundation.tenancy.ids import uuid7
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.kernel.errors import Conflict
from guilder.kernel.money import Money

METHODS = ("bank_transfer", "cash", "card", "direct_debit", "cheque", "online", "other")
DECIDED = (State.SUCCEEDED, State.FAILED)


class WrongMode(Conflict):
    """A test told of something live, or the other way round."""

    code = "charging.wrong_mode"


def apply(
    charge_id: UUID, report: Report, *, by: Actor, at: datetime, is_check: bool = False
) -> Charge:
    """Merge what was told into a charge, and book what follows; `is_check` counts a question.

    Raises NoSuchCharge, WrongMode; ledger's PeriodIsLocked undoes the whole.
    """
    by = mover(by)
    with transaction(by.organization_id):
        row = Charge.objects.of(by.organization_id).lock().filter(id=charge_id).first()
        if row is None:
            raise NoSuchCharge("There is no such charge.")
        if report.is_live is not None and report.is_live != row.is_live:
            raise WrongMode("A test account told of a live charge, or the other way round.")
        before = row.state
        state = merge(row, report, at=at, is_check=is_check)
        merge_backs(row, report.backs, at=at)
        opened = merge_chargebacks(row, report.chargebacks, at=at)
        book(row, state, by=by, at=at)
        tell(row, before, opened, by=by)
        if report.kept is not None and row.keeps_method:
            keep(row, report.kept, by=by, at=at)
        return row


def merge(row: Charge, report: Report, *, at: datetime, is_check: bool) -> str:
    """Put what was told into the row; gives the state that it comes to."""
    told = judged(row, report)
    state = calc.later(CHARGE, row.state, told)
    if told == State.UNKNOWN and row.state == State.PENDING and not row.provider_id:
        state = State.UNKNOWN  # our own call had no answer
    row.provider_id = row.provider_id or report.provider_id
    row.provider_payment = report.provider_payment or row.provider_payment
    row.url = report.url or row.url
    if report.method in METHODS:
        row.method = report.method
    if report.fee is not None and report.fee.currency == row.currency and not row.fee_entry_id:
        row.fee = max(row.fee or 0, report.fee.minor)
    if told == State.FAILED and state == State.FAILED:
        row.failure, row.is_hard = row.failure or report.failure[:80], row.is_hard or report.is_hard
    elif told == State.UNKNOWN and report.failure and state not in DECIDED:
        row.failure = report.failure[:80]
    elif state == State.SUCCEEDED:
        row.failure, row.is_hard = "", False
    row.checks += is_check
    row.next_check_at = None if state in DECIDED else at + calc.wait_before(row.checks)
    row.updated_at = at
    row.version += 1
    return state


def judged(row: Charge, report: Report) -> str:
    """The state that was told, unless the money is not what was asked for: that people look at."""
    told = report.amount
    if report.state != State.SUCCEEDED or told is None or told == Money(row.amount, row.currency):
        return report.state
    row.failure = "other_amount"
    return State.UNKNOWN


def merge_backs(row: Charge, backs: Sequence[Back], *, at: datetime) -> None:
    """Keep what was given back, each refund once, however it is named."""
    known = list(GivenBack.objects.of(row.organization_id).lock().filter(charge_id=row.id))
    for told in backs:
        if told.amount.currency != row.currency or told.amount.minor <= 0:
            continue
        found = same_back(known, told)
        if found is None:
            found = GivenBack(
                organization_id=row.organization_id,
                id=uuid7(),
                charge_id=row.id,
                amount=told.amount.minor,
                created_at=at,
                state=told.state,
            )
            known.append(found)
        found.provider_id = found.provider_id or told.provider_id
        found.state = calc.later(BACK, found.state, told.state)
        found.failure = told.failure[:80] or found.failure
        found.updated_at = at
        found.next_check_at = None if found.state in DECIDED else found.next_check_at
        found.save()


def same_back(known: Sequence[GivenBack], told: Back) -> GivenBack | None:
    """The row of a refund: by their name, by ours, or ours that has no name of theirs yet."""
    for one in known:
        if one.provider_id == told.provider_id or (told.key is not None and one.id == told.key):
            return one
    if told.key is not None:
        return None
    nameless = [one for one in known if not one.provider_id and one.amount == told.amount.minor]
    return nameless[0] if nameless else None


def merge_chargebacks(
    row: Charge, chargebacks: Sequence[Contest], *, at: datetime
) -> list[tuple[Chargeback, str]]:
    """Keep chargebacks; gives those that moved, with the stage before ("" for a new one)."""
    moved = []
    for told in chargebacks:
        if told.amount.currency != row.currency or told.amount.minor <= 0:
            continue
        rows = Chargeback.objects.of(row.organization_id).lock()
        found = rows.filter(charge_id=row.id, provider_id=told.provider_id).first()
        before = found.stage if found else ""
        if found is None:
            found = Chargeback(
                organization_id=row.organization_id,
                id=uuid7(),
                charge_id=row.id,
                provider_id=told.provider_id,
                amount=told.amount.minor,
                stage=told.stage,
                opened_at=at,
            )
        found.stage = calc.later(DISPUTE, found.stage, told.stage)
        found.reason = told.reason or found.reason
        found.answer_by = told.answer_by or found.answer_by
        if found.stage in {"won", "lost"}:
            found.closed_at = found.closed_at or at
        found.updated_at = at
        found.version += bool(before)
        found.save()
        if found.stage != before:
            moved.append((found, before))
    return moved


def tell(row: Charge, before: str, moved: Sequence[tuple[Chargeback, str]], *, by: Actor) -> None:
    """The events of what changed."""
    if row.state != before and row.state == State.SUCCEEDED and row.payment_id is not None:
        bus.publish(ChargeSucceeded(payment_id=row.payment_id, **facts_of(row)), by=by)
    if row.state != before and row.state == State.FAILED:
        told = {"origin": row.origin, "failure": row.failure, "is_hard": row.is_hard}
        bus.publish(ChargeFailed(**told, **facts_of(row)), by=by)
    for chargeback, was in moved:
        base = {
            "chargeback_id": chargeback.id,
            "charge_id": row.id,
            "partner_id": row.partner_id,
            "payment_id": row.payment_id,
            "amount": str(Money(chargeback.amount, row.currency)),
            "currency": row.currency,
        }
        if not was:
            told = {"reason": chargeback.reason, "answer_by": chargeback.answer_by}
            bus.publish(ChargebackOpened(**told, **base), by=by)
        if chargeback.stage in {"won", "lost"}:
            bus.publish(ChargebackClosed(stage=chargeback.stage, **base), by=by)


def keep(row: Charge, kept: Kept, *, by: Actor, at: datetime) -> None:
    """Keep the way of paying that the client agreed to leave with the service."""
    keep_method(kept, partner_id=row.partner_id, gateway_id=row.gateway_id, consent=row.consent,
                by=by, at=at)  # fmt: skip
