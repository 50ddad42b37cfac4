"""When a recurring invoice is due, for which days, and how its texts name them. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from babel import Locale, UnknownLocaleError
from babel.dates import format_date

from guilder.kernel.period import Cycle, Span, Unit

ONE_DAY = timedelta(days=1)
# What a text may name; everything else in braces stays as it is.
WORDS = ("{period}", "{from}", "{to}", "{month}", "{year}", "{number}")
TEXTS = ("description", "name", "note")


@dataclass(frozen=True, slots=True)
class Rhythm:
    """Every `every` units from `first_on`, until `last_on` or for `most` periods; invoiced
    `in_advance` on the first day of a period, else on the day after its last."""

    first_on: date
    unit: str
    every: int
    last_on: date | None
    most: int | None
    in_advance: bool

    def span(self, index: int) -> Span | None:
        """Period number `index`, from 0; None where it has ended by then."""
        if self.most is not None and index >= self.most:
            return None
        try:
            found = Cycle(self.first_on, Unit(self.unit), self.every).span(index)
        except OverflowError:
            return None
        return None if self.last_on is not None and found.start_on > self.last_on else found

    def due_on(self, index: int) -> date | None:
        """The day on which period number `index` is invoiced."""
        span = self.span(index)
        if span is None:
            return None
        return span.start_on if self.in_advance else span.end_on + ONE_DAY

    def next_days(self, index: int, *, count: int) -> list[date]:
        """The next `count` days on which it is invoiced, from period number `index` on."""
        days = (self.due_on(one) for one in range(index, index + count))
        return [day for day in days if day is not None]

    def first_from(self, day: date, *, index: int) -> int:
        """The number of the first period, from `index` on, that is invoiced on or after `day`."""
        while True:
            due = self.due_on(index)
            if due is None or due >= day:
                return index
            index += 1


def filled(pattern: Mapping[str, Any], span: Span, *, number: int, language: str) -> dict[str, Any]:
    """The raw values of the draft for one period: its texts name it, its period is the span."""
    words = words_of(span, number=number, language=language)
    made = dict(pattern)
    made["period"] = {"start_on": span.start_on.isoformat(), "end_on": span.end_on.isoformat()}
    made["lines"] = [line_of(one, words) for one in pattern.get("lines", ())]
    for name in ("notes", "footer", "intro"):
        if isinstance(made.get(name), str):
            made[name] = named(made[name], words)
    return made


def line_of(line: Mapping[str, Any], words: Mapping[str, str]) -> dict[str, Any]:
    """A line with its texts filled in."""
    changed = {name: named(line[name], words) for name in TEXTS if isinstance(line.get(name), str)}
    return {**line, **changed}


def named(text: str, words: Mapping[str, str]) -> str:
    """A text with the words of the period in it; no logic, no other names."""
    for name, value in words.items():
        text = text.replace(name, value)
    return text


def words_of(span: Span, *, number: int, language: str) -> dict[str, str]:
    """What the names stand for, as the client's language writes days and months."""
    locale = locale_of(language)

    def day(one: date) -> str:
        return format_date(one, "medium", locale=locale)

    return {
        "{period}": f"{day(span.start_on)} – {day(span.end_on)}",
        "{from}": day(span.start_on),
        "{to}": day(span.end_on),
        "{month}": format_date(span.start_on, "LLLL y", locale=locale),
        "{year}": str(span.start_on.year),
        "{number}": str(number),
    }


def locale_of(language: str) -> Locale:
    """Babel's locale of a language tag; English where it knows none."""
    try:
        return Locale.parse(language or "en", sep="-")
    except (ValueError, UnknownLocaleError):
        return Locale("en")
