"""Saved methods: which of a client's collects what falls due, and doing so, again after soft
declines and never after a hard one."""

from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from guilder.books.charging import calc
from guilder.books.charging.events import SavedMethodEnded
from guilder.books.charging.models import Charge, ChargeShare, SavedMethod
from guilder.books.charging.operations.keeping import method_facts
from guilder.books.charging.operations.starting import start_charge
from guilder.books.charging.queries.charges import is_under_way
from guilder.books.charging.queries.saved import NoSuchSavedMethod, SavedRecord, get_saved
from guilder.books.invoicing import queries as invoices
from guilder.foundation.audit import operations as audit
from guilder.foundation.events import bus
from guilder.foundation.identity import queries as identities
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.kernel.errors import Conflict, Invalid

Asked = Callable[[UUID, Actor], bool]
_elsewhere: list[Asked] = []


def asks_elsewhere(asked: Asked) -> None:
    """Have a room above say which invoices it asks the money for already; twice is once."""
    if asked not in _elsewhere:
        _elsewhere.append(asked)


class MethodEnded(Conflict):
    """It is not in use any more."""

    code = "charging.method_ended"


def set_collecting(saved_id: UUID, *, by: Actor, collects: bool) -> SavedRecord:
    """Take what falls due from this method by itself, or no longer; one method a client."""
    by.require("payment.record")
    with transaction(by.organization_id):
        row = locked(saved_id, by=by)
        if not row.is_active:
            raise MethodEnded("This method was ended. Ask the client for another.")
        others = SavedMethod.objects.of(by.organization_id).filter(partner_id=row.partner_id)
        if collects:
            others.exclude(id=row.id).filter(collects=True).update(collects=False)
        note(row, "saved_method.collect", {"collects": collects}, by=by)
        row.collects = collects
        row.save(update_fields=["collects"])
        return get_saved(row.id, by=by)


def end_saved_method(saved_id: UUID, *, by: Actor, at: datetime, reason: str = "") -> SavedRecord:
    """It is never charged again, and a job ends it at its service too; twice is once."""
    by.require("payment.record")
    with transaction(by.organization_id):
        row = locked(saved_id, by=by)
        if row.is_active:
            note(row, "saved_method.end", {"is_active": False, "reason": reason}, by=by)
            row.is_active, row.collects = False, False
            row.ended_at, row.ended_reason = at, reason[:200]
            row.next_forget_at = at
            row.save()
            bus.publish(SavedMethodEnded(reason=row.ended_reason, **method_facts(row)), by=by)
        return get_saved(row.id, by=by)


def locked(saved_id: UUID, *, by: Actor) -> SavedMethod:
    """A saved method under lock."""
    row = SavedMethod.objects.of(by.organization_id).lock().filter(id=saved_id).first()
    if row is None:
        raise NoSuchSavedMethod("There is no such saved method.")
    return row


def note(row: SavedMethod, action: str, after: dict[str, Any], *, by: Actor) -> None:
    """Audit a change of a saved method."""
    before = {"collects": row.collects, "is_active": row.is_active}
    audit.record(by=by, action=action, table="charging_savedmethod", row_id=row.id,
                 before=before, after=after)  # fmt: skip


def collect_due(*, by: Actor, at: datetime) -> int:
    """Charge what is due of clients whose method collects; gives how many charges were made.

    Calls services: never inside a transaction. One day's attempt for an invoice is made once.
    """
    by.require("payment.record")
    on = at.astimezone(ZoneInfo(identities.get_organization(by.organization_id).time_zone)).date()
    count = 0
    for saved, invoice_id in list(due(by=by, on=on)):
        data = {
            "gateway": str(saved.gateway_id),
            "saved_method": str(saved.id),
            "invoices": [{"invoice": str(invoice_id)}],
        }
        attempt = f"auto:{invoice_id}:{on.isoformat()}"
        try:
            record = start_charge(by=by, data=data, attempt=attempt, at=at, origin="automatic")
        except (Invalid, Conflict):  # paid or switched off a moment ago, or a month that is closed
            continue
        count += 1
        if record.is_hard:
            end_saved_method(saved.id, by=by, at=at, reason=record.failure)
    return count


def due(*, by: Actor, on: date) -> Iterable[tuple[SavedMethod, UUID]]:
    """Methods and invoices to charge on that day."""
    with transaction(by.organization_id):
        rows = SavedMethod.objects.of(by.organization_id).filter(is_active=True, collects=True)
        found = []
        for saved in rows.select_related("gateway").order_by("id"):
            if not saved.gateway.is_active:
                continue
            open_ones = invoices.open_invoices(by=by, today=on, partner_id=saved.partner_id)
            for one in open_ones:
                if one.disputed_at is not None:
                    continue
                when = next_on(one.id, one.due_on or one.issued_on, by=by)
                if when is not None and when <= on:
                    found.append((saved, one.id))
        return found


def next_on(invoice_id: UUID, due_on: date | None, *, by: Actor) -> date | None:
    """When an invoice is charged next by itself; None where it is not, and while a client is about
    to pay it: money that is asked for already, here or elsewhere, is not taken a second time."""
    if due_on is None or is_under_way(invoice_id, by=by):
        return None
    if any(asked(invoice_id, by) for asked in _elsewhere):
        return None
    zone = ZoneInfo(identities.get_organization(by.organization_id).time_zone)
    charges = ChargeShare.objects.of(by.organization_id).filter(
        invoice_id=invoice_id, charge__origin=Charge.Origin.AUTOMATIC
    )
    attempts = [
        calc.Attempt(one.charge.created_at.astimezone(zone).date(), one.charge.state,
                     one.charge.is_hard)
        for one in charges.select_related("charge")
        if one.charge.state != "succeeded"
    ]  # fmt: skip
    return calc.next_attempt_on(due_on, attempts)
