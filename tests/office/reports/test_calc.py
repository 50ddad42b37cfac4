"""Periods by name, what they are compared with, ages and changes."""

from datetime import date
from decimal import Decimal

from guilder.kernel.period import Span
from guilder.office.reports import calc

TODAY = date(2026, 11, 20)


def test_periods_have_names() -> None:
    spans = {name: calc.preset_span(name, today=TODAY) for name in calc.PRESETS}

    assert spans == {
        "this_month": Span(date(2026, 11, 1), date(2026, 11, 30)),
        "last_month": Span(date(2026, 10, 1), date(2026, 10, 31)),
        "this_quarter": Span(date(2026, 10, 1), date(2026, 12, 31)),
        "last_quarter": Span(date(2026, 7, 1), date(2026, 9, 30)),
        "this_year": Span(date(2026, 1, 1), date(2026, 12, 31)),
        "last_year": Span(date(2025, 1, 1), date(2025, 12, 31)),
        "last_12_months": Span(date(2025, 12, 1), date(2026, 11, 30)),
    }


def test_whole_months_are_compared_with_as_many_months() -> None:
    february = Span(date(2026, 2, 1), date(2026, 2, 28))
    week = Span(date(2026, 11, 9), date(2026, 11, 15))

    assert calc.span_before(february) == Span(date(2026, 1, 1), date(2026, 1, 31))
    assert calc.span_before(week) == Span(date(2026, 11, 2), date(2026, 11, 8))
    assert calc.span_before(calc.preset_span("this_quarter", today=TODAY)) == Span(
        date(2026, 7, 1), date(2026, 9, 30)
    )


def test_a_year_before_a_leap_day_is_the_end_of_february() -> None:
    leap = Span(date(2028, 2, 1), date(2028, 2, 29))

    assert calc.year_before(leap) == Span(date(2027, 2, 1), date(2027, 2, 28))
    assert calc.year_before(Span(date(2027, 2, 1), date(2027, 2, 28))) == Span(
        date(2026, 2, 1), date(2026, 2, 28)
    )


def test_buckets_cover_every_day_once() -> None:
    span = Span(date(2026, 1, 15), date(2026, 4, 3))

    months = list(calc.buckets(span, "month"))

    assert [one.start_on for one in months] == [
        date(2026, 1, 15), date(2026, 2, 1), date(2026, 3, 1), date(2026, 4, 1),
    ]  # fmt: skip
    assert sum(one.days for one in months) == span.days
    assert len(list(calc.buckets(span, "quarter"))) == 2


def test_ages_begin_on_the_day_after_the_due_date() -> None:
    ages = {days: calc.age_of(date(2026, 8, 1), on=date(2026, 8, 1 + days)) for days in (0, 1, 30)}

    assert ages == {0: 0, 1: 1, 30: 1}
    assert calc.age_of(date(2026, 8, 1), on=date(2026, 9, 1)) == 2  # 31 days
    assert calc.age_of(date(2026, 8, 1), on=date(2026, 10, 30)) == 3  # 90 days
    assert calc.age_of(date(2026, 8, 1), on=date(2026, 10, 31)) == 4
    assert calc.age_of(None, on=TODAY) == 0


def test_changes_and_shares_are_rounded_to_tenths() -> None:
    assert calc.change(1081, 1000) == Decimal("8.1")
    assert calc.change(50, -100) == Decimal("150.0")
    assert calc.change(5, 0) is None
    assert calc.share(1, 3) == Decimal("33.3")
    assert calc.share(1, 0) is None


def test_twelve_months_and_what_came_before_odd_days():
    from datetime import date

    from guilder.office.reports import calc as spans

    odd = spans.Span(date(2026, 11, 3), date(2026, 11, 12))

    assert spans.preset_span("last_12_months", today=date(2026, 11, 21)) == spans.Span(
        date(2025, 12, 1), date(2026, 11, 30)
    )
    assert spans.span_before(odd) == spans.Span(date(2026, 10, 24), date(2026, 11, 2))
    assert spans.whole_months(odd) == 0
