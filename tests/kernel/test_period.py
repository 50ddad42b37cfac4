"""Spans, cycles and calendar periods, compared with counting days one by one."""

from calendar import monthrange
from datetime import date, timedelta
from itertools import islice, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guilder.kernel.period import (
    Cycle,
    NotASpan,
    Span,
    Unit,
    add_months,
    calendar_span,
    month_end,
)

days = st.dates(date(1990, 1, 1), date(2100, 12, 31))
quick = settings(max_examples=60, deadline=None)


def spans(cycle: Cycle, count: int) -> list[str]:
    return [f"{span.start_on} {span.end_on}" for span in islice(cycle.spans(), count)]


def test_months_keep_the_day_that_they_were_anchored_to():
    assert spans(Cycle(date(2027, 12, 31)), 4) == [
        "2027-12-31 2028-01-30",
        "2028-01-31 2028-02-28",
        "2028-02-29 2028-03-30",  # 2028 is a leap year
        "2028-03-31 2028-04-29",
    ]


def test_quarters_and_years_keep_it_too():
    assert spans(Cycle(date(2026, 11, 30), Unit.QUARTER), 3) == [
        "2026-11-30 2027-02-27",
        "2027-02-28 2027-05-29",
        "2027-05-30 2027-08-29",
    ]
    assert spans(Cycle(date(2024, 2, 29), Unit.YEAR), 2) == [
        "2024-02-29 2025-02-27",
        "2025-02-28 2026-02-27",
    ]


@quick
@given(days, st.sampled_from(Unit), st.integers(1, 5))
def test_spans_follow_one_another_without_gap_or_overlap(first: date, unit: Unit, count: int):
    found = list(islice(Cycle(first, unit, count).spans(), 30))

    assert found[0].start_on == first
    for one, after in pairwise(found):
        assert after.start_on == one.end_on + timedelta(days=1)


@quick
@given(days, st.sampled_from(Unit), st.integers(1, 5), st.integers(-800, 800))
def test_every_day_is_in_the_span_of_its_index(first: date, unit: Unit, count: int, off: int):
    cycle, day = Cycle(first, unit, count), first + timedelta(days=off)

    index = cycle.index_of(day)

    assert day in cycle.span(index)
    assert (index < 0) == (off < 0)


@quick
@given(days, st.integers(-600, 600))
def test_adding_months_is_counting_months(day: date, months: int):
    year, month = day.year, day.month
    for _ in range(abs(months)):  # by brute force, one month at a time
        month += 1 if months > 0 else -1
        if month in (0, 13):
            year, month = (year + 1, 1) if month == 13 else (year - 1, 12)

    assert add_months(day, months) == date(year, month, min(day.day, monthrange(year, month)[1]))


@quick
@given(days, st.sampled_from(Unit))
def test_a_calendar_span_is_the_days_that_share_it(day: date, unit: Unit):
    def share(other: date) -> tuple[int, ...]:
        return {
            Unit.DAY: (other.toordinal(),),
            Unit.WEEK: tuple(other.isocalendar()[:2]),
            Unit.MONTH: (other.year, other.month),
            Unit.QUARTER: (other.year, (other.month + 2) // 3),
            Unit.YEAR: (other.year,),
        }[unit]

    span = calendar_span(day, unit)

    assert day in span
    assert share(span.start_on) == share(span.end_on) == share(day)
    assert share(span.start_on - timedelta(days=1)) != share(day)
    assert share(span.end_on + timedelta(days=1)) != share(day)


def test_a_cycle_ends_where_it_is_told_to_and_at_the_end_of_time():
    cycle = Cycle(date(2026, 1, 15))

    assert len(list(cycle.spans(until=date(2026, 3, 14)))) == 2
    assert len(list(cycle.spans(until=date(2026, 3, 15)))) == 3
    assert len(list(Cycle(date(9999, 10, 1)).spans())) == 2
    with pytest.raises(OverflowError):
        add_months(date(1, 1, 1), -1)


def test_spans_know_their_days_and_what_they_share():
    march = Span(date(2026, 3, 1), date(2026, 3, 31))
    spring = Span(date(2026, 3, 20), date(2026, 6, 19))

    assert march.days == 31
    assert march.overlap(spring) == Span(date(2026, 3, 20), date(2026, 3, 31))
    assert march.overlap(Span(date(2026, 4, 1), date(2026, 4, 2))) is None
    assert month_end(date(2024, 2, 1)) == date(2024, 2, 29)


def test_what_does_not_move_forward_is_refused():
    with pytest.raises(NotASpan, match="ends before"):
        Span(date(2026, 1, 2), date(2026, 1, 1))
    with pytest.raises(NotASpan, match="1 or more"):
        Cycle(date(2026, 1, 1), Unit.DAY, 0)
