"""Revenue by time, client and item; and how long clients take to pay."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from guilder.faces.web import choices
from guilder.faces.web.reports.asked import Asked
from guilder.faces.web.reports.words import bucket_words, group_words, span_words
from guilder.faces.web.shell import Visit
from guilder.kernel.money import Money
from guilder.kernel.period import Span
from guilder.office.reports import queries
from guilder.office.reports import schemas as calc
from guilder.office.reports.queries import Revenue
from guilder.office.reports.schemas import Cell, Column, Section, Table, cells

TIMES = ("month", "quarter", "year")


def code_of(visit: Visit, asked: Asked) -> str:
    """The currency of the figures."""
    return asked.currency or visit.organization.base_currency


def revenue(visit: Visit, asked: Asked) -> Table:
    """What was invoiced and credited, net of tax."""
    code = code_of(visit, asked)
    now = found(visit, asked, asked.span)
    earlier = found(visit, asked, asked.compared) if asked.compared else None
    whole = sum(one.net for one in now)
    pairs = paired(now, earlier or [], asked)
    rows = [
        row_of(one, then, asked, code=code, whole=whole, is_compared=earlier is not None)
        for one, then in pairs
    ]
    before = sum(one.net for one in earlier) if earlier is not None else None
    total = cells(
        _("Total"),
        *counts(visit, asked, now),
        Money(sum(one.invoiced for one in now), code),
        Money(sum(one.credited for one in now), code),
        Cell(Money(whole, code), asked.behind("revenue")),
        None,
        *compared(whole, before, code),
    )
    return Table(
        title=_("Revenue"),
        period=span_words(asked.span),
        columns=columns(asked, code, is_compared=earlier is not None),
        sections=(Section(rows, total=total),) if pairs else (),
        notes=notes(visit, asked),
    )


def columns(asked: Asked, code: str, *, is_compared: bool) -> tuple[Column, ...]:
    """Heads; the currency stands in them once."""
    then = span_words(asked.compared) if asked.compared else ""
    return (
        Column(group_words(asked.group)),
        Column(_("Documents"), "count"),
        Column(_("Invoiced, %(currency)s") % {"currency": code}, "figure"),
        Column(_("Credit notes"), "figure"),
        Column(_("Net revenue"), "figure"),
        Column(_("Share"), "percent"),
        *([Column(then, "figure"), Column(_("Change"), "change")] if is_compared else []),
    )


def found(visit: Visit, asked: Asked, span: Span) -> list[Revenue]:
    """The rows of a span; of time also the buckets in which nothing was sold, and by item what
    stands on no line."""
    base = visit.organization.base_currency
    rows = queries.revenue(
        by=visit.by, span=span, group=asked.group, base=base, currency=asked.currency
    )
    if asked.group in TIMES:
        by_day = {
            calc.calendar_span(one.key, calc.UNITS[asked.group]).start_on: one for one in rows
        }
        return [
            replace(known, key=bucket)
            if (known := by_day.get(calendar_start(bucket, asked.group)))
            else Revenue(bucket, "", 0, 0, 0, 0)
            for bucket in calc.buckets(span, asked.group)
        ]
    if asked.group != "item":
        return rows
    whole = queries.revenue_total(by=visit.by, span=span, currency=asked.currency)
    invoiced = whole.invoiced - sum(one.invoiced for one in rows)
    credited = whole.credited - sum(one.credited for one in rows)
    if invoiced or credited:
        rows.append(Revenue("rest", "", 0, 0, invoiced, credited))
    return rows


def calendar_start(bucket: Span, group: str) -> Any:
    """The first day of the calendar's whole month, quarter or year."""
    return calc.calendar_span(bucket.start_on, calc.UNITS[group]).start_on


def paired(
    now: Sequence[Revenue], earlier: Sequence[Revenue], asked: Asked
) -> list[tuple[Revenue, int]]:
    """Each row with the net of the one that it is compared with: by place in time, else by key;
    who bought earlier only comes last."""
    if asked.group in TIMES:
        nets = [one.net for one in earlier]
        return [(one, nets[i] if i < len(nets) else 0) for i, one in enumerate(now)]
    before = {one.key: one for one in earlier}
    pairs = [(one, before.pop(one.key).net if one.key in before else 0) for one in now]
    gone = [(Revenue(one.key, one.name, 0, 0, 0, 0), one.net) for one in before.values() if one.net]
    return [*pairs, *gone]


def row_of(
    one: Revenue, then: int, asked: Asked, *, code: str, whole: int, is_compared: bool
) -> tuple[Cell, ...]:
    """One row of the table."""
    return cells(
        label(one, asked),
        (one.invoice_count + one.credit_count) or None,
        Money(one.invoiced, code),
        Money(one.credited, code),
        Cell(Money(one.net, code), url_of(one, asked)),
        calc.share(one.net, whole),
        *(compared(one.net, then, code) if is_compared else ()),
    )


def compared(now: int, then: int | None, code: str) -> tuple[Cell, ...]:
    """What it was before, and the change."""
    return () if then is None else cells(Money(then, code), calc.change(now, then))


def counts(visit: Visit, asked: Asked, now: Sequence[Revenue]) -> list[int]:
    """How many documents there are in all: by item one document is in several rows."""
    if asked.group == "item":
        whole = queries.revenue_total(by=visit.by, span=asked.span, currency=asked.currency)
        return [whole.invoice_count + whole.credit_count]
    return [sum(one.invoice_count + one.credit_count for one in now)]


def label(one: Revenue, asked: Asked) -> Cell:
    """What a row is called, and where it leads."""
    if asked.group in TIMES:
        return Cell(bucket_words(one.key, asked.group))
    if asked.group == "client":
        return Cell(one.name, reverse("web:client", args=[one.key]))
    if one.key == "rest":
        return Cell(_("Discounts, charges and roundings of documents"), tone="muted")
    if one.key is None:
        return Cell(_("Lines without an item"), tone="muted")
    return Cell(one.name, reverse("web:item_edit", args=[one.key]))


def url_of(one: Revenue, asked: Asked) -> str:
    """The documents behind a row."""
    if not one.invoice_count + one.credit_count:
        return ""
    if asked.group in TIMES:
        return asked.behind("revenue", span=one.key)
    if asked.group == "client":
        return asked.behind("revenue", client=one.key)
    return asked.behind("revenue", item=one.key or "none")


def notes(visit: Visit, asked: Asked) -> tuple[str, ...]:
    """What the figures are."""
    if asked.currency:
        return (_("Documents in %(currency)s only.") % {"currency": asked.currency},)
    base = visit.organization.base_currency
    return (
        _("Net of tax, by issue date; other currencies in %(currency)s at the rate of each"
          " document. Deposits count when the final invoice takes them up.")
        % {"currency": base},
    )  # fmt: skip


def earned_documents(visit: Visit, asked: Asked) -> Table:
    """The documents behind a figure of the revenue."""
    code = code_of(visit, asked)
    papers = queries.earned_documents(
        by=visit.by,
        span=asked.span,
        base=visit.organization.base_currency,
        currency=asked.currency,
        partner_id=asked.identity("client"),
        item_id=asked.identity("item"),
        of_item="item" in asked.filters,
    )
    rows = [
        (
            Cell(one.number, reverse("web:invoice", args=[one.id])),
            *cells(
                str(choices.KINDS.get(one.kind, one.kind)),
                one.partner_name,
                one.day,
                one.currency,
                Money(one.net, code),
            ),
        )
        for one in papers
    ]
    return Table(
        title=_("Documents behind the revenue"),
        period=span_words(asked.span),
        columns=(
            Column(_("Number")),
            Column(_("Kind")),
            Column(_("Client")),
            Column(_("Issued"), "day"),
            Column(_("Document in")),
            Column(_("Net, %(currency)s") % {"currency": code}, "figure"),
        ),
        sections=(
            Section(
                rows,
                total=cells(
                    _("Total"), None, None, None, None, Money(sum(one.net for one in papers), code)
                ),
            ),
        ),
    )


def pace(visit: Visit, asked: Asked) -> Table:
    """Days to pay by client."""
    found = queries.pace(by=visit.by, span=asked.span)
    whole = queries.pace_of_all(by=visit.by, span=asked.span)
    earlier = {}
    if asked.compared:
        earlier = {one.partner_id: one for one in queries.pace(by=visit.by, span=asked.compared)}
    rows = [
        cells(
            Cell(one.partner_name, reverse("web:client", args=[one.partner_id])),
            Cell(one.count, asked.behind("pace", client=one.partner_id)),
            tenth(one.days),
            tenth(one.days_late),
            one.late_count or None,
            one.slowest,
            *(
                [tenth(earlier[one.partner_id].days) if one.partner_id in earlier else None]
                if asked.compared
                else []
            ),
        )
        for one in found
    ]
    then = queries.pace_of_all(by=visit.by, span=asked.compared) if asked.compared else None
    total = cells(
        _("All clients"),
        Cell(whole.count, asked.behind("pace")),
        tenth(whole.days),
        tenth(whole.days_late),
        whole.late_count or None,
        whole.slowest,
        *([tenth(then.days) if then.count else None] if then else []),
    )
    return Table(
        title=_("Days to pay"),
        period=_("Settled %(period)s") % {"period": span_words(asked.span)},
        columns=(
            Column(_("Client")),
            Column(_("Documents"), "count"),
            Column(_("Days to pay"), "number"),
            Column(_("Days late"), "number"),
            Column(_("Paid late"), "count"),
            Column(_("Slowest, days"), "count"),
            *([Column(span_words(asked.compared), "number")] if asked.compared else []),
        ),
        sections=(Section(rows, total=total),) if rows else (),
        notes=(_("From issue to the last cent, of documents that payments settled."),),
    )


def tenth(days: Any) -> Any:
    """Days with one decimal."""
    return days.quantize(calc.TENTH)


def settled_documents(visit: Visit, asked: Asked) -> Table:
    """The documents behind the days to pay."""
    papers = queries.settled_documents(
        by=visit.by, span=asked.span, partner_id=asked.identity("client")
    )
    rows = [
        (
            Cell(one.number, reverse("web:invoice", args=[one.id])),
            *cells(
                one.partner_name,
                one.issued_on,
                one.due_on,
                one.settled_on,
                (one.settled_on - one.issued_on).days,
                Money(one.amount, one.currency),
            ),
        )
        for one in papers
    ]
    return Table(
        title=_("Settled documents"),
        period=span_words(asked.span),
        columns=(
            Column(_("Number")),
            Column(_("Client")),
            Column(_("Issued"), "day"),
            Column(_("Due"), "day"),
            Column(_("Settled"), "day"),
            Column(_("Days"), "count"),
            Column(_("Total"), "money"),
        ),
        sections=(Section(rows),),
    )
