"""The paper as pictures and as PDF: what was issued is shown as it was printed, for ever."""

from types import SimpleNamespace
from uuid import UUID

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from guilder.books.invoicing import queries
from guilder.books.invoicing.queries import InvoiceRecord
from guilder.faces.web.door import page
from guilder.faces.web.sentences import said
from guilder.faces.web.shell import Visit
from guilder.kernel.errors import GuilderError
from guilder.office.dispatch import operations as dispatch
from guilder.papers.rendering import operations as rendering
from guilder.papers.rendering import queries as looks

MOST_PAGES = 12
PPI, SHARP = 144, 220
KEPT = 3600  # seconds


def pages_of(record: InvoiceRecord, visit: Visit) -> SimpleNamespace:
    """The pictures of its pages; none when it cannot be set. Call it outside transactions."""
    key = f"pages:{record.id}:{record.version if record.status == 'draft' else 'issued'}"
    count = cache.get(key)
    if count is None:
        try:
            printed = dispatch.print_paper(record.id, by=visit.by, at=visit.now)
        except GuilderError as error:
            return SimpleNamespace(shown=[], count=0, more="", problem=said(error.detail))
        count = rendering.page_count(printed.pdf)
        cache.set(key, count)
    shown = min(count, MOST_PAGES)
    words = _("The first %(shown)s of %(count)s pages. The PDF has them all.")
    return SimpleNamespace(
        shown=[picture_of(record, n) for n in range(1, shown + 1)],
        count=count,
        more=words % {"shown": shown, "count": count} if count > shown else "",
        problem="",
    )


def picture_of(record: InvoiceRecord, number: int) -> SimpleNamespace:
    """One page: its addresses, and what it is called."""
    address = reverse("web:invoice_page", args=[record.id, number])
    version = record.version if record.status == "draft" else 0
    name = record.number or _("the draft")
    return SimpleNamespace(
        url=f"{address}?v={version}",
        sharp=f"{address}?v={version}&sharp=1",
        alt=_("Page %(page)s of %(name)s") % {"page": number, "name": name},
    )


@page("invoices", "invoice.view", methods="GET")
def invoice_page(request: HttpRequest, visit: Visit, invoice_id: UUID, number: int) -> HttpResponse:
    """One page of the paper as a picture."""
    ppi = SHARP if request.GET.get("sharp") else PPI
    with visit.reading():
        record = queries.get_invoice(invoice_id, by=visit.by)
    if record.status == "draft":
        with visit.reading():
            document = queries.get_document(invoice_id, by=visit.by, at=visit.now)
            look = looks.look_of(by=visit.by)
        picture = rendering.render_png(document, look=look, page=number, ppi=ppi)
        return HttpResponse(picture, content_type="image/png")
    key = f"page:{invoice_id}:{number}:{ppi}"
    picture = cache.get(key)
    if picture is None:
        printed = dispatch.print_paper(invoice_id, by=visit.by, at=visit.now)
        picture = rendering.picture_of(printed.pdf, page=number, ppi=ppi)
        cache.set(key, picture, KEPT)
    return HttpResponse(picture, content_type="image/png")


@page("invoices", "invoice.view", methods="GET")
def invoice_pdf(request: HttpRequest, visit: Visit, invoice_id: UUID) -> HttpResponse:
    """The PDF, the same bytes for ever once it is issued."""
    printed = dispatch.print_paper(invoice_id, by=visit.by, at=visit.now)
    place = "attachment" if request.GET.get("save") else "inline"
    return HttpResponse(
        printed.pdf,
        content_type="application/pdf",
        headers={"Content-Disposition": f'{place}; filename="{printed.filename}"'},
    )
