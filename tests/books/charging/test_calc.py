"""When a saved method is tried again, and when an open charge is asked about."""

from datetime import date, timedelta

import pytest

from guilder.books.charging.calc.schedule import WAITS, Attempt, next_attempt_on, wait_before

DUE = date(2026, 3, 2)


def failed(*days: int, is_hard: bool = False) -> list[Attempt]:
    return [Attempt(DUE + timedelta(days=day), "failed", is_hard) for day in days]


@pytest.mark.parametrize(
    ("attempts", "after"),
    [
        ([], 0),
        (failed(0), 3),
        (failed(0, 3), 7),
        (failed(0, 3, 7), 14),
        (failed(0, 3, 7, 14), None),
        (failed(5, 9), 12),  # 5 + 7, counted from the first
        (failed(0, 20), 21),  # late by an outage: not before the day after
        (failed(0, is_hard=True), None),
        ([*failed(0), Attempt(DUE, "succeeded")], None),
        ([Attempt(DUE, "pending")], None),
    ],
)
def test_it_is_tried_again_after_three_seven_and_fourteen_days(attempts, after):
    expected = None if after is None else DUE + timedelta(days=after)

    assert next_attempt_on(DUE, attempts) == expected


def test_the_waits_grow_and_the_last_one_stays():
    assert [wait_before(n) for n in range(len(WAITS))] == list(WAITS)
    assert wait_before(100) == WAITS[-1]
