"""A list's page as its template takes it: tabs, chips, heads, rows, sums and the way on."""

from collections.abc import Callable, Sequence
from types import SimpleNamespace
from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from guilder.faces.web import formats
from guilder.faces.web.lists import cells, paging
from guilder.faces.web.lists.kept import around
from guilder.faces.web.lists.state import DENSITIES, State, View
from guilder.faces.web.lists.table import Column, Figures, Row, Source
from guilder.faces.web.shell import Visit
from guilder.kernel.money import Money

CAP = 10_000  # counts end here
SUMMED = 2_000  # so many rows are summed with the page; more are by a request of their own
COUNTED = 8  # so many tabs tell a count
FAILURES = "list_failures"  # the session's key


def page_of(
    source: Source, state: State, visit: Visit, request: HttpRequest, *, is_late: bool = False
) -> dict[str, Any]:
    """Everything that lists/page.html shows; `is_late` where its panels are fetched later. What
    stands in pieces that are kept (`marks`) is put together when one of them is drawn."""
    place = paging.place_of(request, sort=state.sort)
    back = place is not None and place.back
    with visit.reading():
        found = source.rows(
            state,
            visit,
            sort=paging.turned(state.sort) if back else state.sort,
            limit=paging.PAGE + 1,
            after=(place.value, place.row_id) if place else None,
        )
        shown = paging.paged(
            found, place, sort=state.sort, key=lambda one: source.key(one, state.sort)
        )
        rows = source.draw(shown.rows, state, visit)
        counting = [view for view in state.views if view.counted][:COUNTED]
        numbers, figures = around(
            source, state, [state.seen_as(view) for view in counting], visit,
            cap=None if request.GET.get("sums") == "all" else SUMMED,
        )  # fmt: skip
    table = state.table
    look = look_of(state, visit, is_late=is_late)
    return {
        "table": table,
        "page": page_words(state, visit),
        "may_save": visit.by.user_id is not None and visit.by.may("desk.view"),
        "q": state.q,
        "marks": {"look": look, "views": look and (look, *numbers)},
        "late": is_late,
        **later(state, visit, dict(zip((one.key for one in counting), numbers, strict=True))),
        "density": state.density,
        "rows": drawn(rows, state),
        "pager": SimpleNamespace(
            newer=state.url(cursor=shown.newer) if shown.newer else "",
            older=state.url(cursor=shown.older) if shown.older else "",
        ),
        "foot": foot_of(figures, state),
        "announce": announced(figures, table.nouns),
        "urls": urls(state),
        "here": state.url(cursor=request.GET.get("cursor", "")),
        "acts": [act for act in table.acts if visit.by.may(act.permission or "desk.view")],
        "failures": request.session.pop(FAILURES, []) if FAILURES in request.session else [],
    }


def look_of(state: State, visit: Visit, *, is_late: bool) -> tuple[Any, ...]:
    """Everything that a list's head, tabs and tools show and that changes, to be compared; nothing
    while words are typed, which each stand once."""
    if not visit.seen_by or state.q:
        return ()
    given = tuple(sorted(one for one in state.given.items() if one[0] != "cursor"))
    return (state.table.kind, state.path, state.view.key, given, is_late, visit.seen_by)


def later(state: State, visit: Visit, numbers: dict[str, int]) -> dict[str, SimpleLazyObject]:
    """What only pieces show, by name: put together once, when the template asks for it."""

    def filters() -> list[dict[str, Any]]:
        with visit.reading():
            return panel(state, visit)

    known: Any = SimpleLazyObject(filters)
    made: dict[str, Callable[[], Any]] = {
        "views": lambda: tabs(state, numbers),
        "save": lambda: save_words(state, visit),
        "hidden": lambda: hidden(state),
        "chips": lambda: [one for one in known if one["chip"]],
        "narrowed": lambda: narrowed(state, known),
        "clear_url": lambda: clear_url(state),
        "columns": lambda: heads(state),
        "choices": lambda: column_choices(state),
        "densities": lambda: densities(state),
        "exports": lambda: exports(state),
    }
    return {"filters": known, **{name: SimpleLazyObject(make) for name, make in made.items()}}


def clear_url(state: State) -> str:
    """The list without what was asked for."""
    if state.view.query and not state.view.saved:
        return state.path
    return state.url(**dict.fromkeys(filter_params(state), ""), q="")


def page_words(state: State, visit: Visit) -> dict[str, Any]:
    """The head's own buttons."""
    table = state.table
    words: dict[str, Any] = {"create": None, "load": ""}
    if table.create and visit.by.may(table.create[2]):
        words["create"] = {"label": table.create[0], "url": reverse(table.create[1])}
    if table.load and visit.by.may(table.load[1]):
        words["load"] = reverse(table.load[0])
    return words


def urls(state: State) -> dict[str, str]:
    """Where the machine's own requests go."""
    route = state.table.route
    return {
        "selection": reverse(f"{route}_selection"),
        "bulk": reverse(f"{route}_bulk"),
        "views": reverse(f"{route}_views"),
        "query": state.query(),
    }


# Tabs and saved views


def tabs(state: State, found: dict[str, int]) -> list[dict[str, Any]]:
    """The views as tabs, those that count with how many were found."""
    return [
        {
            "key": view.key,
            "label": view.label,
            "url": f"{state.path}?view={view.key}" if view.key else state.path,
            "current": view.key == state.view.key,
            "count": counted(found.get(view.key, 0), state.table.counts_to),
            "shared": view.shared,
            "mine": view.mine,
        }
        for view in state.views
    ]


def save_words(state: State, visit: Visit) -> dict[str, Any]:
    """What the form for saving the view shows."""
    view: View = state.view
    changed = bool({name for name in state.given if name != "cursor"})
    return {
        "id": view.key if view.saved and view.mine else "",
        "name": view.label if view.saved else "",
        "shared": view.shared,
        "changed": changed,
        "may_share": visit.by.may("view.share"),
        "state": state.url().partition("?")[2],
    }


def counted(count: int, cap: int = CAP) -> str:
    """A count as people read it: nothing for none, and capped."""
    locale = formats.reader()
    if count > cap:
        return f"{formats.number(cap, locale)}+"
    return formats.number(count, locale) if count else ""


# Filters


def filter_params(state: State) -> list[str]:
    """Every part of the address that a filter has."""
    return [name for one in state.table.filters for name in one.params]


def panel(state: State, visit: Visit) -> list[dict[str, Any]]:
    """Each filter with its control, and its chip where it narrows; what a built-in view narrows
    by is said by its tab."""
    made = []
    for one in state.table.filters:
        words = one.words(state, visit)
        own = state.view.saved or any(state.given.get(name) for name in one.params)
        made.append(
            {
                "name": one.name,
                "label": one.label,
                "words": words,
                "chip": words if own else "",
                "clear": state.url(**dict.fromkeys(one.params, "")),
                **one.control(state, visit),
            }
        )
    return made


def narrowed(state: State, filters: Sequence[dict[str, Any]]) -> bool:
    """Whether a row may be missing because of what was asked for."""
    return bool(state.q or state.view.key or any(one["words"] for one in filters))


def hidden(state: State) -> dict[str, str]:
    """What the form of filters carries along."""
    parts = {name: state.value(name) for name in ("sort", "cols", "density")}
    kept = {name: value for name, value in parts.items() if value}
    return {"view": state.view.key, **kept} if state.view.key else kept


# Columns


def heads(state: State) -> list[dict[str, Any]]:
    """The heads in the columns' order, those that sort with their address."""
    return [{"column": column, **order_of(column, state)} for column in state.columns]


def order_of(column: Column, state: State) -> dict[str, str]:
    """What a head's link does, and how the list stands by it."""
    if not column.sort:
        return {"href": "", "sorted": ""}
    down = state.sort.startswith("-")
    current = state.sort.removeprefix("-") == column.sort
    # Amounts and days are asked for from their high end first, names from their beginning.
    falls = column.end or column.key not in ("name", "client", "code")
    first = f"-{column.sort}" if falls else column.sort
    turn = paging.turned(state.sort) if current else first
    return {
        "href": state.url(sort=turn),
        "sorted": ("descending" if down else "ascending") if current else "",
    }


def column_choices(state: State) -> list[dict[str, Any]]:
    """Every column that may come and go, shown ones first in their order, with the addresses of
    the list with it moved, taken away or added."""
    shown = [column.key for column in state.columns if not column.fixed]
    known = {column.key: column for column in state.table.columns if not column.fixed}
    rest = [key for key in known if key not in shown]
    made = []
    for index, key in enumerate(shown):
        made.append(
            {
                "key": key,
                "label": known[key].label,
                "on": True,
                "toggle": cols_url(state, [one for one in shown if one != key] or shown),
                "up": cols_url(state, moved(shown, index, -1)) if index else "",
                "down": cols_url(state, moved(shown, index, 1)) if index + 1 < len(shown) else "",
            }
        )
    for key in rest:
        url = cols_url(state, [*shown, key])
        made.append({"key": key, "label": known[key].label, "on": False, "toggle": url})
    return made


def moved(keys: Sequence[str], index: int, by: int) -> list[str]:
    """The keys with one of them a place further on or back."""
    found = list(keys)
    found.insert(index + by, found.pop(index))
    return found


def cols_url(state: State, keys: Sequence[str]) -> str:
    """The list with these columns; its usual ones need no mention."""
    usual = [one.key for one in state.table.columns if one.shown and not one.fixed]
    said = state.view.query.get("cols", "")
    return state.url(cols="" if list(keys) == usual and not said else ",".join(keys))


def densities(state: State) -> list[dict[str, Any]]:
    """The three heights of rows."""
    labels = {"": _("Normal"), "compact": _("Compact"), "roomy": _("Roomy")}
    return [
        {"label": labels[one], "url": state.url(density=one), "on": state.density == one}
        for one in ("", *DENSITIES)
    ]


# Rows and figures


def drawn(rows: Sequence[Row], state: State) -> list[SimpleNamespace]:
    """Rows with their markup, the columns in order."""
    markup = cells.rows_of(rows, state.columns, sprite=static("guilder/icons.svg"))
    return [
        SimpleNamespace(id=row.id, url=row.url, name=row.name, known=row.cells, html=html)
        for row, html in zip(rows, markup, strict=True)
    ]


def foot_of(figures: Figures, state: State) -> dict[str, Any]:
    """The line under the rows: how many there are and their sums, or where to ask for them."""
    return {
        "count": count_words(figures, state.table.nouns),
        "sums": [{"label": one.label, "amounts": one.amounts} for one in figures.sums],
        "later": "" if figures.whole else f"{reverse(f'{state.table.route}_sums')}?{state.query()}",
        "all": "" if figures.whole else state.url(sums="all"),
    }


def count_words(figures: Figures, nouns: Any) -> str:
    """ "1,284 invoices", or "about" where only a part was counted."""
    return nouns(figures.count, counted(figures.count) or "0") if figures.whole else ""


def announced(figures: Figures, nouns: Any) -> str:
    """What is read out after a swap."""
    if figures.whole:
        return nouns(figures.count, counted(figures.count) or "0")
    return nouns(figures.count, f"{counted(SUMMED)}+")


def exports(state: State) -> list[dict[str, str]]:
    """The files that this view can be had as."""
    base = reverse(f"{state.table.route}_export")
    query = state.url(cursor="").partition("?")[2]
    join = f"&{query}" if query else ""
    return [
        {"label": _("CSV for spreadsheets"), "url": f"{base}?format=csv{join}"},
        {"label": _("Excel workbook (XLSX)"), "url": f"{base}?format=xlsx{join}"},
    ]


def sums_of(amounts: Sequence[Money]) -> list[Money]:
    """Those that are not nothing; where all are, the first stands for them."""
    return [one for one in amounts if one] or list(amounts[:1])
