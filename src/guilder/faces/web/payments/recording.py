"""Recording a payment: the form, what its client owes, and how the money falls on that."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from secrets import token_urlsafe
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from guilder.books.invoicing import queries as invoicing
from guilder.books.invoicing.queries import InvoiceFilter, InvoiceRecord
from guilder.books.payments import operations
from guilder.books.payments import queries as payments
from guilder.faces.web import answers, choices, formats, lists, typed
from guilder.faces.web.choices import RECEIVABLE
from guilder.faces.web.door import page
from guilder.faces.web.lists.filters import identity
from guilder.faces.web.payments import quick
from guilder.faces.web.payments.forms import PaymentForm
from guilder.faces.web.payments.once import once
from guilder.faces.web.payments.words import rate_words
from guilder.faces.web.sentences import said
from guilder.faces.web.shell import Visit
from guilder.kernel.currencies import is_currency
from guilder.kernel.errors import Conflict, GuilderError, Invalid
from guilder.kernel.money import Money
from guilder.registers.parties import queries as parties

MOST_OPEN = 200
PREFIX = "allocation-"
FIELDS = {
    "/client": "client_name",
    "/amount": "amount",
    "/amount/currency": "currency",
    "/received_on": "received_on",
    "/method": "method",
    "/reference": "reference",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What the form says so far: who pays, how much, and what was typed beside the invoices."""

    partner_id: UUID | None
    currency: str
    amount: Money | None
    shares: Mapping[str, str]
    has_rows: bool = False


@page("payments", "payment.record")
def payment_new(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Money that came in, and what it pays."""
    if request.method == "POST":
        return recorded(request, visit)
    if answers.in_sheet(request) and (invoice_id := identity(request.GET.get("invoice", ""))):
        return quick.form_of(request, visit, invoice_id)
    if request.headers.get("HX-Request"):
        return asked_again(request, visit)
    with visit.reading():
        values, asked, first = beginning(request, visit)
        owed = open_of(asked, visit)
        if first is not None:
            owed.sort(key=lambda one: one.id != first.id)
        words = {
            "form": form_of(values, visit),
            "back": back_of(request, visit),
            "problems": [],
            **owed_words(owed, asked, proposed(asked.amount, owed), visit=visit),
        }
    return render(request, "payments/edit.html", words)


def beginning(
    request: HttpRequest, visit: Visit
) -> tuple[dict[str, Any], Asked, InvoiceRecord | None]:
    """The first values: of the invoice or the client that the address names."""
    values: dict[str, Any] = {
        "received_on": visit.today,
        "currency": visit.organization.base_currency,
        "method": "bank_transfer",
    }
    invoice_id, client_id = (identity(request.GET.get(name, "")) for name in ("invoice", "client"))
    amount, record = None, None
    if invoice_id:
        record = invoicing.get_invoice(invoice_id, by=visit.by)
        amount = record.money(record.open_amount) if record.kind in RECEIVABLE else None
        client_id = record.partner_id
        values |= {"currency": record.currency, "client_name": record.partner_name}
    elif client_id:
        partner = parties.get_partner(visit.by.organization_id, client_id, side="customer")
        agreed = [one.currency for one in partner.partnerships.all() if one.side == "customer"]
        values |= {"client_name": partner.name, "currency": agreed[0] or values["currency"]}
    values |= {"client": client_id or "", "amount": typed.shown(amount) if amount else ""}
    return values, Asked(client_id, values["currency"], amount, {}), record


def asked_again(request: HttpRequest, visit: Visit) -> HttpResponse:
    """What is open of the client chosen now; a new amount is laid on the oldest first."""
    with visit.reading():
        asked = asked_of(request.GET, visit)
        owed = open_of(asked, visit)
        typed_here = request.headers.get("HX-Trigger") == "open"
        texts = asked.shares if typed_here else proposed(asked.amount, owed)
        words = owed_words(owed, asked, texts, visit=visit)
    values = {"client": asked.partner_id or ""}
    words["form"] = PaymentForm(initial=values)
    return render(request, "payments/edit.html#open", words)


def asked_of(given: Any, visit: Visit) -> Asked:
    """The form as it stands, whatever can be read of it."""
    currency = given.get("currency", "")
    if not is_currency(currency):
        currency = visit.organization.base_currency
    return Asked(
        client_of(given, visit),
        currency,
        money_of(given.get("amount", ""), currency),
        shares_of(given),
        has_rows=any(name.startswith(PREFIX) for name in given),
    )


def shares_of(given: Any) -> dict[str, str]:
    """Invoice → amount as typed beside it; fields that were left empty pay nothing."""
    return {
        name.removeprefix(PREFIX): text.strip()
        for name, text in given.items()
        if name.startswith(PREFIX) and text.strip()
    }


def client_of(given: Any, visit: Visit) -> UUID | None:
    """The client that was chosen, else the one of that very name."""
    chosen, name = identity(given.get("client", "")), given.get("client_name", "").strip()
    if chosen or not name:
        return chosen
    found = parties.list_partners(visit.by.organization_id, side="customer", q=name)
    same = found.filter(name__iexact=name).order_by("id").first()
    return same.id if same else None


def money_of(text: str, currency: str) -> Money | None:
    """An amount as people type it; None where it is none."""
    try:
        return Money.of(typed.number(text), currency)
    except (ValueError, ArithmeticError):
        return None


def open_of(asked: Asked, visit: Visit) -> list[InvoiceRecord]:
    """What the client owes in the currency, the longest due first."""
    if asked.partner_id is None:
        return []
    narrowed = InvoiceFilter(
        today=visit.today,
        partner_id=asked.partner_id,
        currency=asked.currency,
        is_open=True,
        kinds=RECEIVABLE,
    )
    return invoicing.list_invoices(narrowed, by=visit.by, sort="due_on", limit=MOST_OPEN)


def proposed(amount: Money | None, owed: Sequence[InvoiceRecord]) -> dict[str, str]:
    """The amount laid on what is open, in that order, as texts of the fields."""
    texts: dict[str, str] = {}
    left = amount.minor if amount and amount.minor > 0 else 0
    for record in owed:
        share = min(left, record.open_amount)
        left -= share
        if share:
            texts[str(record.id)] = typed.shown(record.money(share))
    return texts


def owed_words(
    owed: Sequence[InvoiceRecord],
    asked: Asked,
    texts: Mapping[str, str],
    *,
    visit: Visit,
    errors: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """The rows of what is open, and what is left of the payment."""
    rows = []
    for record in owed:
        words, late = lists.due_words(record.due_on, today=visit.today, is_open=True)
        key = str(record.id)
        rows.append(
            SimpleNamespace(
                id=key,
                number=record.number,
                url=reverse("web:invoice", args=[record.id]),
                due_on=record.due_on,
                due_text=words,
                late=late,
                open=record.money(record.open_amount),
                amount=texts.get(key, ""),
                error=(errors or {}).get(key, ""),
            )
        )
    return {
        "open_invoices": rows,
        "left_text": left_words(asked, texts),
        "rate_text": rate_words(asked.currency, visit.today, visit),
        "elsewhere_text": "" if rows else elsewhere_words(asked, visit),
    }


def left_words(asked: Asked, texts: Mapping[str, str]) -> str:
    """What stays the client's credit; nothing while the amount cannot be read."""
    shares = [money_of(text, asked.currency) for text in texts.values()]
    if asked.amount is None or any(one is None for one in shares):
        return ""
    left = asked.amount.minor - sum(one.minor for one in shares if one)
    if left < 0:
        return _("These add up to more than what came in.")
    if not left:
        return _("Nothing is left over.")
    amount = formats.money(Money(left, asked.currency), formats.reader())
    return _("%(amount)s stays the client's credit.") % {"amount": amount}


def elsewhere_words(asked: Asked, visit: Visit) -> str:
    """That something is open in other currencies."""
    if asked.partner_id is None:
        return ""
    found = invoicing.balances([asked.partner_id], by=visit.by, today=visit.today)
    codes = [one.open.currency for one in found.get(asked.partner_id, ())]
    others = [code for code in codes if code != asked.currency]
    if not others:
        return ""
    words = _("Invoices are open in %(currency)s only. Choose that currency to pay them.")
    return words % {"currency": ", ".join(others)}


def form_of(values: Mapping[str, Any], visit: Visit, *, posted: Any = None) -> PaymentForm:
    """The form with its choices, and a mark of its own, so that sending it twice does it once."""
    return PaymentForm(
        posted,
        initial={**values, "once": token_urlsafe(16)},
        choices={
            "currency": choices.currencies(visit.organization.base_currency),
            "method": choices.pairs(choices.METHODS),
        },
    )


def back_of(request: HttpRequest, visit: Visit) -> SimpleNamespace:
    """Where one came from: the invoice, the client, else the list."""
    invoice_id, client_id = (identity(request.GET.get(name, "")) for name in ("invoice", "client"))
    if invoice_id:
        record = invoicing.get_invoice(invoice_id, by=visit.by)
        url = reverse("web:invoice", args=[invoice_id])
        return SimpleNamespace(url=url, label=record.number or _("Draft"))
    if client_id:
        partner = parties.get_partner(visit.by.organization_id, client_id, side="customer")
        return SimpleNamespace(url=reverse("web:client", args=[client_id]), label=partner.name)
    return SimpleNamespace(url=reverse("web:payments"), label=_("Payments"))


def recorded(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Record what was typed; the page again with every fault where it cannot be."""
    form = form_of({}, visit, posted=request.POST)
    with visit.reading():
        asked = asked_of(request.POST, visit)
        back = back_of(request, visit)
    if not form.is_valid():
        return refused(request, visit, form, asked, back)
    if asked.partner_id is None:
        form.refuse([("client_name", _("Choose a client from the list."))])
        return refused(request, visit, form, asked, back)
    try:
        url, words, undo = stored(request, visit, data_of(form, asked), back)
    except (Invalid, Conflict) as error:
        return refused(request, visit, form, asked, back, error=error)
    answers.say(request, words, undo=undo)
    return redirect(url)


def data_of(form: PaymentForm, asked: Asked) -> dict[str, Any]:
    """The raw values of the operation. A form that showed no invoices pays the oldest first."""
    given = form.cleaned_data
    return {
        "client": str(asked.partner_id),
        "amount": {"amount": typed.number(given["amount"]), "currency": given["currency"]},
        "received_on": given["received_on"].isoformat(),
        "method": given["method"],
        "reference": given["reference"],
        "allocations": [
            {"invoice": invoice_id, "amount": typed.number(text)}
            for invoice_id, text in asked.shares.items()
        ],
        "auto": not asked.has_rows,
    }


def stored(
    request: HttpRequest, visit: Visit, data: dict[str, Any], back: SimpleNamespace
) -> tuple[str, str, str]:
    """Record it once: where to go, what to say there, and where it is undone."""
    made = once(
        visit,
        mark=request.POST.get("once", ""),
        asked=data,
        run=lambda: operations.record_payment(by=visit.by, data=data, at=visit.now),
    )
    with visit.reading():
        record = payments.get_payment(made, by=visit.by)
    url = reverse("web:payment", args=[made])
    if back.url != reverse("web:payments"):
        url = back.url
    amount = formats.money(Money(record.amount, record.currency), formats.reader())
    words = _("%(amount)s from %(client)s is recorded.")
    undo = reverse("web:payment_undo", args=[made]) if visit.by.may("payment.reverse") else ""
    return url, words % {"amount": amount, "client": record.partner_name}, undo


def refused(
    request: HttpRequest,
    visit: Visit,
    form: PaymentForm,
    asked: Asked,
    back: SimpleNamespace,
    *,
    error: GuilderError | None = None,
) -> HttpResponse:
    """The page with what is wrong beside what it is about."""
    beside, problems = placed(form, asked, error) if error else ({}, [])
    with visit.reading():
        owed = open_of(asked, visit)
        words = {
            "form": form,
            "back": back,
            "problems": problems,
            **owed_words(owed, asked, asked.shares, visit=visit, errors=beside),
        }
    return render(request, "payments/edit.html", words, status=422)


def placed(
    form: PaymentForm, asked: Asked, error: GuilderError
) -> tuple[dict[str, str], list[SimpleNamespace]]:
    """A room's faults: those of the form go there, those of invoices are given back."""
    beside: dict[str, str] = {}
    problems: list[SimpleNamespace] = []
    ids = list(asked.shares)
    for problem in error.problems:
        parts = problem.pointer.split("/")
        if parts[1:2] != ["allocations"]:
            form.refuse([(typed.field_of(problem.pointer, FIELDS), problem.detail)])
            continue
        invoice_id = ids[int(parts[2])] if len(parts) > 2 else ""
        if invoice_id:
            beside[invoice_id] = said(problem.detail)
        anchor = f"{PREFIX}{invoice_id}" if invoice_id else "open"
        problems.append(SimpleNamespace(anchor=anchor, text=said(problem.detail)))
    if not error.problems:
        form.refuse([("", error.detail)])
    return beside, problems
