"""When a document is tried again, and what a response does; pure."""

from datetime import UTC, datetime, timedelta

import pytest

from guilder.office.channels.calc import STEPS, next_attempt, state_after

NOW = datetime(2026, 11, 21, tzinfo=UTC)


def test_nine_further_tries_in_three_days() -> None:
    tries = [next_attempt(count, at=NOW) for count in range(1, len(STEPS) + 2)]

    assert tries[0] == NOW + timedelta(minutes=1)
    assert tries[-1] is None
    assert timedelta(days=2) < sum(STEPS, timedelta()) < timedelta(days=3)


@pytest.mark.parametrize(
    ("state", "code", "after"),
    [
        ("sent", "AB", "delivered"),
        ("delivered", "AP", "accepted"),
        ("delivered", "RE", "rejected"),
        ("accepted", "IP", "accepted"),
        ("accepted", "RE", "rejected"),
        ("rejected", "AB", "rejected"),
        ("rejected", "AP", "accepted"),
        ("failed", "AP", "failed"),
        ("sent", "??", "sent"),
    ],
)
def test_a_response_moves_its_transmission(state: str, code: str, after: str) -> None:
    assert state_after(state, code) == after
