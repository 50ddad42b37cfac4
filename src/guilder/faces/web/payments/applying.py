"""Applying what is left of a payment to open invoices, and taking a part off again."""

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from guilder.books.payments import operations, queries
from guilder.books.payments.queries import PaymentRecord
from guilder.faces.web import answers, typed
from guilder.faces.web.door import page
from guilder.faces.web.payments.recording import (
    PREFIX,
    Asked,
    open_of,
    owed_words,
    proposed,
    shares_of,
)
from guilder.faces.web.payments.words import told
from guilder.faces.web.sentences import said
from guilder.faces.web.shell import Visit
from guilder.kernel.errors import Conflict, GuilderError, Invalid
from guilder.kernel.money import Money


@page("payments", "payment.record")
def payment_apply(request: HttpRequest, visit: Visit, payment_id: UUID) -> HttpResponse:
    """Lay open money on open invoices, the oldest first to begin with."""
    with visit.reading():
        record = queries.get_payment(payment_id, by=visit.by)
    left = Money(record.unallocated_amount, record.currency)
    given = request.POST if request.method == "POST" else request.GET
    asked = Asked(record.partner_id, record.currency, left, shares_of(given))
    if request.method == "POST":
        return applied(request, visit, record, asked)
    with visit.reading():
        owed = open_of(asked, visit)
        is_asked_again = request.headers.get("HX-Target") == "open"
        texts = asked.shares if is_asked_again else proposed(left, owed)
        words = words_of(record, owed_words(owed, asked, texts, visit=visit), [])
    name = "payments/apply.html#open" if is_asked_again else "payments/apply.html"
    return render(request, name, words)


def words_of(
    record: PaymentRecord, owed: Mapping[str, Any], problems: list[SimpleNamespace]
) -> dict[str, Any]:
    """The page around the grid of open invoices."""
    left = Money(record.unallocated_amount, record.currency)
    return {
        "payment": SimpleNamespace(
            id=record.id,
            client=record.partner_name,
            amount=Money(record.amount, record.currency),
            left=left,
            received_on=record.received_on,
        ),
        "problems": problems,
        **owed,
    }


def applied(
    request: HttpRequest, visit: Visit, record: PaymentRecord, asked: Asked
) -> HttpResponse:
    """Apply what was typed; the page again with every fault where it cannot be."""
    shares = [
        {"invoice": invoice_id, "amount": typed.number(text)}
        for invoice_id, text in asked.shares.items()
    ]
    try:
        after = operations.allocate_payment(
            record.id, by=visit.by, on=visit.today, at=visit.now, allocations=shares
        )
    except (Invalid, Conflict) as error:
        return refused(request, visit, record, asked, error)
    used = Money(record.unallocated_amount - after.unallocated_amount, record.currency)
    words = _("%(amount)s is applied.") % {"amount": told(used)}
    return answers.done(request, to=reverse("web:payment", args=[record.id]), text=words)


def refused(
    request: HttpRequest,
    visit: Visit,
    record: PaymentRecord,
    asked: Asked,
    error: GuilderError,
) -> HttpResponse:
    """The page with what is wrong beside what it is about."""
    ids = list(asked.shares)
    beside: dict[str, str] = {}
    problems = []
    for problem in error.problems:
        parts = problem.pointer.split("/")
        place = parts[2] if len(parts) > 2 and parts[2].isdigit() else ""
        invoice_id = ids[int(place)] if place and int(place) < len(ids) else ""
        if invoice_id:
            beside[invoice_id] = said(problem.detail)
        anchor = f"{PREFIX}{invoice_id}" if invoice_id else "open"
        problems.append(SimpleNamespace(anchor=anchor, text=said(problem.detail)))
    if not problems:
        problems.append(SimpleNamespace(anchor="open", text=said(error.detail)))
    with visit.reading():
        owed = open_of(asked, visit)
        grid = owed_words(owed, asked, asked.shares, visit=visit, errors=beside)
    return render(request, "payments/apply.html", words_of(record, grid, problems), status=422)


@page("payments", "payment.reverse", methods="POST")
def payment_take_off(
    request: HttpRequest, visit: Visit, payment_id: UUID, allocation_id: UUID
) -> HttpResponse:
    """Take a part of a payment off its invoice: it is the client's credit again."""
    operations.reverse_allocation(allocation_id, by=visit.by, on=visit.today, at=visit.now)
    words = _("It is taken off. The amount is the client's credit again.")
    return answers.done(request, to=reverse("web:payment", args=[payment_id]), text=words)
