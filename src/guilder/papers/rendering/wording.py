"""Words, numbers, dates and units in the language of a paper. Pure."""

import json
import re
from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

from babel import Locale
from babel.core import UnknownLocaleError
from babel.dates import format_date, format_interval, format_skeleton
from babel.languages import get_official_languages
from babel.numbers import NumberPattern, format_currency

from guilder.kernel.currencies import minor_digits
from guilder.kernel.money import Money

LABELS = Path(__file__).parent / "labels"
LANGUAGES = ("en", "de", "fr", "es", "nl", "ar")
HOME = {"en": "GB", "de": "DE", "fr": "FR", "es": "ES", "nl": "NL", "ar": "AE"}
RIGHT_TO_LEFT = {"ar", "he", "fa", "ur"}
DIRECTION_MARKS = str.maketrans("", "", "\u200e\u200f\u061c")
MINUS = "−"
THIN_SPACE = "\u2009"
NO_BREAK_SPACE = "\u00a0"
CODE_BESIDE_FIGURE = re.compile(r"(?<=[A-Za-z])(?=[−0-9])")  # "CHF12" is read as one word
# UNECE Recommendation 20: units that are written alike in all our languages, and synonyms.
SYMBOLS = {
    "KGM": "kg",
    "GRM": "g",
    "TNE": "t",
    "MTR": "m",
    "CMT": "cm",
    "MMT": "mm",
    "KMT": "km",
    "MTK": "m²",
    "MTQ": "m³",
    "LTR": "l",
    "MLT": "ml",
    "HAR": "ha",
    "KWH": "kWh",
    "MWH": "MWh",
    "KWT": "kW",
    "P1": "%",
    "E34": "GB",
    "4L": "MB",
    "LM": "m",
    "ZZ": "",
}
SYNONYMS = {"H87": "C62", "EA": "C62", "NAR": "C62", "XPP": "C62", "ACT": "E48", "NPR": "PR"}


@dataclass(frozen=True, slots=True)
class Wording:
    """One language and region: labels, and how to write what stands on a paper."""

    locale: Locale
    labels: Mapping[str, str]
    categories: Mapping[str, str]
    units: Mapping[str, list[str]]

    @property
    def direction(self) -> str:
        """Which way the language runs: "ltr" or "rtl"."""
        return "rtl" if self.locale.language in RIGHT_TO_LEFT else "ltr"

    def say(self, label: str, **values: str) -> str:
        """The label, with its {values} filled in."""
        text = self.labels[label]
        for name, value in values.items():
            text = text.replace("{" + name + "}", value)
        return text

    def money(self, amount: Money) -> str:
        """An amount with its currency, such as "€1,234.50"."""
        text = format_currency(amount.amount, amount.currency, locale=self.locale)
        return CODE_BESIDE_FIGURE.sub(NO_BREAK_SPACE, _tidy(text))

    def figure(self, amount: Money) -> str:
        """An amount without its currency, with all its decimals."""
        digits = minor_digits(amount.currency)
        return self.number(amount.amount, at_least=digits, at_most=digits)

    def price(self, amount: Decimal, currency: str) -> str:
        """A unit price: at least the currency's decimals, and as many more as it has."""
        digits = minor_digits(currency)
        return self.number(amount, at_least=digits, at_most=max(12, digits))

    def number(self, value: Decimal, *, at_least: int = 0, at_most: int = 12) -> str:
        """A number with the grouping and the decimal mark of the locale; it is not rounded
        unless it has more than `at_most` decimals."""
        pattern = _pattern(self.locale, at_least, at_most)
        return _tidy(pattern.apply(value, self.locale))

    def percent(self, value: Decimal) -> str:
        """A percentage, `value` in percent."""
        pattern = _percent_pattern(self.locale)
        return _tidy(pattern.apply(value.scaleb(-2), self.locale))

    def day(self, on: date) -> str:
        """A date with its month in letters."""
        return format_date(on, "long", locale=self.locale).translate(DIRECTION_MARKS)

    def days(self, start: date | None, end: date | None) -> str:
        """A period, both days included; either may be missing."""
        if start and end:
            text = format_interval(start, end, "yMMMd", locale=self.locale)
            return text.translate(DIRECTION_MARKS).replace(THIN_SPACE, " ")
        if start:
            return self.say("from_date", date=self.short_day(start))
        return self.say("to_date", date=self.short_day(end)) if end else ""

    def short_day(self, on: date) -> str:
        """A date as short as it stays unambiguous, such as "12 Oct 2026"."""
        return format_skeleton("yMMMd", on, locale=self.locale).translate(DIRECTION_MARKS)

    def unit(self, code: str, quantity: Decimal) -> str:
        """The name of a UNECE unit, fit for `quantity`; an unknown code stays as it is."""
        code = SYNONYMS.get(code, code)
        if code in SYMBOLS:
            return SYMBOLS[code]
        names = self.units.get(code)
        return code if names is None else names[0 if quantity == 1 else 1]

    def country(self, code: str) -> str:
        """The country's name, or the code where Babel knows none."""
        return self.locale.territories.get(code, code)


def wording_for(language: str, *, country: str = "") -> Wording:
    """The wording of a BCP 47 tag. Where it names no region, that of `country` (ISO 3166-1) is
    taken if the language is official there, else the language's own home. A language that we have
    no labels for is written in English."""
    wanted, region = _language_and_region(language)
    if wanted not in LANGUAGES:
        wanted, region = "en", ""
    if not region and country and wanted in get_official_languages(country, de_facto=True):
        region = country
    return _wording(wanted, region or HOME[wanted])


def _language_and_region(tag: str) -> tuple[str, str]:
    try:
        locale = Locale.parse(tag.replace("_", "-"), sep="-")
    except (ValueError, UnknownLocaleError):
        return tag[:2].lower(), ""
    return locale.language, locale.territory or ""


@cache
def _wording(language: str, region: str) -> Wording:
    try:
        locale = Locale(language, region)
    except UnknownLocaleError:
        locale = Locale(language, HOME[language])
    texts = json.loads((LABELS / f"{language}.json").read_text(encoding="utf-8"))
    return Wording(locale, texts["labels"], texts["categories"], texts["units"])


@cache
def _pattern(locale: Locale, at_least: int, at_most: int) -> NumberPattern:
    pattern = copy(locale.decimal_formats[None])
    pattern.frac_prec = (at_least, at_most)
    return pattern


@cache
def _percent_pattern(locale: Locale) -> NumberPattern:
    pattern = copy(locale.percent_formats[None])
    pattern.frac_prec = (0, 6)
    return pattern


def _tidy(text: str) -> str:
    # The templates set the direction themselves; a true minus aligns with the figures.
    return text.translate(DIRECTION_MARKS).replace("-", MINUS)
