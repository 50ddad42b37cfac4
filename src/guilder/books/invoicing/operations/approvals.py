"""Approval before issue: asked for, given, refused; and that nothing is issued without it."""

from datetime import datetime
from decimal import Decimal
from typing import cast
from uuid import UUID
from zoneinfo import ZoneInfo

from guilder.books.invoicing import calc
from guilder.books.invoicing.models import Invoice
from guilder.books.invoicing.operations.drafts import locked_draft
from guilder.books.invoicing.operations.locking import Draft
from guilder.books.invoicing.queries.reads import get_invoice
from guilder.books.invoicing.queries.records import InvoiceRecord
from guilder.books.workflow import operations as workflow
from guilder.books.workflow.queries import get_rule
from guilder.foundation.identity import queries as identity
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.kernel.document import Document, Totals
from guilder.kernel.errors import Conflict
from guilder.kernel.money import Money
from guilder.registers.currencies import queries as currencies

WITHOUT = frozenset(("pro_forma",))


class ApprovalDue(Conflict):
    """The document comes to more than may be issued without an approval."""

    code = "invoice.approval_due"


class NoApprovalNeeded(Conflict):
    """The document may be issued without asking."""

    code = "invoice.no_approval_needed"


def check_approved(draft: Draft, document: Document, *, rate: Decimal) -> None:
    """ApprovalDue unless the draft, as it stands, was approved or needs no approval.

    The trigger of migration 0006 asks the same again, whatever the way to it.
    """
    if draft.approved_above is None or draft.is_approved or draft.kind in WITHOUT:
        return
    due = calc.in_base(
        calc.payable_of(cast("Totals", document.totals)),
        currency=draft.currency,
        base_currency=draft.base_currency,
        rate=rate,
    )
    if due > draft.approved_above:
        limit = Money(draft.approved_above, draft.base_currency)
        raise ApprovalDue(
            f"Above {limit} {draft.base_currency} somebody must approve it first. Submit it."
        )


def submit_invoice(
    invoice_id: UUID, *, by: Actor, at: datetime, version: int | None = None, note: str = ""
) -> InvoiceRecord:
    """Ask for the approval of a draft as it stands; changing it takes the question back.

    Raises NoSuchInvoice, NotYours, NotDraft, Stale, NoApprovalNeeded, workflow's AlreadyAsked,
    NoRate.
    """
    by.require("invoice.submit")
    with transaction(by.organization_id):
        row = locked_draft(invoice_id, by=by, version=version, permission="invoice.submit")
        amount = in_base(row, by=by, at=at)
        rule = get_rule(by.organization_id)
        if not rule.is_active or row.kind in WITHOUT or amount.minor <= rule.amount:
            raise NoApprovalNeeded("This may be issued without an approval.")
        workflow.request(
            "invoice",
            invoice_id,
            by=by,
            version=row.version,
            made_by_id=row.created_by_id,
            amount=amount,
            note=note,
            at=at,
        )
    return get_invoice(invoice_id, by=by)


def approve_invoice(
    invoice_id: UUID, *, by: Actor, at: datetime, version: int | None = None, comment: str = ""
) -> InvoiceRecord:
    """Agree that a draft is issued as it stands. Raises NoSuchInvoice, NotDraft, Stale and what
    workflow's `approve` raises."""
    by.require("invoice.approve")
    with transaction(by.organization_id):
        row = locked_draft(invoice_id, by=by, version=version, permission="invoice.approve")
        workflow.approve(invoice_id, by=by, version=row.version, at=at, comment=comment)
    return get_invoice(invoice_id, by=by)


def reject_invoice(
    invoice_id: UUID, *, by: Actor, at: datetime, comment: str, version: int | None = None
) -> InvoiceRecord:
    """Disagree, with a reason; the draft goes back to who made it. Raises NoSuchInvoice, NotDraft,
    Stale and what workflow's `reject` raises."""
    by.require("invoice.approve")
    with transaction(by.organization_id):
        row = locked_draft(invoice_id, by=by, version=version, permission="invoice.approve")
        workflow.reject(invoice_id, by=by, version=row.version, at=at, comment=comment)
    return get_invoice(invoice_id, by=by)


def recall_invoice(invoice_id: UUID, *, by: Actor, at: datetime) -> InvoiceRecord:
    """Take the question back; twice is once. Raises NoSuchInvoice, NotYours, NotDraft."""
    by.require("invoice.submit")
    with transaction(by.organization_id):
        locked_draft(invoice_id, by=by, version=None, permission="invoice.submit")
        workflow.withdraw(invoice_id, by=by, at=at)
    return get_invoice(invoice_id, by=by)


def in_base(row: Invoice, *, by: Actor, at: datetime) -> Money:
    """What a draft comes to in the base currency, at today's rate."""
    if row.currency == row.base_currency:
        return Money(row.payable_amount, row.base_currency)
    zone = ZoneInfo(identity.get_organization(by.organization_id).time_zone)
    found = currencies.rate_on(
        by.organization_id,
        base=row.currency,
        quote=row.base_currency,
        on=at.astimezone(zone).date(),
    )
    minor = calc.in_base(
        row.payable_amount,
        currency=row.currency,
        base_currency=row.base_currency,
        rate=found.rate,
    )
    return Money(minor, row.base_currency)
