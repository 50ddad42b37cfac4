"""Facts beside an issued document: sent, viewed, disputed."""

from datetime import datetime
from uuid import UUID

from guilder.books.invoicing.events import InvoiceMarked
from guilder.books.invoicing.models import Invoice
from guilder.books.invoicing.queries.records import NoSuchInvoice
from guilder.foundation.audit import operations as audit
from guilder.foundation.events import bus
from guilder.foundation.identity.permissions import require_own
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.kernel.errors import Conflict
from guilder.registers.parties.queries import seen_by


class NotIssued(Conflict):
    """It is a draft; drafts are neither sent nor disputed."""

    code = "invoice.not_issued"


def mark_sent(invoice_id: UUID, *, by: Actor, at: datetime) -> None:
    """It was handed to a channel at `at`; the first time counts. NoSuchInvoice, NotIssued."""
    by.require("invoice.send")
    mark(invoice_id, by=by, at=at, column="sent_at", value=at, name="sent", once=True)


def mark_viewed(invoice_id: UUID, *, by: Actor, at: datetime) -> None:
    """The customer opened it at `at`; the first time counts. NoSuchInvoice, NotIssued."""
    by.require("invoice.view")
    mark(invoice_id, by=by, at=at, column="viewed_at", value=at, name="viewed", once=True)


def mark_disputed(invoice_id: UUID, *, by: Actor, at: datetime, is_disputed: bool = True) -> None:
    """The customer objects, or does no longer. NoSuchInvoice, NotYours, NotIssued."""
    by.require("invoice.edit")
    mark(
        invoice_id,
        by=by,
        at=at,
        column="disputed_at",
        value=at if is_disputed else None,
        name="disputed" if is_disputed else "dispute_ended",
        once=False,
        own="invoice.edit",
    )


def mark(
    invoice_id: UUID,
    *,
    by: Actor,
    at: datetime,
    column: str,
    value: datetime | None,
    name: str,
    once: bool,
    own: str = "",
) -> None:
    """Set one of the columns that move, audit and tell; what is so already stays untold.

    `own` is a permission that some roles have for what they made only.
    """
    with transaction(by.organization_id):
        rows = Invoice.objects.of(by.organization_id).filter(seen_by(by))
        row = rows.lock().filter(id=invoice_id).first()
        if row is None:
            raise NoSuchInvoice("There is no such invoice.")
        if own:
            require_own(by, own, created_by_id=row.created_by_id)
        if row.status != "issued":
            raise NotIssued("Issue the draft first.")
        before = getattr(row, column)
        if (once and before is not None) or before == value:
            return
        setattr(row, column, value)
        row.version += 1
        row.updated_at = at
        row.save(update_fields=[column, "version", "updated_at"])
        audit.record(
            by=by,
            action=f"invoice.{name}",
            table="invoicing_invoice",
            row_id=invoice_id,
            before={column: before.isoformat() if before else None},
            after={column: value.isoformat() if value else None},
        )
        bus.publish(
            InvoiceMarked(
                invoice_id=invoice_id, kind=row.kind, partner_id=row.partner_id, mark=name
            ),
            by=by,
        )
