"""The page of an issued document: who asks, how much, how to pay, and is it genuine."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from guilder.books.invoicing import operations
from guilder.books.invoicing.queries import InvoiceRecord
from guilder.faces.web import typed
from guilder.faces.web.door import handed_in
from guilder.faces.web.outside import gateways, proof, words
from guilder.faces.web.outside.door import hosted
from guilder.faces.web.outside.files import pages_of
from guilder.faces.web.outside.forms import PartForm, QuestionForm
from guilder.faces.web.outside.opened import Opened, is_first_today, is_guest, is_own
from guilder.foundation.edges import throttle
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.document import Document
from guilder.kernel.errors import Invalid, Unavailable
from guilder.papers.rendering import queries as looks

PREFETCHES = {"prefetch", "prerender"}
QUESTION = "question-%s"


@hosted("pay")
def pay(request: HttpRequest, opened: Opened) -> HttpResponse:
    """The document and how to pay it."""
    note_view(request, opened)
    return page(request, opened)


@hosted("pay", "POST")
def question(request: HttpRequest, opened: Opened) -> HttpResponse:
    """Ask the sender something."""
    form = QuestionForm(request.POST, auto_id=QUESTION)
    if form.is_valid():
        try:
            throttle.spend("anon", f"question:{opened.link_id}")
            operations.ask_question(opened.record.id, by=opened.by, data=asked(form))
            return redirect(f"{opened.base}?asked=1#question")
        except Invalid as error:
            typed.refuse(form, error, {})
    return page(request, opened, form=form, status=422)


@hosted("pay", "POST")
def check(request: HttpRequest, opened: Opened) -> HttpResponse:
    """Compare a file with the document as it was issued."""
    file = request.FILES.get("file")
    too_big = file is not None and (file.size or 0) > proof.MOST_BYTES
    try:
        handed_in(request, f"link:{opened.link_id}")
        same = proof.is_same_file(opened, b"" if file is None or too_big else file.read())
    except (Invalid, Unavailable) as error:
        return page(request, opened, check_fault=error.detail, status=422)
    return page(request, opened, checked="same" if same else "other")


def asked(form: QuestionForm) -> dict[str, str]:
    """The question as its room judges it; browsers send line ends as two characters."""
    given = form.cleaned_data
    return {**given, "text": given["text"].replace("\r\n", "\n")}


def note_view(request: HttpRequest, opened: Opened) -> None:
    """Keep that the client looked: once a day, not for people of the house or their browser's
    looks ahead."""
    ahead = request.headers.get("Sec-Purpose", "").split(";")[0] in PREFETCHES
    if opened.is_preview or ahead or request.method != "GET" or is_own(request, opened):
        return
    if is_first_today(opened):
        operations.note_view(opened.record.id, by=opened.by, at=opened.now)


def page(
    request: HttpRequest,
    opened: Opened,
    *,
    form: QuestionForm | None = None,
    part: PartForm | None = None,
    checked: str = "",
    check_fault: str = "",
    status: int = 200,
) -> HttpResponse:
    """The page, with what a form on it came to."""
    with transaction(opened.by.organization_id):
        document = opened.document()
        found = common(request, opened, document) | {
            "invoice": words.invoice_words(opened, document),
            "received": words.received(opened),
            "statement": words.statement(opened),
            "proof": proof.proof_of(opened),
            "form": form or question_form(document),
            "was_asked": "asked" in request.GET,
            "checked": checked,
            "check_fault": check_fault,
            "problems": [],
        }
    record = opened.record
    assert isinstance(record, InvoiceRecord)  # noqa: S101  (for the type checker)
    invoice = found["invoice"]
    if invoice.is_owed:
        found["early"] = words.early_words(opened, document, found["paper"])
        asked = gateways.asked_early(opened) or words.asked_amount(record)
        found["pay"] = words.payment_words(opened, document, asked)
        found["part"] = part or PartForm(
            auto_id="charge-%s", initial={"attempt": gateways.attempt()}
        )
        found["refused"] = part
    if check_fault:
        found["problems"] = [{"anchor": "id_file", "text": check_fault}]
    found["pages"] = pages_of(opened, invoice.title)
    return render(request, "outside/invoice.html", found, status=status)


def common(request: HttpRequest, opened: Opened, document: Document) -> dict[str, Any]:
    """What pages of invoices and quotes share."""
    look = looks.look_of(by=opened.by)
    return {
        "opened": opened,
        "sender": words.sender_of(document, opened),
        "has_logo": bool(look.logo),
        "paper": words.paper_of(document, look),
        "is_own": not opened.is_preview and is_own(request, opened),
        "is_guest": not opened.is_preview and is_guest(request, opened),
        "preview_note": _("Preview. Your client sees this page once it is issued and sent."),
    }


def question_form(document: Document) -> QuestionForm:
    """An empty question; what is known of the client is not asked again."""
    contact = document.buyer.contact
    return QuestionForm(auto_id=QUESTION, initial={"name": contact.name, "email": contact.email})
