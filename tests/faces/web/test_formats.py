"""Money, numbers and dates as the web face writes them."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from guilder.faces.web import formats
from guilder.kernel.money import Money

ENGLISH = formats.locale_of("en")
GERMAN = formats.locale_of("de")
NBSP = "\u00a0"


@pytest.mark.parametrize(
    ("amount", "currency", "shown"),
    [
        ("1234.5", "EUR", "€1,234.50"),
        ("-642.21", "EUR", "\u2212€642.21"),
        ("6417.07", "CHF", f"CHF{NBSP}6,417.07"),
        ("1250", "JPY", "¥1,250"),
        ("1.5", "KWD", f"KWD{NBSP}1.500"),
        ("0", "EUR", "€0.00"),
        ("123456789012.34", "USD", "$123,456,789,012.34"),
    ],
)
def test_money_has_its_currencys_decimals_and_a_true_minus(amount, currency, shown):
    assert formats.money(Money.of(amount, currency), ENGLISH) == shown


def test_money_follows_the_locale():
    assert formats.money(Money.of("1234.50", "EUR"), GERMAN) == f"1.234,50{NBSP}€"


def test_large_money_is_cut_at_its_minor_units():
    assert formats.money_parts(Money.of("60959.98", "EUR"), ENGLISH) == ("€60,959", ".98", "")
    assert formats.money_parts(Money.of("60959.98", "EUR"), GERMAN) == ("60.959", ",98", f"{NBSP}€")
    assert formats.money_parts(Money.of("1250", "JPY"), ENGLISH) == ("¥1,250", "", "")


def test_a_number_shows_the_decimals_that_it_has():
    assert formats.number(Decimal("19.000000"), ENGLISH) == "19"
    assert formats.number(Decimal("1250.5"), GERMAN) == "1.250,5"
    assert formats.number(Decimal("-0.004125"), ENGLISH) == "\u22120.004125"


def test_days_have_their_month_in_letters():
    assert formats.day(date(2026, 11, 20), ENGLISH) == "20 Nov 2026"
    assert formats.long_day(date(2026, 11, 20), ENGLISH) == "Friday, 20 November 2026"
    assert (
        formats.instant(datetime(2026, 11, 20, 9, 5, tzinfo=UTC), ENGLISH) == "20 Nov 2026, 09:05"
    )


@pytest.mark.parametrize(
    ("language", "shown"),
    [
        ("de", "20. Nov. 2026"),
        ("fr", "20 nov. 2026"),
        ("es", "20 nov 2026"),
        ("nl", "20 nov 2026"),
        ("ar", "20 نوفمبر 2026"),
    ],
)
def test_days_have_their_month_in_letters_in_every_language(language, shown):
    assert formats.day(date(2026, 11, 20), formats.locale_of(language)) == shown


def test_an_unknown_language_reads_as_english():
    assert formats.locale_of("xx-nowhere").language == "en"
