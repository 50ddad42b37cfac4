"""Days on which SEPA payments settle: those of the TARGET calendar."""

from datetime import date, timedelta

# 1 January, 1 May, 25 and 26 December; besides them weekends, Good Friday and Easter Monday.
CLOSED = frozenset(((1, 1), (5, 1), (12, 25), (12, 26)))


def easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar (Meeus, Jones and Butcher)."""
    a, b, c = year % 19, year // 100, year % 100
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    weekday = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 22 * weekday) // 451
    month, day = divmod(h + weekday - 7 * m + 114, 31)
    return date(year, month, day + 1)


def is_open(day: date) -> bool:
    """Whether payments settle on `day`."""
    if day.weekday() > 4 or (day.month, day.day) in CLOSED:
        return False
    sunday = easter(day.year)
    return day not in {sunday - timedelta(days=2), sunday + timedelta(days=1)}


def open_from(day: date) -> date:
    """`day`, or the first day after it on which payments settle."""
    while not is_open(day):
        day += timedelta(days=1)
    return day


def open_days_after(day: date, days: int) -> date:
    """The day that is `days` settling days after `day`."""
    for _ in range(days):
        day = open_from(day + timedelta(days=1))
    return day
