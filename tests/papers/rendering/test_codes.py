"""What apps for payments and tax offices' readers find in the codes on a paper."""

import base64
import re
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from guilder.kernel.document import CreditTransfer, Kind, Party, PaymentMeans
from guilder.kernel.money import Money
from guilder.papers.rendering import codes
from guilder.papers.rendering.look import Look
from guilder.papers.rendering.operations import render_pdf
from guilder.papers.rendering.paying import payment_of
from guilder.papers.rendering.taxcodes import saudi, tax_code_of
from guilder.papers.rendering.wording import wording_for
from tests.kernel.test_verifactu import paper
from tests.papers.rendering.papers import in_currency, invoice
from tests.papers.rendering.reading import codes_of

AT = datetime(2027, 1, 31, 9, 30, tzinfo=UTC)
INDIAN = PaymentMeans(code="30", transfers=(CreditTransfer(account="studio.one@okbank"),))


def test_rupees_to_a_virtual_address_are_asked_for_by_a_upi_link():
    link = codes.upi_link(
        holder="Studio & Co",
        address="studio.one@okbank",
        amount=Money.of("1250", "INR"),
        reference="INV-2026-00184",
    )

    assert link == (
        "upi://pay?pa=studio.one@okbank&pn=Studio%20%26%20Co&am=1250.00&cu=INR"
        "&tn=INV-2026-00184&tr=INV202600184"
    )


def test_a_paper_in_rupees_has_the_code_and_its_words():
    said = payment_of(
        replace(in_currency("INR", "1000"), payment=(INDIAN,)), wording_for("en"), with_code=True
    )

    assert said is not None
    assert ["UPI address", "studio.one@okbank"] in said["rows"]
    assert said["code"].startswith("<svg")
    assert said["code_alt"].startswith("UPI payment code")


@pytest.mark.parametrize(
    ("account", "amount"),
    [
        ("studio.one@okbank", Money.of("10", "EUR")),
        ("12-345678", Money.of("10", "INR")),
        ("studio.one@okbank", Money.zero("INR")),
        ("DE89370400440532013000", Money(10**12, "EUR")),
    ],
)
def test_no_code_is_made_that_no_app_could_pay(account, amount):
    made = codes.payment_code(holder="X", account=account, bank="", amount=amount, reference="R")

    assert made == ""


def test_a_spanish_paper_shows_the_link_to_the_tax_office():
    document = paper()
    code = tax_code_of(document, issued_at=AT)

    assert code is not None
    assert code.payload in codes_of(render_pdf(document, look=Look(), tax_code=code))


@pytest.mark.parametrize("style", ["atlas", "plain"])
def test_every_design_has_room_for_it(style):
    document = paper()
    code = tax_code_of(document, issued_at=AT)

    assert codes_of(render_pdf(document, look=Look(style=style), tax_code=code))


def test_a_saudi_code_holds_five_fields():
    seller = Party(name="شركة الميناء", vat_id="SA310122393500003")
    address = replace(paper().seller.address, country="SA")
    document = replace(paper(currency="SAR"), seller=replace(seller, address=address))
    code = tax_code_of(document, issued_at=AT)

    assert code is not None
    fields, rest = {}, base64.b64decode(code.payload)
    while rest:
        tag, size = rest[:2]
        fields[tag], rest = rest[2 : 2 + size].decode(), rest[2 + size :]
    assert fields == {
        1: "شركة الميناء",
        2: "310122393500003",
        3: "2027-01-31T09:30:00Z",
        4: "121.00",
        5: "21.00",
    }


@pytest.mark.parametrize(
    "document",
    [
        paper(number=""),
        paper(kind=Kind.QUOTE),
        paper(seller=replace(paper().seller, vat_id="")),
        paper(currency="USD"),
        invoice(1),
    ],
)
def test_there_is_no_code_without_number_nif_or_a_country_that_wants_one(document):
    assert tax_code_of(document, issued_at=AT) is None


def test_a_saudi_seller_without_a_number_has_no_code():
    assert saudi(replace(paper(), seller=Party(name="X")), issued_at=AT) is None


def test_a_field_of_a_saudi_code_is_cut_at_a_whole_character():
    from guilder.papers.rendering.taxcodes import field

    data = field(1, "é" * 200)

    assert data[1] == 254
    assert re.fullmatch("é+", data[2:].decode())
    assert Decimal(len(data)) == 256
