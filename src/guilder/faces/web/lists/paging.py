"""The keyset's pages: cursors that name an order and a row, and the addresses beside a page."""

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.db.models.functions import Lower
from django.http import HttpRequest, QueryDict

PAGE = 25  # more than a window shows; a page of them stays under 10 KiB on the wire


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page begins: beyond a row's (sort value, id), forward or back."""

    value: Any
    row_id: UUID
    back: bool = False


def place_of(request: HttpRequest, *, sort: str) -> Place | None:
    """The place that `cursor` names in this order; a cursor of another order begins anew."""
    try:
        raw = base64.urlsafe_b64decode(request.GET.get("cursor", "") + "==")
        order, kind, value, row_id, back = json.loads(raw)
        if order != sort:
            return None
        return Place(VALUES[kind](value), UUID(row_id), bool(back))
    except (ValueError, TypeError, KeyError, binascii.Error, AttributeError):
        return None


def day_of(text: Any) -> date:
    """A day out of a cursor."""
    return date.fromisoformat(str(text))


def moment_of(text: Any) -> datetime:
    """An instant out of a cursor."""
    return datetime.fromisoformat(str(text))


VALUES: dict[str, Any] = {
    "none": lambda _value: None,
    "int": int,
    "str": str,
    "date": day_of,
    "datetime": moment_of,
}


def cursor_of(value: Any, row_id: UUID, *, sort: str, back: bool = False) -> str:
    """The cursor of the page beyond a row."""
    kind = "none" if value is None else type(value).__name__
    told = value.isoformat() if isinstance(value, date) else value
    raw = json.dumps([sort, kind, told, str(row_id), back], separators=(",", ":"))
    return base64.urlsafe_b64encode(raw.encode()).decode().rstrip("=")


@dataclass(frozen=True, slots=True)
class Paged:
    """The rows of a page in the list's order, and the cursors of its neighbours."""

    rows: list[Any]
    newer: str
    older: str


def paged(found: Sequence[Any], place: Place | None, *, sort: str, key: Any) -> Paged:
    """The page out of at most PAGE + 1 `found` rows, in the direction that was asked for.

    `key` gives (sort value, id) of a row.
    """
    more = len(found) > PAGE
    rows = list(found[:PAGE])
    back = place is not None and place.back
    if back:
        rows.reverse()
    if not rows:
        return Paged(rows, "", "")
    before = more if back else place is not None
    after = True if back else more
    newer = cursor_of(*key(rows[0]), sort=sort, back=True) if before else ""
    older = cursor_of(*key(rows[-1]), sort=sort) if after else ""
    return Paged(rows, newer, older)


def by_name(
    rows: QuerySet[Any], *, sort: str, place: Place | None, limit: int = 0
) -> QuerySet[Any]:
    """At most `limit` (else PAGE + 1) rows beyond a place in the order of names, the id last.

    `sort` is "name" or "-name". Each row gets `lower_name`, what the order compares."""
    back = place is not None and place.back
    down = sort.startswith("-") != back
    rows = rows.annotate(lower_name=Lower("name"))
    if place is not None:
        way = "lt" if down else "gt"
        beyond = Q(**{f"lower_name__{way}": place.value})
        rows = rows.filter(beyond | Q(lower_name=place.value, **{f"id__{way}": place.row_id}))
    mark = "-" if down else ""
    return rows.order_by(f"{mark}lower_name", f"{mark}id")[: limit or PAGE + 1]


def turned(sort: str) -> str:
    """The same order from its other end."""
    return sort.removeprefix("-") if sort.startswith("-") else f"-{sort}"


def address(request: HttpRequest, **changes: str) -> str:
    """This list's address with some parts changed; an empty part is taken away."""
    parts: QueryDict = request.GET.copy()
    for name, value in changes.items():
        if value:
            parts[name] = value
        else:
            parts.pop(name, None)
    query = parts.urlencode()
    return f"{request.path}?{query}" if query else request.path


def pager(request: HttpRequest, page: Paged) -> SimpleNamespace:
    """The addresses of the pages beside this one."""
    return SimpleNamespace(
        newer=address(request, cursor=page.newer) if page.newer else "",
        older=address(request, cursor=page.older) if page.older else "",
    )


def views(
    request: HttpRequest, labels: Sequence[tuple[str, str]], *, counts: dict[str, int]
) -> list[SimpleNamespace]:
    """Saved views as tabs; the first is the one of no name."""
    current = request.GET.get("view", "")
    if current not in {name for name, _label in labels}:
        current = ""
    return [
        SimpleNamespace(
            label=label,
            url=f"{request.path}?view={name}" if name else request.path,
            current=name == current,
            count=counted(counts.get(name, 0)),
        )
        for name, label in labels
    ]


def counted(count: int, cap: int = 10_000) -> str:
    """A count as a tab shows it: nothing for none, and capped."""
    if count > cap:
        return f"{cap:,}+"
    return f"{count:,}" if count else ""


def columns(request: HttpRequest, sort: str, names: dict[str, str]) -> SimpleNamespace:
    """The sortable heads: name in the template → name of the order."""
    made = {}
    for name, order in names.items():
        current = sort.removeprefix("-") == order
        down = sort.startswith("-")
        turn = order if current and down else f"-{order}"
        made[name] = SimpleNamespace(
            href=address(request, sort=turn, cursor=""),
            sorted=("descending" if down else "ascending") if current else "",
        )
    return SimpleNamespace(**made)


def template_of(request: HttpRequest, name: str) -> str:
    """The list's fragment for htmx, else the whole page."""
    swaps = request.headers.get("HX-Request") and not request.headers.get("HX-Boosted")
    return f"{name}#list" if swaps else name
