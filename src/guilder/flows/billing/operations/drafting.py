"""The draft of a period, and how it would be before anything is written."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.transaction import set_rollback

from guilder.books.invoicing import operations as invoices
from guilder.books.invoicing import queries as papers
from guilder.flows.billing import calc
from guilder.flows.billing.models import RecurringInvoice
from guilder.flows.billing.queries import get_recurring
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.kernel.document import Document
from guilder.kernel.period import Span
from guilder.registers.parties import queries as parties


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a client is to get, and the format in which they want it."""

    document: Document
    format: str


def draft_of(row: RecurringInvoice, span: Span, *, by: Actor, at: datetime) -> papers.InvoiceRecord:
    """A new draft for the days of `span`; raises what drafts raise."""
    language = parties.invoicing_context(by.organization_id, row.partner_id).language
    data = calc.filled(row.pattern, span, number=row.next_index + 1, language=language)
    return invoices.create_draft(by=by, data=data, at=at)


def rehearsed(recurring_id: UUID, *, by: Actor, on: date, at: datetime) -> Wanted | None:
    """The next paper as it would be, with nothing kept of it, so that rules can be asked outside of
    any transaction; None for a plain PDF, where nothing is due, and for what stays a draft."""
    with transaction(by.organization_id):
        row = RecurringInvoice.objects.of(by.organization_id).filter(id=recurring_id).first()
        if row is None or row.act == RecurringInvoice.Act.DRAFT or not row.is_due(on):
            return None
        span = get_recurring(recurring_id, by=by).rhythm.span(row.next_index)
        wanted = format_of(row)
        if span is None or wanted == "pdf":
            return None
        draft = draft_of(row, span, by=by, at=at)
        document = papers.get_document(draft.id, by=by, at=at)
        set_rollback(True)
        return Wanted(document, wanted)


def format_of(row: RecurringInvoice) -> str:
    """The format in which the client wants invoices; "pdf" for a plain PDF."""
    client = parties.get_partner(row.organization_id, row.partner_id, side="customer")
    agreed = (one for one in client.partnerships.all() if one.side == "customer")
    return next((one.delivery_format for one in agreed), "pdf")
