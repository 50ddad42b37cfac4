"""From the portal to one document: the page that its link leads to, its PDF, and the brand."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from guilder.books.invoicing import operations, queries
from guilder.books.invoicing.operations.marks import NotIssued
from guilder.faces.web.door import ONLY, page
from guilder.faces.web.outside import files
from guilder.faces.web.shell import Visit
from guilder.kernel.errors import Conflict
from guilder.office.dispatch import operations as dispatch


@page("portal", "invoice.view", methods="GET", guests=ONLY)
def invoice(request: HttpRequest, visit: Visit, invoice_id: UUID) -> HttpResponse:
    """The document's own page, where it is read and paid."""
    del request
    try:
        return redirect(operations.pay_link(invoice_id, by=visit.by))
    except NotIssued as error:
        raise queries.NoSuchInvoice("There is no such document.") from error


@page("portal", "quote.view", methods="GET", guests=ONLY)
def quote(request: HttpRequest, visit: Visit, quote_id: UUID) -> HttpResponse:
    """The quote's own page, where it is answered."""
    del request
    try:
        return redirect(operations.quote_link(quote_id, by=visit.by))
    except Conflict as error:
        raise queries.NoSuchQuote("There is no such quote.") from error


@page("portal", "invoice.view", methods="GET", guests=ONLY, files=True)
def pdf(request: HttpRequest, visit: Visit, invoice_id: UUID) -> HttpResponse:
    """The document as PDF, as it was printed."""
    del request
    if queries.get_invoice(invoice_id, by=visit.by).status != "issued":
        raise queries.NoSuchInvoice("There is no such document.")
    found = dispatch.print_paper(invoice_id, by=visit.by, at=visit.now, is_quote=False)
    return HttpResponse(
        found.pdf,
        content_type="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="{found.filename}"'},
    )


@page("portal", methods="GET", guests=ONLY)
def brand(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The brand's colours."""
    del request
    return files.brand_sheet(visit.by)


@page("portal", methods="GET", guests=ONLY)
def logo(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The logo."""
    del request
    return files.logo_picture(visit.by)
