"""Whom a comment names, and until when a task sleeps."""

from datetime import UTC, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from guilder.office.desk import calc

IDA, OHM, BO = UUID(int=1), UUID(int=2), UUID(int=3)
PEOPLE = [(IDA, "Ida Brandt"), (OHM, "Ida Brandt-Ohm"), (BO, "Bo")]
BERLIN = ZoneInfo("Europe/Berlin")
FRIDAY = datetime(2026, 11, 20, 23, 30, tzinfo=UTC)  # Saturday 00:30 in Berlin


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Please look, @Ida Brandt.", (IDA,)),
        ("@ida brandt-ohm and @Bo", (OHM, BO)),
        ("write to mail@Bo.example", ()),
        ("@Bodo is somebody else", ()),
        ("@Bo @Bo", (BO,)),
    ],
)
def test_a_comment_names_people_by_their_whole_name(text: str, named: tuple[UUID, ...]) -> None:
    assert calc.mentioned(text, PEOPLE) == named


@pytest.mark.parametrize(
    ("name", "wakes"),
    [
        ("hour", "2026-11-21T00:30:00+00:00"),
        ("tomorrow", "2026-11-22T07:00:00+00:00"),  # Sunday, eight in Berlin
        ("monday", "2026-11-23T07:00:00+00:00"),
        ("2026-12-24", "2026-12-24T07:00:00+00:00"),
    ],
)
def test_a_task_wakes_in_the_morning_where_the_organization_is(name: str, wakes: str) -> None:
    assert calc.wakes_at(name, now=FRIDAY, zone=BERLIN) == datetime.fromisoformat(wakes)


@pytest.mark.parametrize("name", ["2026-11-21", "2020-01-01", "soon", ""])
def test_a_task_is_not_put_off_to_the_past(name: str) -> None:
    assert calc.wakes_at(name, now=FRIDAY, zone=BERLIN) is None


def test_percent_of_nothing_is_none() -> None:
    assert calc.percent(3, 0) == 0
    assert calc.percent(7, 3) == 100
    assert calc.percent(1, 3) == 33


def test_a_person_without_a_name_is_never_meant():
    from uuid import UUID

    from guilder.office.desk import calc as talk

    assert talk.mentioned("@ hello", [(UUID(int=1), "  ")]) == ()
