"""Whether the page of a hybrid PDF says what its data say; amounts as people write them."""

from decimal import Decimal

import pytest

from guilder.flows.intake import calc
from tests.flows.intake import papers

PAGE = """
Papier Müller GmbH · Werkstraße 3 · 50667 Köln
Rechnung Nr. R-1 vom 12.11.2026
Kopierpapier 1 Karton 100,00
Umsatzsteuer 19 % 19,00
Zu zahlen 119,00 EUR
IBAN DE02 1203 0000 0000 2020 51 BIC BYLADEM1001
"""


def doubts(page: str, **changes: object) -> list[str]:
    told = {"due": Decimal("119.00"), "gross": Decimal("119.00"), **changes}
    return [one.code for one in calc.disagreements(papers.document(), page, **told)]


def test_a_page_that_says_the_same_raises_no_doubt():
    assert doubts(PAGE) == []


@pytest.mark.parametrize(
    ("was", "now", "code"),
    [
        ("R-1", "R-2", "hybrid.number"),
        ("119,00", "191,00", "hybrid.amount"),
        ("DE02 1203 0000 0000 2020 51", "DE89 3704 0044 0532 0130 00", "hybrid.account"),
    ],
    ids=["number", "amount", "account"],
)
def test_a_page_that_says_otherwise_does(was: str, now: str, code: str):
    assert doubts(PAGE.replace(was, now)) == [code]


def test_a_page_without_text_says_nothing_and_so_does_what_is_not_on_it():
    assert doubts("") == doubts("R-1 Seite 1") == []
    assert doubts(PAGE.replace("IBAN DE02 1203 0000 0000 2020 51", "")) == []


def test_a_page_may_show_the_sum_before_what_was_prepaid():
    assert doubts(PAGE, due=Decimal("19.50")) == []


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("1.234,56", "1234.56"),
        ("1,234.56", "1234.56"),
        ("1 234,56", "1234.56"),
        ("1'234.56", "1234.56"),
        ("119", "119"),
        ("1.500", "1500"),
        ("0.125", "0.125"),
    ],
    ids=["german", "english", "french", "swiss", "whole", "thousands", "three-decimals"],
)
def test_amounts_are_found_however_they_are_written(written: str, meant: str):
    assert Decimal(meant).normalize() in calc.amounts_in(f"Total {written} EUR")
