"""What takes long to find, kept while nothing has happened in the organization since.

Many pages ask for it at once, and every open page again whenever something happens: they wait for
one answer. While the organization's data are of the same generation nothing is asked at all; after
that, what takes long to add up looks at what happened, and the rest is read again.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from django.utils.translation import get_language

from guilder.faces.web import formats
from guilder.faces.web.shell import Visit
from guilder.foundation.events import queries as events

T = TypeVar("T")
KEPT = 1_000  # things as somebody looks at them
MARGIN = 2_000_000_000  # nanoseconds that clocks may lie apart
MOST_NEWS = 1_000


@dataclass(slots=True)
class Kept:
    """A value with the generation, and the place in the feed, at which it was read."""

    today: date
    generation: int | None
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
    begun. For who sees only some rows it is read: whose they are changes untold."""
    if visit.by.row_rule != "all":
        return unchanged(what, visit, make)
    shelf = shelf_of(("told", what), visit)
    with shelf.lock:
        found = shelf.kept
        if found is None or found.today != visit.today or has_news(visit, found):
            shelf.kept = found = made(visit, make)
        return found.value


def unchanged(what: Hashable, visit: Visit, make: Callable[[], T]) -> T:
    """What `make` reads for this person, read anew after anything of the organization was changed
    or another day has begun: for what is read soon, and for what changes untold."""
    if visit.generation is None:
        return make()
    by = visit.by
    shelf = shelf_of(("read", what, by.user_id, by.row_rule, by.own), visit)
    with shelf.lock:
        found = shelf.kept
        if found is None or found.today != visit.today or found.generation != visit.generation:
            shelf.kept = found = Kept(visit.today, visit.generation, 0, frozenset(), make())
        return found.value


def shelf_of(what: Hashable, visit: Visit) -> Shelf:
    """The place for a thing as this person may see it."""
    reader = (get_language(), formats.written_in.get(), formats.zone_of_reader.get())
    key = (what, visit.by.organization_id, visit.by.permissions, reader)
    with _shelves_lock:
        shelf = _shelves.setdefault(key, Shelf())
        _shelves.move_to_end(key)
        while len(_shelves) > KEPT:
            _shelves.popitem(last=False)
        return shelf


def has_news(visit: Visit, found: Kept) -> bool:
    """Whether anything happened since. Of the same generation nothing did; of another one, what
    was changed may be nothing that is told of."""
    if visit.generation is not None and found.generation == visit.generation:
        return False
    if events.happened_since(visit.by.organization_id, after=found.floor, seen=found.seen, limit=1):
        return True
    found.generation = visit.generation
    return False


def made(visit: Visit, make: Callable[[], Any]) -> Kept:
    """Make it. The place in the feed is taken first: what comes meanwhile is news."""
    floor = events.horizon() - MARGIN
    seen = events.happened_since(visit.by.organization_id, after=floor, limit=MOST_NEWS)
    ids = frozenset(one.id for one in seen)
    return Kept(visit.today, visit.generation, floor, ids, make())


def forget() -> None:
    """Empty all shelves."""
    with _shelves_lock:
        _shelves.clear()
