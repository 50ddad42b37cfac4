"""Every term of EN 16931 is read from UBL and from CII, and nothing is dropped without a word."""

from dataclasses import fields
from datetime import date
from decimal import Decimal

import pytest

from guilder.kernel.document import (
    CreditTransfer,
    Document,
    EarlyDiscount,
    Identifier,
    Instalment,
    Kind,
    Note,
)
from guilder.kernel.money import Money
from guilder.papers.exchange.check import check
from guilder.papers.exchange.formats.record import Reading, Unreadable
from guilder.papers.exchange.reading import read
from tests.papers.exchange import full

# Fields of a Document that no UBL or CII file of EN 16931 can fill.
OURS = {"cash_rounding", "withholdings", "instalments", "language", "custom_fields", "rounding"}
COMPUTED = {"taxes", "totals"}
BOTH = pytest.mark.parametrize("data", [full.UBL, full.CII], ids=["ubl", "cii"])


def swapped(data: bytes, *pairs: tuple[str, str]) -> Reading:
    text = data.decode()
    for old, new in pairs:
        assert old in text, old
        text = text.replace(old, new)
    return read(text.encode())


@BOTH
def test_every_term_is_read(data: bytes):
    assert read(data).document == full.DOCUMENT


def test_the_full_paper_leaves_no_field_empty():
    empty = Document(kind=Kind.INVOICE, currency="", seller=full.Party(), buyer=full.Party())
    unfilled = {
        field.name
        for field in fields(Document)
        if getattr(full.DOCUMENT, field.name) == getattr(empty, field.name)
    }

    # BT-8 excludes BT-7 (BR-CO-3): it has a test of its own below.
    assert unfilled == OURS | COMPUTED | {"kind", "tax_point_code"}


@BOTH
def test_nothing_of_the_full_paper_is_left_over(data: bytes):
    reading = read(data)

    assert reading.problems == ()
    assert reading.remarks == ()
    assert reading.profile == "urn:cen.eu:en16931:2017"


@BOTH
def test_what_is_stated_is_kept_apart(data: bytes):
    reading = read(data)

    assert reading.stated.line_net == Decimal("117.50")
    assert reading.stated.due == Decimal(100)
    assert reading.stated.tax_in_tax_currency == Decimal("13.30")
    assert reading.stated_nets == (Decimal("97.50"), Decimal(20))
    assert [row.key for row in reading.stated_taxes] == [("S", Decimal(19)), ("E", Decimal(0))]
    assert reading.document.totals is None
    assert reading.document.lines[0].net is None


@BOTH
def test_the_full_paper_adds_up(data: bytes):
    result = check(data)

    assert result.ok
    assert result.totals == result.stated
    assert result.totals["tax"] == "16.63"


def test_codes_of_the_tax_point_are_those_of_untdid_2005():
    ubl = swapped(
        full.UBL,
        (
            "<cac:InvoicePeriod><cbc:StartDate>2026-02-01",
            "<cac:InvoicePeriod><cbc:DescriptionCode>432</cbc:DescriptionCode>"
            "<cbc:StartDate>2026-02-01",
        ),
    )
    cii = swapped(
        full.CII,
        (
            "<ram:CategoryCode>S</ram:CategoryCode><ram:TaxPointDate>",
            "<ram:CategoryCode>S</ram:CategoryCode><ram:DueDateTypeCode>72</ram:DueDateTypeCode>"
            "<ram:TaxPointDate>",
        ),
    )

    assert ubl.document.tax_point_code == cii.document.tax_point_code == "432"


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("380", Kind.INVOICE),
        ("384", Kind.INVOICE),
        ("389", Kind.INVOICE),
        ("381", Kind.CREDIT_NOTE),
        ("261", Kind.CREDIT_NOTE),
        ("383", Kind.DEBIT_NOTE),
        ("386", Kind.DEPOSIT),
        ("325", Kind.PRO_FORMA),
    ],
)
def test_the_type_code_tells_the_kind(code: str, kind: Kind):
    ubl = swapped(full.UBL, (">380<", f">{code}<"))
    cii = swapped(full.CII, (">380<", f">{code}<"))

    assert ubl.document.kind == cii.document.kind == kind
    assert ubl.document.type_code == cii.document.type_code == code


def test_a_ubl_credit_note_is_read_with_its_own_words():
    reading = swapped(
        full.UBL,
        ("xsd:Invoice-2", "xsd:CreditNote-2"),
        ("<Invoice ", "<CreditNote "),
        ("</Invoice>", "</CreditNote>"),
        ("InvoiceTypeCode>", "CreditNoteTypeCode>"),
        (">380<", ">381<"),
        ("cac:InvoiceLine>", "cac:CreditNoteLine>"),
        ("InvoicedQuantity", "CreditedQuantity"),
        ("<cbc:DueDate>2026-03-09</cbc:DueDate>", ""),
        (
            "58</cbc:PaymentMeansCode>",
            "58</cbc:PaymentMeansCode><cbc:PaymentDueDate>2026-03-09</cbc:PaymentDueDate>",
        ),
        (
            "<cac:ProjectReference><cbc:ID>BT-11</cbc:ID></cac:ProjectReference>",
            "<cac:AdditionalDocumentReference><cbc:ID>BT-11</cbc:ID>"
            "<cbc:DocumentTypeCode>50</cbc:DocumentTypeCode></cac:AdditionalDocumentReference>",
        ),
    )

    assert reading.format == "ubl-creditnote"
    assert reading.document.kind == Kind.CREDIT_NOTE
    assert reading.document.project_reference == "BT-11"
    assert reading.document.due_on == date(2026, 3, 9)
    assert reading.document.lines == full.DOCUMENT.lines
    assert len(reading.document.attachments) == 1


def test_a_creditor_id_with_the_payee_is_found():
    reading = swapped(
        full.UBL,
        (
            '<cac:PartyIdentification><cbc:ID schemeID="SEPA">BT-90</cbc:ID></cac:PartyIdentification>',
            "",
        ),
        (
            "<cac:PayeeParty>",
            '<cac:PayeeParty><cac:PartyIdentification><cbc:ID schemeID="SEPA">BT-90</cbc:ID></cac:PartyIdentification>',
        ),
    )

    assert reading.document == full.DOCUMENT


def test_a_party_without_a_registered_name_has_its_trading_name():
    reading = swapped(full.UBL, ("<cbc:RegistrationName>BT-44</cbc:RegistrationName>", ""))

    assert (reading.document.buyer.name, reading.document.buyer.trading_name) == ("BT-45", "")


def test_the_rate_of_the_tax_currency_is_derived_where_the_file_names_none():
    # 16.63 × 0.8 = 13.304 → 13.30; no rate of two decimals but 0.80 gives that
    assert read(full.UBL).document.tax_rate_to_tax_currency == Decimal("0.8")

    dearer = swapped(full.UBL, ('currencyID="GBP">13.30', 'currencyID="GBP">14.21'))
    rate = dearer.document.tax_rate_to_tax_currency
    assert rate is not None
    assert Money.rounded(Decimal("16.63") * rate, "GBP") == Money.of("14.21", "GBP")
    assert len(rate.as_tuple().digits) <= 5


def test_goods_and_services_tax_ids_are_tax_ids_under_pint():
    reading = swapped(
        full.UBL,
        ("urn:cen.eu:en16931:2017", "urn:peppol:pint:billing-1@aunz-1"),
        ("<cbc:ID>VAT</cbc:ID>", "<cbc:ID>GST</cbc:ID>"),
    )

    assert reading.document.seller.vat_id == "DE123456789"
    assert reading.document.seller.tax_registration == "BT-32"


def test_amounts_of_another_currency_are_a_fault():
    reading = swapped(
        full.UBL, ('<cbc:PriceAmount currencyID="EUR">10', '<cbc:PriceAmount currencyID="USD">10')
    )

    assert [p.pointer for p in reading.problems] == ["/lines/1/price/amount"]


@pytest.mark.parametrize(
    ("old", "new", "code", "pointer"),
    [
        ('unitCode="HUR">10<', 'unitCode="HUR">1e1<', "exchange.number", "/lines/0/quantity"),
        ('unitCode="HUR">10<', 'unitCode="HUR">NaN<', "exchange.number", "/lines/0/quantity"),
        ('unitCode="HUR">10<', 'unitCode="HUR"><', "exchange.missing", "/lines/0/quantity"),
        ("2026-03-09", "2026-02-30", "exchange.date", "/due_on"),
        ("<cbc:ChargeIndicator>true", "<cbc:ChargeIndicator>no", "exchange.flag", "/lines/0"),
        (
            full.b64encode(full.ENCLOSED).decode(),
            "JVB*",
            "exchange.base64",
            "/attachments/0/content",
        ),
        (
            ">GBP</cbc:TaxCurrencyCode>",
            ">XXX</cbc:TaxCurrencyCode>",
            "exchange.currency",
            "/tax_currency",
        ),
    ],
)
def test_a_broken_value_is_pointed_at(old: str, new: str, code: str, pointer: str):
    reading = swapped(full.UBL, (old, new))

    assert (code, pointer) in [(p.code, p.pointer) for p in reading.problems]


@BOTH
def test_without_a_currency_there_is_no_paper(data: bytes):
    with pytest.raises(Unreadable) as caught:
        swapped(data, ("CurrencyCode>EUR<", "CurrencyCode><"))

    assert caught.value.problems[0].pointer == "/currency"


@BOTH
def test_what_has_no_place_is_told(data: bytes):
    reading = swapped(
        data,
        (
            "BT-22 second",
            "BT-22 second</{0}><{1}:Odd>kept where?</{1}:Odd><{0}>x".format(
                "cbc:Note" if data is full.UBL else "ram:Content",
                "cbc" if data is full.UBL else "ram",
            ),
        ),
    )

    assert any("kept where?" in remark.detail for remark in reading.remarks)
    assert reading.problems == ()


# Extensions ---------------------------------------------------------------------------------------


def test_sub_lines_explain_their_line_and_add_nothing():
    sub = (
        '<cac:SubInvoiceLine><cbc:ID>2.1</cbc:ID><cbc:InvoicedQuantity unitCode="C62">4</cbc:InvoicedQuantity>'
        '<cbc:LineExtensionAmount currencyID="EUR">20.00</cbc:LineExtensionAmount><cac:Item><cbc:Name>Part</cbc:Name>'
        '</cac:Item><cac:Price><cbc:PriceAmount currencyID="EUR">5</cbc:PriceAmount></cac:Price></cac:SubInvoiceLine>'
    )
    reading = swapped(
        full.UBL,
        (
            "10</cbc:PriceAmount></cac:Price></cac:InvoiceLine>",
            f"10</cbc:PriceAmount></cac:Price>{sub}</cac:InvoiceLine>",
        ),
    )

    assert reading.document.lines[1].note == "2.1 Part 4 C62 × 5 = 20.00"
    assert len(reading.document.lines) == 2
    assert reading.remarks == ()


def test_a_sub_line_that_contradicts_itself_is_told():
    sub = (
        '<cac:SubInvoiceLine><cbc:ID>2.1</cbc:ID><cbc:InvoicedQuantity unitCode="C62">4</cbc:InvoicedQuantity>'
        '<cbc:LineExtensionAmount currencyID="EUR">21.00</cbc:LineExtensionAmount>'
        '<cac:Price><cbc:PriceAmount currencyID="EUR">5</cbc:PriceAmount></cac:Price></cac:SubInvoiceLine>'
    )
    reading = swapped(
        full.UBL,
        (
            "10</cbc:PriceAmount></cac:Price></cac:InvoiceLine>",
            f"10</cbc:PriceAmount></cac:Price>{sub}</cac:InvoiceLine>",
        ),
    )

    assert [remark.code for remark in reading.remarks] == ["exchange.sub_line"]


def grouped(status: str, *, net: str = "20.00") -> Reading:
    """The full paper with its second line turned into a part of a group, or into information."""
    line = "<ram:LineID>2</ram:LineID>"
    group = (
        "<ram:IncludedSupplyChainTradeLineItem><ram:AssociatedDocumentLineDocument><ram:LineID>G</ram:LineID>"
        f"<ram:LineStatusReasonCode>{status}</ram:LineStatusReasonCode></ram:AssociatedDocumentLineDocument>"
        "<ram:SpecifiedTradeProduct><ram:Name>Set</ram:Name></ram:SpecifiedTradeProduct>"
        "<ram:SpecifiedLineTradeAgreement><ram:NetPriceProductTradePrice><ram:ChargeAmount>20</ram:ChargeAmount>"
        "</ram:NetPriceProductTradePrice></ram:SpecifiedLineTradeAgreement><ram:SpecifiedLineTradeDelivery>"
        '<ram:BilledQuantity unitCode="C62">1</ram:BilledQuantity></ram:SpecifiedLineTradeDelivery>'
        "<ram:SpecifiedLineTradeSettlement><ram:SpecifiedTradeSettlementLineMonetarySummation>"
        f"<ram:LineTotalAmount>{net}</ram:LineTotalAmount></ram:SpecifiedTradeSettlementLineMonetarySummation>"
        "</ram:SpecifiedLineTradeSettlement></ram:IncludedSupplyChainTradeLineItem>"
    )
    return swapped(
        full.CII,
        (line, f"{line}<ram:ParentLineID>G</ram:ParentLineID>"),
        ("<ram:ApplicableHeaderTradeAgreement>", f"{group}<ram:ApplicableHeaderTradeAgreement>"),
    )


def test_a_group_line_sums_up_and_is_no_line_itself():
    reading = grouped("GROUP")

    assert [line.id for line in reading.document.lines] == ["BT-126", "2"]
    assert reading.document.lines[1].note == "G Set"
    assert reading.problems == ()


def test_a_group_line_that_contradicts_itself_is_a_fault():
    assert [p.code for p in grouped("GROUP", net="21.00").problems] == ["exchange.sub_line"]


def test_an_information_line_is_told_with_its_parent():
    text = full.CII.decode().replace(
        "<ram:LineID>2</ram:LineID>",
        "<ram:LineID>2</ram:LineID><ram:ParentLineID>BT-126</ram:ParentLineID>"
        "<ram:LineStatusReasonCode>INFORMATION</ram:LineStatusReasonCode>",
    )
    reading = read(text.encode())

    assert [line.id for line in reading.document.lines] == ["BT-126"]
    assert reading.document.lines[0].note == "BT-127\n2 Care"


def test_a_logistics_charge_is_a_charge():
    freight = (
        "<ram:SpecifiedLogisticsServiceCharge><ram:Description>Freight</ram:Description><ram:AppliedAmount>6.00"
        "</ram:AppliedAmount><ram:AppliedTradeTax><ram:TypeCode>VAT</ram:TypeCode><ram:CategoryCode>S</ram:CategoryCode>"
        "<ram:RateApplicablePercent>19</ram:RateApplicablePercent></ram:AppliedTradeTax></ram:SpecifiedLogisticsServiceCharge>"
    )
    reading = swapped(
        full.CII, ("<ram:SpecifiedTradePaymentTerms>", f"{freight}<ram:SpecifiedTradePaymentTerms>")
    )

    assert len(reading.document.charges) == 2
    assert reading.document.charges[1].amount == full.eur("6.00")
    assert reading.document.charges[1].reason == "Freight"
    assert reading.document.charges[1].tax == full.STANDARD


def test_terms_of_factur_x_give_discounts_and_instalments():
    terms = (
        '<ram:SpecifiedTradePaymentTerms><ram:DueDateDateTime><udt:DateTimeString format="102">20260402</udt:DateTimeString>'
        "</ram:DueDateDateTime><ram:PartialPaymentAmount>40.00</ram:PartialPaymentAmount>"
        '<ram:ApplicableTradePaymentDiscountTerms><ram:BasisPeriodMeasure unitCode="DAY">7</ram:BasisPeriodMeasure>'
        "<ram:CalculationPercent>3</ram:CalculationPercent></ram:ApplicableTradePaymentDiscountTerms></ram:SpecifiedTradePaymentTerms>"
    )
    reading = swapped(
        full.CII,
        (
            "<ram:SpecifiedTradeSettlementHeaderMonetarySummation>",
            f"{terms}<ram:SpecifiedTradeSettlementHeaderMonetarySummation>",
        ),
    )

    assert reading.document.due_on == date(2026, 4, 2)
    assert reading.document.instalments == (
        Instalment(due_on=date(2026, 4, 2), amount=full.eur("40.00")),
    )
    assert EarlyDiscount(days=7, percent=Decimal(3)) in reading.document.early_discounts


def test_amounts_for_third_parties_are_not_lost_in_silence():
    reading = swapped(
        full.UBL,
        (
            "urn:cen.eu:en16931:2017",
            "urn:cen.eu:en16931:2017#conformant#urn:xeinkauf.de:kosit:extension:xrechnung_3.0",
        ),
        (
            "<cac:AllowanceCharge><cbc:ChargeIndicator>false</cbc:ChargeIndicator><cbc:AllowanceChargeReasonCode>95</cbc:AllowanceChargeReasonCode><cbc:AllowanceChargeReason>BT-97",
            '<cac:PrepaidPayment><cbc:ID>A</cbc:ID><cbc:PaidAmount currencyID="EUR">9.00</cbc:PaidAmount></cac:PrepaidPayment>'
            "<cac:AllowanceCharge><cbc:ChargeIndicator>false</cbc:ChargeIndicator><cbc:AllowanceChargeReasonCode>95</cbc:AllowanceChargeReasonCode><cbc:AllowanceChargeReason>BT-97",
        ),
    )

    told = [p.detail for p in reading.remarks if p.code == "exchange.third_party"]
    assert reading.collected == Decimal("9.00")
    assert len(told) == 1
    assert "9.00 EUR" in told[0]


def test_several_accounts_are_one_way_to_pay_but_cards_stay_apart():
    payment = read(full.UBL).document.payment

    assert [len(means.transfers) for means in payment] == [2, 0, 0]
    assert payment[0].transfers[1] == CreditTransfer(account="BT-84 b")


def test_a_note_that_only_looks_like_a_subject_is_text():
    reading = swapped(full.UBL, ("#AAI#BT-22 first", "#1 in service"))

    assert reading.document.notes[0] == Note("#1 in service")


def test_a_price_with_the_base_quantity_of_its_gross_price():
    reading = swapped(
        full.CII,
        ('<ram:BasisQuantity unitCode="HUR">3</ram:BasisQuantity>', ""),
        (
            "<ram:ChargeAmount>33.00</ram:ChargeAmount>",
            '<ram:ChargeAmount>33.00</ram:ChargeAmount><ram:BasisQuantity unitCode="HUR">3</ram:BasisQuantity>',
        ),
    )

    assert reading.document.lines == full.DOCUMENT.lines


def test_an_object_without_its_type_code_is_the_object_of_a_ubl_line():
    reading = swapped(
        full.UBL,
        ("BT-128</cbc:ID><cbc:DocumentTypeCode>130</cbc:DocumentTypeCode>", "BT-128</cbc:ID>"),
    )

    assert reading.document.lines[0].object == Identifier("BT-128", "AAB")
