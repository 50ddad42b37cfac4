"""Words, numbers, dates and units, in each language and region."""

import json
from datetime import date
from decimal import Decimal

import pytest

from guilder.kernel.document import Kind
from guilder.kernel.money import Money
from guilder.papers.rendering.wording import LABELS, LANGUAGES, wording_for


def texts(language):
    return json.loads((LABELS / f"{language}.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_every_word_with_the_same_places_to_fill(language):
    ours, english = texts(language), texts("en")

    for part in ("labels", "categories", "units"):
        assert list(ours[part]) == list(english[part])
        assert all(ours[part].values())
    for name, text in ours["labels"].items():
        assert sorted(braces(text)) == sorted(braces(english["labels"][name]))


def braces(text):
    return [piece.split("}")[0] for piece in text.split("{")[1:]]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_of_paper_has_its_own_title(language):
    titles = [wording_for(language).say(kind.value) for kind in Kind]

    assert len(set(titles)) == len(Kind)


@pytest.mark.parametrize(
    ("language", "country", "locale"),
    [
        ("en", "", "en_GB"),
        ("en", "US", "en_US"),
        ("en", "DE", "en_GB"),  # English is not official in Germany
        ("de", "AT", "de_AT"),
        ("de-CH", "DE", "de_CH"),  # the tag's own region wins
        ("fr", "BE", "fr_BE"),
        ("ar", "EG", "ar_EG"),
        ("ar", "", "ar_AE"),
        ("pt", "PT", "en_GB"),  # no labels yet
        ("nonsense", "", "en_GB"),
        ("", "", "en_GB"),
    ],
)
def test_the_region_is_the_tags_or_the_countrys_or_the_languages_home(language, country, locale):
    assert str(wording_for(language, country=country).locale) == locale


@pytest.mark.parametrize(
    ("language", "amount", "written"),
    [
        ("en-GB", Money(-1234567890, "EUR"), "−€12,345,678.90"),
        ("de-DE", Money(123456, "EUR"), "1.234,56\u00a0€"),
        ("fr-FR", Money(123456, "EUR"), "1\u202f234,56\u00a0€"),
        ("de-CH", Money(123456, "CHF"), "CHF\u00a01’234.56"),
        ("en-IN", Money(12345678900, "INR"), "₹12,34,56,789.00"),
        ("en-GB", Money(1234567, "KWD"), "KWD\u00a01,234.567"),
        ("en-GB", Money(1234567, "JPY"), "JP¥1,234,567"),
        ("ar-KW", Money(1234567, "KWD"), "1,234.567\u00a0د.ك."),
    ],
)
def test_money_is_written_as_the_region_does(language, amount, written):
    assert wording_for(language).money(amount) == written


def test_a_price_keeps_its_decimals_and_has_at_least_the_currencys():
    english = wording_for("en")

    assert english.price(Decimal("0.001250"), "EUR") == "0.00125"
    assert english.price(Decimal(128), "EUR") == "128.00"
    assert english.price(Decimal(128), "JPY") == "128"
    assert english.price(Decimal("1.5"), "KWD") == "1.500"


def test_numbers_and_rates_are_exact():
    german = wording_for("de")

    assert german.number(Decimal("1234567.123456")) == "1.234.567,123456"
    assert german.number(Decimal("1.500000")) == "1,5"
    assert german.percent(Decimal("5.5")) == "5,5\u00a0%"
    assert german.figure(Money(-100, "EUR")) == "−1,00"


def test_days_and_periods_have_their_month_in_letters():
    english, start, end = wording_for("en"), date(2026, 10, 12), date(2026, 11, 6)

    assert english.day(end) == "6 November 2026"
    assert english.days(start, end) == "12 Oct – 6 Nov 2026"
    assert english.days(start, None) == "from 12 Oct 2026"
    assert english.days(None, end) == "to 6 Nov 2026"
    assert english.days(None, None) == ""
    assert wording_for("ar").day(end) == "6 نوفمبر 2026"


@pytest.mark.parametrize(
    ("code", "quantity", "name"),
    [
        ("DAY", 1, "day"),
        ("DAY", 2, "days"),
        ("H87", 1, "pc"),
        ("EA", 3, "pcs"),
        ("KGM", 3, "kg"),
        ("ZZ", 1, ""),
        ("X99", 1, "X99"),
    ],
)
def test_units_are_called_by_name(code, quantity, name):
    assert wording_for("en").unit(code, Decimal(quantity)) == name


def test_arabic_runs_from_right_to_left():
    assert [wording_for(language).direction for language in ("ar", "en")] == ["rtl", "ltr"]
