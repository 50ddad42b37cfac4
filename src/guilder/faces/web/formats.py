"""How the web face writes money, numbers and dates: by CLDR, in the reader's locale."""

import re
from contextvars import ContextVar
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_skeleton, format_time
from babel.numbers import NumberPattern, format_decimal
from django.utils.translation import get_language

from guilder.kernel.money import Money

MINUS = "\u2212"
zone_of_reader: ContextVar[str] = ContextVar("zone_of_reader", default="")  # "": that of now
written_in: ContextVar[str] = ContextVar("written_in", default="")  # a locale; "": the language's


@lru_cache(maxsize=64)
def locale_of(language: str) -> Locale:
    """The CLDR locale of a Django language code; English where it is unknown."""
    try:
        return Locale.parse(language.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return Locale("en")


def reader() -> Locale:
    """The locale in which the reader of this request wants figures and dates."""
    return locale_of(written_in.get() or get_language() or "en")


@lru_cache(maxsize=256)
def _pattern(locale: Locale, digits: int, named: bool) -> NumberPattern:
    source = locale.currency_formats["standard"] if named else locale.decimal_formats[None]
    return NumberPattern(
        source.pattern,
        source.prefix,
        source.suffix,
        source.grouping,
        source.int_prec,
        (digits, digits),
        source.exp_prec,
        source.exp_plus,
        source.number_pattern,
    )


def _spaced(text: str) -> str:
    # CLDR's currencySpacing: a code is kept off its figure ("CHF 6.00"), a symbol is not ("€6.00").
    return re.sub(r"(?<=[^\W\d_])(?=\d)|(?<=\d)(?=[^\W\d_])", "\u00a0", text)


def _signed(text: str) -> str:
    return text.replace("-", MINUS)


@lru_cache(maxsize=4096)
def money(value: Money, locale: Locale) -> str:
    """`€1,234.50`: with symbol or code, the currency's own decimals, and a true minus before it."""
    amount = value.amount
    digits = max(0, -int(amount.as_tuple().exponent))
    text = _pattern(locale, digits, True).apply(
        amount, locale, currency=value.currency, currency_digits=False
    )
    return _signed(_spaced(text))


def bare_money(value: Money, locale: Locale) -> str:
    """`1,234.50`: for columns whose head names the currency."""
    digits = max(0, -int(value.amount.as_tuple().exponent))
    return _signed(_pattern(locale, digits, False).apply(value.amount, locale))


def money_parts(value: Money, locale: Locale) -> tuple[str, str, str]:
    """The formatted amount cut before and after its minor units: ("€60,959", ".98", "")."""
    text = money(value, locale)
    digits = max(0, -int(value.amount.as_tuple().exponent))
    if not digits:
        return text, "", ""
    start = text.rfind(locale.number_symbols["latn"]["decimal"])
    if start < 0:
        return text, "", ""
    return text[:start], text[start : start + digits + 1], text[start + digits + 1 :]


def number(value: Decimal | int, locale: Locale) -> str:
    """A quantity or rate with the decimals that it has, without trailing zeros: `1,250.5`."""
    plain = Decimal(value).normalize()
    digits = max(0, -int(plain.as_tuple().exponent))
    return _signed(format_decimal(plain, format=_pattern(locale, digits, False), locale=locale))


@lru_cache(maxsize=4096)
def day(value: date, locale: Locale) -> str:
    """`20 Nov 2026`: the month in letters, since 03/04 is two days at once."""
    if locale.language == "en":
        return format_date(value, "d MMM y", locale=locale)
    return format_skeleton("yMMMd", value, locale=locale)


def long_day(value: date, locale: Locale) -> str:
    """`Friday, 20 November 2026`."""
    return format_date(
        value, "full" if locale.language != "en" else "EEEE, d MMMM y", locale=locale
    )


def instant(value: datetime, locale: Locale) -> str:
    """`20 Nov 2026, 10:42` in the value's own zone."""
    return f"{day(value.date(), locale)}, {format_time(value, 'HH:mm', locale=locale)}"
