"""What the line under a long list says, kept while nothing has happened in the organization since.

Adding up a million rows takes long, and every open list asks again whenever something happens: they
wait for one answer. Whether something has happened is one small statement.
"""

import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import get_language

from guilder.faces.web.lists.state import State
from guilder.faces.web.lists.table import Figures, Source
from guilder.faces.web.shell import Visit
from guilder.foundation.events import queries as events

KEPT = 500  # lists as somebody looks at them
MARGIN = 2_000_000_000  # nanoseconds that clocks may lie apart
MOST_NEWS = 1_000
SHOWN_ONLY = ("sort", "cols", "density", "cursor")  # of an address: says nothing of which rows


@dataclass(frozen=True, slots=True)
class Kept:
    """Figures with the place in the feed at which they were read."""

    today: date
    floor: int
    seen: frozenset[UUID]
    figures: Figures


@dataclass(slots=True)
class Shelf:
    """The figures of one list; whoever comes while they are made waits for them."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    kept: Kept | None = None


_shelves: "OrderedDict[tuple[Any, ...], Shelf]" = OrderedDict()
_shelves_lock = threading.Lock()


def figures_of(source: Source, state: State, visit: Visit) -> Figures:
    """Count and sums of all rows as they are now. Raises django.db's OperationalError where
    adding up takes too long."""
    if visit.by.row_rule != "all":  # few rows, and whose they are changes without being told
        return source.figures(state, visit, cap=None)
    shelf = shelf_of(source, state, visit)
    with shelf.lock:
        kept = shelf.kept
        if kept is None or kept.today != visit.today or has_news(visit, kept):
            shelf.kept = kept = made(source, state, visit)
        return kept.figures


def shelf_of(source: Source, state: State, visit: Visit) -> Shelf:
    """The place for these rows and for what this person may see of them."""
    rows = {name: value for name, value in state.whole_query().items() if name not in SHOWN_ONLY}
    by = visit.by
    key = (
        (by.organization_id, by.permissions, get_language()),
        (source.table.kind, state.view.key, tuple(sorted(rows.items()))),
    )
    with _shelves_lock:
        shelf = _shelves.setdefault(key, Shelf())
        _shelves.move_to_end(key)
        while len(_shelves) > KEPT:
            _shelves.popitem(last=False)
        return shelf


def has_news(visit: Visit, kept: Kept) -> bool:
    """Whether anything was committed since."""
    return bool(
        events.happened_since(visit.by.organization_id, after=kept.floor, seen=kept.seen, limit=1)
    )


def made(source: Source, state: State, visit: Visit) -> Kept:
    """Add it all up. The place in the feed is taken first: what comes meanwhile is news."""
    organization_id = visit.by.organization_id
    floor = events.horizon() - MARGIN
    seen = events.happened_since(organization_id, after=floor, limit=MOST_NEWS)
    figures = source.figures(state, visit, cap=None)
    return Kept(visit.today, floor, frozenset(one.id for one in seen), figures)


def forget() -> None:
    """Empty all shelves."""
    with _shelves_lock:
        _shelves.clear()
