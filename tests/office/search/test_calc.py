"""Texts are made alike before they are compared."""

from datetime import date
from decimal import Decimal

import pytest

from guilder.office.search import calc


@pytest.mark.parametrize(
    ("text", "alike"),
    [
        ("Öresund-Ports AB", "oresund ports ab"),
        ("Straße 7", "strasse 7"),
        ("  Ávlög  &  Sön ", "avlog son"),
        ("Łódź", "lodz"),
        ("مرحبا", "مرحبا"),
        ("", ""),
    ],
)
def test_a_text_is_made_alike(text: str, alike: str):
    assert calc.plain(text) == alike


@pytest.mark.parametrize(
    ("number", "key", "tail"),
    [
        ("INV-2026-00184", "inv202600184", "184"),
        ("RE 2026/7", "re20267", "7"),
        ("D-2", "d2", "2"),
        ("ABC", "abc", ""),
        ("000", "000", ""),
    ],
)
def test_a_number_is_kept_whole_and_by_its_end(number: str, key: str, tail: str):
    assert (calc.key_of(number), calc.tail_of(number)) == (key, tail)


def test_words_are_kept_once_and_a_reference_as_a_whole_too():
    words = calc.words_of(["PO 4500 081 132", "Hotel Alpenglühn", "Hotel"])

    assert words == ("po", "4500", "081", "132", "po4500081132", "hotel", "alpengluhn")


def test_many_words_are_cut():
    assert len(calc.words_of([" ".join(f"word{n}" for n in range(100))])) == calc.MOST


def test_an_amount_is_looked_for_in_currencies_with_two_no_and_three_decimals():
    assert calc.Asked("1487.5", amount=Decimal("1487.5")).minors == [148750, 1487500]
    assert calc.Asked("1487", amount=Decimal(1487)).minors == [148700, 1487, 1487000]
    assert calc.Asked("-2", amount=Decimal(-2)).minors == [200, 2, 2000]


def test_the_end_of_an_amount_or_a_day_is_no_number():
    assert calc.Asked("1487.5").tail == ""
    assert calc.Asked("20.11.2026", on=date(2026, 11, 20)).tail == ""
    assert calc.Asked("bar 00184").tail == "184"
