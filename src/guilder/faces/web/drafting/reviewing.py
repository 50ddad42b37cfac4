"""The step before a paper goes out: what is missing is asked here, the number is named, the mail
is shown; then all of it happens in one transaction, or none."""

from dataclasses import dataclass, replace
from datetime import date
from types import SimpleNamespace
from typing import Any

from django import forms as django_forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _

from guilder.faces.web import answers, forms, typed
from guilder.faces.web.drafting import checks, einvoice, periods
from guilder.faces.web.drafting.desk import Desk, Drawn, draw, stored_desk
from guilder.faces.web.drafting.shelves import Shelf
from guilder.faces.web.shell import Visit
from guilder.kernel.document import Document
from guilder.kernel.errors import GuilderError
from guilder.office.dispatch import operations as dispatch
from guilder.papers.rendering import operations as rendering
from guilder.papers.rendering import queries as looks
from guilder.registers.numbering import queries as numbering
from guilder.registers.parties import operations as parties
from guilder.registers.parties import queries as profiles

SELLER = ("legal_name", "line1", "postal_code", "city", "vat_id", "tax_number", "iban", "bic")
ADDRESS = ("line1", "postal_code", "city")
FIELDS = {"/to": "to", "/cc": "to", "/subject": "subject", "/text": "text", "/on": "on"}
TEMPLATE = "invoices/review.html"


class ReviewForm(forms.PaperForm):
    """When it is issued, what the mail says, and what the law wants to know of the sender."""

    on = forms.day(_("Issue date"))
    to = forms.text(_("To"), limit=2000, autocomplete="off")
    subject = forms.text(_("Subject"), limit=300, autocomplete="off")
    text = forms.long_text(_("Text"), rows=7, limit=20_000)
    legal_name = forms.text(_("Legal name"), autocomplete="organization")
    line1 = forms.text(_("Street and number"), autocomplete="address-line1")
    postal_code = forms.text(_("Postal code"), limit=20, autocomplete="postal-code")
    city = forms.text(_("City"), autocomplete="address-level2")
    vat_id = forms.text(_("VAT ID"), limit=40, autocomplete="off")
    tax_number = forms.text(_("or tax number"), limit=40, autocomplete="off")
    iban = forms.text(_("IBAN"), limit=42, autocomplete="off")
    bic = forms.text(_("BIC"), limit=11, autocomplete="off")
    logo = django_forms.FileField(
        label=_("Logo"), required=False, help_text=_("PNG, JPEG or SVG, up to 1 MB.")
    )


@dataclass(slots=True)
class Review:
    """One draft before it goes out."""

    shelf: Shelf
    record: Any
    desk: Desk
    drawn: Drawn
    missing: list[SimpleNamespace]
    number: str
    on: date
    asked: tuple[str, ...]
    mail: Any = None

    @property
    def document(self) -> Document | None:
        """The paper as it would go out."""
        return self.drawn.document


def review_of(request: HttpRequest, visit: Visit, shelf: Shelf, record: Any) -> Review:
    """What is known of a draft before it goes out."""
    text = request.POST.get("on") or request.GET.get("on", "")
    day = periods.read_day(text, today=visit.today) or visit.today
    with visit.reading():
        desk = stored_desk(shelf, visit, record)
        desk.form.initial["issued_on"] = day.isoformat()
        drawn = draw(desk, visit)
        missing = [
            *checks.missing_of(desk, drawn, visit),
            *einvoice.missing_of(desk, drawn, visit),
        ]
        number = next_number(shelf, record, visit, on=day)
        asked = asked_of(drawn.document, visit, shelf)
        found = Review(shelf, record, desk, drawn, missing, number, day, asked)
        if drawn.document is not None:
            numbered = replace(drawn.document, number=number)
            found.mail = dispatch.compose_document(numbered, by=visit.by, at=visit.now)
    return found


def next_number(shelf: Shelf, record: Any, visit: Visit, *, on: date) -> str:
    """The number that it would get now."""
    of = visit.by.organization_id
    kind = "quote" if shelf.kind else record.kind
    for one in numbering.list_series(of):
        if one.kind == kind and one.is_default and one.is_active and not one.branch:
            return numbering.next_number(of, one, on=on)
    return ""


def asked_of(document: Document | None, visit: Visit, shelf: Shelf) -> tuple[str, ...]:
    """Which of the sender's details are asked here: those that are missing, once."""
    if not visit.by.may("settings.edit"):
        return ()
    profile = profiles.seller_profile(visit.by.organization_id)
    known = {name: getattr(profile, name, "") for name in SELLER}
    asked: list[str] = [] if known["legal_name"] else ["legal_name"]
    country = document.seller.address.country if document else ""
    if country in checks.FULL_ADDRESS and not (known["line1"] and known["city"]):
        asked += ADDRESS
    if shelf.kind is None and document is not None:
        taxed = any(one.category != "O" for one in document.taxes)
        if taxed and not (known["vat_id"] or known["tax_number"]):
            asked += ["vat_id", "tax_number"]
        if not known["iban"] and document.kind.value not in ("credit_note", "pro_forma"):
            asked += ["iban", "bic"]
    if asked and not looks.look_of(by=visit.by).logo:
        asked.append("logo")
    return tuple(asked)


def form_of(request: HttpRequest, review: Review) -> ReviewForm:
    """The form, as sent or as proposed."""
    if request.method == "POST":
        return ReviewForm(request.POST, request.FILES)
    mail = review.mail
    initial = {"on": review.on}
    if mail is not None:
        initial |= {"to": mail.to, "subject": mail.subject, "text": mail.text}
    return ReviewForm(initial=initial)


def mended(form: ReviewForm, review: Review, visit: Visit) -> bool:
    """Store what was asked of the sender; False where something of it is refused."""
    given = form.cleaned_data
    asked = [name for name in review.asked if name != "logo"]
    data = {name: given[name] for name in asked if given[name]}
    try:
        if data:
            parties.set_seller_profile(by=visit.by, data=data)
        if given["logo"] and "logo" in review.asked:
            file = given["logo"]
            rendering.set_logo(by=visit.by, data=file.read(), filename=file.name)
    except GuilderError as error:
        typed.refuse(form, error, {})
        return False
    return True


def wish_of(form: ReviewForm, review: Review, *, number: str) -> dispatch.Wish:
    """What the person chose about the mail; what they left alone is as usual."""
    given = form.cleaned_data
    to = [part.strip() for part in given["to"].replace(";", ",").split(",") if part.strip()]
    usual = review.mail

    def chosen(name: str, before: str) -> str | None:
        text = given[name].replace("\r\n", "\n").strip()
        if not text or text == before.strip():
            return None
        return text.replace(review.number, number) if review.number else text

    return dispatch.Wish(
        to=to,
        subject=chosen("subject", usual.subject if usual else ""),
        text=chosen("text", usual.text if usual else ""),
    )


def page_of(
    request: HttpRequest,
    visit: Visit,
    review: Review,
    form: ReviewForm,
    *,
    status: int = 200,
) -> HttpResponse:
    """The review, in the sheet or as a page of its own."""
    shelf, record = review.shelf, review.record
    edit_url = shelf.url("edit", record.id)
    hard = [one for one in review.missing if one.hard and not is_asked(one, review)]
    soft = [one for one in review.missing if not one.hard and not is_asked(one, review)]
    words = {
        "review": review,
        "form": form,
        "shelf": shelf,
        "is_quote": shelf.kind is not None,
        "edit_url": edit_url,
        "action": shelf.url("review", record.id),
        "hard": [linked(one, edit_url) for one in hard],
        "soft": [linked(one, edit_url) for one in soft],
        "asked": [form[name] for name in review.asked],
        "needs": [name for name in ("legal_name", "vat_id") if name in review.asked],
        "total": total_of(review.document),
        "due_on": review.document.due_on if review.document else None,
        "lines": len(review.document.lines) if review.document else 0,
        "client": review.document.buyer.name if review.document else record.partner_name,
        "may_send": visit.by.may("quote.send" if shelf.kind else "invoice.send"),
        "error": bool(form.errors),
    }
    name = f"{TEMPLATE}#sheet" if answers.in_sheet(request) else TEMPLATE
    return render(request, name, words, status=status)


def is_asked(one: SimpleNamespace, review: Review) -> bool:
    """Whether what is missing is asked on the very page."""
    return "settings" in one.url and bool(review.asked)


def linked(one: SimpleNamespace, edit_url: str) -> SimpleNamespace:
    """The same thing to do, with an address that leads there from anywhere."""
    url = f"{edit_url}{one.url}" if one.url.startswith("#") else one.url
    return SimpleNamespace(text=one.text, url=url)


def total_of(document: Document | None) -> Any:
    """What is to be paid."""
    if document is None or document.totals is None:
        return None
    return document.totals.receivable or document.totals.due


def done(request: HttpRequest, url: str) -> HttpResponse:
    """To the paper's own page, from the sheet or from the page."""
    if answers.swaps(request):
        return HttpResponse(status=204, headers={"HX-Redirect": url})
    return redirect(url)
