"""The page of a quote: what is offered, and yes or no to it."""

from types import SimpleNamespace

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from guilder.books.invoicing import operations
from guilder.books.invoicing.queries import QuoteRecord
from guilder.faces.web import formats, typed
from guilder.faces.web.outside import words
from guilder.faces.web.outside.door import hosted
from guilder.faces.web.outside.files import pages_of
from guilder.faces.web.outside.forms import AcceptForm, DeclineForm, QuestionForm
from guilder.faces.web.outside.opened import Opened, is_first_today, is_own
from guilder.faces.web.outside.views import PREFETCHES, QUESTION, asked, common, question_form
from guilder.foundation.edges import throttle
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.document import Document
from guilder.kernel.errors import Conflict, Invalid
from guilder.kernel.money import Money

# Several forms stand on one page: each has ids of its own.
ACCEPT, DECLINE = "accept-%s", "decline-%s"


@hosted("quote")
def quote(request: HttpRequest, opened: Opened) -> HttpResponse:
    """The quote with its two answers."""
    ahead = request.headers.get("Sec-Purpose", "").split(";")[0] in PREFETCHES
    looks = not opened.is_preview and not ahead and not is_own(request, opened)
    if looks and request.method == "GET" and is_first_today(opened):
        operations.note_quote_view(opened.record.id, by=opened.by, at=opened.now)
    return page(request, opened)


@hosted("quote", "POST")
def accept(request: HttpRequest, opened: Opened) -> HttpResponse:
    """Yes, by name."""
    form = AcceptForm(request.POST, auto_id=ACCEPT)
    if not form.is_valid():
        return page(request, opened, accepting=form, status=422)
    try:
        operations.accept_as_client(
            opened.record.id,
            by=opened.by,
            at=opened.now,
            on=opened.today,
            name=form.cleaned_data["name"],
        )
    except (Invalid, Conflict) as error:
        typed.refuse(form, error, {})
        return page(request, opened, accepting=form, status=422)
    return redirect(opened.base)


@hosted("quote", "POST")
def decline(request: HttpRequest, opened: Opened) -> HttpResponse:
    """No, for a reason or none."""
    form = DeclineForm(request.POST, auto_id=DECLINE)
    if not form.is_valid():
        return page(request, opened, declining=form, status=422)
    try:
        operations.decline_as_client(
            opened.record.id,
            by=opened.by,
            at=opened.now,
            on=opened.today,
            reason=form.cleaned_data["reason"],
        )
    except (Invalid, Conflict) as error:
        typed.refuse(form, error, {})
        return page(request, opened, declining=form, status=422)
    return redirect(opened.base)


@hosted("quote", "POST")
def question(request: HttpRequest, opened: Opened) -> HttpResponse:
    """Ask the sender something."""
    form = QuestionForm(request.POST, auto_id=QUESTION)
    if form.is_valid():
        try:
            throttle.spend("anon", f"question:{opened.link_id}")
            operations.ask_about_quote(opened.record.id, by=opened.by, data=asked(form))
            return redirect(f"{opened.base}?asked=1#question")
        except Invalid as error:
            typed.refuse(form, error, {})
    return page(request, opened, form=form, status=422)


def page(
    request: HttpRequest,
    opened: Opened,
    *,
    form: QuestionForm | None = None,
    accepting: AcceptForm | None = None,
    declining: DeclineForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page, with what a form on it came to."""
    with transaction(opened.by.organization_id):
        document = opened.document()
        contact = document.buyer.contact.name
        found = common(request, opened, document) | {
            "quote": quote_words(opened, document),
            "form": form or question_form(document),
            "accepting": accepting or AcceptForm(initial={"name": contact}, auto_id=ACCEPT),
            "declining": declining or DeclineForm(auto_id=DECLINE),
            "was_asked": "asked" in request.GET,
            "refused": next((one for one in (accepting, declining, form) if one is not None), None),
        }
    found["pages"] = pages_of(opened, found["quote"].title)
    return render(request, "outside/quote.html", found, status=status)


def quote_words(opened: Opened, document: Document) -> SimpleNamespace:
    """The head of the page: the amount, until when, and how it was answered."""
    record = opened.record
    assert isinstance(record, QuoteRecord)  # noqa: S101  (for the type checker)
    word = record.word(on=opened.today)
    return SimpleNamespace(
        title=words.title_of("quote", record.number or ""),
        number=record.number or "",
        client=document.buyer.name or record.partner_name,
        issued_on=document.issued_on,
        amount=Money(record.gross_amount, record.currency),
        state=word,
        until=until_words(record, opened) if word == "sent" else "",
        answer=answer_words(record, word, opened),
        is_open=word == "sent" and not opened.is_preview,
    )


def until_words(record: QuoteRecord, opened: Opened) -> str:
    """Valid until 20 Dec 2026, 30 more days."""
    if record.valid_until is None:
        return ""
    day = formats.day(record.valid_until, words.locale_of(opened))
    days = (record.valid_until - opened.today).days
    if days == 0:
        return _("Valid until today, %(day)s") % {"day": day}
    text = ngettext(
        "Valid until %(day)s, %(days)s more day", "Valid until %(day)s, %(days)s more days", days
    )
    return text % {"day": day, "days": days}


def answer_words(record: QuoteRecord, word: str, opened: Opened) -> str:
    """How it was answered, when and by whom."""
    locale = words.locale_of(opened)
    if word in {"accepted", "invoiced"} and record.accepted_at is not None:
        told = {"name": record.accepted_by or record.partner_name, "at": at(record.accepted_at,
                opened, locale)}  # fmt: skip
        return _("Accepted by %(name)s on %(at)s.") % told
    if word == "declined" and record.declined_at is not None:
        return _("Declined on %(at)s.") % {"at": at(record.declined_at, opened, locale)}
    if word == "expired" and record.valid_until is not None:
        day = formats.day(record.valid_until, locale)
        return _("This quote was valid until %(day)s. Ask for a new one.") % {"day": day}
    return ""


def at(moment: object, opened: Opened, locale: formats.Locale) -> str:
    """An instant where the organization is."""
    return formats.instant(moment.astimezone(opened.zone), locale)  # type: ignore[attr-defined]
