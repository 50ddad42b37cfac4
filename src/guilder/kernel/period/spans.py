"""Spans of days: calendar periods and billing cycles.

Months keep the day that they were anchored to: what begins on 31 January goes on at 28 February
(29 in a leap year) and 31 March. The clock always comes in as a date.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from guilder.kernel.errors import Invalid

ONE_DAY = timedelta(days=1)


class NotASpan(Invalid, ValueError):
    """A span that ends before it begins, or a cycle that does not move."""

    code = "period.invalid"


class Unit(StrEnum):
    """What a billing cycle counts in."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


MONTHS = {Unit.MONTH: 1, Unit.QUARTER: 3, Unit.YEAR: 12}
DAYS = {Unit.DAY: 1, Unit.WEEK: 7}


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """From `start_on` to `end_on`, both included; NotASpan where it ends before it begins."""

    start_on: date
    end_on: date

    def __post_init__(self) -> None:
        if self.end_on < self.start_on:
            raise NotASpan("The period ends before it begins. Change one of its dates.")

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.end_on - self.start_on).days + 1

    def __contains__(self, day: date) -> bool:
        return self.start_on <= day <= self.end_on

    def overlap(self, other: Span) -> Span | None:
        """The days that both have, None where there are none."""
        start = max(self.start_on, other.start_on)
        end = min(self.end_on, other.end_on)
        return Span(start, end) if start <= end else None


@dataclass(frozen=True, slots=True)
class Cycle:
    """Every `count` units from `first_on` on, which anchors the day of the month."""

    first_on: date
    unit: Unit = Unit.MONTH
    count: int = 1

    def __post_init__(self) -> None:
        if self.count < 1:
            raise NotASpan("A cycle counts 1 or more.")

    def start(self, index: int) -> date:
        """The first day of span number `index`, counted from 0; OverflowError beyond year 9999."""
        steps = index * self.count
        if self.unit in MONTHS:
            return add_months(self.first_on, steps * MONTHS[self.unit])
        return self.first_on + timedelta(days=steps * DAYS[self.unit])

    def span(self, index: int) -> Span:
        """Span number `index`, counted from 0; it ends on the day before the next begins."""
        return Span(self.start(index), self.start(index + 1) - ONE_DAY)

    def index_of(self, day: date) -> int:
        """The number of the span that `day` is in; negative before `first_on`."""
        if self.unit not in MONTHS:
            return (day - self.first_on).days // (self.count * DAYS[self.unit])
        months = (day.year - self.first_on.year) * 12 + day.month - self.first_on.month
        index = months // (self.count * MONTHS[self.unit])
        # In the month where a span begins, the days before that day still belong to the last one.
        return index if self.start(index) <= day else index - 1

    def spans(self, *, until: date | None = None) -> Iterator[Span]:
        """Every span from the first on that begins on or before `until`, else to year 9999."""
        index = 0
        while True:
            try:
                span = self.span(index)
            except OverflowError:
                return
            if until is not None and span.start_on > until:
                return
            yield span
            index += 1


def calendar_span(day: date, unit: Unit) -> Span:
    """The day, week (from Monday), calendar month, quarter or year that `day` is in."""
    if unit is Unit.DAY:
        return Span(day, day)
    if unit is Unit.WEEK:
        monday = day - timedelta(days=day.weekday())
        return Span(monday, monday + timedelta(days=6))
    months = MONTHS[unit]
    first_month = (day.month - 1) // months * months + 1
    last_month = first_month + months - 1
    return Span(
        day.replace(month=first_month, day=1), month_end(day.replace(day=1, month=last_month))
    )


def month_end(day: date) -> date:
    """The last day of the month of `day`."""
    return day.replace(day=monthrange(day.year, day.month)[1])


def add_months(day: date, months: int, *, anchor: int = 0) -> date:
    """`day` moved by `months`, on day `anchor` (default: its own), at most the month's last.

    OverflowError outside the years 1 to 9999.
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not 1 <= year <= 9999:
        raise OverflowError("That date lies outside the years 1 to 9999.")
    last = monthrange(year, month + 1)[1]
    return date(year, month + 1, min(anchor or day.day, last))
