"""Days as people type them: `20.11.`, `20/11/26`, `20 nov`, `today`, `+30`, `eom`, `fri`.

`frontend/js/dates.js` reads the same while typing; one table of cases is tried on both.
"""

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from babel.dates import get_day_names, get_month_names
from django.utils.translation import gettext

from guilder.faces.web.formats import locale_of

DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩", "0123456789")
MARKS = re.compile(r"[\u200e\u200f\u061c]")
ISO = re.compile(r"(\d{4})[-./](\d{1,2})[-./](\d{1,2})")
RELATIVE = re.compile(r"([+\-\u2212])\s*(\d{1,4})\s*([dwmy]?)")
NUMERIC = re.compile(r"(\d{1,2})[./\- ](\d{1,2})(?:[./\- ](\d{4}|\d{2})?)?")
DAY_FIRST = re.compile(r"(\d{1,2})[. ]?\s*([^\W\d_]{2,})\.?,?\s*(\d{4}|\d{2})?")
MONTH_FIRST = re.compile(r"([^\W\d_]{2,})\.?\s*(\d{1,2})(?:st|nd|rd|th)?,?\s*(\d{4}|\d{2})?")
FILLERS = re.compile(r"(?<=\d)(?:st|nd|rd|th)\b|\b(?:de|del|of|van)\b")


@dataclass(frozen=True, slots=True)
class Asked:
    """What was typed, in small letters, and what it is counted from."""

    text: str
    today: date
    base: date
    language: str


def read(text: str, *, today: date, base: date | None = None, language: str = "en") -> date | None:
    """The day that `text` means, None where it means none.

    `base` is what `+30` counts from (today by default). A missing year is the one that brings the
    day nearest to today; `fri` is the next Friday; a plain `20` is of the base's month.
    """
    plain = re.sub(r"\s+", " ", MARKS.sub("", text).translate(DIGITS).strip().lower())
    if not plain:
        return None
    asked = Asked(plain, today, base or today, language)
    for reader in (exact, by_word, relative, numeric, named, by_weekday):
        found = reader(asked)
        if found is not None:
            return found
    return None


def exact(asked: Asked) -> date | None:
    """`2026-11-20`."""
    found = ISO.fullmatch(asked.text)
    return day_of(*(int(part) for part in found.groups())) if found else None


def by_word(asked: Asked) -> date | None:
    """`today` and its neighbours, in English and in the reader's language; `eom`."""
    ways = {
        "today": 0, "tomorrow": 1, "yesterday": -1,
        gettext("today").lower(): 0,
        gettext("tomorrow").lower(): 1,
        gettext("yesterday").lower(): -1,
    }  # fmt: skip
    if asked.text in ways:
        return asked.today + timedelta(days=ways[asked.text])
    if asked.text in ("eom", gettext("eom").lower()):
        return asked.base.replace(day=calendar.monthrange(asked.base.year, asked.base.month)[1])
    return None


def relative(asked: Asked) -> date | None:
    """`+30`, `-2w`, `+1m`, `+1y`."""
    found = RELATIVE.fullmatch(asked.text)
    if not found:
        return None
    count = int(found[2]) * (1 if found[1] == "+" else -1)
    try:
        if found[3] in ("m", "y"):
            return later(asked.base, count * (12 if found[3] == "y" else 1))
        return asked.base + timedelta(days=count * (7 if found[3] == "w" else 1))
    except (OverflowError, ValueError):
        return None


def later(day: date, months: int) -> date:
    """The same day some months on, the last one where the month is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def numeric(asked: Asked) -> date | None:
    """`20.11.`, `20/11/26`, `20-11-2026`; American English begins with the month; a bare `20`."""
    if re.fullmatch(r"\d{1,2}\.?", asked.text):
        return day_of(asked.base.year, asked.base.month, int(asked.text.rstrip(".")))
    found = NUMERIC.fullmatch(asked.text)
    if not found:
        return None
    first, second = int(found[1]), int(found[2])
    american = asked.language.lower().replace("_", "-") == "en-us"
    day, month = (second, first) if american else (first, second)
    if month > 12 >= day:
        day, month = month, day
    return in_year(found[3], day=day, month=month, today=asked.today)


def named(asked: Asked) -> date | None:
    """`20 nov`, `20. November 2026`, `nov 20`."""
    plain = re.sub(r"\s+", " ", FILLERS.sub(" ", asked.text)).strip()
    found, names = DAY_FIRST.fullmatch(plain), ("", "")
    if found:
        names = found[1], found[2]
    elif found := MONTH_FIRST.fullmatch(plain):
        names = found[2], found[1]
    if not found:
        return None
    month = place_of(names[1], month_names(asked.language))
    return in_year(found[3], day=int(names[0]), month=month, today=asked.today) if month else None


def by_weekday(asked: Asked) -> date | None:
    """`fri`: the next one, never today."""
    place = place_of(asked.text.rstrip("."), weekday_names(asked.language))
    if place is None:
        return None
    return asked.today + timedelta(days=(place - asked.today.weekday() - 1) % 7 + 1)


def in_year(year: str | None, *, day: int, month: int, today: date) -> date | None:
    """A day of a named year (26 is 2026), else of the year that brings it nearest to today."""
    if year:
        return day_of(int(year) + (2000 if len(year) == 2 else 0), month, day)
    found = [day_of(today.year + step, month, day) for step in (-1, 0, 1)]
    near = [one for one in found if one is not None]
    return min(near, key=lambda one: abs((one - today).days)) if near else None


def day_of(year: int, month: int, day: int) -> date | None:
    """A date, None where the calendar has no such day."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def place_of(text: str, names: tuple[tuple[int, str], ...]) -> int | None:
    """The place of the one name that begins with `text`, at least two letters of it."""
    fitting = {place for place, name in names if len(text) >= 2 and name.startswith(text)}
    return fitting.pop() if len(fitting) == 1 else None


@lru_cache(maxsize=32)
def month_names(language: str) -> tuple[tuple[int, str], ...]:
    """(1…12, name), short and long, of a language and of English."""
    return _names(get_month_names, language)


@lru_cache(maxsize=32)
def weekday_names(language: str) -> tuple[tuple[int, str], ...]:
    """(0 Monday…6, name), short and long, of a language and of English."""
    return _names(get_day_names, language)


def _names(source: object, language: str) -> tuple[tuple[int, str], ...]:
    found = set()
    for one in {language, "en"}:
        for width in ("abbreviated", "wide"):
            for context in ("format", "stand-alone"):
                names = source(width, context, locale_of(one))  # type: ignore[operator]
                found |= {(place, name.lower().rstrip(".")) for place, name in names.items()}
    return tuple(sorted(found))
