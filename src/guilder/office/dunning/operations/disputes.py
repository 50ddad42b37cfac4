"""Disputes: a client objects, somebody settles it; reminders rest meanwhile."""

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
from guilder.kernel.errors import Conflict, Stale
from guilder.kernel.wire import Wire
from guilder.office.dunning.events import DisputeOpened, DisputeSettled
from guilder.office.dunning.models import Dispute
from guilder.office.dunning.queries.disputes import (
    DisputeRecord,
    NoSuchDispute,
    get_dispute,
)

OPENING = ("category", "reason", "deadline_on")
SETTLING = ("outcome", "note")


class AlreadyDisputed(Conflict):
    """The invoice has a dispute that nobody has settled."""

    code = "dispute.already_open"


class AlreadySettled(Conflict):
    """Somebody has settled it before."""

    code = "dispute.already_settled"


def open_dispute(*, by: Actor, data: Mapping[str, Any], at: datetime, today: date) -> DisputeRecord:
    """A client objects: raw values invoice, category, reason, deadline_on.

    The invoice is shown as disputed and nobody reminds of it. Raises Invalid, NoSuchInvoice,
    NotIssued, AlreadyDisputed.
    """
    by.require("invoice.edit")
    wire = Wire(data)
    wire.known(("invoice", "category", "reason", "deadline_on"))
    invoice_id = wire.identity("invoice", required=True) or UUID(int=0)
    category = wire.choice("category", Dispute.Category.values, default="other")
    reason = wire.text("reason", most=1000, lines=True)
    deadline_on = wire.day("deadline_on")
    if deadline_on is not None and deadline_on < today:
        wire.fault("deadline_on", "dispute.past", "Choose a day from today on.")
    wire.done()
    with transaction(by.organization_id):
        record = invoicing.get_invoice(invoice_id, by=by)
        invoices.mark_disputed(invoice_id, by=by, at=at)
        rows = Dispute.objects.of(by.organization_id)
        if rows.filter(invoice_id=invoice_id, settled_on__isnull=True).exists():
            raise AlreadyDisputed("This document is disputed already. Settle that first.")
        row = Dispute.objects.create(
            organization_id=by.organization_id,
            id=uuid7(),
            invoice_id=invoice_id,
            partner_id=record.partner_id,
            category=category,
            reason=reason,
            opened_on=today,
            deadline_on=deadline_on,
            created_by_id=by.user_id,
            created_at=at,
            updated_at=at,
        )
        note(row, "dispute.open", by=by, category=category, reason=reason)
        bus.publish(
            DisputeOpened(
                dispute_id=row.id,
                invoice_id=invoice_id,
                partner_id=row.partner_id,
                category=category,
                deadline_on=deadline_on,
            ),
            by=by,
        )
        return DisputeRecord(
            row.id, invoice_id, record.number or "", record.open_amount, record.currency,
            row.partner_id, record.partner_name, category, reason, today, deadline_on, None, "",
            "", row.created_by_id, at, at, 1,
        )  # fmt: skip


def settle_dispute(
    dispute_id: UUID,
    *,
    by: Actor,
    data: Mapping[str, Any],
    at: datetime,
    today: date,
    version: int | None = None,
) -> DisputeRecord:
    """End a dispute: raw values outcome (upheld, credited, withdrawn) and note; reminders go on.

    Raises Invalid, NoSuchDispute, AlreadySettled, Stale.
    """
    by.require("invoice.edit")
    wire = Wire(data)
    wire.known(("outcome", "note"))
    outcome = wire.choice("outcome", Dispute.Outcome.values, required=True)
    words = wire.text("note", most=1000, lines=True)
    wire.done()
    with transaction(by.organization_id):
        found = Dispute.objects.of(by.organization_id).filter(id=dispute_id).first()
        if found is None:
            raise NoSuchDispute("There is no such dispute.")
        invoices.mark_disputed(found.invoice_id, by=by, at=at, is_disputed=False)
        row = Dispute.objects.of(by.organization_id).lock().get(id=dispute_id)
        if row.settled_on is not None:
            raise AlreadySettled("It was settled before.")
        if version is not None and version != row.version:
            raise Stale("This dispute was changed in the meantime. Read it again.")
        row.settled_on, row.outcome, row.note = max(today, row.opened_on), outcome, words
        row.updated_at, row.version = at, row.version + 1
        row.save()
        note(row, "dispute.settle", by=by, outcome=outcome, note=words)
        bus.publish(
            DisputeSettled(
                dispute_id=row.id,
                invoice_id=row.invoice_id,
                partner_id=row.partner_id,
                category=row.category,
                outcome=outcome,
            ),
            by=by,
        )
        return get_dispute(dispute_id, by=by)


def set_disputed(
    invoice_id: UUID, *, by: Actor, data: Mapping[str, Any], at: datetime, today: date
) -> None:
    """Open a dispute of an invoice, or settle the open one: raw values is_disputed, and either
    category, reason and deadline_on, or outcome (withdrawn where missing) and note.

    Twice is once. Raises Invalid, NoSuchInvoice, NotIssued.
    """
    by.require("invoice.edit")
    wire = Wire(data)
    wire.known(("is_disputed", *OPENING, *SETTLING))
    is_disputed = wire.flag("is_disputed", default=True)
    for name in SETTLING if is_disputed else OPENING:
        if data.get(name):
            wire.fault(name, "dispute.not_here", "This is not said together with is_disputed.")
    wire.done()
    with transaction(by.organization_id):
        invoicing.get_invoice(invoice_id, by=by)
        invoices.mark_disputed(invoice_id, by=by, at=at, is_disputed=is_disputed)
        open_ones = Dispute.objects.of(by.organization_id).filter(settled_on__isnull=True)
        found = open_ones.filter(invoice_id=invoice_id).first()
        if is_disputed and found is None:
            told = {name: data[name] for name in OPENING if data.get(name)}
            open_dispute(by=by, data={"invoice": str(invoice_id), **told}, at=at, today=today)
        elif not is_disputed and found is not None:
            told = {name: data[name] for name in SETTLING if data.get(name)}
            settled = {"outcome": "withdrawn", **told}
            settle_dispute(found.id, by=by, data=settled, at=at, today=today)


def note(row: Dispute, action: str, *, by: Actor, **after: str) -> None:
    """Audit under the invoice, whose history it belongs to."""
    audit.record(
        by=by,
        action=action,
        table="invoicing_invoice",
        row_id=row.invoice_id,
        before=None,
        after={"dispute": str(row.id), **after},
    )
