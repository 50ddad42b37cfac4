"""The invoice editor: drafts written and changed, with live figures from the server."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse

from guilder.faces.web.door import page
from guilder.faces.web.drafting import editor
from guilder.faces.web.drafting.shelves import INVOICES
from guilder.faces.web.shell import Visit


@page("invoices", "invoice.create")
def invoice_new(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Write a new draft."""
    return editor.new_paper(request, visit, INVOICES)


@page("invoices", "invoice.edit")
def invoice_edit(request: HttpRequest, visit: Visit, invoice_id: UUID) -> HttpResponse:
    """Change a draft; what is issued has a page of its own."""
    return editor.edit_paper(request, visit, INVOICES, invoice_id)


@page("invoices", "invoice.create", methods="POST")
def invoice_figures(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The figures of what is typed."""
    return editor.figures_page(request, visit, INVOICES)


@page("invoices", "invoice.create", methods="POST")
def invoice_autosave(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Keep what is typed."""
    return editor.autosave(request, visit, INVOICES)


@page("invoices", "invoice.create", methods="POST")
def invoice_draft_pdf(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The PDF of what is typed."""
    return editor.draft_pdf(request, visit, INVOICES)
