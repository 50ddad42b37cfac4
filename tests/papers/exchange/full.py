"""One paper with every term of EN 16931, as UBL, as CII, and as the Document that both mean."""

from base64 import b64encode
from datetime import date
from decimal import Decimal

from guilder.kernel.document import (
    Address,
    Allowance,
    Attachment,
    Contact,
    CreditTransfer,
    Delivery,
    DirectDebit,
    Document,
    EarlyDiscount,
    Identifier,
    Item,
    Kind,
    Line,
    Note,
    Party,
    Payee,
    PaymentCard,
    PaymentMeans,
    Period,
    PrecedingInvoice,
    Price,
    Tax,
    TaxRepresentative,
)
from guilder.kernel.money import Money

ENCLOSED = b"%PDF-1.7 a timesheet"
TERMS = "14 days 2 %, 30 days net\n#SKONTO#TAGE=14#PROZENT=2.00#"


def eur(amount: str) -> Money:
    return Money.of(amount, "EUR")


# 10 × 30.00 ÷ 3 = 100.00, less 5.00, plus 2.50 = 97.50; 2 × 10.00 = 20.00 exempt: 117.50
# less 10.00 (S 19), plus 4.00 (E): net 111.50; 19 % of 87.50 = 16.625 → 16.63; gross 128.13
STANDARD = Tax(category="S", rate=Decimal(19))
EXEMPT = Tax(
    category="E",
    rate=Decimal(0),
    exemption_reason="Medical care",
    exemption_code="VATEX-EU-132-1C",
)
DOCUMENT = Document(
    kind=Kind.INVOICE,
    type_code="380",
    number="BT-1",
    issued_on=date(2026, 3, 2),
    currency="EUR",
    tax_currency="GBP",
    tax_rate_to_tax_currency=Decimal("0.8"),
    tax_point_on=date(2026, 3, 7),
    due_on=date(2026, 3, 9),
    buyer_reference="BT-10",
    project_reference="BT-11",
    contract_reference="BT-12",
    order_reference="BT-13",
    sales_order_reference="BT-14",
    receiving_advice_reference="BT-15",
    despatch_advice_reference="BT-16",
    tender_reference="BT-17",
    invoiced_object=Identifier("BT-18", "AAB"),
    buyer_accounting_reference="BT-19",
    payment_terms=TERMS,
    early_discounts=(EarlyDiscount(days=14, percent=Decimal("2.00")),),
    notes=(Note("BT-22 first", "AAI"), Note("BT-22 second")),
    business_process="BT-23",
    specification="urn:cen.eu:en16931:2017",
    preceding=(
        PrecedingInvoice(number="BT-25 a", issued_on=date(2026, 2, 26)),
        PrecedingInvoice(number="BT-25 b"),
    ),
    seller=Party(
        name="BT-27",
        trading_name="BT-28",
        identifiers=(Identifier("BT-29 global", "0088"), Identifier("BT-29 own")),
        legal_registration=Identifier("BT-30", "0002"),
        vat_id="DE123456789",
        tax_registration="BT-32",
        legal_information="BT-33",
        endpoint=Identifier("BT-34", "9930"),
        address=Address(
            line1="BT-35",
            line2="BT-36",
            line3="BT-162",
            city="BT-37",
            postal_code="BT-38",
            region="BT-39",
            country="DE",
        ),
        contact=Contact(name="BT-41", phone="BT-42", email="BT-43"),
    ),
    buyer=Party(
        name="BT-44",
        trading_name="BT-45",
        identifiers=(Identifier("BT-46", "0088"),),
        legal_registration=Identifier("BT-47", "0106"),
        vat_id="NL123456789B01",
        endpoint=Identifier("BT-49", "9944"),
        address=Address(
            line1="BT-50",
            line2="BT-51",
            line3="BT-163",
            city="BT-52",
            postal_code="BT-53",
            region="BT-54",
            country="NL",
        ),
        contact=Contact(name="BT-56", phone="BT-57", email="BT-58"),
    ),
    payee=Payee(
        name="BT-59",
        identifier=Identifier("BT-60", "0088"),
        legal_registration=Identifier("BT-61", "0002"),
    ),
    tax_representative=TaxRepresentative(
        name="BT-62",
        vat_id="FR12345678901",
        address=Address(
            line1="BT-64",
            line2="BT-65",
            line3="BT-164",
            city="BT-66",
            postal_code="BT-67",
            region="BT-68",
            country="FR",
        ),
    ),
    delivery=Delivery(
        party_name="BT-70",
        location=Identifier("BT-71", "0088"),
        delivered_on=date(2026, 3, 1),
        address=Address(
            line1="BT-75",
            line2="BT-76",
            line3="BT-165",
            city="BT-77",
            postal_code="BT-78",
            region="BT-79",
            country="BE",
        ),
    ),
    period=Period(start_on=date(2026, 2, 1), end_on=date(2026, 2, 28)),
    payment=(
        PaymentMeans(
            code="58",
            text="BT-82",
            remittance="BT-83",
            transfers=(
                CreditTransfer(account="BT-84 a", account_name="BT-85", bank="BT-86"),
                CreditTransfer(account="BT-84 b"),
            ),
        ),
        PaymentMeans(
            code="54", remittance="BT-83", card=PaymentCard(number="BT-87", holder="BT-88")
        ),
        PaymentMeans(
            code="59",
            remittance="BT-83",
            direct_debit=DirectDebit(mandate="BT-89", creditor="BT-90", account="BT-91"),
        ),
    ),
    allowances=(
        Allowance(
            amount=eur("10.00"),
            base=eur("100.00"),
            percent=Decimal(10),
            reason="BT-97",
            reason_code="95",
            tax=STANDARD,
        ),
    ),
    charges=(
        Allowance(
            amount=eur("4.00"),
            base=eur("100.00"),
            percent=Decimal(4),
            reason="BT-104",
            reason_code="FC",
            tax=EXEMPT,
        ),
    ),
    prepaid=eur("28.00"),
    rounding_amount=eur("-0.13"),
    attachments=(
        Attachment(
            reference="BT-122",
            description="BT-123",
            location="https://example.com/BT-124",
            content=ENCLOSED,
            media_type="application/pdf",
            filename="timesheet.pdf",
        ),
    ),
    lines=(
        Line(
            id="BT-126",
            note="BT-127",
            object=Identifier("BT-128", "AAB"),
            quantity=Decimal(10),
            unit="HUR",
            order_line="BT-132",
            buyer_accounting_reference="BT-133",
            period=Period(start_on=date(2026, 2, 3), end_on=date(2026, 2, 4)),
            allowances=(
                Allowance(
                    amount=eur("5.00"),
                    base=eur("100.00"),
                    percent=Decimal(5),
                    reason="BT-139",
                    reason_code="95",
                ),
            ),
            charges=(
                Allowance(
                    amount=eur("2.50"),
                    base=eur("100.00"),
                    percent=Decimal("2.5"),
                    reason="BT-144",
                    reason_code="FC",
                ),
            ),
            price=Price(
                amount=Decimal("30.00"),
                discount=Decimal("3.00"),
                gross=Decimal("33.00"),
                base_quantity=Decimal(3),
                base_unit="HUR",
            ),
            tax=STANDARD,
            item=Item(
                name="BT-153",
                description="BT-154",
                seller_id="BT-155",
                buyer_id="BT-156",
                standard_id=Identifier("BT-157", "0160"),
                classifications=(Identifier("BT-158", "STI", "19.05"), Identifier("x", "MP")),
                origin_country="BE",
                attributes=(("BT-160", "BT-161"), ("Colour", "red")),
            ),
        ),
        Line(
            id="2",
            quantity=Decimal(2),
            unit="C62",
            price=Price(amount=Decimal(10)),
            tax=EXEMPT,
            item=Item(name="Care"),
        ),
    ),
)

_UBL_ADDRESS = """<cac:{tag}><cbc:StreetName>BT-{a}</cbc:StreetName>
<cbc:AdditionalStreetName>BT-{b}</cbc:AdditionalStreetName><cbc:CityName>BT-{d}</cbc:CityName>
<cbc:PostalZone>BT-{e}</cbc:PostalZone><cbc:CountrySubentity>BT-{f}</cbc:CountrySubentity>
<cac:AddressLine><cbc:Line>BT-{c}</cbc:Line></cac:AddressLine>
<cac:Country><cbc:IdentificationCode>{g}</cbc:IdentificationCode></cac:Country></cac:{tag}>"""
_CII_ADDRESS = """<ram:PostalTradeAddress><ram:PostcodeCode>BT-{e}</ram:PostcodeCode>
<ram:LineOne>BT-{a}</ram:LineOne><ram:LineTwo>BT-{b}</ram:LineTwo><ram:LineThree>BT-{c}</ram:LineThree>
<ram:CityName>BT-{d}</ram:CityName><ram:CountryID>{g}</ram:CountryID>
<ram:CountrySubDivisionName>BT-{f}</ram:CountrySubDivisionName></ram:PostalTradeAddress>"""


def _address(template: str, numbers: str, country: str, tag: str = "") -> str:
    return template.format(**dict(zip("abcdef", numbers.split(), strict=True)), g=country, tag=tag)


_VAT = "<cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme>"
_S19 = f"<cbc:ID>S</cbc:ID><cbc:Percent>19</cbc:Percent>{_VAT}"
_E0 = f"<cbc:ID>E</cbc:ID><cbc:Percent>0</cbc:Percent>{_VAT}"
_UBL_HEAD = """xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"
"""
UBL = f"""<?xml version="1.0" encoding="UTF-8"?>
<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2" {_UBL_HEAD}>
<cbc:CustomizationID>urn:cen.eu:en16931:2017</cbc:CustomizationID><cbc:ProfileID>BT-23</cbc:ProfileID>
<cbc:ID>BT-1</cbc:ID><cbc:IssueDate>2026-03-02</cbc:IssueDate><cbc:DueDate>2026-03-09</cbc:DueDate>
<cbc:InvoiceTypeCode>380</cbc:InvoiceTypeCode>
<cbc:Note>#AAI#BT-22 first</cbc:Note><cbc:Note>BT-22 second</cbc:Note>
<cbc:TaxPointDate>2026-03-07</cbc:TaxPointDate>
<cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode><cbc:TaxCurrencyCode>GBP</cbc:TaxCurrencyCode>
<cbc:AccountingCost>BT-19</cbc:AccountingCost><cbc:BuyerReference>BT-10</cbc:BuyerReference>
<cac:InvoicePeriod><cbc:StartDate>2026-02-01</cbc:StartDate><cbc:EndDate>2026-02-28</cbc:EndDate></cac:InvoicePeriod>
<cac:OrderReference><cbc:ID>BT-13</cbc:ID><cbc:SalesOrderID>BT-14</cbc:SalesOrderID></cac:OrderReference>
<cac:BillingReference><cac:InvoiceDocumentReference><cbc:ID>BT-25 a</cbc:ID><cbc:IssueDate>2026-02-26</cbc:IssueDate></cac:InvoiceDocumentReference></cac:BillingReference>
<cac:BillingReference><cac:InvoiceDocumentReference><cbc:ID>BT-25 b</cbc:ID></cac:InvoiceDocumentReference></cac:BillingReference>
<cac:DespatchDocumentReference><cbc:ID>BT-16</cbc:ID></cac:DespatchDocumentReference>
<cac:ReceiptDocumentReference><cbc:ID>BT-15</cbc:ID></cac:ReceiptDocumentReference>
<cac:OriginatorDocumentReference><cbc:ID>BT-17</cbc:ID></cac:OriginatorDocumentReference>
<cac:ContractDocumentReference><cbc:ID>BT-12</cbc:ID></cac:ContractDocumentReference>
<cac:AdditionalDocumentReference><cbc:ID schemeID="AAB">BT-18</cbc:ID><cbc:DocumentTypeCode>130</cbc:DocumentTypeCode></cac:AdditionalDocumentReference>
<cac:AdditionalDocumentReference><cbc:ID>BT-122</cbc:ID><cbc:DocumentDescription>BT-123</cbc:DocumentDescription>
<cac:Attachment><cbc:EmbeddedDocumentBinaryObject mimeCode="application/pdf" filename="timesheet.pdf">{b64encode(ENCLOSED).decode()}</cbc:EmbeddedDocumentBinaryObject>
<cac:ExternalReference><cbc:URI>https://example.com/BT-124</cbc:URI></cac:ExternalReference></cac:Attachment></cac:AdditionalDocumentReference>
<cac:ProjectReference><cbc:ID>BT-11</cbc:ID></cac:ProjectReference>
<cac:AccountingSupplierParty><cac:Party><cbc:EndpointID schemeID="9930">BT-34</cbc:EndpointID>
<cac:PartyIdentification><cbc:ID schemeID="0088">BT-29 global</cbc:ID></cac:PartyIdentification>
<cac:PartyIdentification><cbc:ID>BT-29 own</cbc:ID></cac:PartyIdentification>
<cac:PartyIdentification><cbc:ID schemeID="SEPA">BT-90</cbc:ID></cac:PartyIdentification>
<cac:PartyName><cbc:Name>BT-28</cbc:Name></cac:PartyName>
{_address(_UBL_ADDRESS, "35 36 162 37 38 39", "DE", "PostalAddress")}
<cac:PartyTaxScheme><cbc:CompanyID>DE123456789</cbc:CompanyID>{_VAT}</cac:PartyTaxScheme>
<cac:PartyTaxScheme><cbc:CompanyID>BT-32</cbc:CompanyID><cac:TaxScheme><cbc:ID>FC</cbc:ID></cac:TaxScheme></cac:PartyTaxScheme>
<cac:PartyLegalEntity><cbc:RegistrationName>BT-27</cbc:RegistrationName><cbc:CompanyID schemeID="0002">BT-30</cbc:CompanyID><cbc:CompanyLegalForm>BT-33</cbc:CompanyLegalForm></cac:PartyLegalEntity>
<cac:Contact><cbc:Name>BT-41</cbc:Name><cbc:Telephone>BT-42</cbc:Telephone><cbc:ElectronicMail>BT-43</cbc:ElectronicMail></cac:Contact>
</cac:Party></cac:AccountingSupplierParty>
<cac:AccountingCustomerParty><cac:Party><cbc:EndpointID schemeID="9944">BT-49</cbc:EndpointID>
<cac:PartyIdentification><cbc:ID schemeID="0088">BT-46</cbc:ID></cac:PartyIdentification>
<cac:PartyName><cbc:Name>BT-45</cbc:Name></cac:PartyName>
{_address(_UBL_ADDRESS, "50 51 163 52 53 54", "NL", "PostalAddress")}
<cac:PartyTaxScheme><cbc:CompanyID>NL123456789B01</cbc:CompanyID>{_VAT}</cac:PartyTaxScheme>
<cac:PartyLegalEntity><cbc:RegistrationName>BT-44</cbc:RegistrationName><cbc:CompanyID schemeID="0106">BT-47</cbc:CompanyID></cac:PartyLegalEntity>
<cac:Contact><cbc:Name>BT-56</cbc:Name><cbc:Telephone>BT-57</cbc:Telephone><cbc:ElectronicMail>BT-58</cbc:ElectronicMail></cac:Contact>
</cac:Party></cac:AccountingCustomerParty>
<cac:PayeeParty><cac:PartyIdentification><cbc:ID schemeID="0088">BT-60</cbc:ID></cac:PartyIdentification>
<cac:PartyName><cbc:Name>BT-59</cbc:Name></cac:PartyName>
<cac:PartyLegalEntity><cbc:CompanyID schemeID="0002">BT-61</cbc:CompanyID></cac:PartyLegalEntity></cac:PayeeParty>
<cac:TaxRepresentativeParty><cac:PartyName><cbc:Name>BT-62</cbc:Name></cac:PartyName>
{_address(_UBL_ADDRESS, "64 65 164 66 67 68", "FR", "PostalAddress")}
<cac:PartyTaxScheme><cbc:CompanyID>FR12345678901</cbc:CompanyID>{_VAT}</cac:PartyTaxScheme></cac:TaxRepresentativeParty>
<cac:Delivery><cbc:ActualDeliveryDate>2026-03-01</cbc:ActualDeliveryDate>
<cac:DeliveryLocation><cbc:ID schemeID="0088">BT-71</cbc:ID>{_address(_UBL_ADDRESS, "75 76 165 77 78 79", "BE", "Address")}</cac:DeliveryLocation>
<cac:DeliveryParty><cac:PartyName><cbc:Name>BT-70</cbc:Name></cac:PartyName></cac:DeliveryParty></cac:Delivery>
<cac:PaymentMeans><cbc:PaymentMeansCode name="BT-82">58</cbc:PaymentMeansCode><cbc:PaymentID>BT-83</cbc:PaymentID>
<cac:PayeeFinancialAccount><cbc:ID>BT-84 a</cbc:ID><cbc:Name>BT-85</cbc:Name><cac:FinancialInstitutionBranch><cbc:ID>BT-86</cbc:ID></cac:FinancialInstitutionBranch></cac:PayeeFinancialAccount></cac:PaymentMeans>
<cac:PaymentMeans><cbc:PaymentMeansCode name="BT-82">58</cbc:PaymentMeansCode><cbc:PaymentID>BT-83</cbc:PaymentID>
<cac:PayeeFinancialAccount><cbc:ID>BT-84 b</cbc:ID></cac:PayeeFinancialAccount></cac:PaymentMeans>
<cac:PaymentMeans><cbc:PaymentMeansCode>54</cbc:PaymentMeansCode><cbc:PaymentID>BT-83</cbc:PaymentID>
<cac:CardAccount><cbc:PrimaryAccountNumberID>BT-87</cbc:PrimaryAccountNumberID><cbc:NetworkID>VISA</cbc:NetworkID><cbc:HolderName>BT-88</cbc:HolderName></cac:CardAccount></cac:PaymentMeans>
<cac:PaymentMeans><cbc:PaymentMeansCode>59</cbc:PaymentMeansCode><cbc:PaymentID>BT-83</cbc:PaymentID>
<cac:PaymentMandate><cbc:ID>BT-89</cbc:ID><cac:PayerFinancialAccount><cbc:ID>BT-91</cbc:ID></cac:PayerFinancialAccount></cac:PaymentMandate></cac:PaymentMeans>
<cac:PaymentTerms><cbc:Note>{TERMS}</cbc:Note></cac:PaymentTerms>
<cac:AllowanceCharge><cbc:ChargeIndicator>false</cbc:ChargeIndicator><cbc:AllowanceChargeReasonCode>95</cbc:AllowanceChargeReasonCode><cbc:AllowanceChargeReason>BT-97</cbc:AllowanceChargeReason>
<cbc:MultiplierFactorNumeric>10</cbc:MultiplierFactorNumeric><cbc:Amount currencyID="EUR">10.00</cbc:Amount><cbc:BaseAmount currencyID="EUR">100.00</cbc:BaseAmount><cac:TaxCategory>{_S19}</cac:TaxCategory></cac:AllowanceCharge>
<cac:AllowanceCharge><cbc:ChargeIndicator>true</cbc:ChargeIndicator><cbc:AllowanceChargeReasonCode>FC</cbc:AllowanceChargeReasonCode><cbc:AllowanceChargeReason>BT-104</cbc:AllowanceChargeReason>
<cbc:MultiplierFactorNumeric>4</cbc:MultiplierFactorNumeric><cbc:Amount currencyID="EUR">4.00</cbc:Amount><cbc:BaseAmount currencyID="EUR">100.00</cbc:BaseAmount><cac:TaxCategory>{_E0}</cac:TaxCategory></cac:AllowanceCharge>
<cac:TaxTotal><cbc:TaxAmount currencyID="EUR">16.63</cbc:TaxAmount>
<cac:TaxSubtotal><cbc:TaxableAmount currencyID="EUR">87.50</cbc:TaxableAmount><cbc:TaxAmount currencyID="EUR">16.63</cbc:TaxAmount><cac:TaxCategory>{_S19}</cac:TaxCategory></cac:TaxSubtotal>
<cac:TaxSubtotal><cbc:TaxableAmount currencyID="EUR">24.00</cbc:TaxableAmount><cbc:TaxAmount currencyID="EUR">0.00</cbc:TaxAmount><cac:TaxCategory><cbc:ID>E</cbc:ID><cbc:Percent>0</cbc:Percent><cbc:TaxExemptionReasonCode>VATEX-EU-132-1C</cbc:TaxExemptionReasonCode><cbc:TaxExemptionReason>Medical care</cbc:TaxExemptionReason>{_VAT}</cac:TaxCategory></cac:TaxSubtotal></cac:TaxTotal>
<cac:TaxTotal><cbc:TaxAmount currencyID="GBP">13.30</cbc:TaxAmount></cac:TaxTotal>
<cac:LegalMonetaryTotal><cbc:LineExtensionAmount currencyID="EUR">117.50</cbc:LineExtensionAmount><cbc:TaxExclusiveAmount currencyID="EUR">111.50</cbc:TaxExclusiveAmount><cbc:TaxInclusiveAmount currencyID="EUR">128.13</cbc:TaxInclusiveAmount>
<cbc:AllowanceTotalAmount currencyID="EUR">10.00</cbc:AllowanceTotalAmount><cbc:ChargeTotalAmount currencyID="EUR">4.00</cbc:ChargeTotalAmount><cbc:PrepaidAmount currencyID="EUR">28.00</cbc:PrepaidAmount>
<cbc:PayableRoundingAmount currencyID="EUR">-0.13</cbc:PayableRoundingAmount><cbc:PayableAmount currencyID="EUR">100.00</cbc:PayableAmount></cac:LegalMonetaryTotal>
<cac:InvoiceLine><cbc:ID>BT-126</cbc:ID><cbc:Note>BT-127</cbc:Note><cbc:InvoicedQuantity unitCode="HUR">10</cbc:InvoicedQuantity><cbc:LineExtensionAmount currencyID="EUR">97.50</cbc:LineExtensionAmount><cbc:AccountingCost>BT-133</cbc:AccountingCost>
<cac:InvoicePeriod><cbc:StartDate>2026-02-03</cbc:StartDate><cbc:EndDate>2026-02-04</cbc:EndDate></cac:InvoicePeriod><cac:OrderLineReference><cbc:LineID>BT-132</cbc:LineID></cac:OrderLineReference>
<cac:DocumentReference><cbc:ID schemeID="AAB">BT-128</cbc:ID><cbc:DocumentTypeCode>130</cbc:DocumentTypeCode></cac:DocumentReference>
<cac:AllowanceCharge><cbc:ChargeIndicator>false</cbc:ChargeIndicator><cbc:AllowanceChargeReasonCode>95</cbc:AllowanceChargeReasonCode><cbc:AllowanceChargeReason>BT-139</cbc:AllowanceChargeReason><cbc:MultiplierFactorNumeric>5</cbc:MultiplierFactorNumeric><cbc:Amount currencyID="EUR">5.00</cbc:Amount><cbc:BaseAmount currencyID="EUR">100.00</cbc:BaseAmount></cac:AllowanceCharge>
<cac:AllowanceCharge><cbc:ChargeIndicator>true</cbc:ChargeIndicator><cbc:AllowanceChargeReasonCode>FC</cbc:AllowanceChargeReasonCode><cbc:AllowanceChargeReason>BT-144</cbc:AllowanceChargeReason><cbc:MultiplierFactorNumeric>2.5</cbc:MultiplierFactorNumeric><cbc:Amount currencyID="EUR">2.50</cbc:Amount><cbc:BaseAmount currencyID="EUR">100.00</cbc:BaseAmount></cac:AllowanceCharge>
<cac:Item><cbc:Description>BT-154</cbc:Description><cbc:Name>BT-153</cbc:Name><cac:BuyersItemIdentification><cbc:ID>BT-156</cbc:ID></cac:BuyersItemIdentification><cac:SellersItemIdentification><cbc:ID>BT-155</cbc:ID></cac:SellersItemIdentification>
<cac:StandardItemIdentification><cbc:ID schemeID="0160">BT-157</cbc:ID></cac:StandardItemIdentification><cac:OriginCountry><cbc:IdentificationCode>BE</cbc:IdentificationCode></cac:OriginCountry>
<cac:CommodityClassification><cbc:ItemClassificationCode listID="STI" listVersionID="19.05">BT-158</cbc:ItemClassificationCode></cac:CommodityClassification><cac:CommodityClassification><cbc:ItemClassificationCode listID="MP">x</cbc:ItemClassificationCode></cac:CommodityClassification>
<cac:ClassifiedTaxCategory>{_S19}</cac:ClassifiedTaxCategory><cac:AdditionalItemProperty><cbc:Name>BT-160</cbc:Name><cbc:Value>BT-161</cbc:Value></cac:AdditionalItemProperty><cac:AdditionalItemProperty><cbc:Name>Colour</cbc:Name><cbc:Value>red</cbc:Value></cac:AdditionalItemProperty></cac:Item>
<cac:Price><cbc:PriceAmount currencyID="EUR">30.00</cbc:PriceAmount><cbc:BaseQuantity unitCode="HUR">3</cbc:BaseQuantity><cac:AllowanceCharge><cbc:ChargeIndicator>false</cbc:ChargeIndicator><cbc:Amount currencyID="EUR">3.00</cbc:Amount><cbc:BaseAmount currencyID="EUR">33.00</cbc:BaseAmount></cac:AllowanceCharge></cac:Price></cac:InvoiceLine>
<cac:InvoiceLine><cbc:ID>2</cbc:ID><cbc:InvoicedQuantity unitCode="C62">2</cbc:InvoicedQuantity><cbc:LineExtensionAmount currencyID="EUR">20.00</cbc:LineExtensionAmount>
<cac:Item><cbc:Name>Care</cbc:Name><cac:ClassifiedTaxCategory>{_E0}</cac:ClassifiedTaxCategory></cac:Item><cac:Price><cbc:PriceAmount currencyID="EUR">10</cbc:PriceAmount></cac:Price></cac:InvoiceLine>
</Invoice>""".encode()

_S = "<ram:TypeCode>VAT</ram:TypeCode><ram:CategoryCode>S</ram:CategoryCode><ram:RateApplicablePercent>19</ram:RateApplicablePercent>"
_E = "<ram:TypeCode>VAT</ram:TypeCode><ram:CategoryCode>E</ram:CategoryCode><ram:RateApplicablePercent>0</ram:RateApplicablePercent>"


def _day(name: str, day: str, kind: str = "udt:DateTimeString") -> str:
    return f'<ram:{name}><{kind} format="102">{day}</{kind}></ram:{name}>'


def _level(charge: str, percent: str, amount: str, code: str, reason: str, tax: str = "") -> str:
    taxed = f"<ram:CategoryTradeTax>{tax}</ram:CategoryTradeTax>" if tax else ""
    return f"""<ram:SpecifiedTradeAllowanceCharge><ram:ChargeIndicator><udt:Indicator>{charge}</udt:Indicator></ram:ChargeIndicator>
<ram:CalculationPercent>{percent}</ram:CalculationPercent><ram:BasisAmount>100.00</ram:BasisAmount><ram:ActualAmount>{amount}</ram:ActualAmount>
<ram:ReasonCode>{code}</ram:ReasonCode><ram:Reason>{reason}</ram:Reason>{taxed}</ram:SpecifiedTradeAllowanceCharge>"""


CII = f"""<?xml version="1.0" encoding="UTF-8"?>
<rsm:CrossIndustryInvoice xmlns:rsm="urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100" xmlns:qdt="urn:un:unece:uncefact:data:standard:QualifiedDataType:100" xmlns:udt="urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100" xmlns:ram="urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100">
<rsm:ExchangedDocumentContext><ram:BusinessProcessSpecifiedDocumentContextParameter><ram:ID>BT-23</ram:ID></ram:BusinessProcessSpecifiedDocumentContextParameter>
<ram:GuidelineSpecifiedDocumentContextParameter><ram:ID>urn:cen.eu:en16931:2017</ram:ID></ram:GuidelineSpecifiedDocumentContextParameter></rsm:ExchangedDocumentContext>
<rsm:ExchangedDocument><ram:ID>BT-1</ram:ID><ram:TypeCode>380</ram:TypeCode>{_day("IssueDateTime", "20260302")}
<ram:IncludedNote><ram:Content>BT-22 first</ram:Content><ram:SubjectCode>AAI</ram:SubjectCode></ram:IncludedNote><ram:IncludedNote><ram:Content>BT-22 second</ram:Content></ram:IncludedNote></rsm:ExchangedDocument>
<rsm:SupplyChainTradeTransaction>
<ram:IncludedSupplyChainTradeLineItem><ram:AssociatedDocumentLineDocument><ram:LineID>BT-126</ram:LineID><ram:IncludedNote><ram:Content>BT-127</ram:Content></ram:IncludedNote></ram:AssociatedDocumentLineDocument>
<ram:SpecifiedTradeProduct><ram:GlobalID schemeID="0160">BT-157</ram:GlobalID><ram:SellerAssignedID>BT-155</ram:SellerAssignedID><ram:BuyerAssignedID>BT-156</ram:BuyerAssignedID><ram:Name>BT-153</ram:Name><ram:Description>BT-154</ram:Description>
<ram:ApplicableProductCharacteristic><ram:Description>BT-160</ram:Description><ram:Value>BT-161</ram:Value></ram:ApplicableProductCharacteristic><ram:ApplicableProductCharacteristic><ram:Description>Colour</ram:Description><ram:Value>red</ram:Value></ram:ApplicableProductCharacteristic>
<ram:DesignatedProductClassification><ram:ClassCode listID="STI" listVersionID="19.05">BT-158</ram:ClassCode></ram:DesignatedProductClassification><ram:DesignatedProductClassification><ram:ClassCode listID="MP">x</ram:ClassCode></ram:DesignatedProductClassification>
<ram:OriginTradeCountry><ram:ID>BE</ram:ID></ram:OriginTradeCountry></ram:SpecifiedTradeProduct>
<ram:SpecifiedLineTradeAgreement><ram:BuyerOrderReferencedDocument><ram:LineID>BT-132</ram:LineID></ram:BuyerOrderReferencedDocument>
<ram:GrossPriceProductTradePrice><ram:ChargeAmount>33.00</ram:ChargeAmount><ram:AppliedTradeAllowanceCharge><ram:ChargeIndicator><udt:Indicator>false</udt:Indicator></ram:ChargeIndicator><ram:ActualAmount>3.00</ram:ActualAmount></ram:AppliedTradeAllowanceCharge></ram:GrossPriceProductTradePrice>
<ram:NetPriceProductTradePrice><ram:ChargeAmount>30.00</ram:ChargeAmount><ram:BasisQuantity unitCode="HUR">3</ram:BasisQuantity></ram:NetPriceProductTradePrice></ram:SpecifiedLineTradeAgreement>
<ram:SpecifiedLineTradeDelivery><ram:BilledQuantity unitCode="HUR">10</ram:BilledQuantity></ram:SpecifiedLineTradeDelivery>
<ram:SpecifiedLineTradeSettlement><ram:ApplicableTradeTax>{_S}</ram:ApplicableTradeTax><ram:BillingSpecifiedPeriod>{_day("StartDateTime", "20260203")}{_day("EndDateTime", "20260204")}</ram:BillingSpecifiedPeriod>
{_level("false", "5", "5.00", "95", "BT-139")}{_level("true", "2.5", "2.50", "FC", "BT-144")}
<ram:SpecifiedTradeSettlementLineMonetarySummation><ram:LineTotalAmount>97.50</ram:LineTotalAmount></ram:SpecifiedTradeSettlementLineMonetarySummation>
<ram:AdditionalReferencedDocument><ram:IssuerAssignedID>BT-128</ram:IssuerAssignedID><ram:TypeCode>130</ram:TypeCode><ram:ReferenceTypeCode>AAB</ram:ReferenceTypeCode></ram:AdditionalReferencedDocument>
<ram:ReceivableSpecifiedTradeAccountingAccount><ram:ID>BT-133</ram:ID></ram:ReceivableSpecifiedTradeAccountingAccount></ram:SpecifiedLineTradeSettlement></ram:IncludedSupplyChainTradeLineItem>
<ram:IncludedSupplyChainTradeLineItem><ram:AssociatedDocumentLineDocument><ram:LineID>2</ram:LineID></ram:AssociatedDocumentLineDocument><ram:SpecifiedTradeProduct><ram:Name>Care</ram:Name></ram:SpecifiedTradeProduct>
<ram:SpecifiedLineTradeAgreement><ram:NetPriceProductTradePrice><ram:ChargeAmount>10</ram:ChargeAmount></ram:NetPriceProductTradePrice></ram:SpecifiedLineTradeAgreement>
<ram:SpecifiedLineTradeDelivery><ram:BilledQuantity unitCode="C62">2</ram:BilledQuantity></ram:SpecifiedLineTradeDelivery>
<ram:SpecifiedLineTradeSettlement><ram:ApplicableTradeTax>{_E}</ram:ApplicableTradeTax><ram:SpecifiedTradeSettlementLineMonetarySummation><ram:LineTotalAmount>20.00</ram:LineTotalAmount></ram:SpecifiedTradeSettlementLineMonetarySummation></ram:SpecifiedLineTradeSettlement></ram:IncludedSupplyChainTradeLineItem>
<ram:ApplicableHeaderTradeAgreement><ram:BuyerReference>BT-10</ram:BuyerReference>
<ram:SellerTradeParty><ram:ID>BT-29 own</ram:ID><ram:GlobalID schemeID="0088">BT-29 global</ram:GlobalID><ram:Name>BT-27</ram:Name><ram:Description>BT-33</ram:Description>
<ram:SpecifiedLegalOrganization><ram:ID schemeID="0002">BT-30</ram:ID><ram:TradingBusinessName>BT-28</ram:TradingBusinessName></ram:SpecifiedLegalOrganization>
<ram:DefinedTradeContact><ram:PersonName>BT-41</ram:PersonName><ram:TelephoneUniversalCommunication><ram:CompleteNumber>BT-42</ram:CompleteNumber></ram:TelephoneUniversalCommunication><ram:EmailURIUniversalCommunication><ram:URIID>BT-43</ram:URIID></ram:EmailURIUniversalCommunication></ram:DefinedTradeContact>
{_address(_CII_ADDRESS, "35 36 162 37 38 39", "DE")}<ram:URIUniversalCommunication><ram:URIID schemeID="9930">BT-34</ram:URIID></ram:URIUniversalCommunication>
<ram:SpecifiedTaxRegistration><ram:ID schemeID="FC">BT-32</ram:ID></ram:SpecifiedTaxRegistration><ram:SpecifiedTaxRegistration><ram:ID schemeID="VA">DE123456789</ram:ID></ram:SpecifiedTaxRegistration></ram:SellerTradeParty>
<ram:BuyerTradeParty><ram:GlobalID schemeID="0088">BT-46</ram:GlobalID><ram:Name>BT-44</ram:Name>
<ram:SpecifiedLegalOrganization><ram:ID schemeID="0106">BT-47</ram:ID><ram:TradingBusinessName>BT-45</ram:TradingBusinessName></ram:SpecifiedLegalOrganization>
<ram:DefinedTradeContact><ram:PersonName>BT-56</ram:PersonName><ram:TelephoneUniversalCommunication><ram:CompleteNumber>BT-57</ram:CompleteNumber></ram:TelephoneUniversalCommunication><ram:EmailURIUniversalCommunication><ram:URIID>BT-58</ram:URIID></ram:EmailURIUniversalCommunication></ram:DefinedTradeContact>
{_address(_CII_ADDRESS, "50 51 163 52 53 54", "NL")}<ram:URIUniversalCommunication><ram:URIID schemeID="9944">BT-49</ram:URIID></ram:URIUniversalCommunication>
<ram:SpecifiedTaxRegistration><ram:ID schemeID="VA">NL123456789B01</ram:ID></ram:SpecifiedTaxRegistration></ram:BuyerTradeParty>
<ram:SellerTaxRepresentativeTradeParty><ram:Name>BT-62</ram:Name>{_address(_CII_ADDRESS, "64 65 164 66 67 68", "FR")}<ram:SpecifiedTaxRegistration><ram:ID schemeID="VA">FR12345678901</ram:ID></ram:SpecifiedTaxRegistration></ram:SellerTaxRepresentativeTradeParty>
<ram:SellerOrderReferencedDocument><ram:IssuerAssignedID>BT-14</ram:IssuerAssignedID></ram:SellerOrderReferencedDocument>
<ram:BuyerOrderReferencedDocument><ram:IssuerAssignedID>BT-13</ram:IssuerAssignedID></ram:BuyerOrderReferencedDocument>
<ram:ContractReferencedDocument><ram:IssuerAssignedID>BT-12</ram:IssuerAssignedID></ram:ContractReferencedDocument>
<ram:AdditionalReferencedDocument><ram:IssuerAssignedID>BT-122</ram:IssuerAssignedID><ram:URIID>https://example.com/BT-124</ram:URIID><ram:TypeCode>916</ram:TypeCode><ram:Name>BT-123</ram:Name><ram:AttachmentBinaryObject mimeCode="application/pdf" filename="timesheet.pdf">{b64encode(ENCLOSED).decode()}</ram:AttachmentBinaryObject></ram:AdditionalReferencedDocument>
<ram:AdditionalReferencedDocument><ram:IssuerAssignedID>BT-17</ram:IssuerAssignedID><ram:TypeCode>50</ram:TypeCode></ram:AdditionalReferencedDocument>
<ram:AdditionalReferencedDocument><ram:IssuerAssignedID>BT-18</ram:IssuerAssignedID><ram:TypeCode>130</ram:TypeCode><ram:ReferenceTypeCode>AAB</ram:ReferenceTypeCode></ram:AdditionalReferencedDocument>
<ram:SpecifiedProcuringProject><ram:ID>BT-11</ram:ID><ram:Name>Project reference</ram:Name></ram:SpecifiedProcuringProject></ram:ApplicableHeaderTradeAgreement>
<ram:ApplicableHeaderTradeDelivery><ram:ShipToTradeParty><ram:GlobalID schemeID="0088">BT-71</ram:GlobalID><ram:Name>BT-70</ram:Name>{_address(_CII_ADDRESS, "75 76 165 77 78 79", "BE")}</ram:ShipToTradeParty>
<ram:ActualDeliverySupplyChainEvent>{_day("OccurrenceDateTime", "20260301")}</ram:ActualDeliverySupplyChainEvent>
<ram:DespatchAdviceReferencedDocument><ram:IssuerAssignedID>BT-16</ram:IssuerAssignedID></ram:DespatchAdviceReferencedDocument>
<ram:ReceivingAdviceReferencedDocument><ram:IssuerAssignedID>BT-15</ram:IssuerAssignedID></ram:ReceivingAdviceReferencedDocument></ram:ApplicableHeaderTradeDelivery>
<ram:ApplicableHeaderTradeSettlement><ram:CreditorReferenceID>BT-90</ram:CreditorReferenceID><ram:PaymentReference>BT-83</ram:PaymentReference><ram:TaxCurrencyCode>GBP</ram:TaxCurrencyCode><ram:InvoiceCurrencyCode>EUR</ram:InvoiceCurrencyCode>
<ram:PayeeTradeParty><ram:GlobalID schemeID="0088">BT-60</ram:GlobalID><ram:Name>BT-59</ram:Name><ram:SpecifiedLegalOrganization><ram:ID schemeID="0002">BT-61</ram:ID></ram:SpecifiedLegalOrganization></ram:PayeeTradeParty>
<ram:TaxApplicableTradeCurrencyExchange><ram:SourceCurrencyCode>EUR</ram:SourceCurrencyCode><ram:TargetCurrencyCode>GBP</ram:TargetCurrencyCode><ram:ConversionRate>0.8</ram:ConversionRate></ram:TaxApplicableTradeCurrencyExchange>
<ram:SpecifiedTradeSettlementPaymentMeans><ram:TypeCode>58</ram:TypeCode><ram:Information>BT-82</ram:Information><ram:PayeePartyCreditorFinancialAccount><ram:IBANID>BT-84 a</ram:IBANID><ram:AccountName>BT-85</ram:AccountName></ram:PayeePartyCreditorFinancialAccount><ram:PayeeSpecifiedCreditorFinancialInstitution><ram:BICID>BT-86</ram:BICID></ram:PayeeSpecifiedCreditorFinancialInstitution></ram:SpecifiedTradeSettlementPaymentMeans>
<ram:SpecifiedTradeSettlementPaymentMeans><ram:TypeCode>58</ram:TypeCode><ram:Information>BT-82</ram:Information><ram:PayeePartyCreditorFinancialAccount><ram:ProprietaryID>BT-84 b</ram:ProprietaryID></ram:PayeePartyCreditorFinancialAccount></ram:SpecifiedTradeSettlementPaymentMeans>
<ram:SpecifiedTradeSettlementPaymentMeans><ram:TypeCode>54</ram:TypeCode><ram:ApplicableTradeSettlementFinancialCard><ram:ID>BT-87</ram:ID><ram:CardholderName>BT-88</ram:CardholderName></ram:ApplicableTradeSettlementFinancialCard></ram:SpecifiedTradeSettlementPaymentMeans>
<ram:SpecifiedTradeSettlementPaymentMeans><ram:TypeCode>59</ram:TypeCode><ram:PayerPartyDebtorFinancialAccount><ram:IBANID>BT-91</ram:IBANID></ram:PayerPartyDebtorFinancialAccount></ram:SpecifiedTradeSettlementPaymentMeans>
<ram:ApplicableTradeTax><ram:CalculatedAmount>16.63</ram:CalculatedAmount><ram:TypeCode>VAT</ram:TypeCode><ram:BasisAmount>87.50</ram:BasisAmount><ram:CategoryCode>S</ram:CategoryCode>{_day("TaxPointDate", "20260307", "udt:DateString")}<ram:RateApplicablePercent>19</ram:RateApplicablePercent></ram:ApplicableTradeTax>
<ram:ApplicableTradeTax><ram:CalculatedAmount>0.00</ram:CalculatedAmount><ram:TypeCode>VAT</ram:TypeCode><ram:ExemptionReason>Medical care</ram:ExemptionReason><ram:BasisAmount>24.00</ram:BasisAmount><ram:CategoryCode>E</ram:CategoryCode><ram:ExemptionReasonCode>VATEX-EU-132-1C</ram:ExemptionReasonCode><ram:RateApplicablePercent>0</ram:RateApplicablePercent></ram:ApplicableTradeTax>
<ram:BillingSpecifiedPeriod>{_day("StartDateTime", "20260201")}{_day("EndDateTime", "20260228")}</ram:BillingSpecifiedPeriod>
{_level("false", "10", "10.00", "95", "BT-97", _S)}{_level("true", "4", "4.00", "FC", "BT-104", _E)}
<ram:SpecifiedTradePaymentTerms><ram:Description>{TERMS}</ram:Description>{_day("DueDateDateTime", "20260309")}<ram:DirectDebitMandateID>BT-89</ram:DirectDebitMandateID></ram:SpecifiedTradePaymentTerms>
<ram:SpecifiedTradeSettlementHeaderMonetarySummation><ram:LineTotalAmount>117.50</ram:LineTotalAmount><ram:ChargeTotalAmount>4.00</ram:ChargeTotalAmount><ram:AllowanceTotalAmount>10.00</ram:AllowanceTotalAmount><ram:TaxBasisTotalAmount>111.50</ram:TaxBasisTotalAmount>
<ram:TaxTotalAmount currencyID="EUR">16.63</ram:TaxTotalAmount><ram:TaxTotalAmount currencyID="GBP">13.30</ram:TaxTotalAmount><ram:RoundingAmount>-0.13</ram:RoundingAmount><ram:GrandTotalAmount>128.13</ram:GrandTotalAmount><ram:TotalPrepaidAmount>28.00</ram:TotalPrepaidAmount><ram:DuePayableAmount>100.00</ram:DuePayableAmount></ram:SpecifiedTradeSettlementHeaderMonetarySummation>
<ram:InvoiceReferencedDocument><ram:IssuerAssignedID>BT-25 a</ram:IssuerAssignedID>{_day("FormattedIssueDateTime", "20260226", "qdt:DateTimeString")}</ram:InvoiceReferencedDocument>
<ram:InvoiceReferencedDocument><ram:IssuerAssignedID>BT-25 b</ram:IssuerAssignedID></ram:InvoiceReferencedDocument>
<ram:ReceivableSpecifiedTradeAccountingAccount><ram:ID>BT-19</ram:ID></ram:ReceivableSpecifiedTradeAccountingAccount>
</ram:ApplicableHeaderTradeSettlement></rsm:SupplyChainTradeTransaction></rsm:CrossIndustryInvoice>""".encode()
