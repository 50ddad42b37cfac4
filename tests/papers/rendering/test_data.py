"""The data that designs place: finished strings, in the paper's language."""

from dataclasses import replace
from decimal import Decimal

import pytest

from guilder.kernel.document import Allowance, Item, Kind, Price, Tax
from guilder.kernel.money import Money
from guilder.kernel.totals import calculate
from guilder.papers.rendering.data import template_data
from guilder.papers.rendering.look import Look
from tests.papers.rendering.papers import S7, S19, everything, in_currency, invoice, line


def data_of(document, **look):
    return template_data(document, Look(**look))


def test_an_incomplete_document_is_refused():
    with pytest.raises(ValueError, match=r"totals\.calculate"):
        data_of(replace(invoice(1), totals=None))


def test_lines_are_written_out():
    # 2 × 11.25 = 22.50; 3 × 12.25 = 36.75; 22.50 + 36.75 = 59.25
    first, second = data_of(invoice(2))["lines"]

    assert (first["quantity"], first["unit"], first["price"]) == ("2", "pcs", "11.25")
    assert (first["vat"], first["amount"], first["running"]) == ("19%", "22.50", "€22.50")
    assert second["running"] == "€59.25"


def test_totals_are_named_in_the_order_of_the_sum():
    # 59.25 net, VAT 19 % = 11.2575 → 11.26, gross 70.51
    assert data_of(invoice(2))["totals"] == [
        ["Net total", "€59.25", "plain"],
        ["VAT 19%", "€11.26", "plain"],
        ["Total", "€70.51", "final"],
    ]


def test_discounts_prepayments_and_withholding_each_have_a_row():
    rows = data_of(everything())["totals"]

    assert [row[0] for row in rows] == [
        "Subtotal",
        "Framework contract 3%",
        "Freight",
        "Net total",
        "VAT 19%",
        "Total",
        "Already paid",
        "Rounding",
        "Amount due",
        "Withholding tax 15%",
        "To transfer",
        "VAT in SEK",
    ]
    assert [row[2] for row in rows].count("final") == 1


def test_a_discount_over_two_tax_groups_is_one_row():
    document = calculate(
        replace(
            invoice(0),
            lines=(
                line(1, price=Price(amount=Decimal(100)), quantity=Decimal(1), tax=S19),
                line(2, price=Price(amount=Decimal(50)), quantity=Decimal(1), tax=S7),
            ),
            allowances=(Allowance(percent=Decimal(10)),),
        )
    )

    rows = [row for row in data_of(document)["totals"] if row[0].startswith("Discount")]

    assert len(document.allowances) == 2
    assert rows == [["Discount 10%", "−€15.00", "plain"]]


def test_prices_with_tax_show_amounts_with_tax():
    # 3 × 11.90 gross = 35.70, of which 5.70 is VAT
    gross = Price(amount=Decimal("11.90"), tax_inclusive=True)
    document = calculate(replace(invoice(0), lines=(line(1, price=gross, quantity=Decimal(3)),)))

    data = data_of(document)

    assert data["lines"][0]["amount"] == "35.70"
    assert data["prices_note"] == "Prices include VAT"
    assert data["totals"][0] == ["Net total", "€30.00", "plain"]


def test_a_mixed_paper_marks_the_lines_that_include_tax():
    gross = Price(amount=Decimal("11.90"), tax_inclusive=True)
    document = calculate(replace(invoice(0), lines=(line(1, price=gross), line(2))))

    data = data_of(document)

    assert data["prices_note"] == ""
    assert [row["price_note"] for row in data["lines"]] == ["Prices include VAT", ""]
    assert data["lines"][0]["running"] == ""


def test_what_was_taken_off_a_line_is_said_under_it():
    texts = data_of(everything())["lines"][0]["texts"]

    assert "Loyalty 2.5% −€0.13" in texts  # 12500.5 × 0.0425 / 100 = 5.31; 2.5 % of it 0.13
    assert "Packing +€1.50" in texts
    assert "List price 0.05 less 0.0075" in texts


def test_the_reason_for_no_tax_stands_in_the_notes():
    coded = Tax(
        category="K", rate=Decimal(0), exemption_reason="Art. 138", exemption_code="VATEX-EU-IC"
    )
    document = calculate(replace(invoice(0), lines=(line(1, tax=coded),)))

    data = data_of(document)

    assert data["taxes"][0]["name"] == "Intra-Community supply"
    assert data["notes"][0] == "Art. 138 (VATEX-EU-IC)"
    assert all(not row[0].startswith("VAT") for row in data["totals"])


@pytest.mark.parametrize(
    ("kind", "label", "note"),
    [
        (Kind.INVOICE, "Amount due", "Due 21 December 2026"),
        (Kind.CREDIT_NOTE, "Credit amount", ""),
        (Kind.QUOTE, "Quoted total", "Valid until 21 December 2026"),
        (Kind.DEPOSIT, "Amount due", "Due 21 December 2026"),
    ],
)
def test_the_headline_suits_the_kind(kind, label, note):
    headline = data_of(invoice(1, kind=kind))["headline"]

    assert (headline["label"], headline["note"]) == (label, note)


def test_a_paid_invoice_asks_for_nothing():
    document = invoice(1, prepaid=Money(2678, "EUR"))  # 22.50 + 4.28 VAT = 26.78

    data = data_of(document)

    assert data["headline"]["amount"] == "€0.00"
    assert data["headline"]["note"] == "Nothing to pay"
    assert data["payment"] is None


@pytest.mark.parametrize("kind", [Kind.QUOTE, Kind.PRO_FORMA])
def test_a_paper_that_is_no_invoice_says_so(kind):
    assert "This is not a tax invoice." in data_of(invoice(1, kind=kind))["notes"]


def test_a_paper_without_a_number_is_a_draft():
    assert data_of(invoice(1, number=""))["watermark"] == "Draft"
    assert data_of(invoice(1))["watermark"] == ""


def test_the_documents_language_wins_over_the_looks():
    assert data_of(invoice(1, language="fr"), language="de")["title"] == "Facture"
    assert data_of(invoice(1, language=""), language="de")["title"] == "Rechnung"


def test_the_currency_decides_the_decimals():
    assert data_of(in_currency("JPY", "129800"))["lines"][0]["amount"] == "259,600"
    assert data_of(in_currency("KWD", "1.5"))["lines"][0]["amount"] == "3.000"


def test_characters_that_cannot_be_printed_are_told_of():
    document = invoice(0)
    document = calculate(replace(document, lines=(line(1, item=Item(name="上海 lamp")),)))

    data = data_of(document)

    assert data["lines"][0]["name"] == "□□ lamp"
    assert data["notes"][-1].startswith("□ stands for a character")


def test_every_string_is_finished():
    def walk(value):
        if isinstance(value, dict):
            return all(walk(inner) for inner in value.values())
        if isinstance(value, list):
            return all(walk(inner) for inner in value)
        return value is None or isinstance(value, str | bool)

    assert walk(data_of(everything()))
