"""Money that came in."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from guilder.faces.web import choices
from guilder.faces.web.reports.asked import Asked
from guilder.faces.web.reports.sheets.sales import TIMES, calendar_start, code_of, compared
from guilder.faces.web.reports.words import bucket_words, group_words, span_words
from guilder.faces.web.shell import Visit
from guilder.kernel.money import Money
from guilder.kernel.period import Span
from guilder.office.reports import queries
from guilder.office.reports import schemas as calc
from guilder.office.reports.queries import MoneyIn
from guilder.office.reports.schemas import Cell, Column, Section, Table, cells


def payments(visit: Visit, asked: Asked) -> Table:
    """What was received and taken back."""
    code = code_of(visit, asked)
    now = found(visit, asked, asked.span)
    earlier = found(visit, asked, asked.compared) if asked.compared else None
    whole = sum(one.net for one in now)
    rows = [
        cells(
            label(one, asked),
            one.count or None,
            Money(one.received, code),
            Money(one.reversed, code),
            Cell(Money(one.net, code), url_of(one, asked)),
            calc.share(one.net, whole),
            *(compared(one.net, then(one, place, earlier, asked), code) if earlier else ()),
        )
        for place, one in enumerate(now)
    ]
    before = sum(one.net for one in earlier) if earlier is not None else None
    total = cells(
        _("Total"),
        sum(one.count for one in now),
        Money(sum(one.received for one in now), code),
        Money(sum(one.reversed for one in now), code),
        Cell(Money(whole, code), asked.behind("payments")),
        None,
        *(compared(whole, before, code) if earlier else ()),
    )
    head = span_words(asked.compared) if asked.compared else ""
    return Table(
        title=_("Money in"),
        period=span_words(asked.span),
        columns=(
            Column(group_words(asked.group)),
            Column(_("Payments"), "count"),
            Column(_("Received, %(currency)s") % {"currency": code}, "figure"),
            Column(_("Reversed"), "figure"),
            Column(_("Net"), "figure"),
            Column(_("Share"), "percent"),
            *([Column(head, "figure"), Column(_("Change"), "change")] if earlier else []),
        ),
        sections=(Section(rows, total=total),) if any(one.received or one.reversed for one in now)
        else (),
        notes=(
            _("A payment counts on the day it came in, a reversal on the day it was taken back."),
        ),
    )  # fmt: skip


def found(visit: Visit, asked: Asked, span: Span) -> list[MoneyIn]:
    """The rows of a span; of time also the buckets in which nothing came in."""
    rows = queries.money_in(by=visit.by, span=span, group=asked.group, currency=asked.currency)
    if asked.group not in TIMES:
        return rows
    by_day = {one.key: one for one in rows}
    buckets = list(calc.buckets(span, asked.group))
    known = [by_day.get(calendar_start(bucket, asked.group)) for bucket in buckets]
    return [
        MoneyIn(bucket, "", one.count, one.received, one.reversed)
        if one
        else MoneyIn(bucket, "", 0, 0, 0)
        for bucket, one in zip(buckets, known, strict=True)
    ]


def then(one: MoneyIn, place: int, earlier: list[MoneyIn], asked: Asked) -> int:
    """What it was in the days that are compared."""
    if asked.group in TIMES:
        return earlier[place].net if place < len(earlier) else 0
    return next((row.net for row in earlier if row.key == one.key), 0)


def label(one: MoneyIn, asked: Asked) -> Cell:
    """What a row is called."""
    if asked.group in TIMES:
        return Cell(bucket_words(one.key, asked.group))
    if asked.group == "method":
        return Cell(str(choices.METHODS.get(one.key, one.key)))
    if asked.group == "client":
        return Cell(one.name, reverse("web:client", args=[one.key]))
    return Cell(one.name)


def url_of(one: MoneyIn, asked: Asked) -> str:
    """The payments behind a row."""
    if not one.received and not one.reversed:
        return ""
    if asked.group in TIMES:
        return asked.behind("payments", span=one.key)
    return asked.behind("payments", **{asked.group: one.key})


def moved_payments(visit: Visit, asked: Asked) -> Table:
    """The payments behind a figure."""
    base = visit.organization.base_currency
    moved = queries.moved_payments(
        by=visit.by,
        span=asked.span,
        currency=asked.currency,
        partner_id=asked.identity("client"),
        method=asked.filters.get("method", ""),
        account_id=asked.identity("account"),
    )
    rows: list[Any] = [
        cells(
            one.day,
            Cell(one.partner_name, reverse("web:payment", args=[one.id])),
            str(choices.METHODS.get(one.method, one.method)),
            Money(one.amount, one.currency),
            Money(one.base_amount, base),
        )
        for one in moved
    ]
    whole = Money(sum(one.base_amount for one in moved), base)
    return Table(
        title=_("Payments"),
        period=span_words(asked.span),
        columns=(
            Column(_("Day"), "day"),
            Column(_("From")),
            Column(_("Method")),
            Column(_("Amount"), "money"),
            Column(_("In %(currency)s") % {"currency": base}, "figure"),
        ),
        sections=(Section(rows, total=cells(None, _("Total"), None, None, whole)),),
    )
