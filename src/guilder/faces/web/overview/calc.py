"""Sums, shares and spans of the overview, from figures by day; pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

PACE_DAYS = 90


@dataclass(frozen=True, slots=True)
class Bucket:
    """One column of the chart: its days, what was invoiced, came in, and is still expected."""

    start: date
    end: date
    invoiced: int
    collected: int
    expected: int
    is_now: bool


def total(by_day: Mapping[date, int], start: date, end: date) -> int:
    """The sum of the days from `start` on, before `end`."""
    return sum(amount for day, amount in by_day.items() if start <= day < end)


def next_month(day: date) -> date:
    """The first day of the month after that of `day`."""
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)


def month_before(day: date) -> date:
    """The first day of the month before that of `day`."""
    return (day.replace(day=1) - timedelta(days=1)).replace(day=1)


def months(first: date, count: int) -> list[tuple[date, date]]:
    """`count` months from that of `first` on."""
    found: list[tuple[date, date]] = []
    start = first.replace(day=1)
    for _ in range(count):
        found.append((start, next_month(start)))
        start = found[-1][1]
    return found


def spans(name: str, *, today: date, window: date) -> list[tuple[date, date]]:
    """The columns of a view: "month" is its days, "year" the months of this year, else twelve."""
    if name == "month":
        first, end = today.replace(day=1), next_month(today)
        return [
            (first + timedelta(days=n), first + timedelta(days=n + 1))
            for n in range((end - first).days)
        ]
    return months(date(today.year, 1, 1) if name == "year" else window, 12)


def buckets(
    columns: Iterable[tuple[date, date]],
    *,
    invoiced: Mapping[date, int],
    collected: Mapping[date, int],
    expected: int,
    today: date,
) -> list[Bucket]:
    """The chart's columns; what is expected stands on the one with today in it."""
    return [
        Bucket(
            start,
            end,
            total(invoiced, start, end),
            total(collected, start, end),
            expected if start <= today < end else 0,
            start <= today < end,
        )
        for start, end in columns
    ]


def same_days_before(today: date) -> tuple[date, date]:
    """The days of last month up to the same day: (first, the one after the last)."""
    start = month_before(today)
    return start, min(start + timedelta(days=today.day), today.replace(day=1))


def change(now: int, before: int) -> Decimal | None:
    """By how many percent it went up, to a tenth; None from nothing."""
    if before <= 0:
        return None
    return ((Decimal(now) - before) * 100 / before).quantize(Decimal("0.1"))


def pace(taken: Mapping[date, tuple[int, int]], start: date, end: date) -> Decimal | None:
    """Days from invoice to money, by weight, to a tenth; None where nothing came in."""
    found = [pair for day, pair in taken.items() if start <= day < end]
    amount = sum(pair[1] for pair in found)
    if not amount:
        return None
    return (Decimal(sum(pair[0] for pair in found)) / amount).quantize(Decimal("0.1"))


def paces(
    taken: Mapping[date, tuple[int, int]], today: date
) -> tuple[Decimal | None, Decimal | None]:
    """The pace of the last 90 days, and of the 90 before."""
    end = today + timedelta(days=1)
    middle = end - timedelta(days=PACE_DAYS)
    return pace(taken, middle, end), pace(taken, middle - timedelta(days=PACE_DAYS), middle)


def scale(highest: int) -> tuple[int, int]:
    """(step, steps) of an axis from nothing that holds `highest`: round figures, three or four."""
    if highest <= 0:
        return 1, 3
    power = 10 ** (len(str(highest)) - 1)
    steps = (power // 5, power // 4, power // 2, power, power * 2, power * 3, power * 5)
    step = next(step for step in steps if step * 4 >= highest)
    return step, 3 if step * 3 >= highest else 4


def shares(amounts: Sequence[int]) -> list[int]:
    """Hundredths of a percent of each; together 10,000, or nothing."""
    whole = sum(amounts)
    if not whole:
        return [0 for _ in amounts]
    found = [amount * 10_000 // whole for amount in amounts]
    rest = 10_000 - sum(found)
    largest = max(range(len(found)), key=lambda index: amounts[index])
    found[largest] += rest
    return found
