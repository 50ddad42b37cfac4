"""Amounts and days as the mail of a reminder writes them."""

from datetime import date

from babel import Locale, UnknownLocaleError
from babel.dates import format_date
from babel.numbers import format_currency

from guilder.kernel.money import Money

HOME = {"en": "en_GB"}  # day before month, as in every other language here


def locale_of(language: str) -> Locale:
    """Babel's locale of a language tag; English where it knows none."""
    try:
        return Locale.parse(HOME.get(language, language) or "en", sep="_")
    except (ValueError, UnknownLocaleError):
        return Locale.parse("en_GB")


def day(on: date, locale: Locale) -> str:
    """A date with its month in letters."""
    return format_date(on, format="long", locale=locale)


def money(amount: Money, locale: Locale) -> str:
    """An amount with its currency."""
    return format_currency(amount.amount, amount.currency, locale=locale)
