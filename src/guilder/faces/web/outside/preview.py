"""What the client would see, for people of the house: shown to them, or by a link for a week."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from guilder.books.invoicing import queries
from guilder.faces.web.door import page
from guilder.faces.web.outside.opened import signed_preview
from guilder.faces.web.security import framed_by_us
from guilder.faces.web.shell import Visit


@page("invoices", "invoice.view", methods="GET")
def invoice_as_client(request: HttpRequest, visit: Visit, invoice_id: UUID) -> HttpResponse:
    """To the signed preview of an invoice or a draft."""
    del request
    record = queries.get_invoice(invoice_id, by=visit.by)
    return framed_by_us(redirect(signed_preview("pay", record.id, by=visit.by)))


@page("quotes", "quote.view", methods="GET")
def quote_as_client(request: HttpRequest, visit: Visit, quote_id: UUID) -> HttpResponse:
    """To the signed preview of a quote."""
    del request
    record = queries.get_quote(quote_id, by=visit.by)
    return framed_by_us(redirect(signed_preview("quote", record.id, by=visit.by)))
