"""Letting reminders rest: a pause, or a client's promise to pay."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from guilder.books.invoicing import operations as invoices
from guilder.books.invoicing import queries as invoicing
from guilder.foundation.audit import operations as audit
from guilder.foundation.events import bus
from guilder.foundation.tenancy.ids import uuid7
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.kernel.errors import Conflict
from guilder.kernel.wire import Wire
from guilder.office.dunning.events import RemindersGoOn, RemindersRest
from guilder.office.dunning.models import Hold
from guilder.office.dunning.queries.holds import HoldRecord, get_hold
from guilder.registers.parties import queries as parties


class AlreadyEnded(Conflict):
    """Somebody has ended it before."""

    code = "hold.already_ended"


def pause_reminders(*, by: Actor, data: Mapping[str, Any], at: datetime, today: date) -> HoldRecord:
    """Nobody is reminded for a while: raw values client or invoice, until_on (none: until a person
    ends it), reason. Raises Invalid, NoSuchPartner, NoSuchInvoice."""
    by.require("reminder.send")
    wire = Wire(data)
    wire.known(("client", "invoice", "until_on", "reason"))
    client_id, invoice_id = wire.identity("client"), wire.identity("invoice")
    until_on = wire.day("until_on")
    reason = wire.text("reason", most=300)
    if (client_id is None) == (invoice_id is None):
        wire.fault("client", "hold.one_of", "Name a client or an invoice.")
    if until_on is not None and until_on < today:
        wire.fault("until_on", "hold.past", "Choose a day from today on.")
    wire.done()
    with transaction(by.organization_id):
        if invoice_id is not None:
            client_id = locked_client(invoice_id, by=by)
        partner = parties.get_partner(by.organization_id, client_id or UUID(int=0), side="customer")
        return put(by=by, at=at, kind=Hold.Kind.PAUSE, partner_id=partner.id,
                   invoice_id=invoice_id, until_on=until_on, reason=reason)  # fmt: skip


def promise_payment(*, by: Actor, data: Mapping[str, Any], at: datetime, today: date) -> HoldRecord:
    """A client promised to pay an invoice by a day; until then reminders rest. Raw values invoice,
    until_on, amount (none: what is open), reason. Raises Invalid, NoSuchInvoice."""
    by.require("reminder.send")
    wire = Wire(data)
    wire.known(("invoice", "until_on", "amount", "reason"))
    invoice_id = wire.identity("invoice", required=True) or UUID(int=0)
    until_on = wire.day("until_on", required=True)
    reason = wire.text("reason", most=300)
    if until_on is not None and until_on < today:
        wire.fault("until_on", "hold.past", "Choose a day from today on.")
    amount = wire.decimal("amount", places=6)
    wire.done()
    with transaction(by.organization_id):
        client_id = locked_client(invoice_id, by=by)
        record = invoicing.get_invoice(invoice_id, by=by)
        promised = record.open_amount
        if amount is not None:
            scaled = amount / record.money(1).amount
            promised = int(scaled)
            if scaled != promised or not 0 < promised <= record.open_amount:
                wire.fault("amount", "hold.amount", "Enter more than 0, at most what is open.")
        if not record.open_amount:
            wire.fault("invoice", "hold.not_open", "Nothing is open on this document.")
        wire.done()
        return put(by=by, at=at, kind=Hold.Kind.PROMISE, partner_id=client_id,
                   invoice_id=invoice_id, until_on=until_on, reason=reason,
                   amount=promised)  # fmt: skip


def locked_client(invoice_id: UUID, *, by: Actor) -> UUID:
    """Whose invoice it is, under its lock: a letter that is being sent is sent before or never.

    Raises NoSuchInvoice.
    """
    record = invoicing.get_invoice(invoice_id, by=by)
    invoices.lock_debts([invoice_id], by=by)
    return record.partner_id


def put(*, by: Actor, at: datetime, **columns: Any) -> HoldRecord:
    """Write, audit and tell."""
    row = Hold.objects.create(
        organization_id=by.organization_id,
        id=uuid7(),
        created_by_id=by.user_id,
        created_at=at,
        **columns,
    )
    until = row.until_on.isoformat() if row.until_on else None
    audit.record(
        by=by,
        action=f"reminders.{row.kind}",
        table="invoicing_invoice" if row.invoice_id else "parties_partner",
        row_id=row.invoice_id or row.partner_id,
        before=None,
        after={"until": until, "reason": row.reason},
    )
    bus.publish(
        RemindersRest(
            hold_id=row.id,
            partner_id=row.partner_id,
            invoice_id=row.invoice_id,
            kind=row.kind,
            until_on=row.until_on,
        ),
        by=by,
    )
    return get_hold(row.id, by=by)


def end_hold(hold_id: UUID, *, by: Actor, at: datetime) -> HoldRecord:
    """Reminders go on. Raises NoSuchHold, AlreadyEnded."""
    by.require("reminder.send")
    with transaction(by.organization_id):
        get_hold(hold_id, by=by)
        row = Hold.objects.of(by.organization_id).lock().get(id=hold_id)
        if row.ended_at is not None:
            raise AlreadyEnded("It was ended before.")
        row.ended_at, row.ended_by_id = at, by.user_id
        row.save(update_fields=["ended_at", "ended_by_id"])
        audit.record(
            by=by,
            action="reminders.go_on",
            table="invoicing_invoice" if row.invoice_id else "parties_partner",
            row_id=row.invoice_id or row.partner_id,
            before=None,
            after={"ended": row.kind},
        )
        bus.publish(
            RemindersGoOn(
                hold_id=row.id, partner_id=row.partner_id, invoice_id=row.invoice_id
            ),
            by=by,
        )  # fmt: skip
        return get_hold(hold_id, by=by)
