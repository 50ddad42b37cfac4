"""Where a supply is taxed."""

from datetime import date
from decimal import Decimal

import pytest

from guilder.registers.tax.calc import (
    DatedPercent,
    Supply,
    line_tax,
    percent_on,
    treatment,
)
from guilder.registers.tax.regimes import COUNTRIES, UnknownRegime, regime
from guilder.registers.tax.regimes.zones import EU


def supply(**changes: object) -> Supply:
    """A German seller's service to a French company with a valid VAT id, with `changes`."""
    given = {
        "seller_country": "DE",
        "customer_country": "FR",
        "customer_is_business": True,
        "customer_vat_id": "FR40303265045",
        "vat_id_is_valid": True,
        "item_kind": "service",
    }
    return Supply(**{**given, **changes})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({}, "reverse_charge"),
        ({"item_kind": "goods"}, "intra_eu"),
        ({"customer_country": "DE"}, None),
        ({"customer_country": ""}, None),
        ({"customer_is_business": False, "customer_vat_id": ""}, None),
        ({"vat_id_is_valid": False}, None),
        ({"customer_vat_id": ""}, None),
        ({"customer_country": "US", "item_kind": "goods"}, "export"),
        ({"customer_country": "US"}, "outside"),
        ({"customer_country": "US", "customer_is_business": False}, None),
        ({"customer_country": "XI", "item_kind": "goods"}, "intra_eu"),
        ({"customer_country": "XI"}, "outside"),
        ({"seller_country": "CH", "item_kind": "goods"}, "export"),
        ({"seller_country": "CH"}, "outside"),
        ({"seller_country": "GB", "customer_is_business": False}, None),
        ({"agreed": "exempt"}, "exempt"),
        ({"agreed": "domestic"}, None),
        ({"agreed": "reverse_charge", "customer_country": "DE"}, "reverse_charge"),
    ],
)
def test_the_place_of_supply_decides_the_code(changes: dict[str, object], code: str | None) -> None:
    decided = treatment(supply(**changes))

    assert decided.code == code
    assert decided.reason.endswith(".")


def test_a_vat_id_that_nobody_checked_is_used_but_pointed_out() -> None:
    decided = treatment(supply(vat_id_is_valid=None))

    assert decided.code == "reverse_charge"
    assert "not been checked" in decided.warning


def test_a_refused_vat_id_is_named_as_the_reason_for_the_domestic_rate() -> None:
    assert "not valid" in treatment(supply(vat_id_is_valid=False)).warning


def test_a_rate_holds_from_its_day_to_the_day_before_the_next() -> None:
    german = [
        DatedPercent(rate.percent, rate.valid_from) for rate in regime("DE").rates["standard"]
    ]

    assert percent_on(german, date(2020, 6, 30)) == 19
    assert percent_on(german, date(2020, 7, 1)) == 16
    assert percent_on(german, date(2020, 12, 31)) == 16
    assert percent_on(german, date(2021, 1, 1)) == 19
    assert percent_on(german, date(1990, 1, 1)) is None


def test_a_rate_ends_on_its_last_day() -> None:
    ended = [DatedPercent(Decimal(5), date(2024, 1, 1), date(2024, 12, 31))]

    assert percent_on(ended, date(2024, 12, 31)) == 5
    assert percent_on(ended, date(2025, 1, 1)) is None


@pytest.mark.parametrize("country", COUNTRIES)
def test_every_country_has_a_sourced_standard_rate_in_order(country: str) -> None:
    known = regime(country)

    assert known.country == country
    for dated in known.rates.values():
        assert [rate.valid_from for rate in dated] == sorted({rate.valid_from for rate in dated})
        assert all(rate.source and 0 < rate.percent < 30 for rate in dated)
    assert "standard" in known.rates


def test_all_member_states_and_three_neighbours_are_known() -> None:
    assert set(COUNTRIES) == EU | {"GB", "CH", "NO"}


def test_an_unknown_country_is_said_to_be_unknown() -> None:
    with pytest.raises(UnknownRegime):
        regime("ZZ")


@pytest.mark.parametrize(
    ("category", "rate"),
    [("S", Decimal(19)), ("L", Decimal(19)), ("AE", Decimal(0)), ("Z", Decimal(0)), ("O", None)],
)
def test_untaxed_categories_have_rate_zero_and_o_has_none(
    category: str, rate: Decimal | None
) -> None:
    made = line_tax(code="x", category=category, percent=Decimal(19), exemption_code="", reason="")

    assert made.rate == rate
