"""A document in each e-invoice format: the files, and what a format has no place for."""

from types import SimpleNamespace
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from guilder.books.invoicing import queries
from guilder.faces.web.door import page
from guilder.faces.web.sentences import said
from guilder.faces.web.shell import Visit
from guilder.office.dispatch import operations as dispatch
from guilder.office.dispatch.operations import Suitability
from guilder.papers.exchange.formats.targets import TARGETS, Target
from guilder.papers.exchange.roundtrip import Difference
from guilder.papers.exchange.rules.wording.terms import TERMS as NAMES

MOST_LINES = 100  # of a paper that is tried in every format at once
MOST_SHOWN = 40
PDF = "pdf"


@page("invoices", "invoice.view", methods="GET")
def invoice_formats(request: HttpRequest, visit: Visit, invoice_id: UUID) -> HttpResponse:
    """Every format, how well it fits, and the files of what is issued."""
    chosen = request.GET.get("try", "")
    with visit.reading():
        record = queries.get_invoice(invoice_id, by=visit.by)
        document = queries.get_document(invoice_id, by=visit.by, at=visit.now)
    if len(document.lines) <= MOST_LINES:
        tried = dispatch.suitabilities(invoice_id, by=visit.by, at=visit.now)
    elif chosen in TARGETS:
        tried = (dispatch.suitability(invoice_id, by=visit.by, at=visit.now, name=chosen),)
    else:
        tried = ()
    known = {one.target.name: one for one in tried}
    rows = [row_of(target, known.get(target.name), record) for target in TARGETS.values()]
    return render(
        request,
        "papers/formats.html",
        {
            "paper": SimpleNamespace(
                id=record.id,
                title=record.number or record.draft_reference,
                is_draft=record.status == "draft",
            ),
            "rows": rows,
        },
    )


@page("invoices", "invoice.view", methods="GET", files=True)
def invoice_einvoice(
    request: HttpRequest, visit: Visit, invoice_id: UUID, name: str
) -> HttpResponse:
    """An issued document in one format; with `?in=pdf` inside its PDF."""
    if request.GET.get("in") == PDF:
        printed = dispatch.print_hybrid(invoice_id, by=visit.by, at=visit.now, name=name)
        return download(printed.pdf, "application/pdf", printed.filename)
    made = dispatch.write_einvoice(invoice_id, by=visit.by, at=visit.now, name=name)
    return download(made.data, made.media_type, made.filename)


def download(data: bytes, media_type: str, filename: str) -> HttpResponse:
    """A file to keep, which no browser shows as a page."""
    return HttpResponse(
        data,
        content_type=media_type,
        headers={
            "Content-Disposition": f'attachment; filename="{filename}"',
            "X-Content-Type-Options": "nosniff",
        },
    )


def row_of(
    target: Target, tried: Suitability | None, record: queries.InvoiceRecord
) -> SimpleNamespace:
    """One format as the page shows it."""
    url = reverse("web:invoice_einvoice", args=[record.id, target.name])
    is_open = tried is not None and not tried.refusal and record.status != "draft"
    return SimpleNamespace(
        title=target.title,
        name=target.name,
        kind=target.extension.removeprefix(".").upper(),
        url=url if is_open else "",
        pdf_url=f"{url}?in={PDF}" if is_open and target.profile else "",
        try_url=f"?try={target.name}" if tried is None else "",
        tone=tone_of(tried),
        fit="" if tried is None else fit_of(tried),
        losses=[loss_of(one) for one in tried.losses[:MOST_SHOWN]] if tried else [],
        more=more_of(tried),
    )


def tone_of(tried: Suitability | None) -> str:
    """Red cannot be written, amber loses a term of EN 16931, green none."""
    if tried is None:
        return ""
    if tried.refusal:
        return "red"
    return "amber" if any(one.term for one in tried.losses) else "green"


def fit_of(tried: Suitability) -> str:
    """How well the format fits, in one sentence."""
    if tried.refusal:
        return said(tried.refusal)
    count = len(tried.losses)
    if not count:
        return _("Carries everything.")
    if not any(one.term for one in tried.losses):
        return ngettext(
            "Carries every term of EN 16931; %(n)d field of your own has no place in it.",
            "Carries every term of EN 16931; %(n)d fields of your own have no place in it.",
            count,
        ) % {"n": count}
    return ngettext(
        "%(n)d value has no place in it.", "%(n)d values have no place in it.", count
    ) % {"n": count}


def more_of(tried: Suitability | None) -> str:
    """How many losses are not listed."""
    left = len(tried.losses) - MOST_SHOWN if tried else 0
    if left <= 0:
        return ""
    return ngettext("and %(n)d more", "and %(n)d more", left) % {"n": left}


def loss_of(one: Difference) -> SimpleNamespace:
    """What is lost, by its name and number in EN 16931; our own fields by their place."""
    base = "-".join(one.term.split("-")[:2])
    known = NAMES.get(base)
    return SimpleNamespace(
        term=one.term,
        name=_(known[0]) if known else one.place.strip("/").replace("/", " › ").replace("_", " "),
        value=one.value,
        read=one.read,
    )
