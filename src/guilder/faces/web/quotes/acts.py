"""What can be done with a quote: send, answer for the client, invoice, copy, throw away."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from guilder.books.invoicing import operations, queries
from guilder.faces.web import answers, typed
from guilder.faces.web.door import page, sentences
from guilder.faces.web.drafting import editor, numbers, reviewing
from guilder.faces.web.drafting.shelves import QUOTES
from guilder.faces.web.drafting.undoing import undo_url
from guilder.faces.web.shell import Visit
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.errors import GuilderError
from guilder.office.dispatch import operations as dispatch


@page("quotes", "quote.edit")
def quote_new(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Write a new quote."""
    return editor.new_paper(request, visit, QUOTES)


@page("quotes", "quote.edit")
def quote_edit(request: HttpRequest, visit: Visit, quote_id: UUID) -> HttpResponse:
    """Change a draft; what was sent has a page of its own."""
    return editor.edit_paper(request, visit, QUOTES, quote_id)


@page("quotes", "quote.edit", methods="POST")
def quote_figures(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The figures of what is typed."""
    return editor.figures_page(request, visit, QUOTES)


@page("quotes", "quote.edit", methods="POST")
def quote_autosave(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Keep what is typed."""
    return editor.autosave(request, visit, QUOTES)


@page("quotes", "quote.edit", methods="POST")
def quote_draft_pdf(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The PDF of what is typed."""
    return editor.draft_pdf(request, visit, QUOTES)


@page("quotes", "quote.send")
def quote_review(request: HttpRequest, visit: Visit, quote_id: UUID) -> HttpResponse:
    """Look once more, then give it its number, and send it."""
    record = QUOTES.read(quote_id, by=visit.by)
    if not QUOTES.is_draft(record):
        return reviewing.done(request, QUOTES.url("", quote_id))
    review = reviewing.review_of(request, visit, QUOTES, record)
    form = reviewing.form_of(request, review)
    if request.method != "POST":
        return reviewing.page_of(request, visit, review, form)
    if not form.is_valid() or not reviewing.mended(form, review, visit):
        return reviewing.page_of(request, visit, review, form, status=422)
    try:
        number, mail = send(request, visit, review, form)
    except GuilderError as error:
        typed.refuse(form, error, reviewing.FIELDS)
        return reviewing.page_of(request, visit, review, form, status=422)
    tell(request, number, mail)
    return reviewing.done(request, QUOTES.url("", quote_id))


def send(
    request: HttpRequest, visit: Visit, review: reviewing.Review, form: reviewing.ReviewForm
) -> tuple[str, Any]:
    """Number and mail in one transaction: where the mail is refused, no number is used."""
    with transaction(visit.by.organization_id):
        made = operations.send_quote(review.record.id, by=visit.by, at=visit.now, on=review.on)
        if not request.POST.get("send"):
            return made.number or "", None
        wish = reviewing.wish_of(form, review, number=made.number or "")
        mail = dispatch.send_quote_paper(
            made.id, by=visit.by, at=visit.now, wish=wish, hold=dispatch.HOLD
        )
    return made.number or "", mail


def tell(request: HttpRequest, number: str, mail: Any) -> None:
    """The toast: what happened, and for a mail how to take it back."""
    if mail is None:
        answers.say(request, _("%(number)s has its number.") % {"number": number})
        return
    words = _("%(number)s goes to %(to)s.") % {"number": number, "to": mail.to}
    answers.say(request, words, undo=undo_url(mail), undo_label=_("Undo sending"))


@page("quotes", "quote.send", methods="POST")
def quote_send(request: HttpRequest, visit: Visit, quote_id: UUID) -> HttpResponse:
    """Mail it again, to the client's address."""
    mail = dispatch.send_quote_paper(quote_id, by=visit.by, at=visit.now, hold=dispatch.HOLD)
    words = _("It goes to %(to)s.") % {"to": mail.to}
    url = QUOTES.url("", quote_id)
    return answers.done(
        request, to=url, text=words, undo=undo_url(mail), undo_label=_("Undo sending")
    )


@page("quotes", "quote.edit")
def quote_accept(request: HttpRequest, visit: Visit, quote_id: UUID) -> HttpResponse:
    """The client said yes by word of mouth, letter or mail."""
    record = queries.get_quote(quote_id, by=visit.by)
    if request.method != "POST":
        return sheet(request, "accept", record)
    name = request.POST.get("name", "")
    operations.accept_quote(quote_id, by=visit.by, at=visit.now, name=name)
    return answers.done(request, to=QUOTES.url("", quote_id), text=_("The quote is accepted."))


@page("quotes", "quote.edit")
def quote_decline(request: HttpRequest, visit: Visit, quote_id: UUID) -> HttpResponse:
    """The client said no."""
    record = queries.get_quote(quote_id, by=visit.by)
    if request.method != "POST":
        return sheet(request, "decline", record)
    reason = request.POST.get("reason", "")
    operations.decline_quote(quote_id, by=visit.by, at=visit.now, reason=reason)
    return answers.done(request, to=QUOTES.url("", quote_id), text=_("The quote is declined."))


@page("quotes", "invoice.create")
def quote_invoice(request: HttpRequest, visit: Visit, quote_id: UUID) -> HttpResponse:
    """Make an invoice of what is left of it, or of a part."""
    record = queries.get_quote(quote_id, by=visit.by)
    if request.method != "POST":
        return sheet(request, "invoice", record)
    try:
        made = operations.invoice_quote(
            quote_id,
            by=visit.by,
            at=visit.now,
            lines=parts_of(request, record),
            kind="deposit" if request.POST.get("kind") == "deposit" else "invoice",
        )
    except GuilderError as error:
        return sheet(request, "invoice", record, problems=sentences(error))
    answers.say(request, _("This is the draft of the invoice. Nothing is issued yet."))
    return reviewing.done(request, reverse("web:invoice_edit", args=[made.id]))


def parts_of(request: HttpRequest, record: Any) -> list[dict[str, Any]] | None:
    """How much of each line; None is all that is left."""
    if "quantity-1" not in request.POST:
        return None
    found = []
    for position, (quoted, invoiced) in enumerate(record.quantities, start=1):
        text = numbers.read(request.POST.get(f"quantity-{position}", ""))
        if quoted != invoiced and text and text != "0":
            found.append({"line": position, "quantity": text})
    return found


def sheet(
    request: HttpRequest, act: str, record: Any, *, problems: list[str] | None = None
) -> HttpResponse:
    """A small form, in the sheet or as a page."""
    lines = [
        {
            "position": position,
            "name": line["item"].get("name", ""),
            "left": numbers.shown(f"{(quoted - invoiced).normalize():f}"),
            "is_done": quoted == invoiced,
        }
        for position, (line, (quoted, invoiced)) in enumerate(
            zip(record.paper.get("lines", []), record.quantities, strict=True), start=1
        )
    ]
    words = {
        "act": act,
        "quote": record,
        "lines": lines,
        "problems": problems or [],
        "back": QUOTES.url("", record.id),
        "action": QUOTES.url(act, record.id),
    }
    name = "quotes/act.html#sheet" if answers.in_sheet(request) else "quotes/act.html"
    return render(request, name, words, status=422 if problems else 200)


@page("quotes", "quote.edit", methods="POST")
def quote_duplicate(request: HttpRequest, visit: Visit, quote_id: UUID) -> HttpResponse:
    """A new draft like it."""
    record = queries.get_quote(quote_id, by=visit.by)
    data = queries.quote_values(record)
    data.pop("valid_until", None)
    made = operations.create_quote(by=visit.by, data=data, at=visit.now)
    answers.say(request, _("This is a copy. Nothing is sent yet."))
    return redirect("web:quote_edit", made.id)


@page("quotes", methods="POST")
def quote_delete(request: HttpRequest, visit: Visit, quote_id: UUID) -> HttpResponse:
    """Throw a draft away."""
    operations.delete_quote(quote_id, by=visit.by)
    answers.say(request, _("The draft is deleted."))
    return redirect("web:quotes")
