"""What people type into the editor: numbers, formulas, periods, terms."""

from datetime import date

import pytest

from guilder.faces.web.drafting import numbers, periods, terms

TODAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("text", "point", "comma"),
    [
        ("1.234,50", "1234.5", "1234.5"),
        ("1,234.50", "1234.5", "1234.5"),
        ("1 234,5", "1234.5", "1234.5"),
        ("1.234", "1.234", "1234"),
        ("1,234", "1234", "1.234"),
        ("3*85", "255", "255"),
        ("=2*(1,5+3)", "9", "9"),
        ("1/3", "0.333333", "0.333333"),
        ("2/3", "0.666667", "0.666667"),
        ("−3,5", "-3.5", "-3.5"),
        ("abc", "abc", "abc"),
        ("1/0", "1/0", "1/0"),
        ("1.2.3", "1.2.3", "1.2.3"),
    ],
)
def test_only_the_reader_decides_what_one_mark_with_three_digits_means(text, point, comma):
    assert numbers.read(text, mark=".") == point
    assert numbers.read(text, mark=",") == comma


@pytest.mark.parametrize(
    ("plain", "places", "shown"),
    [("6480", 2, "6,480.00"), ("64", 0, "64"), ("0.12345", 2, "0.12345"), ("-1234.5", 2, "-1,234.50"),
     ("abc", 2, "abc")],
)  # fmt: skip
def test_a_number_is_shown_as_it_is_read(plain, places, shown):
    assert numbers.shown(plain, places=places) == shown


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("12 Oct – 6 Nov", date(2026, 10, 12), date(2026, 11, 6)),
        ("12 oct - 6 nov 2025", date(2025, 10, 12), date(2025, 11, 6)),
        ("15 Dec – 14 Jan 2027", date(2026, 12, 15), date(2027, 1, 14)),
        ("October", date(2026, 10, 1), date(2026, 10, 31)),
        ("Feb 2028", date(2028, 2, 1), date(2028, 2, 29)),
        ("20.11.", date(2026, 11, 20), date(2026, 11, 20)),
        ("2026-10-12 to 2026-11-06", date(2026, 10, 12), date(2026, 11, 6)),
    ],
)
def test_a_period_is_read_and_shown_as_it_is_read(text, first, last):
    assert periods.read_period(text, today=TODAY) == (first, last)
    again = periods.shown_period(first, last)
    assert periods.read_period(again, today=TODAY) == (first, last)


def test_what_is_no_period_is_none():
    assert periods.read_period("sometime", today=TODAY) is None


def test_terms_go_through_the_fields_unchanged():
    skonto = {
        "due": {"days": 30},
        "discounts": [{"days": 10, "percent": "2"}],
        "parts": [
            {"percent": "30", "due": {}},
            {"percent": "70", "due": {"days": 30}},
        ],
    }
    fields = terms.fields_of(skonto, {})
    again = terms.read(fields, skonto)

    assert fields["terms"] == "other"
    assert again == {
        "due": {"days": "30"},
        "discounts": [{"days": "10", "percent": "2"}],
        "parts": [
            {"percent": "30", "due": {"days": "0"}},
            {"percent": "70", "due": {"days": "30"}},
        ],
    }


def test_what_no_field_can_show_of_terms_stays():
    odd = {"due": {"months": 1, "day_of_month": 15}}

    assert terms.fields_of(odd, {}) == {"terms": "kept"}
    assert terms.read({"terms": "kept"}, odd) == odd


def test_the_clients_own_terms_are_left_to_the_client():
    agreed = {"due": {"days": 30}}

    assert terms.fields_of(agreed, agreed) == {"terms": ""}
    assert terms.read({"terms": ""}, agreed) is None
