"""Simple interest on a debt that is paid in parts while rates change. Pure.

Interest runs on each day from the first day of default to the day of reckoning, both included, on
what is owed that day; a part that came in no longer counts from its day on. It is exact per span,
and rounded once, at the end.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from guilder.kernel.money import Money

ONE_DAY = timedelta(days=1)


class NoRate(ValueError):
    """No rate is known for a day; `on` is from when."""

    def __init__(self, on: date) -> None:
        super().__init__(f"No rate is known for {on}.")
        self.on = on


@dataclass(frozen=True, slots=True)
class Rate:
    """Percent a year from a day on; None where from that day on none is known."""

    valid_from: date
    percent: Decimal | None


@dataclass(frozen=True, slots=True)
class Principal:
    """What is owed from a day on, in minor units."""

    on: date
    amount: int


@dataclass(frozen=True, slots=True)
class Span:
    """Days on which neither the debt nor the rate changed; both ends included."""

    start_on: date
    end_on: date
    amount: int
    percent: Decimal

    @property
    def days(self) -> int:
        """How many days."""
        return (self.end_on - self.start_on).days + 1

    def exact(self, year_days: int) -> Fraction:
        """The interest in minor units, unrounded."""
        return Fraction(self.amount) * Fraction(self.percent) * self.days / (100 * year_days)


@dataclass(frozen=True, slots=True)
class Grown:
    """Interest and the spans that it is made of."""

    amount: Money
    spans: tuple[Span, ...]


def interest(
    debt: Sequence[Principal],
    rates: Sequence[Rate],
    *,
    start_on: date,
    end_on: date,
    currency: str,
    year_days: int = 365,
) -> Grown:
    """The interest of a debt over some days, both included. Raises NoRate.

    `debt` begins on or before `start_on`; both lists are in the order of their days.
    """
    spans = tuple(spans_of(debt, rates, start_on=start_on, end_on=end_on))
    exact = sum((one.exact(year_days) for one in spans), Fraction(0))
    return Grown(Money(half_up(exact), currency), spans)


def spans_of(
    debt: Sequence[Principal], rates: Sequence[Rate], *, start_on: date, end_on: date
) -> list[Span]:
    """The days cut wherever debt or rate changes; days without a debt, or at 0 percent, are left
    out. Raises NoRate."""
    cuts = {start_on, *(one.on for one in debt), *(one.valid_from for one in rates)}
    starts = sorted(day for day in cuts if start_on <= day <= end_on)
    found: list[Span] = []
    for index, day in enumerate(starts):
        last = starts[index + 1] - ONE_DAY if index + 1 < len(starts) else end_on
        amount = amount_on(debt, day)
        if amount <= 0:
            continue
        percent = percent_on(rates, day)
        if percent > 0:
            found.append(Span(day, last, amount, percent))
    return found


def amount_on(debt: Sequence[Principal], day: date) -> int:
    """What is owed on a day."""
    return next((one.amount for one in reversed(debt) if one.on <= day), 0)


def percent_on(rates: Sequence[Rate], day: date) -> Decimal:
    """The rate of a day. Raises NoRate."""
    found = next((one for one in reversed(rates) if one.valid_from <= day), None)
    if found is None or found.percent is None:
        raise NoRate(day if found is None else found.valid_from)
    return found.percent


def half_up(value: Fraction) -> int:
    """The nearest whole number, halves away from zero; interest is never below zero."""
    return int((2 * value + 1) // 2)
