"""Days and periods of the editor's fields: `12 Oct – 6 Nov`, a month by its name, one day."""

import re
from calendar import monthrange
from datetime import date

from django.utils.translation import get_language

from guilder.faces.web import days, formats

BETWEEN = re.compile(r"\s*(?:–|—|\.\.\.?|…)\s*|\s+(?:-|to|bis|au|al|tot|hasta|a)\s+", re.IGNORECASE)
MONTH = re.compile(r"([^\W\d_]{3,})\.?(?:\s+(\d{4}))?")
HAS_YEAR = re.compile(r"\d{4}|[./]\d{2}$")


def read_day(text: str, *, today: date) -> date | None:
    """The day that was typed; None where it is none."""
    return days.read(text[:60], today=today, language=get_language() or "en")


def read_period(text: str, *, today: date) -> tuple[date, date] | None:
    """From and to, both included; None where it is none."""
    parts = [part for part in BETWEEN.split(text.strip()[:80]) if part]
    if len(parts) == 1:
        if whole := month_of(parts[0], today=today):
            return whole
        day = read_day(parts[0], today=today)
        return (day, day) if day else None
    if len(parts) != 2:
        return None
    end = read_day(parts[1], today=today)
    start = read_day(parts[0], today=end or today)
    if start is None or end is None:
        return None
    if start > end and not HAS_YEAR.search(parts[0]):
        start = start.replace(year=start.year - 1) if (start.month, start.day) != (2, 29) else start
    return start, end


def month_of(text: str, *, today: date) -> tuple[date, date] | None:
    """The first and last day of a month that is named: `october`, `Oct 2026`."""
    found = MONTH.fullmatch(text.strip())
    if not found:
        return None
    first = read_day(f"1 {found[1]} {found[2] or ''}".strip(), today=today)
    if first is None:
        return None
    return first, first.replace(day=monthrange(first.year, first.month)[1])


def shown(value: date | str | None) -> str:
    """A day as a field shows it: 20 Nov 2026."""
    if not value:
        return ""
    day = date.fromisoformat(value) if isinstance(value, str) else value
    return formats.day(day, formats.reader())


def shown_period(start: date | str | None, end: date | str | None) -> str:
    """A period as a field shows it: 12 Oct – 6 Nov 2026."""
    ends = [date.fromisoformat(one) if isinstance(one, str) else one for one in (start, end) if one]
    if not ends:
        return ""
    last = shown(ends[-1])
    if len(ends) == 1 or ends[0] == ends[1]:
        return last
    first = shown(ends[0])
    if ends[0].year == ends[1].year:
        first = re.sub(rf"[\s,/.-]*{ends[0].year}$", "", first) or first
    return f"{first} – {last}"
