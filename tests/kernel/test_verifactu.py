"""Spanish billing records: what they say, and the fingerprints that the tax office publishes."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from guilder.kernel.document import (
    Address,
    Document,
    Identifier,
    Item,
    Kind,
    Line,
    Party,
    Price,
    Tax,
)
from guilder.kernel.money import Money
from guilder.kernel.totals import calculate
from guilder.kernel.verifactu import Facts, NotRecordable, facts_of, fingerprint, link

SELLER = Party(name="Puerto SL", vat_id="ESB58378431", address=Address(country="ES"))
BUYER = Party(name="Cliente SA", vat_id="ESA13585625", address=Address(country="ES"))


def paper(*, price: str = "100.00", **changes: object) -> Document:
    """100.00 EUR and 21 % = 121.00."""
    line = Line(
        id="1",
        item=Item(name="Diseño"),
        quantity=Decimal(1),
        unit="C62",
        price=Price(amount=Decimal(price)),
        tax=Tax(category="S", rate=Decimal(21)),
    )
    fields: dict[str, object] = {
        "kind": Kind.INVOICE,
        "currency": "EUR",
        "seller": SELLER,
        "buyer": BUYER,
        "lines": (line,),
        "number": "F/2027 1",
        "issued_on": date(2027, 1, 31),
    }
    return calculate(Document(**(fields | changes)))  # type: ignore[arg-type]


def facts(number: str) -> Facts:
    """A record of the tax office's examples: 12.35 EUR of tax, 123.45 EUR in all."""
    return Facts(
        nif="89890001K",
        number=number,
        issued_on=date(2024, 1, 1),
        kind="F1",
        tax=Money.of("12.35", "EUR"),
        total=Money.of("123.45", "EUR"),
    )


def test_the_fingerprints_are_those_of_the_published_examples():
    first = fingerprint(facts("12345678/G33"), previous="", generated="2024-01-01T19:20:30+01:00")
    second = fingerprint(
        facts("12345679/G34"), previous=first, generated="2024-01-01T19:20:35+01:00"
    )

    assert first == "3C464DAF61ACB827C65FDA19F352A4E3BDC2C640E9E9FC4CC058073F38F12F60"
    assert second == "F7B94CFD8924EDFF273501B01EE5153E4CE8F259766F88CF6ACB8935802A2B97"


def test_a_record_names_the_paper_and_its_sums():
    found = facts_of(paper())

    assert found == Facts(
        nif="B58378431",
        number="F/2027 1",
        issued_on=date(2027, 1, 31),
        kind="F1",
        tax=Money.of("21.00", "EUR"),
        total=Money.of("121.00", "EUR"),
    )
    assert link(found) == (
        "https://www2.agenciatributaria.gob.es/wlpl/TIKE-CONT/ValidarQRNoVerifactu"
        "?nif=B58378431&numserie=F%2F2027%201&fecha=31-01-2027&importe=121.00"
    )


def test_a_credit_note_counts_negative():
    found = facts_of(paper(kind=Kind.CREDIT_NOTE))

    assert (found.kind, found.total) == ("R1", Money.of("-121.00", "EUR"))


@pytest.mark.parametrize(("kind", "told"), [(Kind.INVOICE, "F2"), (Kind.CREDIT_NOTE, "R5")])
def test_who_buys_for_little_without_a_number_gets_a_simplified_one(kind, told):
    assert facts_of(paper(kind=kind, buyer=Party(name="Ana"))).kind == told


def test_a_register_number_names_a_buyer():
    registered = Party(name="Ana", legal_registration=Identifier(value="HRB 1"))

    assert facts_of(paper(buyer=registered)).kind == "F1"


def test_the_nif_may_stand_as_tax_number_and_a_wrong_one_is_none():
    by_number = replace(SELLER, vat_id="", tax_registration="B-58378431")
    wrong = replace(SELLER, vat_id="ESB58378432")

    assert facts_of(paper(seller=by_number)).nif == "B58378431"
    with pytest.raises(NotRecordable) as refused:
        facts_of(paper(seller=wrong))
    assert [one.pointer for one in refused.value.problems] == ["/seller/vat_id"]


def test_another_currency_is_counted_at_the_rate_that_the_paper_states():
    stated = {"tax_currency": "EUR", "tax_rate_to_tax_currency": Decimal("0.9")}
    found = facts_of(paper(currency="USD", **stated))

    booked = facts_of(paper(currency="USD"), rate=Decimal("0.8"))

    assert found.total == Money.of("108.90", "EUR")  # 121.00 × 0.9
    assert booked.tax == Money.of("16.80", "EUR")  # 21.00 × 0.8
    with pytest.raises(NotRecordable) as refused:
        facts_of(paper(currency="USD"))
    assert [one.pointer for one in refused.value.problems] == ["/tax_currency"]


def test_a_draft_has_no_facts_yet():
    with pytest.raises(NotRecordable):
        facts_of(paper(number="", issued_on=None))
