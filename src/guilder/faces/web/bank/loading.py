"""Statements: those that were read, and reading one in after a look at it."""

import base64
from types import SimpleNamespace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from guilder.faces.web import answers
from guilder.faces.web.bank import words
from guilder.faces.web.bank.desk import address, chosen
from guilder.faces.web.door import page
from guilder.faces.web.sentences import said
from guilder.faces.web.shell import Visit
from guilder.flows.banking import operations, queries
from guilder.flows.banking.models import Statement
from guilder.kernel.errors import GuilderError
from guilder.kernel.money import Money

SHOWN = 12
LARGEST = 8 * 1024 * 1024


@page("bank", "bank.view", methods="GET")
def statements(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Every statement of an account, with what is missing between them."""
    with visit.reading():
        accounts = queries.list_accounts(by=visit.by, with_closed=True)
        account = chosen(accounts, request.GET.get("account", ""))
        rows = queries.list_statements(by=visit.by, account_id=account.id) if account else []
        gaps = queries.gaps(account.id, by=visit.by) if account else []
    missing = {one.after_id: one for one in gaps}
    return render(
        request,
        "bank/statements.html",
        {
            "account": account,
            "accounts": [
                {
                    "label": one.name,
                    "url": f"{reverse('web:bank_statements')}?account={one.id}",
                    "current": account is not None and one.id == account.id,
                }
                for one in accounts
            ],
            "rows": [statement_words(one, missing.get(one.id)) for one in rows],
            "gaps": len(gaps),
            "may": {"edit": visit.by.may("bank.edit")},
        },
    )


def statement_words(row: Statement, gap: Any) -> SimpleNamespace:
    """One statement of the list."""
    currency = row.account.currency
    opening, closing = row.opening_amount, row.closing_amount
    fits = opening is None or closing is None or opening + row.moved_amount == closing
    gap_text = ""
    if gap is not None:
        sentence = _("The one before closed with %(closed)s: something is missing between them.")
        gap_text = sentence % {"closed": words.told(gap.closed, currency)}
    return SimpleNamespace(
        name=row.number or row.filename,
        format=row.format,
        filename=row.filename,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        opening=None if opening is None else Money(opening, currency),
        closing=None if closing is None else Money(closing, currency),
        entries=row.entry_count,
        new=row.new_count,
        fits=fits,
        gap=gap_text,
        read_at=row.created_at,
    )


@page("bank", "bank.edit")
def bank_import(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Look at a file, then read it in."""
    if request.method != "POST":
        return render(request, "bank/import.html", {"step": "file", "accounts": choices(visit)})
    name, data = handed(request)
    account_id = request.POST.get("account") or None
    try:
        if request.POST.get("do") == "import":
            return read_in(request, visit, data, name, account_id)
        return looked_at(request, visit, data, name, account_id)
    except GuilderError as error:
        context = {"step": "file", "problem": said(error.detail), "accounts": choices(visit)}
        return render(request, "bank/import.html", context, status=422)


def choices(visit: Visit) -> list[dict[str, str]]:
    """The accounts to choose from."""
    with visit.reading():
        rows = queries.list_accounts(by=visit.by)
    return [{"id": str(one.id), "name": one.name} for one in rows]


def handed(request: HttpRequest) -> tuple[str, bytes]:
    """The name and the bytes of the file: uploaded now, or looked at before."""
    upload = request.FILES.get("file")
    if upload is not None:
        return str(upload.name), upload.read(LARGEST + 1)
    try:
        data = base64.b64decode(request.POST.get("content", ""), validate=True)
    except ValueError:
        data = b""
    return request.POST.get("name", ""), data


def looked_at(
    request: HttpRequest, visit: Visit, data: bytes, name: str, account_id: Any
) -> HttpResponse:
    """What the file says, before anything is written."""
    seen = operations.preview_statement(data, by=visit.by, account_id=account_id)
    last = seen.file.last
    currency = seen.account.currency if seen.account else last.currency
    rows = [one for statement in seen.file.statements for one in statement.entries]
    return render(
        request,
        "bank/import.html",
        {
            "step": "look",
            "name": name,
            "content": base64.b64encode(data).decode(),
            "format": seen.file.format,
            "account": seen.account.name if seen.account else "",
            "account_id": str(seen.account.id) if seen.account else "",
            "told_account": last.account,
            "currency": currency,
            "opening": last.opening,
            "closing": last.closing,
            "problems": seen.file.problems,
            "count": len(rows),
            "known": seen.known,
            "new": max(0, len(rows) - seen.known),
            "rows": [
                {
                    "on": one.booked_on,
                    "name": one.name or one.text[:60],
                    "text": one.text,
                    "amount": one.amount,
                    "is_in": one.amount > 0,
                }
                for one in rows[:SHOWN]
            ],
            "more": max(0, len(rows) - SHOWN),
        },
    )


def read_in(
    request: HttpRequest, visit: Visit, data: bytes, name: str, account_id: Any
) -> HttpResponse:
    """Read the file in and go to what waits."""
    made = operations.import_statement(
        data, by=visit.by, at=visit.now, filename=name, account_id=account_id
    )
    text = ngettext("%(n)s new line.", "%(n)s new lines.", made.new) % {"n": made.new}
    if made.posted:
        matched = ngettext("%(n)s matched by itself.", "%(n)s matched by themselves.", made.posted)
        text = f"{text} {matched % {'n': made.posted}}"
    answers.say(request, text)
    return redirect(address(made.account))
