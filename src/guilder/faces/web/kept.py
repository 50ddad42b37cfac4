"""What takes long to count, kept while nothing has happened in the organization since.

Many pages ask for it at once, and every open page again whenever something happens: they wait for
one answer. Whether something has happened is one small statement.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from django.utils.translation import get_language

from guilder.faces.web.shell import Visit
from guilder.foundation.events import queries as events

T = TypeVar("T")
KEPT = 500  # things as somebody looks at them
MARGIN = 2_000_000_000  # nanoseconds that clocks may lie apart
MOST_NEWS = 1_000


@dataclass(frozen=True, slots=True)
class Kept:
    """A value with the place in the feed at which it was read."""

    today: date
    floor: int
    seen: frozenset[UUID]
    value: Any


@dataclass(slots=True)
class Shelf:
    """One value; whoever comes while it is made waits for it."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    kept: Kept | None = None


_shelves: "OrderedDict[tuple[Any, ...], Shelf]" = OrderedDict()
_shelves_lock = threading.Lock()


def kept(what: Hashable, visit: Visit, make: Callable[[], T]) -> T:
    """What `make` gives for this person, made anew after something has happened or another day has
    begun. Who sees only some rows gets it made each time: whose they are changes untold."""
    if visit.by.row_rule != "all":
        return make()
    shelf = shelf_of(what, visit)
    with shelf.lock:
        found = shelf.kept
        if found is None or found.today != visit.today or has_news(visit, found):
            shelf.kept = found = made(visit, make)
        return found.value


def shelf_of(what: Hashable, visit: Visit) -> Shelf:
    """The place for a thing as this person may see it."""
    key = (what, visit.by.organization_id, visit.by.permissions, get_language())
    with _shelves_lock:
        shelf = _shelves.setdefault(key, Shelf())
        _shelves.move_to_end(key)
        while len(_shelves) > KEPT:
            _shelves.popitem(last=False)
        return shelf


def has_news(visit: Visit, found: Kept) -> bool:
    """Whether anything was committed since."""
    return bool(
        events.happened_since(visit.by.organization_id, after=found.floor, seen=found.seen, limit=1)
    )


def made(visit: Visit, make: Callable[[], Any]) -> Kept:
    """Make it. The place in the feed is taken first: what comes meanwhile is news."""
    floor = events.horizon() - MARGIN
    seen = events.happened_since(visit.by.organization_id, after=floor, limit=MOST_NEWS)
    return Kept(visit.today, floor, frozenset(one.id for one in seen), make())


def forget() -> None:
    """Empty all shelves."""
    with _shelves_lock:
        _shelves.clear()
