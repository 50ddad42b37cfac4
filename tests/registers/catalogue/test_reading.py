"""Raw values of items."""

import pytest

from guilder.kernel.errors import Invalid
from guilder.registers.catalogue.reading import read_item
from guilder.registers.catalogue.units import UNITS, is_unit


def faults(data: dict[str, object]) -> set[str]:
    with pytest.raises(Invalid) as caught:
        read_item(data, is_new=True)
    return {problem.pointer for problem in caught.value.problems}


def test_a_name_is_enough() -> None:
    assert read_item({"name": "Design day"}, is_new=True).columns == {"name": "Design day"}


def test_prices_are_read_with_their_conditions() -> None:
    read = read_item(
        {
            "name": "Hosting",
            "prices": [
                {"currency": "EUR", "amount": "9.90"},
                {"currency": "EUR", "amount": "8.90", "from_quantity": "10"},
                {"currency": "CHF", "amount": "11", "valid_from": "2026-01-01"},
            ],
        },
        is_new=True,
    )

    assert read.prices is not None
    assert [str(row["amount"]) for row in read.prices] == ["9.90", "8.90", "11"]


def test_two_prices_for_one_case_are_refused() -> None:
    same = [{"currency": "EUR", "amount": "1"}, {"currency": "EUR", "amount": "2"}]

    assert faults({"name": "X", "prices": same}) == {"/prices/1"}


def test_every_fault_is_named() -> None:
    assert faults(
        {
            "unit": "hours",
            "kind": "thing",
            "prices": [
                {"currency": "EUR", "amount": "-1"},
                {
                    "currency": "EUR",
                    "amount": "1",
                    "valid_from": "2026-02-01",
                    "valid_to": "2026-01-01",
                },
            ],
            "colour": "red",
        }
    ) == {"/name", "/unit", "/kind", "/prices/0/amount", "/prices/1/valid_to", "/colour"}


@pytest.mark.parametrize("code", ["HUR", "C62", "59", "XPP", "3B", *list(UNITS)[:5]])
def test_unece_codes_are_taken(code: str) -> None:
    assert is_unit(code)


@pytest.mark.parametrize("code", ["", "hur", "HOUR", "H-R", "ÄÖÜ"])
def test_other_codes_are_not(code: str) -> None:
    assert not is_unit(code)


def test_every_known_unit_has_the_form_of_a_unit() -> None:
    assert all(is_unit(code) and name for code, name in UNITS.items())
