"""Pure rules of reports: periods by name, what they are compared with, buckets, changes."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from guilder.kernel.currencies import CURRENCIES, minor_digits
from guilder.kernel.period import Span, Unit, add_months, calendar_span, month_end

ONE_DAY = timedelta(days=1)
TENTH = Decimal("0.1")
PRESETS = (
    "this_month",
    "last_month",
    "this_quarter",
    "last_quarter",
    "this_year",
    "last_year",
    "last_12_months",
)
UNITS = {"month": Unit.MONTH, "quarter": Unit.QUARTER, "year": Unit.YEAR}
# How late, in days: the first day of each age after "not due", the last without an end.
AGES = (1, 31, 61, 91)
AGE_COUNT = len(AGES) + 1


def preset_span(preset: str, *, today: date) -> Span:
    """The days that one of PRESETS means on the day `today`; KeyError for another name."""
    if preset == "last_12_months":
        return Span(add_months(today.replace(day=1), -11), month_end(today))
    which, _, unit = preset.partition("_")
    current = calendar_span(today, UNITS[unit])
    return current if which == "this" else calendar_span(current.start_on - ONE_DAY, UNITS[unit])


def span_before(span: Span) -> Span:
    """What comes right before: as many whole months where it is whole months, else as many days."""
    if months := whole_months(span):
        start = add_months(span.start_on, -months)
        return Span(start, span.start_on - ONE_DAY)
    return Span(span.start_on - timedelta(days=span.days), span.start_on - ONE_DAY)


def year_before(span: Span) -> Span:
    """The same days a year earlier; a month's end stays one."""
    start = add_months(span.start_on, -12)
    end = add_months(span.end_on, -12)
    return Span(start, month_end(end) if span.end_on == month_end(span.end_on) else end)


def whole_months(span: Span) -> int:
    """How many calendar months it is exactly, 0 where it begins or ends within one."""
    if span.start_on.day != 1 or span.end_on != month_end(span.end_on):
        return 0
    years, months = span.end_on.year - span.start_on.year, span.end_on.month - span.start_on.month
    return years * 12 + months + 1


def buckets(span: Span, unit: str) -> Iterator[Span]:
    """The months, quarters or years of a span in their order, cut at its ends."""
    start = span.start_on
    while start <= span.end_on:
        whole = calendar_span(start, UNITS[unit])
        yield Span(start, min(whole.end_on, span.end_on))
        start = whole.end_on + ONE_DAY


def age_of(due_on: date | None, *, on: date) -> int:
    """0 not due, then 1 to 4 by AGES: up to 30, 60, 90 days late, and more."""
    late = (on - due_on).days if due_on is not None else 0
    return sum(late >= first for first in AGES)


def change(now: int, before: int) -> Decimal | None:
    """How much more than before, in percent with one decimal; None where there was nothing."""
    if not before:
        return None
    return (Decimal(now - before) * 100 / abs(before)).quantize(TENTH, ROUND_HALF_UP)


def share(part: int, whole: int) -> Decimal | None:
    """The part in percent with one decimal; None of nothing."""
    if not whole:
        return None
    return (Decimal(part) * 100 / whole).quantize(TENTH, ROUND_HALF_UP) + 0  # never -0.0


def base_factors(base_currency: str) -> tuple[list[str], list[Decimal]]:
    """Every currency, and by what its minor units times the rate give those of the base."""
    digits = minor_digits(base_currency)
    codes = list(CURRENCIES)
    return codes, [Decimal(1).scaleb(digits - minor_digits(code)) for code in codes]
