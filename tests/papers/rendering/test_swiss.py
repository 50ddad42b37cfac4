"""The payment part of a Swiss QR-bill: its lines, when there is one, and its page read back."""

import pytest

from guilder.kernel.document import Address, Document, Kind, Party
from guilder.kernel.money import Money
from guilder.kernel.references import made_of
from guilder.papers.rendering import swiss
from guilder.papers.rendering.operations import STYLES, Look, render_pdf
from tests.papers.rendering import papers, reading

QR_IBAN = "CH4431999123000889012"
IBAN = "CH5800791123000889012"


def asked(document: Document, amount: str = "2500.25") -> swiss.Bill:
    found = swiss.bill_of(document, Money.of(amount, document.currency))
    assert found is not None
    return found


def test_the_code_says_line_by_line_what_the_guidelines_want():
    lines = asked(papers.swiss(QR_IBAN)).payload.split("\r\n")

    seller = ["S", "Max Muster & Söhne", "Rue du Lac", "1268", "2501", "Biel", "CH"]
    assert lines[:11] == ["SPC", "0200", "1", QR_IBAN, *seller]
    assert lines[11:20] == [*[""] * 7, "2500.25", "CHF"]
    buyer = ["S", "Simon Muster", "Grosse Marktgasse", "28", "9400", "Rorschach", "CH"]
    assert lines[20:27] == buyer
    # 202600182 in 26 places and a check digit
    assert lines[27:] == ["QRR", made_of("INV-2026-00182", "QRR"), "INV-2026-00182", "EPD"]


def test_an_ordinary_account_takes_rf_references_or_none():
    bare = asked(papers.swiss(IBAN))
    quoted = asked(papers.swiss(IBAN, remittance="RF18 5390 0754 7034"))
    told = asked(papers.swiss(IBAN, remittance="Order 7"))

    assert (bare.reference_type, bare.reference, bare.message) == ("NON", "", "INV-2026-00182")
    assert (quoted.reference_type, quoted.reference) == ("SCOR", "RF18539007547034")
    assert (told.reference_type, told.message) == ("NON", "Order 7")


@pytest.mark.parametrize(
    "document",
    [
        papers.swiss("DE89370400440532013000"),
        papers.swiss(currency="USD"),
        papers.swiss(number=""),
        papers.swiss(kind=Kind.PRO_FORMA),
        papers.swiss(seller=Party(name="Max", address=Address(country="CH"))),
    ],
    ids=["account elsewhere", "other currency", "draft", "pro forma", "no town"],
)
def test_where_it_does_not_fit_there_is_none(document: Document):
    assert swiss.bill_of(document, Money.of("10.00", document.currency)) is None


def test_names_keep_to_the_characters_of_the_code():
    assert swiss.latin("Łódź  Čapek & Œuvre\n€") == "Łódź Čapek & Œuvre €"
    assert swiss.latin("東京 ﬁx Ṩ") == ".. fx S"


def test_a_buyer_without_a_town_is_left_to_the_payer():
    document = papers.swiss(buyer=Party(name="Simon", address=Address(country="CH")))

    assert asked(document).payload.split("\r\n")[20:27] == [""] * 7
    assert "Zahlbar durch (Name/Adresse)" in reading.text_of(render_pdf(document))


@pytest.mark.parametrize("style", STYLES)
def test_its_page_stands_behind_the_paper_and_is_read_back(style: str):
    document = papers.swiss(QR_IBAN)

    pdf = render_pdf(document, look=Look(style=style))

    text = reading.text_of(pdf)
    (code,) = reading.codes_of(pdf, dpi=200)
    assert (
        code.splitlines() == asked(document, str(document.totals.due.amount)).payload.splitlines()
    )
    for words in ("Empfangsschein", "Zahlteil", "Annahmestelle", "Zahlbar durch"):
        assert words in text
    assert "CH44 3199 9123 0008 8901 2" in text
    assert reading.overlapping(pdf) == []


def test_without_codes_there_is_no_such_page():
    pdf = render_pdf(papers.swiss(), look=Look(payment_code=False))

    assert "Zahlteil" not in reading.text_of(pdf)
