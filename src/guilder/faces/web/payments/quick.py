"""Recording a payment for one invoice in place: a few fields, the outcome in words."""

from datetime import date
from secrets import token_urlsafe
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from guilder.books.invoicing import queries as invoicing
from guilder.books.invoicing.queries import InvoiceRecord
from guilder.books.payments import operations
from guilder.faces.web import answers, choices, days, formats, typed
from guilder.faces.web.choices import RECEIVABLE
from guilder.faces.web.door import page
from guilder.faces.web.payments.once import once
from guilder.faces.web.payments.words import outcome, rate_words
from guilder.faces.web.sentences import said
from guilder.faces.web.shell import Visit
from guilder.kernel.errors import Conflict, GuilderError, Invalid
from guilder.kernel.money import Money

WORDS = "pay-words"
FIELDS = {
    "amount": "amount",
    "allocations": "amount",
    "received_on": "received_on",
    "method": "method",
    "reference": "reference",
}


@page("payments", "payment.record")
def payment_quick(request: HttpRequest, visit: Visit, invoice_id: UUID) -> HttpResponse:
    """The small form beside a row or button; posting it records."""
    return form_of(request, visit, invoice_id)


def form_of(request: HttpRequest, visit: Visit, invoice_id: UUID) -> HttpResponse:
    """What the small form answers, wherever it was asked for."""
    with visit.reading():
        record = invoicing.get_invoice(invoice_id, by=visit.by)
    if request.method == "POST" and request.headers.get("HX-Target") != WORDS:
        return recorded(request, visit, record)
    given = given_of(request, record, visit)
    name = "payments/quick.html#words" if request.headers.get("HX-Target") == WORDS else ""
    return drawn(request, visit, record, given, {}, name=name)


def given_of(request: HttpRequest, record: InvoiceRecord, visit: Visit) -> SimpleNamespace:
    """What was typed, else all that is open, today."""
    post = request.POST
    left = record.money(record.open_amount if record.kind in RECEIVABLE else 0)
    today = formats.day(visit.today, formats.reader())
    return SimpleNamespace(
        amount=post.get("amount", typed.shown(left)),
        received_on=post.get("received_on", today),
        method=post.get("method", "bank_transfer"),
        reference=post.get("reference", ""),
        once=post.get("once") or token_urlsafe(16),
    )


def amount_of(text: str, currency: str) -> Money | None:
    """An amount as people type it; None where it is none."""
    try:
        return Money.of(typed.number(text), currency)
    except (ValueError, ArithmeticError):
        return None


def day_of(text: str, visit: Visit) -> date | None:
    """A day as people type it."""
    return days.read(text, today=visit.today, language=get_language() or "en")


def recorded(request: HttpRequest, visit: Visit, record: InvoiceRecord) -> HttpResponse:
    """Record it once, however often the button is pressed."""
    given = given_of(request, record, visit)
    amount, on = amount_of(given.amount, record.currency), day_of(given.received_on, visit)
    faults = {}
    if amount is None:
        faults["amount"] = _("Enter an amount, for example 1,250.00.")
    if on is None:
        faults["received_on"] = _("Enter a day, for example 20 Nov 2026.")
    if faults or amount is None or on is None:
        return drawn(request, visit, record, given, faults)
    try:
        made = once(
            visit,
            mark=given.once,
            asked=(record.id, given),
            run=lambda: operations.record_payment(
                by=visit.by, data=data_of(record, given, amount, on), at=visit.now
            ),
        )
    except (Invalid, Conflict) as error:
        return drawn(request, visit, record, given, faults_of(error))
    words = _("%(amount)s from %(client)s is recorded.") % {
        "amount": formats.money(amount, formats.reader()),
        "client": record.partner_name,
    }
    may_undo = visit.by.may("payment.reverse")
    return answers.done(
        request,
        to=reverse("web:invoice", args=[record.id]),
        text=words,
        undo=reverse("web:payment_undo", args=[made]) if may_undo else "",
    )


def data_of(
    record: InvoiceRecord, given: SimpleNamespace, amount: Money, on: date
) -> dict[str, Any]:
    """The raw values of the operation: the invoice is paid as far as it is open."""
    share = Money(min(amount.minor, record.open_amount), record.currency)
    pays = [{"invoice": str(record.id), "amount": typed.shown(share)}] if share.minor > 0 else []
    return {
        "client": str(record.partner_id),
        "amount": {"amount": typed.shown(amount), "currency": record.currency},
        "received_on": on.isoformat(),
        "method": given.method,
        "reference": given.reference,
        "allocations": pays,
    }


def faults_of(error: GuilderError) -> dict[str, str]:
    """A room's faults beside the fields."""
    found: dict[str, str] = {}
    for problem in error.problems:
        field = FIELDS.get(problem.pointer.strip("/").split("/")[0], "amount")
        found.setdefault(field, said(problem.detail))
    return found or {"amount": said(error.detail)}


def drawn(
    request: HttpRequest,
    visit: Visit,
    record: InvoiceRecord,
    given: SimpleNamespace,
    faults: dict[str, str],
    *,
    name: str = "",
) -> HttpResponse:
    """The form, or with `name` a part of it."""
    amount, on = amount_of(given.amount, record.currency), day_of(given.received_on, visit)
    with visit.reading():
        rate = rate_words(record.currency, on or visit.today, visit)
    words = {
        "paper": SimpleNamespace(
            id=record.id,
            number=record.number,
            client=record.partner_name,
            currency=record.currency,
            more_url=f"{reverse('web:payment_new')}?invoice={record.id}&all=1",
        ),
        "given": given,
        "faults": faults,
        "methods": choices.pairs(choices.METHODS),
        "outcome": outcome(amount, record.money(record.open_amount)),
        "rate": rate,
    }
    return render(request, name or template_of(request), words, status=422 if faults else 200)


def template_of(request: HttpRequest) -> str:
    """The form alone where it goes into the sheet, else a page."""
    return "payments/quick.html#form" if answers.in_sheet(request) else "payments/quick.html"
