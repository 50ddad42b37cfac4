"""What is done with lines from the page: matched, left out, undone, explained by hand."""

from collections.abc import Mapping
from decimal import Decimal
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from guilder.books.bills import queries as payables
from guilder.books.invoicing import queries as invoicing
from guilder.books.ledger import queries as ledger
from guilder.faces.web import answers, typed
from guilder.faces.web.bank import words
from guilder.faces.web.door import page
from guilder.faces.web.sentences import said
from guilder.faces.web.shell import Visit
from guilder.flows.banking import operations, queries
from guilder.flows.banking.models import StatementLine
from guilder.kernel.errors import Conflict, Invalid
from guilder.kernel.money import Money

MOST_FOUND = 20


def back(row: StatementLine) -> str:
    """The matching page of the line's account."""
    return f"{reverse('web:bank')}?account={row.account_id}"


@page("bank", "bank.edit", methods="POST")
def line_match(request: HttpRequest, visit: Visit, line_id: UUID) -> HttpResponse:
    """Match a line with what is proposed."""
    row = operations.match_line(line_id, by=visit.by, at=visit.now)
    amount = words.told(row.amount, row.currency)
    text = _("%(amount)s of %(name)s matched.") % {"amount": amount, "name": row.name or row.text}
    undo = reverse("web:bank_line_undo", args=[row.id])
    return answers.done(request, to=back(row), text=text, undo=undo)


@page("bank", "bank.edit", methods="POST")
def lines_match(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Match every line of a list that the page showed as exact."""
    ids = [UUID(one) for one in request.POST.getlist("line")[:500] if is_id(one)]
    matched, left = operations.match_lines(ids, by=visit.by, at=visit.now)
    text = ngettext("%(n)s line matched.", "%(n)s lines matched.", matched) % {"n": matched}
    if left:
        words_left = ngettext("%(n)s is left.", "%(n)s are left.", left) % {"n": left}
        text = f"{text} {words_left}"
    to = f"{reverse('web:bank')}?account={request.POST.get('account', '')}"
    return answers.done(request, to=to, text=text)


def is_id(text: str) -> bool:
    """Whether it is an id."""
    try:
        UUID(text)
    except ValueError:
        return False
    return True


@page("bank", "bank.edit", methods="POST")
def line_exclude(request: HttpRequest, visit: Visit, line_id: UUID) -> HttpResponse:
    """Leave a line out."""
    note = request.POST.get("note", "")
    row = operations.exclude_line(line_id, by=visit.by, at=visit.now, note=note)
    undo = reverse("web:bank_line_undo", args=[row.id])
    return answers.done(request, to=back(row), text=_("The line is left out."), undo=undo)


@page("bank", "bank.edit", methods="POST")
def line_undo(request: HttpRequest, visit: Visit, line_id: UUID) -> HttpResponse:
    """Undo what became of a line."""
    row = operations.reopen_line(line_id, by=visit.by, at=visit.now)
    return answers.done(request, to=back(row), text=_("The line waits again."))


@page("bank", "bank.edit")
def line_find(request: HttpRequest, visit: Visit, line_id: UUID) -> HttpResponse:
    """Explain a line by hand: open invoices or bills, an account, or both; the rest a fee or
    credit."""
    with visit.reading():
        row = queries.get_line(line_id, by=visit.by)
    if request.method == "POST":
        return explained(request, visit, row)
    return render(request, "bank/find.html", asked(request.GET, visit, row))


def asked(
    given: Mapping[str, Any], visit: Visit, row: StatementLine, *, problems: tuple[str, ...] = ()
) -> dict[str, Any]:
    """The page: what was sought, and what was chosen so far."""
    q = str(given.get("q", "")).strip()
    with visit.reading():
        found = sought(q, visit, row)
        bills = bills_sought(q, visit, row)
        chart = ledger.list_accounts(visit.by.organization_id)
    return {
        "line": SimpleNamespace(
            id=row.id,
            name=row.name,
            text=row.text,
            on=row.booked_on,
            amount=Money(row.amount, row.currency),
            is_in=row.amount > 0,
            back=back(row),
            rule_url=f"{reverse('web:bank_rule_new')}?line={row.id}",
        ),
        "q": q,
        "invoices": found,
        "bills": bills,
        "accounts": [
            {"id": str(one.id), "name": f"{one.code} {one.name}"}
            for one in chart
            if one.is_active and one.role not in {"receivables", "customer_credit"}
        ],
        "problems": problems,
        "given": given,
    }


def sought(q: str, visit: Visit, row: StatementLine) -> list[SimpleNamespace]:
    """Open invoices by number, client or amount; without words those of about this amount."""
    if row.amount < 0:
        return []
    narrowed = invoicing.InvoiceFilter(
        today=visit.today,
        words=("issued", "sent", "viewed", "partially_paid", "overdue"),
        currencies=(row.currency,),
        q=q,
    )
    rows = invoicing.list_invoices(narrowed, by=visit.by, sort="due_on", limit=MOST_FOUND)
    return [
        SimpleNamespace(
            id=one.id,
            number=one.number,
            client=one.partner_name,
            due_on=one.due_on,
            left=Money(one.open_amount, one.currency),
            takes=str(Money(min(one.open_amount, row.amount), one.currency)),
        )
        for one in rows
        if one.open_amount
    ]


def bills_sought(q: str, visit: Visit, row: StatementLine) -> list[SimpleNamespace]:
    """Open bills by number or supplier, for money that went out."""
    if row.amount > 0 or not visit.by.may("bill.view"):
        return []
    narrowed = payables.BillFilter(
        today=visit.today, q=q, status="open", kind="bill", currency=row.currency
    )
    return [
        SimpleNamespace(
            id=one.id,
            number=one.number,
            supplier=one.supplier_name,
            due_on=one.due_on,
            left=Money(one.open_amount, one.currency),
            takes=str(Money(min(one.open_amount, -row.amount), one.currency)),
        )
        for one in payables.list_bills(narrowed, by=visit.by, limit=MOST_FOUND)
        if one.open_amount
    ]


def explained(request: HttpRequest, visit: Visit, row: StatementLine) -> HttpResponse:
    """Match with what was chosen; the page again with what is wrong."""
    parts: list[dict[str, str]] = []
    given = request.POST
    for kind in ("invoice", "bill"):
        for paper_id in given.getlist(kind):
            amount = typed.number(given.get(f"amount-{paper_id}", ""))
            parts.append({"kind": kind, "id": paper_id, "amount": amount})
    if given.get("ledger"):
        amounts = [Decimal(one["amount"]) for one in parts if is_number(one["amount"])]
        taken = sum(amounts, Decimal())
        rest = abs(Money(row.amount, row.currency).amount) - taken
        amount = typed.number(given.get("ledger_amount", "")) or f"{rest:f}"
        parts.append({"kind": "account", "id": given["ledger"], "amount": amount})
    try:
        operations.match_line(
            row.id,
            by=visit.by,
            at=visit.now,
            parts=parts,
            difference=given.get("difference", ""),
        )
    except (Invalid, Conflict) as error:
        faults = tuple(said(one.detail) for one in error.problems) or (said(error.detail),)
        context = asked(given, visit, row, problems=faults)
        return render(request, "bank/find.html", context, status=422)
    undo = reverse("web:bank_line_undo", args=[row.id])
    return answers.done(request, to=back(row), text=_("The line is matched."), undo=undo)


def is_number(text: str) -> bool:
    """Whether it is a plain decimal."""
    return bool(text) and text.replace(".", "", 1).isdecimal()
