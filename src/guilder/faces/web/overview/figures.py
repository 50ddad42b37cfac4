"""The figures of the overview: kept per organization, and made anew when something has happened.

What is kept counts while no event has been committed since it was read; that question costs one
small statement, and none while the data are of the same generation. Long-past days are kept apart,
since little ever changes them.
"""

import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from guilder.books.invoicing import queries as invoicing
from guilder.books.invoicing.queries import Age
from guilder.faces.web.shell import Visit
from guilder.foundation.events import queries as events
from guilder.foundation.events.queries import Happened
from guilder.kernel.money import Money
from guilder.office.reports.queries import overview as reports
from guilder.office.reports.queries.overview import Days

KEPT = 200  # organizations, each with at most a few kinds of readers
MARGIN = 2_000_000_000  # nanoseconds that clocks may lie apart
MOST_NEWS = 200
RECENT = timedelta(days=7)
# What these families tell of may move a figure; the rest does not.
MOVING = {"invoice", "credit", "payment", "refund", "organization", "seller", "currency", "rates"}
# These leave days of long ago as they are, or name the day that they touch.
PRESENT = {
    "invoice.created", "invoice.changed", "invoice.deleted", "invoice.settled", "invoice.reopened",
    "invoice.marked", "invoice.written_off", "credit.allocated", "credit.reversed",
}  # fmt: skip
DATED = {"invoice.issued": "issued_on", "payment.recorded": "received_on"}


@dataclass(frozen=True, slots=True)
class Figures:
    """Everything that is counted: days from the window's start until today, ages, what is due this
    month (minor units of the base currency), and drafts."""

    days: Days
    ages: list[Age]
    expected: int
    drafts: list[tuple[int, Money]]


@dataclass(slots=True)
class Kept:
    """Figures with the place in the feed at which they were read."""

    today: date
    generation: int | None
    floor: int
    seen: set[UUID]
    past: Days
    figures: Figures


@dataclass(slots=True)
class Shelf:
    """One reader's figures; whoever comes while they are made waits for them."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    kept: Kept | None = None


_shelves: "OrderedDict[tuple[Any, ...], Shelf]" = OrderedDict()
_shelves_lock = threading.Lock()


def window(today: date) -> date:
    """The first day of the month eleven months ago."""
    month = today.year * 12 + today.month - 1 - 11
    return date(month // 12, month % 12 + 1, 1)


def figures_of(visit: Visit) -> Figures:
    """The figures as they are now."""
    shelf = shelf_of(visit)
    with shelf.lock:
        kept = shelf.kept
        if kept is not None and kept.today == visit.today:
            if visit.generation is not None and kept.generation == visit.generation:
                return kept.figures
            news = news_since(visit, kept)
            if not news:
                kept.generation = visit.generation
                return kept.figures
            past = kept.past if all(spares_past(one, kept.past.end) for one in news) else None
        else:
            past = None
        shelf.kept = made(visit, past)
        return shelf.kept.figures


def shelf_of(visit: Visit) -> Shelf:
    """The place for what this person may see: all, or their own."""
    by = visit.by
    own = None if by.row_rule == "all" else by.user_id
    key = (by.organization_id, own, by.may("payment.view"))
    with _shelves_lock:
        shelf = _shelves.setdefault(key, Shelf())
        _shelves.move_to_end(key)
        while len(_shelves) > KEPT:
            _shelves.popitem(last=False)
        return shelf


def news_since(visit: Visit, kept: Kept) -> list[Happened]:
    """What moved a figure since; what did not is remembered."""
    found = events.happened_since(
        visit.by.organization_id, after=kept.floor, seen=kept.seen, limit=MOST_NEWS
    )
    moving = [one for one in found if one.type.partition(".")[0] in MOVING]
    if not moving and len(found) < MOST_NEWS:
        kept.seen.update(one.id for one in found)
        return []
    return moving or found


def spares_past(event: Happened, until: date) -> bool:
    """Whether what happened leaves the days before `until` as they are."""
    if event.type in PRESENT:
        return True
    day = event.payload.get(DATED.get(event.type, ""), "")
    try:
        return date.fromisoformat(day) >= until
    except (TypeError, ValueError):
        return False


def made(visit: Visit, past: Days | None) -> Kept:
    """Read it all. The place in the feed is taken first: what comes meanwhile is read twice."""
    by, today = visit.by, visit.today
    floor = events.horizon() - MARGIN
    seen = {one.id for one in events.happened_since(by.organization_id, after=floor, limit=5000)}
    recent = max(window(today), today - RECENT)
    if past is None:
        past = reports.days(by=by, start=window(today), end=recent)
    present = reports.days(by=by, start=past.end, end=today + timedelta(days=1))
    figures = Figures(
        days=reports.joined(past, present),
        ages=invoicing.ageing(by=by, today=today),
        expected=reports.expected(by=by, start=today, end=month_after(today)),
        drafts=reports.drafts(by=by),
    )
    return Kept(today, visit.generation, floor, seen, past, figures)


def month_after(day: date) -> date:
    """The first day of the next month."""
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)


def forget() -> None:
    """Empty all shelves."""
    with _shelves_lock:
        _shelves.clear()
