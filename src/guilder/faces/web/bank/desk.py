"""The matching page: the account, its lines by how sure a proposal is, and the line at hand."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import partial
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from guilder.faces.web import menu, shell
from guilder.faces.web.bank import words
from guilder.faces.web.door import page
from guilder.faces.web.kept import unchanged
from guilder.faces.web.shell import Visit
from guilder.flows.banking import queries
from guilder.flows.banking.models import BankAccount, StatementLine
from guilder.flows.banking.queries import EXACT, Proposal
from guilder.kernel.money import Money

LATELY = timedelta(days=180)
MOST = 300
PANEL = "bank-panel"


@page("bank", "bank.view", methods="GET")
def bank(request: HttpRequest, visit: Visit) -> HttpResponse:
    """What the bank says and what it probably is."""
    with visit.reading():
        accounts = queries.list_accounts(by=visit.by)
        account = chosen(accounts, request.GET.get("account", ""))
        if account is None:
            return render(request, "bank/none.html", {"may": may_of(visit)})
        rows = queries.open_lines(account.id, by=visit.by, limit=MOST)
        found = queries.proposals(rows, account, by=visit.by)
        figures = queries.figures(account, by=visit.by, since=visit.today - LATELY)
    groups = grouped(rows, found, account, may_of(visit))
    current = current_of(groups, request.GET.get("line", ""))
    context = {
        "account": account_words(account, figures),
        "accounts": [
            {"name": one.name, "url": address(one), "current": one.id == account.id}
            for one in accounts
        ],
        "groups": [one for one in groups if one.rows],
        "line": panel_of(current, account) if current else None,
        "may": may_of(visit),
        "waiting": len(rows),
    }
    if request.headers.get("HX-Target") == PANEL:
        return render(request, "bank/index.html#panel", context)
    return render(request, "bank/index.html", context)


def may_of(visit: Visit) -> dict[str, bool]:
    """What this person may do here."""
    return {"edit": visit.by.may("bank.edit")}


def chosen(accounts: Sequence[BankAccount], wanted: str) -> BankAccount | None:
    """The account asked for, else the first."""
    found = [one for one in accounts if str(one.id) == wanted]
    return (found or [*accounts, None])[0]


def address(account: BankAccount) -> str:
    """The page of one account."""
    return f"{reverse('web:bank')}?account={account.id}"


def account_words(account: BankAccount, figures: queries.AccountFigures) -> SimpleNamespace:
    """The account's card."""
    currency = account.currency
    told = account.iban or account.number
    done = 100 * figures.done_count // figures.total_count if figures.total_count else 100
    bank = figures.bank_amount
    return SimpleNamespace(
        id=account.id,
        name=account.name,
        short=f"{told[:4]} ·· {told[-4:]}" if len(told) > 8 else told,
        imported_at=account.imported_at,
        bank=None if bank is None else Money(bank, currency),
        books=Money(figures.books_amount, currency),
        difference=Money(figures.to_match, currency),
        done=figures.done_count,
        total=figures.total_count,
        parts=[SimpleNamespace(start=0, size=done, tone="accent")],
    )


def grouped(
    rows: Sequence[StatementLine],
    found: Mapping[UUID, Proposal],
    account: BankAccount,
    may: Mapping[str, bool],
) -> list[SimpleNamespace]:
    """Exact ones, those to check first, and those without a match."""
    exact: list[Any] = []
    check: list[Any] = []
    none: list[Any] = []
    for row in rows:
        proposal = found.get(row.id)
        if proposal is None or (proposal.kind == "rule" and proposal.score < EXACT):
            none.append(line_words(row, proposal, account))
        else:
            (exact if proposal.score >= EXACT else check).append(line_words(row, proposal, account))
    hint = _("number or reference, amount and name agree")
    return [
        SimpleNamespace(code="exact", title=_("Exact"), hint=hint, rows=exact, all=may["edit"]),
        SimpleNamespace(code="check", title=_("Check first"), hint="", rows=check, all=False),
        SimpleNamespace(code="none", title=_("No match yet"), hint="", rows=none, all=False),
    ]


def line_words(row: StatementLine, found: Proposal | None, account: BankAccount) -> SimpleNamespace:
    """One line beside what it probably is."""
    kind = "none"
    if found is not None and found.kind != "rule":
        kind = "sure" if found.score >= EXACT else "maybe"
    return SimpleNamespace(
        id=row.id,
        url=f"{address(account)}&line={row.id}",
        name=row.name or row.text[:60] or _("Without a name"),
        text=row.text or row.reference or row.end_to_end,
        on=row.booked_on,
        amount=Money(row.amount, row.currency),
        is_in=row.amount > 0,
        kind=kind,
        row=row,
        found=found,
        title=words.title_of(found) if found else "",
        settles=settled(found, row) if found else None,
        why=words.brief(found) if found and kind == "sure" else "",
        hint=words.hint_of(found, row.currency) if found and kind != "sure" else "",
        act=act_word(found),
    )


def settled(found: Proposal, row: StatementLine) -> Money:
    """What stands on the right: what the proposal settles."""
    currency = row.currency
    if found.kind == "exchange" and row.original_currency:
        currency = row.original_currency
    if found.kind == "payout":
        return Money(row.amount, row.currency)
    return Money(sum(part.amount for part in found.parts), currency)


def act_word(found: Proposal | None) -> str:
    """What the button says."""
    if found is None:
        return _("Find")
    return _("Apply") if found.kind == "rule" else _("Match")


def current_of(groups: Sequence[SimpleNamespace], wanted: str) -> SimpleNamespace | None:
    """The line at hand: the one asked for, else the first that is to be looked at."""
    every = [line for group in groups for line in group.rows]
    asked = next((one for one in every if str(one.id) == wanted), None)
    current = asked or next(iter(every), None)
    for one in every:
        one.current = one is current
    return current


def panel_of(line: SimpleNamespace, account: BankAccount) -> SimpleNamespace:
    """The line at hand in full: what it is matched with, what is left, and why."""
    row, found = line.row, line.found
    parts = found.parts if found else ()
    currency = line.settles.currency if found else row.currency
    difference = found.difference if found else 0
    return SimpleNamespace(
        id=row.id,
        name=line.name,
        account=account.name,
        on=row.booked_on,
        amount=line.amount,
        is_in=line.is_in,
        text=row.text,
        facts=facts_of(row),
        title=line.title,
        act=line.act,
        found=bool(found),
        parts=[
            {"label": words.part_name(one), "amount": Money(one.amount, currency)} for one in parts
        ],
        total=Money(sum(one.amount for one in parts), currency) if parts else None,
        difference=Money(difference, row.currency) if difference else None,
        difference_text=words.hint_of(found, row.currency) if found and difference else "",
        reasons=words.reasons_of(found, row.currency) if found else [],
        score=found.score if found else 0,
        left=Money(0 if found else row.amount, row.currency),
        version=row.version,
    )


def facts_of(row: StatementLine) -> list[tuple[str, str]]:
    """What else the bank told."""
    pairs = (
        (_("Account"), row.counter_account),
        (_("Reference"), row.reference),
        (_("End-to-end"), row.end_to_end),
        (_("Bank's reference"), row.bank_reference),
    )
    return [(name, value) for name, value in pairs if value]


def waiting(visit: Visit) -> menu.Count:
    """How many lines wait, for the menu."""
    if not visit.by.may("bank.view"):
        return menu.Count(0)
    return menu.Count(unchanged("bank", visit, partial(queries.open_counts, by=visit.by)))


shell.COUNTS["bank"] = waiting
