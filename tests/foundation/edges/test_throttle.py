"""Counting is exact across threads, slides over the windows, and survives a rolled-back request."""

import os
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guilder.foundation.edges import throttle

DAY = 86_400
NOON = 20_000 * DAY + DAY // 2


def who() -> str:
    return os.urandom(8).hex()


@pytest.mark.parametrize(
    ("text", "rate"),
    [
        ("10/day", (10, DAY)),
        ("5/min", (5, 60)),
        ("5/minute", (5, 60)),
        ("1000/d", (1000, DAY)),
        ("100/10s", (100, 10)),
        ("7/hours", (7, 3600)),
        ("3/30 seconds", (3, 30)),
    ],
)
def test_rates_are_read(text: str, rate: tuple[int, int]) -> None:
    assert throttle.parse_rate(text) == throttle.Rate(*rate)


def test_off_is_no_limit() -> None:
    assert throttle.parse_rate(" OFF ") is None


@pytest.mark.parametrize(
    "text", ["", "10", "day", "0/day", "10/0s", "-1/day", "10/fortnight", "1e3/day"]
)
def test_what_is_no_rate_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="throttle"):
        throttle.parse_rate(text)


def test_the_eleventh_of_the_day_is_refused(db: Any, rates: Any) -> None:
    rates(anon="10/day")
    someone = who()

    verdicts = [throttle.count("anon", someone, at=NOON) for _ in range(11)]

    assert [verdict.allowed for verdict in verdicts] == [True] * 10 + [False]
    assert [verdict.remaining for verdict in verdicts] == [*range(9, -1, -1), 0]


def test_refused_requests_do_not_count(db: Any, rates: Any) -> None:
    rates(anon="2/minute")
    someone = who()
    for _ in range(50):
        throttle.count("anon", someone, at=600)

    # 2 at second 0 of the window before; 30 s into the next one half of them is left: 1 + 1 fits.
    assert throttle.count("anon", someone, at=600 + 90).allowed


def test_midnight_does_not_double_the_allowance(db: Any, rates: Any) -> None:
    rates(anon="10/day")
    someone = who()
    for _ in range(10):
        assert throttle.count("anon", someone, at=20_001 * DAY - 10).allowed

    assert not throttle.count("anon", someone, at=20_001 * DAY + 10).allowed
    # A tenth into the new day, 10 × 0.9 of the old ones are left: one more fits, a second does not.
    assert throttle.count("anon", someone, at=20_001 * DAY + DAY // 10).allowed
    assert not throttle.count("anon", someone, at=20_001 * DAY + DAY // 10).allowed


def test_after_two_windows_all_is_forgotten(db: Any, rates: Any) -> None:
    rates(anon="3/minute")
    someone = who()
    for _ in range(4):
        throttle.count("anon", someone, at=60)

    assert throttle.count("anon", someone, at=180).remaining == 2


def test_a_clock_that_steps_back_gives_nothing_away(db: Any, rates: Any) -> None:
    rates(anon="3/minute")
    someone = who()
    for _ in range(3):
        throttle.count("anon", someone, at=125)

    assert not throttle.count("anon", someone, at=65).allowed


def test_another_rate_begins_anew(db: Any, rates: Any) -> None:
    rates(anon="1/minute")
    someone = who()
    assert throttle.count("anon", someone, at=600).allowed
    rates(anon="1/hour")

    assert throttle.count("anon", someone, at=600).allowed
    assert not throttle.count("anon", someone, at=600).allowed


def test_two_hundred_at_once_let_ten_through(db: Any, rates: Any, in_threads: Any) -> None:
    rates(anon="10/day")
    someone = who()

    verdicts = in_threads(
        lambda _: [throttle.count("anon", someone, at=NOON).allowed for _ in range(10)], 20
    )

    assert sum(sum(allowed) for allowed in verdicts) == 10


def test_spending_beyond_the_allowance_says_when_to_come_back(db: Any, rates: Any) -> None:
    rates(login="1/minute")
    someone = who()
    throttle.spend("login", someone, at=615)

    with pytest.raises(throttle.TooManyRequests) as refused:
        throttle.spend("login", someone, at=615)

    headers = refused.value.verdict.headers()
    assert headers["RateLimit-Policy"] == '"login";q=1;w=60'
    assert 1 <= int(headers["Retry-After"]) <= 60
    assert headers["RateLimit"].startswith('"login";r=0;t=')


def test_counting_inside_a_transaction_is_refused(db: Any, rates: Any) -> None:
    from django.db import transaction

    rates(anon="10/day")

    with transaction.atomic(), pytest.raises(throttle.InsideTransaction):
        throttle.count("anon", who())


def test_counting_does_not_make_later_commits_lazy(db: Any, rates: Any) -> None:
    from django.db import connection

    rates(anon="10/day")
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit TO on")

    throttle.count("anon", who())

    with connection.cursor() as cursor:
        cursor.execute("SHOW synchronous_commit")
        assert cursor.fetchone() == ("on",)


def test_old_counters_are_forgotten(db: Any, rates: Any) -> None:
    rates(anon="1/minute")
    someone, now = who(), time.time()
    throttle.count("anon", someone, at=now - 600)

    assert throttle.forget_expired(at=now) >= 1
    assert throttle.count("anon", someone, at=now - 600).allowed


@given(
    allowance=st.integers(1, 1000),
    period=st.sampled_from([1, 60, 3600, DAY]),
    data=st.data(),
)
def test_coming_back_when_told_to_is_soon_enough(allowance: int, period: int, data: Any) -> None:
    hits = data.draw(st.integers(0, allowance))
    earlier = data.draw(st.integers(0, allowance))
    into = data.draw(st.integers(0, period - 1))
    weighted = hits + earlier * (1 - into / period)
    if weighted + 1 <= allowance:
        return

    wait = throttle.wait_seconds(allowance, period, hits=hits, earlier=earlier, into=into)

    assert 1 <= wait <= period
    later = into + wait
    left = hits + earlier * (1 - later / period) if later < period else hits * (2 - later / period)
    assert left + 1 <= allowance + 1e-6 or wait == period


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::9", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", "unknown"),
        ("x'; DROP TABLE", "unknown"),
    ],
)
def test_addresses_of_one_household_count_as_one(address: str, key: str) -> None:
    assert throttle.who_at(address) == key
