"""What becomes of a way to pay that a client leaves: told in any order, any number of times, it is
stored once."""

from datetime import datetime
from typing import Any
from uuid import UUID

from guilder.books.charging import calc
from guilder.books.charging.calc.standing import CHARGE
from guilder.books.charging.events import MethodSetupFailed
from guilder.books.charging.gateways.base import Kept, Report
from guilder.books.charging.models import MethodSetup, State
from guilder.books.charging.operations.applying import WrongMode
from guilder.books.charging.operations.collecting import end_saved_method
from guilder.books.charging.operations.forgetting import GONE, strip
from guilder.books.charging.operations.keeping import keep_method
from guilder.books.charging.operations.services import mover
from guilder.books.charging.queries.setups import NoSuchSetup
from guilder.foundation.audit import operations as audit
from guilder.foundation.events import bus
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor

DECIDED = (State.SUCCEEDED, State.FAILED)
TAKEN = "kept_elsewhere"
REPLACED = "Replaced by another"


def apply_setup(
    setup_id: UUID, report: Report, *, by: Actor, at: datetime, is_check: bool = False
) -> MethodSetup:
    """Merge what was told into a setup, and keep the method that was left; `is_check` counts a
    question. Twice is once. Raises NoSuchSetup, WrongMode."""
    by = mover(by)
    with transaction(by.organization_id):
        row = locked_setup(setup_id, by=by)
        if report.is_live is not None and report.is_live != row.is_live:
            raise WrongMode("A test account told of something live, or the other way round.")
        if row.state == State.SUCCEEDED:
            return row
        if row.failure == GONE:
            drop(row, report.kept, by=by, at=at)
            return row
        before = row.state
        merge(row, report, at=at, is_check=is_check)
        if report.kept is not None:
            take(row, report.kept, by=by, at=at)
        row.save()
        if row.state != before:
            tell(row, by=by)
        return row


def locked_setup(setup_id: UUID, *, by: Actor) -> MethodSetup:
    """A setup under lock, with those of the same client: one at a time takes over collecting."""
    rows = MethodSetup.objects.of(by.organization_id)
    whose = rows.filter(id=setup_id).values_list("partner_id", flat=True).first()
    found = {one.id: one for one in rows.lock().filter(partner_id=whose).order_by("id")}
    if setup_id not in found:
        raise NoSuchSetup("There is no such way to pay under way.")
    return found[setup_id]


def merge(row: MethodSetup, report: Report, *, at: datetime, is_check: bool) -> None:
    """Put what was told into the row. Done without a method is not done: it is told apart."""
    told = State.PENDING if report.state == State.SUCCEEDED else report.state
    row.state = calc.later(CHARGE, row.state, told)
    if told == State.UNKNOWN and row.state == State.PENDING and not row.provider_id:
        row.state = State.UNKNOWN  # our own call had no answer
    row.provider_id = row.provider_id or report.provider_id
    row.url = report.url or row.url
    if told == State.FAILED or (told == State.UNKNOWN and row.state not in DECIDED):
        row.failure = row.failure or report.failure[:80]
    elif row.state == State.PENDING:
        row.failure = ""
    row.checks += is_check
    settle(row, at=at)


def settle(row: MethodSetup, *, at: datetime) -> None:
    """When it is asked about next, or when it was decided."""
    is_decided = row.state in DECIDED
    row.decided_at = (row.decided_at or at) if is_decided else None
    row.next_check_at = None if is_decided else at + calc.wait_before(row.checks)
    row.updated_at = at


def take(row: MethodSetup, kept: Kept, *, by: Actor, at: datetime) -> None:
    """Keep what was left, and end what it replaces."""
    saved = keep_method(
        kept,
        partner_id=row.partner_id,
        gateway_id=row.gateway_id,
        consent=row.consent,
        by=by,
        at=at,
        collects=row.collects,
    )
    row.state = State.FAILED if saved is None else State.SUCCEEDED
    row.failure = TAKEN if saved is None else ""
    row.saved_id = None if saved is None else saved.id
    settle(row, at=at)
    old = row.replaces_id
    if saved is not None and old is not None and old != saved.id:
        end_saved_method(old, by=by, at=at, reason=REPLACED)


def drop(row: MethodSetup, kept: Kept | None, *, by: Actor, at: datetime) -> None:
    """What somebody left who was erased meanwhile is ended at the service."""
    if kept is None:
        return
    saved = keep_method(Kept(customer=kept.customer, token=kept.token, method=kept.method),
                        partner_id=row.partner_id, gateway_id=row.gateway_id, consent="",
                        by=by, at=at)  # fmt: skip
    if saved is not None:
        strip(saved, by=by, at=at)


def tell(row: MethodSetup, *, by: Actor) -> None:
    """Audit how it ended; a kept method has told of itself."""
    if row.state not in DECIDED:
        return
    after = {"state": row.state, "failure": row.failure, "saved_method": str(row.saved_id or "")}
    audit.record(by=by, action="method_setup.end", table="charging_methodsetup", row_id=row.id,
                 before=None, after=after)  # fmt: skip
    if row.state == State.FAILED:
        bus.publish(MethodSetupFailed(failure=row.failure, **setup_facts(row)), by=by)


def setup_facts(row: MethodSetup) -> dict[str, Any]:
    """What every event of a setup carries."""
    return {
        "setup_id": row.id,
        "partner_id": row.partner_id,
        "gateway_id": row.gateway_id,
        "method": row.method,
        "origin": row.origin,
    }
