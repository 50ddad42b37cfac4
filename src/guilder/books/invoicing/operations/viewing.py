"""The client opened it: kept once a day, and the first time for ever."""

from datetime import datetime
from uuid import UUID

from guilder.books.invoicing.models import Invoice
from guilder.books.invoicing.operations.marks import mark_viewed
from guilder.books.invoicing.operations.quotes import TABLE as QUOTES
from guilder.books.invoicing.queries.quotes import get_quote
from guilder.books.invoicing.queries.records import NoSuchInvoice
from guilder.foundation.audit import operations as audit
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor


def note_view(invoice_id: UUID, *, by: Actor, at: datetime) -> None:
    """The client looked at an issued document at `at`; the caller asks once a day.

    The first look makes it viewed; later ones stand in the audit trail only. Raises NoSuchInvoice,
    NotIssued.
    """
    by.require("invoice.view")
    with transaction(by.organization_id):
        row = Invoice.objects.of(by.organization_id).filter(id=invoice_id).first()
        if row is None:
            raise NoSuchInvoice("There is no such invoice.")
        if row.viewed_at is None:
            mark_viewed(invoice_id, by=by, at=at)
            return
        audit.record(
            by=by,
            action="invoice.viewed",
            table="invoicing_invoice",
            row_id=invoice_id,
            before=None,
            after={"seen_at": at.isoformat()},
        )


def note_quote_view(quote_id: UUID, *, by: Actor, at: datetime) -> None:
    """The client looked at a quote at `at`. Raises NoSuchQuote."""
    with transaction(by.organization_id):
        get_quote(quote_id, by=by)
        audit.record(
            by=by,
            action="quote.viewed",
            table=QUOTES,
            row_id=quote_id,
            before=None,
            after={"seen_at": at.isoformat()},
        )
