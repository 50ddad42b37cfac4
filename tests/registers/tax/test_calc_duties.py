"""What the seller's country wants on an invoice, and that a paper that says it is left alone."""

from dataclasses import replace
from datetime import date

import pytest

from guilder.kernel.document import Address, Delivery, Identifier, Note, Party, Period
from guilder.kernel.totals import calculate
from guilder.registers.tax.regimes import COUNTRIES
from guilder.registers.tax.regimes.duties import DUTIES, unmet
from tests.kernel.papers import line, paper

ON = date(2026, 3, 2)
REGISTERED = Identifier("HRB 99120")


def of(country: str, *, name: str = "Lamp Shop", price: str = "100", **changes):
    seller = Party(name=name, address=Address(country=country), vat_id="XX1")
    changes.setdefault("buyer", Party(name="Client", vat_id="XX2"))
    return calculate(replace(paper(line("1", price)), seller=seller, **changes))


def codes(document, printed: str = "") -> set[str]:
    return {duty.code for duty in unmet(document, printed=lambda: printed)}


def registered(document, **changes):
    return replace(document, seller=replace(document.seller, **changes))


def test_germany_and_austria_want_the_day_or_period_of_supply():
    for country in ("DE", "AT"):
        bare = of(country)
        assert codes(bare) == {"day_of_supply"}
        assert codes(replace(bare, delivery=Delivery(delivered_on=ON))) == set()
        assert codes(replace(bare, period=Period(start_on=ON))) == set()
        lines = tuple(replace(one, period=Period(end_on=ON)) for one in bare.lines)
        assert codes(replace(bare, lines=lines)) == set()


def test_a_german_company_names_register_and_directors():
    document = of("DE", name="Northlight GmbH", period=Period(start_on=ON))

    assert codes(document) == {"register_entry", "directors"}
    assert codes(document, "Managing director: Ida Winter") == {"register_entry"}
    full = registered(document, legal_registration=REGISTERED, legal_information="Ida Winter")
    assert codes(full) == set()


def test_austria_wants_the_client_s_vat_id_above_ten_thousand():
    period, nobody = Period(start_on=ON), Party(name="Client")

    # 9,000 net and any tax on it stay below or pass 10,000 gross: 9,000 × 1.19 = 10,710
    assert codes(of("AT", price="9000", buyer=nobody, period=period)) == {"buyer_vat_id_of_large"}
    assert codes(of("AT", price="8000", buyer=nobody, period=period)) == set()
    assert codes(of("AT", price="9000", period=period)) == set()


def test_france_wants_terms_between_businesses_wherever_they_stand():
    document = of("FR")
    words = "Pénalités de retard: 3 fois le taux légal; indemnité forfaitaire 40 €. Pas d'escompte."

    assert codes(document) == {"register_entry", "late_payment_terms", "discount_terms"}
    assert codes(document, words) == {"register_entry"}
    noted = registered(replace(document, notes=(Note(words),)), legal_registration=REGISTERED)
    assert codes(noted) == set()
    consumer = replace(document, buyer=Party(name="Client"))
    assert codes(consumer) == {"register_entry"}


@pytest.mark.parametrize(
    ("country", "name", "wanted"),
    [
        ("NL", "Lamp Shop", {"register_entry"}),
        ("BE", "Lampes SRL", {"register_entry"}),
        ("BE", "Jan Peeters", set()),
        ("NO", "Lampe", {"day_of_supply"}),
        ("US", "Lamp", set()),
    ],
)
def test_other_countries_want_their_own(country: str, name: str, wanted: set[str]):
    assert codes(of(country, name=name)) == wanted


def test_every_duty_is_of_a_known_country_and_names_its_source():
    for duty in DUTIES:
        assert set(duty.countries) <= set(COUNTRIES)
        assert duty.source
        assert duty.detail.endswith(".")


def test_spain_wants_the_numbers_of_both_and_the_buyer_s_above_four_hundred_only():
    seller = {"vat_id": "ESB58378431"}
    nobody = Party(name="Ana")

    assert codes(of("ES")) == {"seller_nif"}  # XX1 is no NIF
    assert codes(registered(of("ES", price="500"), **seller)) == set()
    assert codes(registered(of("ES", price="500", buyer=nobody), **seller)) == {"buyer_nif"}
    assert codes(registered(of("ES", price="300", buyer=nobody), **seller)) == set()
    in_dollars = of("ES", price="500", buyer=nobody, currency="USD")
    assert codes(registered(in_dollars, **seller)) == set()
