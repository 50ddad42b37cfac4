"""Giving money back: one form for a payment and for a credit note."""

from collections.abc import Mapping
from dataclasses import dataclass
from secrets import token_urlsafe
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from guilder.books.invoicing import queries as invoicing
from guilder.books.payments import operations
from guilder.books.payments import queries as payments
from guilder.books.payments.queries.refunds import RefundRecord, get_refund, refund_policy
from guilder.faces.web import answers, choices, typed
from guilder.faces.web.door import page
from guilder.faces.web.payments.once import once
from guilder.faces.web.payments.words import told
from guilder.faces.web.refunds.forms import RefundForm
from guilder.faces.web.shell import Visit
from guilder.kernel.errors import Conflict, Invalid
from guilder.kernel.money import Money

BY_ORDER = "payment_order"
FIELDS = {
    "/by_order": "method",
    "/amount": "amount",
    "/refunded_on": "refunded_on",
    "/method": "method",
    "/reason": "reason",
    "/reference": "reference",
}


@dataclass(frozen=True, slots=True)
class Source:
    """What is given back, as the form shows it; `applied` is what would be taken off invoices."""

    name: str
    id: UUID
    client: str
    words: str
    url: str
    left: Money
    applied: Money
    method: str


@page("refunds", "refund.create")
def refund_of_payment(request: HttpRequest, visit: Visit, payment_id: UUID) -> HttpResponse:
    """Give back what a payment brought."""
    with visit.reading():
        record = payments.get_payment(payment_id, by=visit.by)
    active = sum(one.amount for one in record.allocations if one.is_active)
    source = Source(
        name="payment",
        id=record.id,
        client=record.partner_name,
        words=_("Payment"),
        url=reverse("web:payment", args=[record.id]),
        left=Money(record.unallocated_amount, record.currency),
        applied=Money(active, record.currency),
        method=record.method,
    )
    return form_page(request, visit, source)


@page("refunds", "refund.create")
def refund_of_credit_note(request: HttpRequest, visit: Visit, invoice_id: UUID) -> HttpResponse:
    """Pay a credit note out."""
    with visit.reading():
        record = invoicing.get_invoice(invoice_id, by=visit.by)
    source = Source(
        name="credit_note",
        id=record.id,
        client=record.partner_name,
        words=_("Credit note %(number)s") % {"number": record.number},
        url=reverse("web:invoice", args=[record.id]),
        left=record.money(record.open_amount),
        applied=record.money(0),
        method="bank_transfer",
    )
    return form_page(request, visit, source)


def form_page(request: HttpRequest, visit: Visit, source: Source) -> HttpResponse:
    """The form, or what came of it."""
    if request.method == "POST":
        return asked(request, visit, source)
    values = {
        "amount": typed.shown(source.left or source.applied),
        "refunded_on": visit.today,
        "method": source.method,
    }
    return drawn(request, visit, source, form_of(values, source.left.currency))


def ordered(currency: str) -> list[tuple[str, str]]:
    """The way that no method is: a payment order of SEPA moves euro."""
    return [(BY_ORDER, _("Bank transfer by payment order"))] if currency == "EUR" else []


def form_of(values: Mapping[str, Any], currency: str, posted: Any = None) -> RefundForm:
    """The form with a mark of its own, so that sending it twice does it once."""
    return RefundForm(
        posted,
        initial={**values, "once": token_urlsafe(16)},
        choices={"method": [*choices.pairs(choices.METHODS), *ordered(currency)]},
    )


def asked(request: HttpRequest, visit: Visit, source: Source) -> HttpResponse:
    """Do it once, however often the button is pressed; the form again with every fault."""
    form = form_of({}, source.left.currency, request.POST)
    if not form.is_valid():
        return drawn(request, visit, source, form, status=422)
    data = data_of(form, source)
    try:
        made = once(
            visit,
            mark=form.cleaned_data["once"],
            asked=data,
            run=lambda: operations.request_refund(by=visit.by, data=data, at=visit.now),
        )
    except (Invalid, Conflict) as error:
        form.refuse((typed.field_of(one.pointer, FIELDS), one.detail) for one in error.problems)
        if not error.problems:
            form.refuse([("amount", error.detail)])
        return drawn(request, visit, source, form, status=422)
    with visit.reading():
        record = get_refund(made, by=visit.by)
    return answers.done(request, to=reverse("web:refund", args=[made]), text=outcome(record))


def outcome(record: RefundRecord) -> str:
    """What came of it, in words."""
    named = {
        "amount": told(Money(record.amount, record.currency)),
        "client": record.partner_name,
    }
    if record.status == "waiting":
        return _("%(amount)s to %(client)s waits for approval.") % named
    return _("%(amount)s is given back to %(client)s.") % named


def data_of(form: RefundForm, source: Source) -> dict[str, Any]:
    """The raw values of the operation. More than what is left is taken off its invoices."""
    given = form.cleaned_data
    by_order = given["method"] == BY_ORDER
    return {
        source.name: str(source.id),
        "amount": {"amount": typed.number(given["amount"]), "currency": source.left.currency},
        "refunded_on": given["refunded_on"].isoformat(),
        **({"by_order": True} if by_order else {"method": given["method"]}),
        "reason": given["reason"],
        "reference": given["reference"],
        "takes_off": bool(source.applied),
    }


def drawn(
    request: HttpRequest, visit: Visit, source: Source, form: RefundForm, *, status: int = 200
) -> HttpResponse:
    """The page around the form."""
    words = {
        "form": form,
        "source": SimpleNamespace(
            words=source.words, client=source.client, url=source.url, left=source.left
        ),
        "hints": hints(source, visit),
    }
    return render(request, "refunds/edit.html", words, status=status)


def hints(source: Source, visit: Visit) -> list[str]:
    """What it draws on, what that opens again, and who has to approve."""
    found = []
    if source.left:
        found.append(_("%(left)s can be given back.") % {"left": told(source.left)})
    if source.applied:
        words = _(
            "%(amount)s of it is applied. What you give back of that is taken off its invoices,"
            " the newest first, and these are open again."
        )
        found.append(words % {"amount": told(source.applied)})
    with visit.reading():
        limit, _version = refund_policy(by=visit.by)
    if limit is not None:
        most = told(Money(limit, visit.organization.base_currency))
        found.append(_("Above %(amount)s somebody else must approve it.") % {"amount": most})
    return found
