"""Ageing: what is owed by client and age, per currency and in the base currency."""

from collections.abc import Sequence
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from guilder.faces.web.reports.asked import Asked
from guilder.faces.web.reports.words import day_words
from guilder.faces.web.shell import Visit
from guilder.kernel.money import Money
from guilder.office.reports import queries
from guilder.office.reports.queries import CreditOf, OwedByAge
from guilder.office.reports.schemas import AGE_COUNT, Cell, Column, Section, Table, cells


def age_labels() -> list[str]:
    """The five ages."""
    return [_("Not due"), _("1–30 days"), _("31–60 days"), _("61–90 days"), _("Over 90 days")]


def ageing(visit: Visit, asked: Asked) -> Table:
    """What is owed at the end of a day."""
    rows = queries.ageing(by=visit.by, on=asked.on, currency=asked.currency)
    spare = queries.open_credits(by=visit.by, on=asked.on, currency=asked.currency)
    base = visit.organization.base_currency
    used = {one.currency for one in (*rows, *spare)}
    codes = sorted(used, key=lambda code: (code != base, code))
    sections = [
        section(
            code,
            [one for one in rows if one.currency == code],
            [one for one in spare if one.currency == code],
            asked,
        )
        for code in codes
    ]
    if used - {base} and not asked.currency:
        sections.append(in_base(rows, base))
    return Table(
        title=_("Ageing"),
        period=_("What was open at the end of %(day)s") % {"day": day_words(asked.on)},
        columns=(
            Column(_("Client")),
            *(Column(label, "figure") for label in age_labels()),
            Column(_("Open"), "figure"),
            Column(_("In credit"), "figure"),
            Column(_("Oldest, days"), "count"),
        ),
        sections=tuple(sections),
        section_label=_("Currency"),
        notes=(_("In credit are open credit notes and payments not yet applied."),),
    )


def section(
    code: str, rows: Sequence[OwedByAge], spare: Sequence[CreditOf], asked: Asked
) -> Section:
    """The clients who owe or have something in one currency."""
    names = {one.partner_id: one.partner_name for one in (*rows, *spare)}
    credit = {one.partner_id: one.amount for one in spare}
    found = []
    for client in sorted(names, key=lambda one: (names[one].lower(), str(one))):
        own = {one.age: one for one in rows if one.partner_id == client}
        ages = [
            Cell(
                Money(own[age].amount, code),
                behind(asked, code, client=client, age=age),
                "late" if age else "",
            )
            if age in own
            else Cell(Money.zero(code))
            for age in range(AGE_COUNT)
        ]
        open_ = Money(sum(one.amount for one in own.values()), code)
        found.append(
            (
                Cell(names[client], reverse("web:client", args=[client])),
                *ages,
                Cell(open_, behind(asked, code, client=client)) if open_ else Cell(open_),
                Cell(Money(credit.get(client, 0), code)),
                Cell(oldest(list(own.values()))),
            )
        )
    return Section(found, title=code, total=total(rows, spare, code, asked))


def total(
    rows: Sequence[OwedByAge], spare: Sequence[CreditOf], code: str, asked: Asked
) -> tuple[Cell, ...]:
    """The sums of one currency."""
    sums = [sum(one.amount for one in rows if one.age == age) for age in range(AGE_COUNT)]
    return (
        Cell(_("Total")),
        *(
            Cell(Money(amount, code), behind(asked, code, age=age) if amount else "")
            for age, amount in enumerate(sums)
        ),
        Cell(Money(sum(sums), code), behind(asked, code)),
        Cell(Money(sum(one.amount for one in spare), code)),
        Cell(oldest(rows)),
    )


def oldest(rows: Sequence[OwedByAge]) -> int | None:
    """Days that the oldest is late; None where nothing is."""
    days = max((one.oldest_days for one in rows), default=0)
    return days if days > 0 else None


def behind(asked: Asked, code: str, *, client: UUID | None = None, age: int | None = None) -> str:
    """The documents behind a figure of one currency."""
    given = {"client": client, "age": age}
    filters = {name: value for name, value in given.items() if value is not None}
    return asked.behind("ageing", currency=code, **filters)  # type: ignore[arg-type]


def in_base(rows: Sequence[OwedByAge], base: str) -> Section:
    """All currencies together, at the rates of the documents."""
    sums = [sum(one.base_amount for one in rows if one.age == age) for age in range(AGE_COUNT)]
    row = cells(
        _("All currencies at the rates of their documents"),
        *(Money(amount, base) for amount in sums),
        Money(sum(sums), base),
        None,
        None,
    )
    return Section([row], title=_("In %(currency)s") % {"currency": base})


def owed_documents(visit: Visit, asked: Asked) -> Table:
    """The documents behind a figure of the ageing."""
    found = queries.owed_documents(
        by=visit.by,
        on=asked.on,
        currency=asked.currency,
        partner_id=asked.identity("client"),
        age=asked.number("age"),
    )
    base = visit.organization.base_currency
    foreign = any(one.currency != base for one in found)
    rows = [
        (
            Cell(one.number, reverse("web:invoice", args=[one.id])),
            *cells(
                one.partner_name,
                one.issued_on,
                one.due_on,
                max((asked.on - one.due_on).days, 0) or None if one.due_on else None,
                Money(one.amount, one.currency),
            ),
            *([Cell(Money(one.base_amount, base))] if foreign else []),
        )
        for one in found
    ]
    same = {one.currency for one in found}
    whole = Money(sum(one.amount for one in found), same.pop()) if len(same) == 1 else None
    last = [Cell(Money(sum(one.base_amount for one in found), base))] if foreign else []
    return Table(
        title=_("Open documents"),
        period=_("What was open at the end of %(day)s") % {"day": day_words(asked.on)},
        columns=(
            Column(_("Number")),
            Column(_("Client")),
            Column(_("Issued"), "day"),
            Column(_("Due"), "day"),
            Column(_("Days late"), "count"),
            Column(_("Open"), "money"),
            *([Column(_("In %(currency)s") % {"currency": base}, "money")] if foreign else []),
        ),
        sections=(Section(rows, total=(*cells(_("Total"), None, None, None, None, whole), *last)),),
    )
