"""The ledger: trial balance, an account's statement, profit and loss."""

from collections.abc import Sequence
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from guilder.books.ledger import queries as ledger
from guilder.books.ledger.queries import AccountBalance
from guilder.faces.web.reports.asked import Asked
from guilder.faces.web.reports.words import SOURCES, day_words, span_words
from guilder.faces.web.shell import Visit
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.money import Money
from guilder.office.reports import queries
from guilder.office.reports import schemas as calc
from guilder.office.reports.queries import StatementRow
from guilder.office.reports.schemas import Cell, Column, Section, Table, cells

MOST_ROWS = 100_000
NO_ACCOUNT = UUID(int=0)


def balance(visit: Visit, asked: Asked) -> Table:
    """Every account on which something stands or moved."""
    base = visit.organization.base_currency
    found = [
        one
        for one in queries.balances(by=visit.by, span=asked.span)
        if one.opening or one.debit or one.credit
    ]
    rows = [
        cells(
            one.code,
            Cell(one.name, account_url(one, asked)),
            *(Money(amount, base) for amount in (one.opening, one.debit, one.credit, one.closing)),
        )
        for one in found
    ]
    sums = [
        Money(sum(getattr(one, name) for one in found), base)
        for name in ("opening", "debit", "credit", "closing")
    ]
    return Table(
        title=_("Trial balance"),
        period=span_words(asked.span),
        columns=(
            Column(_("Code")),
            Column(_("Account")),
            Column(_("Opening, %(currency)s") % {"currency": base}, "figure"),
            Column(_("Debit"), "figure"),
            Column(_("Credit"), "figure"),
            Column(_("Closing"), "figure"),
        ),
        sections=(Section(rows, total=cells(None, _("Total"), *sums)),) if rows else (),
        notes=(_("Debit above zero, credit below; opening and closing balances add up to zero."),),
    )


def account_url(one: AccountBalance, asked: Asked) -> str:
    """The account's statement."""
    return asked.behind("balance", account=one.account_id)


def statement(visit: Visit, asked: Asked) -> Table:
    """What moved on one account, with the balance after each posting."""
    base = visit.organization.base_currency
    with transaction(visit.by.organization_id):
        account = ledger.get_account(
            visit.by.organization_id, asked.identity("account") or NO_ACCOUNT
        )
    found = queries.balances(by=visit.by, span=asked.span)
    known = next(one for one in found if one.account_id == account.id)
    moved = queries.statement(by=visit.by, account_id=account.id, span=asked.span, limit=MOST_ROWS)
    left = known.opening
    rows = [cells(asked.span.start_on, _("Opening balance"), None, None, None, Money(left, base))]
    for one in moved:
        left += one.base_amount
        rows.append(
            cells(
                one.booked_on,
                source_cell(one),
                one.partner_name,
                Money(max(one.base_amount, 0), base),
                Money(max(-one.base_amount, 0), base),
                Money(left, base),
            )
        )
    total = cells(
        asked.span.end_on,
        _("Closing balance"),
        None,
        Money(known.debit, base),
        Money(known.credit, base),
        Money(known.closing, base),
    )
    return Table(
        title=f"{known.code} {known.name}",
        period=span_words(asked.span),
        columns=(
            Column(_("Day"), "day"),
            Column(_("What")),
            Column(_("Client")),
            Column(_("Debit, %(currency)s") % {"currency": base}, "figure"),
            Column(_("Credit"), "figure"),
            Column(_("Balance"), "figure"),
        ),
        sections=(Section(rows, total=total),),
        notes=(
            (_("The first %(count)s postings are shown.") % {"count": MOST_ROWS},)
            if len(moved) == MOST_ROWS
            else ()
        ),
    )


def source_cell(one: StatementRow) -> Cell:
    """What caused a posting, and the way there."""
    word = str(SOURCES.get(one.source, one.source))
    if one.number:
        return Cell(f"{word} {one.number}", reverse("web:invoice", args=[one.source_id]))
    if one.source in {"payment.record", "payment.reverse"}:
        return Cell(word, reverse("web:payment", args=[one.source_id]))
    return Cell(f"{word} {one.memo}".strip())


def profit(visit: Visit, asked: Asked) -> Table:
    """Income and expenses, and what is left."""
    base = visit.organization.base_currency
    now = moved(visit, asked.span)
    earlier = moved(visit, asked.compared) if asked.compared else []
    sections = [
        part(title, kind, now, earlier, asked, base)
        for kind, title in (("income", _("Income")), ("expense", _("Expenses")))
    ]
    result = -sum(change_of(one) for one in now)
    then = -sum(change_of(one) for one in earlier)
    row = cells(
        None,
        _("Profit") if result >= 0 else _("Loss"),
        Money(result, base),
        *([Money(then, base), calc.change(result, then)] if asked.compared else []),
    )
    return Table(
        title=_("Profit and loss"),
        period=span_words(asked.span),
        columns=(
            Column(_("Code")),
            Column(_("Account")),
            Column(base, "figure"),
            *(
                [Column(span_words(asked.compared), "figure"), Column(_("Change"), "change")]
                if asked.compared
                else []
            ),
        ),
        sections=(*sections, Section([], title=_("Result"), total=row)),
        section_label=_("Part"),
        notes=(
            _("As far as the ledger knows on %(day)s: sales, their corrections and differences."
              " Purchases are not booked here yet.") % {"day": day_words(visit.today)},
        ),
    )  # fmt: skip


def moved(visit: Visit, span: object) -> list[AccountBalance]:
    """The accounts of income and expense that moved."""
    found = queries.balances(by=visit.by, span=span)  # type: ignore[arg-type]
    return [one for one in found if one.kind in {"income", "expense"} and (one.debit or one.credit)]


def change_of(one: AccountBalance) -> int:
    """What moved on an account; debit above zero."""
    return one.debit - one.credit


def part(
    title: str,
    kind: str,
    now: Sequence[AccountBalance],
    earlier: Sequence[AccountBalance],
    asked: Asked,
    base: str,
) -> Section:
    """The accounts of one kind, with what they add to the result."""
    sign = -1 if kind == "income" else 1
    before = {one.account_id: sign * change_of(one) for one in earlier if one.kind == kind}
    known = {one.account_id: one for one in (*earlier, *now) if one.kind == kind}
    amounts = {one.account_id: sign * change_of(one) for one in now if one.kind == kind}
    rows = [
        cells(
            one.code,
            Cell(one.name, account_url(one, asked)),
            Money(amounts.get(one.account_id, 0), base),
            *compared(amounts.get(one.account_id, 0), before.get(one.account_id, 0), base, asked),
        )
        for one in sorted(known.values(), key=lambda one: one.code)
    ]
    whole, then = sum(amounts.values()), sum(before.values())
    total = cells(None, title, Money(whole, base), *compared(whole, then, base, asked))
    return Section(rows, title=title, total=total)


def compared(now: int, then: int, base: str, asked: Asked) -> tuple[Cell, ...]:
    """What it was before, and the change."""
    return cells(Money(then, base), calc.change(now, then)) if asked.compared else ()
