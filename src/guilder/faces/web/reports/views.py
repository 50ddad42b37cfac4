"""Pages of the reports: all of them, one of them, and the documents behind a figure."""

from types import SimpleNamespace
from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from guilder.faces.web.door import page
from guilder.faces.web.reports.asked import CUSTOM, Asked, asked_of
from guilder.faces.web.reports.drawing import Chart, chart
from guilder.faces.web.reports.files import as_file
from guilder.faces.web.reports.kinds import GROUPS, KINDS, TIMES, Kind
from guilder.faces.web.reports.words import group_words, span_words, written
from guilder.faces.web.shell import Visit
from guilder.kernel.errors import NotAllowed, NotFound
from guilder.kernel.money import Money
from guilder.office.reports import queries
from guilder.office.reports import schemas as calc
from guilder.office.reports.schemas import Cell, Section, Table

SHOWN = 500  # rows of one section on a page; files hold them all
FIRST = 80  # of them, until somebody wants to see more
FORMATS = {"csv": "CSV", "xlsx": "XLSX", "pdf": "PDF"}


@page("reports", "report.view", methods="GET")
def reports(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Every report that this person may see."""
    groups = [
        {
            "label": label,
            "kinds": [
                {
                    "label": kind.label,
                    "hint": kind.hint,
                    "icon": kind.icon,
                    "url": reverse("web:report", args=[kind.name]),
                }
                for kind in kinds
                if kind.may(visit)
            ],
        }
        for label, kinds in GROUPS
    ]
    may = {"books": visit.by.may("ledger.view"), "papers": visit.by.may("export.run")}
    words = {"groups": [group for group in groups if group["kinds"]], "may": may}
    return render(request, "reports/index.html", words)


@page("reports", "report.view", methods="GET")
def report(request: HttpRequest, visit: Visit, name: str) -> HttpResponse:
    """One report, as a page or as a file."""
    kind = kind_of(name, visit)
    asked = asked_of(request, visit, preset=kind.preset or "this_year", groups=kind.groups)
    with visit.reading():
        table = kind.build(visit, asked)
        codes = used_codes(kind, visit, asked)
    if request.GET.get("format") in FORMATS:
        return as_file(table, request.GET["format"], visit, name=kind.name)
    words = {
        "kind": kind,
        "table": shown(table, request),
        "chart": drawn(kind, table, asked),
        "tools": tools(kind, visit, asked, codes),
        "exports": exports(request),
        "back": {"label": _("Reports"), "url": reverse("web:reports")},
        "announce": announced(table),
    }
    return render(request, template_of(request), words)


@page("reports", "report.view", methods="GET")
def report_documents(request: HttpRequest, visit: Visit, name: str) -> HttpResponse:
    """The documents behind a figure of a report."""
    kind = kind_of(name, visit)
    if kind.documents is None:
        raise NotFound(_("There is nothing behind this report."))
    asked = asked_of(request, visit, preset=kind.preset or "this_year", groups=kind.groups)
    with visit.reading():
        table = kind.documents(visit, asked)
    if request.GET.get("format") in FORMATS:
        return as_file(table, request.GET["format"], visit, name=f"{kind.name}-documents")
    back = reverse("web:report", args=[kind.name])
    of = asked.filters.get("of", "")
    words = {
        "kind": kind,
        "table": shown(table, request),
        "exports": exports(request),
        "back": {"label": kind.label, "url": f"{back}?{of}" if of else back},
        "announce": announced(table),
    }
    return render(request, template_of(request), words)


def kind_of(name: str, visit: Visit) -> Kind:
    """The report of a name. Raises NotFound, NotAllowed."""
    kind = KINDS.get(name)
    if kind is None:
        raise NotFound(_("There is no such report."))
    for permission in kind.permissions:
        visit.by.require(permission)
    if visit.by.row_rule == "portal":
        raise NotAllowed(_("Reports are for the people of the organization."))
    return kind


def template_of(request: HttpRequest) -> str:
    """The page, or for htmx what changes of it."""
    return (
        "reports/report.html#report" if request.headers.get("HX-Request") else "reports/report.html"
    )


def announced(table: Table) -> str:
    """What is read out after a change."""
    return f"{table.title}, {table.period}"


def shown(table: Table, request: HttpRequest) -> SimpleNamespace:
    """The table as the template draws it: every value in words."""
    kinds = [column.kind for column in table.columns]
    longest = max((len(section.rows) for section in table.sections), default=0)
    most = SHOWN if request.GET.get("rows") == "all" else FIRST
    notes = [*table.notes]
    if longest > most == SHOWN:
        notes.append(
            _("The first %(shown)s of %(count)s rows are shown; a file holds them all.")
            % {"shown": SHOWN, "count": table.row_count}
        )
    return SimpleNamespace(
        title=table.title,
        period=table.period,
        columns=[
            SimpleNamespace(label=column.label, end=column.at_end) for column in table.columns
        ],
        width=len(table.columns),
        sections=[section_of(section, kinds, most=most) for section in table.sections],
        rest_url=whole_url(request) if longest > most == FIRST else "",
        row_count=table.row_count,
        is_parted=table.is_parted,
        is_empty=not table.sections or not any(one.rows or one.total for one in table.sections),
        notes=notes,
    )


def whole_url(request: HttpRequest) -> str:
    """The same page with all of its rows."""
    query = request.GET.copy()
    query["rows"] = "all"
    return f"{request.path}?{query.urlencode()}"


def section_of(section: Section, kinds: list[str], *, most: int) -> SimpleNamespace:
    """A section in words, with at most so many rows."""
    return SimpleNamespace(
        title=section.title,
        rows=[row_of(row, kinds) for row in section.rows[:most]],
        total=row_of(section.total, kinds) if section.total else None,
    )


def row_of(row: tuple[Cell, ...], kinds: list[str]) -> list[SimpleNamespace]:
    """A row in words."""
    return [
        SimpleNamespace(
            text=written(cell.value, kind),
            url=cell.url,
            tone=cell.tone,
            end=kind not in {"text", "day"},
            is_number=kind != "text",
        )
        for cell, kind in zip(row, kinds, strict=True)
    ]


def drawn(kind: Kind, table: Table, asked: Asked) -> Chart | None:
    """The bars of a report over time."""
    if not kind.is_drawn or asked.group not in TIMES or not table.sections:
        return None
    place = next(i for i, column in enumerate(table.columns) if column.kind == "percent") - 1
    before = place + 2 if asked.compared else None
    return chart(
        [
            (str(row[0].value), money_of(row[place]), money_of(row[before]) if before else None)
            for row in table.sections[0].rows
        ],
        then=span_words(asked.compared) if asked.compared else "",
    )


def money_of(cell: Cell) -> Money:
    """The amount in a cell of a money column."""
    return cast("Money", cell.value)


def used_codes(kind: Kind, visit: Visit, asked: Asked) -> list[str]:
    """The currencies that the toolbar offers."""
    if not kind.has_currency:
        return []
    span = asked.span
    if kind.of_one_day:
        span = calc.Span(calc.add_months(asked.on, -36), asked.on)
    return queries.currencies_used(by=visit.by, span=span)


def tools(kind: Kind, visit: Visit, asked: Asked, codes: list[str]) -> dict[str, Any]:
    """The toolbar: each select as (value, label) pairs with what is chosen."""
    base = visit.organization.base_currency
    found: dict[str, Any] = {
        "action": reverse("web:report", args=[kind.name]),
        "is_custom": asked.preset == CUSTOM,
        "from": asked.span.start_on,
        "to": asked.span.end_on,
        "on": asked.on if kind.of_one_day else None,
        "today": visit.today,
        "selects": [],
    }
    add = found["selects"].append
    if not kind.of_one_day:
        add(select("period", _("Period"), period_pairs(asked), asked.preset))
    if kind.compares:
        add(select("compare", _("Compare with"), compare_pairs(asked), asked.compare))
    if kind.groups:
        pairs = [(group, group_words(group)) for group in kind.groups]
        add(select("group", _("Group by"), pairs, asked.group))
    if kind.has_currency and (set(codes) - {base} or asked.currency):
        every = _("All currencies") if kind.of_one_day else _("All, in %(code)s") % {"code": base}
        pairs = [("", every), *((code, code) for code in sorted({*codes, asked.currency} - {""}))]
        add(select("currency", _("Currency"), pairs, asked.currency))
    return found


def select(name: str, label: str, pairs: Any, value: str) -> dict[str, Any]:
    """One select of the toolbar."""
    return {"name": name, "label": label, "pairs": pairs, "value": value}


def period_pairs(asked: Asked) -> list[tuple[str, str]]:
    """The periods by name."""
    return [
        ("this_month", _("This month")),
        ("last_month", _("Last month")),
        ("this_quarter", _("This quarter")),
        ("last_quarter", _("Last quarter")),
        ("this_year", _("This year")),
        ("last_year", _("Last year")),
        ("last_12_months", _("Last 12 months")),
        (CUSTOM, span_words(asked.span) if asked.preset == CUSTOM else _("Other days…")),
    ]


def compare_pairs(asked: Asked) -> list[tuple[str, str]]:
    """What a period is compared with; each names its days."""
    before, year = (
        span_words(calc.span_before(asked.span)),
        span_words(calc.year_before(asked.span)),
    )
    return [
        ("", _("Nothing")),
        ("before", _("Before: %(days)s") % {"days": before}),
        ("year", _("Year before: %(days)s") % {"days": year}),
    ]


def exports(request: HttpRequest) -> list[dict[str, str]]:
    """The files that this page can be taken away as."""
    found = []
    for code, label in FORMATS.items():
        query = request.GET.copy()
        query["format"] = code
        found.append({"label": label, "url": f"{request.path}?{query.urlencode()}"})
    return found
