"""Structured references: worked by hand or by their publishers, and found again by matching."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import iso11649
from stdnum.be import ogm_vcs
from stdnum.ch import esr

from guilder.flows.banking.calc import words
from guilder.kernel import references
from guilder.kernel.document import PaymentMeans
from tests.kernel.papers import line, paper

NUMBER = "INV-2026-00182"


@pytest.mark.parametrize(
    ("scheme", "reference"),
    [
        # 202600182 − 97 × 2088661 = 65
        ("OGM", "+++020/2600/18265+++"),
        # 2·7 + 8·3 + 1·1 + 0·7 + 0·3 + 6·1 + 2·7 + 0·3 + 2·1 = 61, to 70 are 9
        ("FI", "2026001829"),
        # doubled from the right: 4+8+2+0+0+6+4+0+4 = 28, to 30 are 2
        ("KID", "2026001822"),
        ("", ""),
        ("XX", ""),
    ],
)
def test_a_reference_is_made_of_the_number(scheme: str, reference: str):
    assert references.made_of(NUMBER, scheme) == reference


def test_published_examples_come_out():
    # SIX, QR-bill guidelines; ISO 11649 by Finance Finland's guide
    assert references.made_of("21000000000313947143000901", "QRR") == "210000000003139471430009017"
    assert references.made_of("539007547034", "RF") == "RF18539007547034"


@pytest.mark.parametrize("scheme", sorted(references.SCHEMES))
@pytest.mark.parametrize("number", ["", "DRAFT-", "9" * 40])
def test_what_no_scheme_holds_is_left_to_the_number(scheme: str, number: str):
    made = references.made_of(number, scheme)

    assert made == "" or (scheme, number) == ("RF", "DRAFT-")


@given(st.integers(1, 10**10 - 1))
def test_whatever_the_number_its_reference_is_right_and_leads_back(count: int):
    number = f"R-{count}"

    assert iso11649.is_valid(references.made_of(number, "RF"))
    assert ogm_vcs.is_valid(references.made_of(number, "OGM"))
    assert esr.is_valid(references.made_of(number, "QRR"))
    for scheme, said in (
        ("RF", "{}"),
        ("OGM", "{}"),
        ("QRR", "{}"),
        ("KID", "KID {}"),
        ("FI", "Viite {}"),
    ):
        text = said.format(references.made_of(number, scheme))
        if len(str(count)) >= words.SHORTEST:
            assert str(count) in words.digit_keys(text), (scheme, text)


def test_a_document_quotes_it_where_its_means_ask_for_that():
    means = (
        PaymentMeans(code="58", reference_scheme="RF"),
        PaymentMeans(code="58", reference_scheme="RF", remittance="Order 7"),
        PaymentMeans(code="30"),
    )
    document = paper(line(), payment=means, number=NUMBER)

    quoted = references.referenced(document)

    assert [one.remittance for one in quoted.payment] == ["RF39INV202600182", "Order 7", ""]
    assert references.referenced(replace(document, number="")).payment == means
