"""When a recurring invoice is due, and how its texts name the period: worked by hand."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from guilder.flows.billing.calc import Rhythm, filled, named, words_of
from guilder.kernel.period import Span


def rhythm(**changes) -> Rhythm:
    values = {
        "first_on": date(2026, 1, 31), "unit": "month", "every": 1, "last_on": None, "most": None,
        "in_advance": True,
    }  # fmt: skip
    return Rhythm(**{**values, **changes})


def test_the_end_of_january_comes_back_in_march():
    days = rhythm().next_days(0, count=3)

    assert days == [date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31)]


def test_in_arrears_it_is_due_on_the_day_after_the_period():
    assert rhythm(first_on=date(2026, 1, 1), in_advance=False).due_on(0) == date(2026, 2, 1)


def test_it_ends_on_a_day_or_after_so_many_times():
    assert rhythm(most=2).next_days(1, count=3) == [date(2026, 2, 28)]
    assert rhythm(last_on=date(2026, 2, 28)).next_days(0, count=9) == [
        date(2026, 1, 31),
        date(2026, 2, 28),
    ]
    assert rhythm(first_on=date(9999, 12, 1)).next_days(0, count=2) == []


def test_missed_periods_are_counted_from_a_day_on():
    assert rhythm().first_from(date(2026, 3, 1), index=0) == 2
    assert rhythm(most=2).first_from(date(2030, 1, 1), index=0) == 2


def test_texts_name_the_period_in_the_client_s_language():
    span = Span(date(2026, 3, 1), date(2026, 3, 31))

    assert words_of(span, number=3, language="de")["{month}"] == "März 2026"
    assert words_of(span, number=3, language="en")["{period}"] == "Mar 1, 2026 – Mar 31, 2026"
    assert words_of(span, number=3, language="xx-nowhere")["{year}"] == "2026"
    assert named("{number}. of {other}", words_of(span, number=3, language="en")) == "3. of {other}"


def test_a_draft_of_a_period_says_which():
    pattern = {"client": "x", "notes": "For {year}", "lines": [{"description": "Rent {month}"}, {}]}

    made = filled(pattern, Span(date(2026, 3, 1), date(2026, 3, 31)), number=1, language="en")

    assert made["lines"] == [{"description": "Rent March 2026"}, {}]
    assert made["notes"] == "For 2026"
    assert made["period"] == {"start_on": "2026-03-01", "end_on": "2026-03-31"}
    assert pattern["notes"] == "For {year}"


@given(
    first_on=st.dates(date(2000, 1, 1), date(2090, 1, 1)),
    unit=st.sampled_from(("day", "week", "month", "quarter", "year")),
    every=st.integers(1, 12),
    index=st.integers(0, 40),
)
def test_periods_neither_overlap_nor_leave_a_hole(first_on, unit, every, index):
    one = rhythm(first_on=first_on, unit=unit, every=every)

    this, following = one.span(index), one.span(index + 1)

    assert this is not None and following is not None
    assert following.start_on == this.end_on + timedelta(days=1)
