"""Kept methods that are ended, ended at their services too; and all of them for an erasure."""

from datetime import datetime
from typing import Any
from uuid import UUID

from guilder.books.charging.calc import wait_before
from guilder.books.charging.events import SavedMethodForgotten, SavedMethodStillKept
from guilder.books.charging.gateways.base import BadKeys, NotOffered, Refused
from guilder.books.charging.models import MethodSetup, SavedMethod, State
from guilder.books.charging.operations.collecting import end_saved_method, locked
from guilder.books.charging.operations.keeping import method_facts
from guilder.books.charging.operations.services import kept_of, mover, service_of
from guilder.books.charging.operations.starting import InsideTransaction
from guilder.foundation.audit import operations as audit
from guilder.foundation.edges.outbound import BadTarget, Unreachable
from guilder.foundation.edges.secrets import CannotOpen
from guilder.foundation.events import bus
from guilder.foundation.identity import operations as identity
from guilder.foundation.tenancy.transaction import current_organization, transaction
from guilder.kernel.actor import Actor

MOST_TRIES = 12  # about a week; then a person is told
LINK = "method"  # the kind of the links by which clients leave a way to pay
ERASED = "Personal data was erased."
GONE = "erased"  # why a setup of theirs failed


def forget_method(saved_id: UUID, *, by: Actor, at: datetime) -> datetime | None:
    """End an ended method at its service; gives when to try again, None when decided.

    Twice does no harm: what is gone there already is done. Calls the service: never inside a
    transaction.
    """
    by.require("payment.record")
    if current_organization() is not None:
        raise InsideTransaction("Never call a payment service inside a transaction.")
    with transaction(by.organization_id):
        rows = SavedMethod.objects.of(by.organization_id).select_related("gateway")
        row = rows.filter(id=saved_id).first()
    if row is None or not is_wanted(row):
        return None
    failure = asked_to_forget(row)
    with transaction(by.organization_id):
        row = locked(saved_id, by=by)
        if not is_wanted(row):
            return None
        settle(row, failure, by=by, at=at)
        return row.next_forget_at


def is_wanted(row: SavedMethod) -> bool:
    """Whether the service is still to be told."""
    return not row.is_active and row.forgotten_at is None and not row.forget_failure


def asked_to_forget(row: SavedMethod) -> str | None:
    """ "" where the service ended it, why it never will, or None where that is not clear."""
    try:
        service_of(row.gateway).forget(kept_of(row))
    except (Refused, NotOffered, BadTarget, BadKeys) as error:
        return str(getattr(error, "failure", "") or error.code)[:80]
    except (Unreachable, CannotOpen):
        return None
    return ""


def settle(row: SavedMethod, failure: str | None, *, by: Actor, at: datetime) -> None:
    """Keep what came of it under lock; without a clear answer it is asked again, some times."""
    row.forget_checks += 1
    if failure is None and row.forget_checks >= MOST_TRIES:
        failure = "no_answer"
    if failure is None:
        row.next_forget_at = at + wait_before(row.forget_checks)
    else:
        row.next_forget_at, row.forget_failure = None, failure
        row.forgotten_at = None if failure else at
        if row.forgotten_at and row.ended_reason == ERASED:
            row.customer = ""
    row.save()
    if failure is None:
        return
    told: dict[str, Any] = method_facts(row)
    audit.record(
        by=by, action="saved_method.forget", table="charging_savedmethod", row_id=row.id,
        before=None, after={"is_forgotten": not failure, "failure": failure},
    )  # fmt: skip
    bus.publish(
        SavedMethodStillKept(failure=failure, **told) if failure else SavedMethodForgotten(**told),
        by=by,
    )


def strip_methods(partner_id: UUID, *, by: Actor, at: datetime) -> list[UUID]:
    """End all that services keep of a client, empty what it is called, and have the services end it
    too, those that were ended before included; gives them. Twice is once."""
    by.require("partner.erase")
    with transaction(by.organization_id):
        strip_setups(partner_id, by=by, at=at)
        rows = SavedMethod.objects.of(by.organization_id).lock().filter(partner_id=partner_id)
        return [row.id for row in rows.order_by("id") if strip(row, by=by, at=at)]


def strip_setups(partner_id: UUID, *, by: Actor, at: datetime) -> None:
    """Close what a client has under way, end the links to it, and empty what was said."""
    identity.revoke_access_tokens(by=by, kind=LINK, target_id=partner_id)
    rows = MethodSetup.objects.of(by.organization_id).lock().filter(partner_id=partner_id)
    for row in rows.exclude(failure=GONE).order_by("id"):
        row.url, row.back_url, row.consent = "", "", ""
        if row.state != State.SUCCEEDED:
            row.state, row.failure = State.FAILED, GONE
            row.decided_at, row.next_check_at = row.decided_at or at, None
        row.updated_at = at
        row.save()


def strip(row: SavedMethod, *, by: Actor, at: datetime) -> bool:
    """Erase one method under lock; whether there was something to erase."""
    if row.ended_reason == ERASED:
        return False
    row.label = ""
    row.save(update_fields=["label"])
    if row.is_active:
        end_saved_method(row.id, by=mover(by), at=at, reason=ERASED)
        row.refresh_from_db()
    elif row.forgotten_at is None:
        row.next_forget_at, row.forget_failure = at, ""
    row.ended_reason = ERASED
    if row.forgotten_at is not None:
        row.customer = ""
    row.save()
    return True


def forgettable(*, by: Actor, at: datetime) -> list[UUID]:
    """Ended methods whose service is to be told by now."""
    by.require("payment.record")
    with transaction(by.organization_id):
        rows = SavedMethod.objects.of(by.organization_id).filter(next_forget_at__lte=at)
        return list(rows.order_by("id").values_list("id", flat=True)[:500])
