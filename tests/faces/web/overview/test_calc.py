"""The overview's sums, by hand."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from guilder.faces.web.overview import calc

NOV_20 = date(2026, 11, 20)


def test_twelve_months_end_with_this_one() -> None:
    spans = calc.spans("12", today=NOV_20, window=date(2025, 12, 1))

    assert spans[0] == (date(2025, 12, 1), date(2026, 1, 1))
    assert spans[-1] == (date(2026, 11, 1), date(2026, 12, 1))
    assert len(spans) == 12


def test_a_year_begins_in_january_and_a_month_has_its_days() -> None:
    assert calc.spans("year", today=NOV_20, window=date(2025, 12, 1))[0][0] == date(2026, 1, 1)
    days = calc.spans("month", today=date(2028, 2, 3), window=date(2027, 3, 1))
    assert len(days) == 29


def test_what_is_expected_stands_on_this_month() -> None:
    columns = calc.buckets(
        calc.spans("12", today=NOV_20, window=date(2025, 12, 1)),
        invoiced={date(2026, 11, 1): 100, date(2026, 10, 31): 7},
        collected={NOV_20: 50},
        expected=30,
        today=NOV_20,
    )

    assert [(one.invoiced, one.collected, one.expected) for one in columns[-2:]] == [
        (7, 0, 0),
        (100, 50, 30),
    ]


@pytest.mark.parametrize(
    ("today", "start", "end"),
    [
        (NOV_20, date(2026, 10, 1), date(2026, 10, 21)),  # 1 to 20 October
        (date(2026, 3, 31), date(2026, 2, 1), date(2026, 3, 1)),  # a shorter month: all of it
        (date(2026, 1, 1), date(2025, 12, 1), date(2025, 12, 2)),
    ],
)
def test_the_same_days_of_last_month(today: date, start: date, end: date) -> None:
    assert calc.same_days_before(today) == (start, end)


def test_change_is_in_percent_and_nothing_from_nothing() -> None:
    assert calc.change(1081, 1000) == Decimal("8.1")
    assert calc.change(50, 100) == Decimal("-50.0")
    assert calc.change(50, 0) is None


def test_pace_weighs_days_by_amount() -> None:
    # 100 paid after 10 days, 300 after 30: (1000 + 9000) / 400 = 25 days
    taken = {NOV_20: (1000, 100), NOV_20 - timedelta(days=1): (9000, 300)}

    now, before = calc.paces(taken, NOV_20)

    assert (now, before) == (Decimal("25.0"), None)


@pytest.mark.parametrize(
    ("highest", "step", "steps"),
    [
        (79, 20, 4),
        (79_000, 20_000, 4),
        (90_000, 30_000, 3),
        (113_000, 50_000, 3),
        (1, 1, 3),
        (0, 1, 3),
    ],
)
def test_the_axis_has_round_figures(highest: int, step: int, steps: int) -> None:
    assert calc.scale(highest) == (step, steps)
    assert step * steps >= highest


@pytest.mark.parametrize("highest", [2, 9, 11, 99, 101, 499, 501, 999, 1001, 123_456_789])
def test_the_axis_always_holds_the_highest(highest: int) -> None:
    step, steps = calc.scale(highest)

    assert highest <= step * steps <= highest * 5 + 4


def test_shares_are_a_whole() -> None:
    assert sum(calc.shares([1, 1, 1])) == 10_000
    assert calc.shares([0, 0]) == [0, 0]
