"""Keeping recurring invoices: made, changed, paused, resumed, ended."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from guilder.books.invoicing import operations as invoices
from guilder.flows.billing.events import RecurringChanged
from guilder.flows.billing.models import RecurringInvoice, RecurringRun
from guilder.flows.billing.operations.reading import RecurringInput, read_recurring
from guilder.flows.billing.queries import NoSuchRecurring, RecurringRecord, get_recurring
from guilder.foundation.audit import operations as audit
from guilder.foundation.events import bus
from guilder.foundation.identity import queries as identities
from guilder.foundation.tenancy.ids import uuid7
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.kernel.errors import Conflict, Invalid, Problem, Stale
from guilder.registers.parties import queries as parties

TABLE = "billing_recurringinvoice"
# What somebody must be allowed who has it done by itself.
NEEDS = {"issue": ("invoice.issue",), "send": ("invoice.issue", "invoice.send")}


class InvalidRecurring(Invalid):
    """What was sent cannot be repeated; `problems` has every fault."""

    code = "recurring.invalid"


class Running(Conflict):
    """Periods were invoiced already: what they were for does not change."""

    code = "recurring.running"


def save_recurring(
    *,
    by: Actor,
    data: Mapping[str, Any],
    at: datetime,
    recurring_id: UUID | None = None,
    version: int | None = None,
) -> RecurringRecord:
    """Make a recurring invoice, or change one from the next period on.

    Raw values: name, pattern (the raw values of a draft, whose texts may name {period}, {from},
    {to}, {month}, {year} and {number}), unit, every, first_on, last_on or most, in_advance, act.
    Once a period was invoiced, first_on, unit and every stay. Raises InvalidRecurring with every
    fault, NoSuchRecurring, Running, Stale.
    """
    by.require("invoice.create")
    for permission in NEEDS.get(data.get("act", "draft"), ()):
        by.require(permission)
    with transaction(by.organization_id):
        today = today_of(by, at)
        row = locked(recurring_id, by=by, version=version) if recurring_id else None
        read = read_recurring(data, today=today)
        if read.problems:
            raise InvalidRecurring(problems=read.problems)
        refuse_moved(row, read)
        before = None if row is None else told_of(row)
        row = put(row, read, by=by, at=at)
        audit.record(
            by=by,
            action="recurring.update" if before else "recurring.create",
            table=TABLE,
            row_id=row.id,
            before=before,
            after=told_of(row),
        )
        bus.publish(RecurringChanged(recurring_id=row.id, partner_id=row.partner_id), by=by)
        return get_recurring(row.id, by=by)


def repeat_invoice(
    invoice_id: UUID, *, by: Actor, data: Mapping[str, Any], at: datetime
) -> RecurringRecord:
    """Make a recurring invoice like an invoice or draft; `data` is as save_recurring's without the
    pattern. Raises as it does, and NoSuchInvoice."""
    pattern = invoices.pattern_of(invoice_id, by=by)
    return save_recurring(by=by, data={**data, "pattern": pattern}, at=at)


def today_of(by: Actor, at: datetime) -> date:
    """The organization's today."""
    zone = identities.get_organization(by.organization_id).time_zone
    return at.astimezone(ZoneInfo(zone)).date()


def locked(recurring_id: UUID, *, by: Actor, version: int | None = None) -> RecurringInvoice:
    """The row under lock in the version that the caller read. Raises NoSuchRecurring, Stale."""
    get_recurring(recurring_id, by=by)  # what one does not see, one does not change
    row = RecurringInvoice.objects.of(by.organization_id).lock().filter(id=recurring_id).first()
    if row is None:
        raise NoSuchRecurring("There is no such recurring invoice.")
    if version is not None and version != row.version:
        raise Stale("This recurring invoice was changed in the meantime. Read it again.")
    return row


def refuse_moved(row: RecurringInvoice | None, read: RecurringInput) -> None:
    """Running where periods that are invoiced already would be others."""
    if row is None or not row.next_index:
        return
    if (row.first_on, row.unit, row.every) != (read.first_on, read.unit, read.every):
        raise Running(
            "Periods of it are invoiced already, so their rhythm stays. End this one and begin"
            " another."
        )


def put(
    row: RecurringInvoice | None, read: RecurringInput, *, by: Actor, at: datetime
) -> RecurringInvoice:
    """Write the row. Raises InvalidRecurring with the pattern's faults."""
    built = judged(read, by=by, at=at)
    if row is None:
        row = RecurringInvoice(
            organization_id=by.organization_id,
            id=uuid7(),
            created_by_id=by.user_id,
            created_at=at,
            version=0,
        )
    for name in (
        "name", "pattern", "unit", "every", "first_on", "last_on", "most", "in_advance", "act",
    ):  # fmt: skip
        setattr(row, name, getattr(read, name))
    row.partner_id, row.currency = built.partner_id, built.currency
    row.net_amount, row.gross_amount = built.net_amount, built.gross_amount
    row.next_on = read.rhythm.due_on(row.next_index)
    row.problem, row.problem_at = "", None
    row.updated_at, row.version = at, row.version + 1
    row.save()
    return row


def judged(read: RecurringInput, *, by: Actor, at: datetime) -> Any:
    """The pattern as a draft would be; its faults as those of /pattern/…."""
    try:
        built = invoices.try_draft(by=by, data=read.pattern, at=at)
    except Invalid as error:
        problems = [
            Problem(f"/pattern{one.pointer}", one.code, one.detail) for one in error.problems
        ] or [Problem("/pattern", error.code, error.detail)]
        raise InvalidRecurring(problems=problems) from None
    if read.act == "send" and not has_address(by.organization_id, built.partner_id):
        detail = "This client has no mail address. Enter one, or choose to issue without sending."
        raise InvalidRecurring(problems=[Problem("/act", "recurring.no_address", detail)])
    return built


def has_address(organization_id: UUID, partner_id: UUID) -> bool:
    """Whether a client can get mail."""
    partner = parties.get_partner(organization_id, partner_id, side="customer")
    return bool(partner.email) or any(one.email for one in partner.contacts.all())


def pause_recurring(recurring_id: UUID, *, by: Actor, at: datetime) -> RecurringRecord:
    """Stop for a while: nothing is invoiced until it is resumed."""
    return moved(recurring_id, "recurring.pause", by=by, at=at, is_paused=True)


def resume_recurring(
    recurring_id: UUID, *, by: Actor, at: datetime, skip_missed: bool = False
) -> RecurringRecord:
    """Go on. What fell due meanwhile is invoiced now, or with `skip_missed` never."""
    with transaction(by.organization_id):
        if skip_missed:
            pass_over(recurring_id, by=by, at=at)
        return moved(recurring_id, "recurring.resume", by=by, at=at, is_paused=False)


def end_recurring(recurring_id: UUID, *, by: Actor, at: datetime) -> RecurringRecord:
    """No further period is invoiced."""
    return moved(recurring_id, "recurring.end", by=by, at=at, next_on=None)


def moved(
    recurring_id: UUID, action: str, *, by: Actor, at: datetime, **values: Any
) -> RecurringRecord:
    """Change some columns, audit and tell."""
    by.require("invoice.create")
    with transaction(by.organization_id):
        row = locked(recurring_id, by=by)
        for name, value in values.items():
            setattr(row, name, value)
        row.problem, row.problem_at = "", None
        row.updated_at, row.version = at, row.version + 1
        row.save()
        after = {name: str(value) for name, value in values.items()}
        audit.record(by=by, action=action, table=TABLE, row_id=row.id, before=None, after=after)
        bus.publish(RecurringChanged(recurring_id=row.id, partner_id=row.partner_id), by=by)
        return get_recurring(recurring_id, by=by)


def pass_over(recurring_id: UUID, *, by: Actor, at: datetime) -> None:
    """Note every period that fell due before today as one that is not invoiced."""
    row = locked(recurring_id, by=by)
    rhythm = get_recurring(recurring_id, by=by).rhythm
    until = rhythm.first_from(today_of(by, at), index=row.next_index)
    for index in range(row.next_index, until):
        span = rhythm.span(index)
        if span is None:
            break
        RecurringRun.objects.create(
            organization_id=by.organization_id,
            id=uuid7(),
            recurring_id=row.id,
            index=index,
            period_start_on=span.start_on,
            period_end_on=span.end_on,
            made_at=at,
        )
    row.next_index, row.next_on = until, rhythm.due_on(until)
    row.save()


def told_of(row: RecurringInvoice) -> dict[str, Any]:
    """What the audit trail keeps of it."""
    return {
        "name": row.name,
        "client": str(row.partner_id),
        "every": f"{row.every} {row.unit}",
        "first_on": row.first_on.isoformat(),
        "last_on": row.last_on.isoformat() if row.last_on else None,
        "most": row.most,
        "act": row.act,
        "pattern": row.pattern,
    }
