"""Papers to print in tests: a plain one and the worst ones."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from guilder.kernel.document import (
    Address,
    Allowance,
    Attachment,
    Contact,
    CreditTransfer,
    Delivery,
    Document,
    EarlyDiscount,
    Identifier,
    Instalment,
    Item,
    Kind,
    Line,
    Note,
    Party,
    Payee,
    PaymentMeans,
    Period,
    PrecedingInvoice,
    Price,
    Tax,
    TaxRepresentative,
    Withholding,
)
from guilder.kernel.money import Money
from guilder.kernel.totals import calculate

IBAN = "DE89370400440532013000"
S19 = Tax(category="S", rate=Decimal(19))
S7 = Tax(category="S", rate=Decimal(7))
LOGO = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64">'
    b'<rect width="64" height="64" rx="15" fill="#0e5a4a"/>'
    b'<path d="M16 46V18l32 28V18" fill="none" stroke="#fff" stroke-width="6.5"/></svg>'
)
SELLER = Party(
    name="Northlight Studio GmbH",
    trading_name="Northlight Studio",
    vat_id="DE123456789",
    legal_registration=Identifier("Amtsgericht Hamburg HRB 99120"),
    legal_information="Managing directors: Ida Winter, Jonas Falk",
    address=Address(line1="Speicherstrasse 14", postal_code="20457", city="Hamburg", country="DE"),
    contact=Contact(email="accounts@northlight.example", phone="+49 40 5550 1840"),
    website="northlight.example",
)
BUYER = Party(
    name="Hotel Alpenglühn AG",
    vat_id="DE987654321",
    identifiers=(Identifier("C-10427"),),
    contact=Contact(name="Lena Öztürk"),
    address=Address(line1="Maximilianstrasse 7", postal_code="80539", city="München", country="DE"),
)
BANK = PaymentMeans(code="58", transfers=(CreditTransfer(account=IBAN, bank="COBADEFFXXX"),))
LONG_WORD = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"


def line(number: int, **more: Any) -> Line:
    """Line `number`, with a name that no other line has."""
    values: dict[str, Any] = {
        "id": str(number),
        "item": Item(name=f"Position {number:03} lamp", description=f"Made for room {number:03}"),
        "quantity": Decimal(number % 7 + 1),
        "unit": "H87",
        "price": Price(amount=Decimal(f"{10 + number}.25")),
        "tax": S7 if number % 5 == 0 else S19,
    }
    return Line(**(values | more))


def invoice(count: int = 3, **more: Any) -> Document:
    """A finished invoice of so many lines; `more` replaces fields."""
    values: dict[str, Any] = {
        "kind": Kind.INVOICE,
        "currency": "EUR",
        "number": "INV-2026-00184",
        "issued_on": date(2026, 11, 21),
        "due_on": date(2026, 12, 21),
        "language": "en",
        "seller": SELLER,
        "buyer": BUYER,
        "lines": tuple(line(i) for i in range(1, count + 1)),
        "buyer_reference": "PO 4500 081 132",
        "period": Period(start_on=date(2026, 10, 12), end_on=date(2026, 11, 6)),
        "notes": (Note("The goods stay ours until they are paid for."),),
        "payment": (BANK,),
    }
    return calculate(Document(**(values | more)))


def everything() -> Document:
    """Every part that a paper can have."""
    base = invoice(4)
    first = replace(
        base.lines[0],
        period=Period(start_on=date(2026, 1, 1), end_on=date(2026, 1, 31)),
        price=Price(
            amount=Decimal("0.0425"),
            gross=Decimal("0.05"),
            discount=Decimal("0.0075"),
            base_quantity=Decimal(100),
            base_unit="KGM",
        ),
        quantity=Decimal("12500.5"),
        allowances=(Allowance(percent=Decimal("2.5"), reason="Loyalty"),),
        charges=(Allowance(amount=Money(150, "EUR"), reason="Packing"),),
        note="Handle with care",
        order_line="7",
        item=Item(
            name="Sand",
            description="Washed\nand dried",
            seller_id="S-1",
            buyer_id="B-9",
            origin_country="BE",
            attributes=(("Grain", "0–2 mm"),),
        ),
    )
    exempt = Tax(category="AE", rate=Decimal(0), exemption_reason="Reverse charge, Art. 196")
    return calculate(
        replace(
            base,
            lines=(first, *base.lines[1:], line(5, tax=exempt)),
            allowances=(Allowance(percent=Decimal(3), reason="Framework contract"),),
            charges=(Allowance(amount=Money(2500, "EUR"), reason="Freight", tax=S19),),
            prepaid=Money(1000, "EUR"),
            rounding_amount=Money(-1, "EUR"),
            withholdings=(Withholding(percent=Decimal(15), reason="Withholding tax"),),
            early_discounts=(EarlyDiscount(days=10, percent=Decimal(2)),),
            instalments=(
                Instalment(due_on=date(2026, 12, 1), amount=Money(10000, "EUR")),
                Instalment(due_on=date(2027, 1, 1), amount=Money(5000, "EUR")),
            ),
            payment_terms="30 days net.\nInterest of 9 % after that.",
            delivery=Delivery(
                party_name="Alpenglühn warehouse",
                delivered_on=date(2026, 11, 5),
                address=Address(line1="Dock 4", postal_code="80331", city="München", country="DE"),
            ),
            payee=Payee(name="Factor Bank AG", legal_registration=Identifier("HRB 1")),
            tax_representative=TaxRepresentative(
                name="Fisc Rep BV", vat_id="NL123456789B01", address=Address(country="NL")
            ),
            preceding=(PrecedingInvoice(number="INV-1", issued_on=date(2026, 9, 1)),),
            order_reference="O-77",
            sales_order_reference="SO-5",
            contract_reference="CT-1",
            project_reference="P-2",
            despatch_advice_reference="DA-3",
            receiving_advice_reference="RA-4",
            tender_reference="T-6",
            buyer_accounting_reference="CC-900",
            tax_point_on=date(2026, 11, 6),
            custom_fields=(("Vessel", "MS Aurora"),),
            attachments=(Attachment(reference="A1", description="Time sheet November"),),
            tax_currency="SEK",
            tax_rate_to_tax_currency=Decimal("11.25"),
        )
    )


def worst() -> Document:
    """Long names, words without a break, twelve-digit amounts and many taxes."""
    rates = [Tax(category="S", rate=Decimal(i) / 2) for i in range(1, 24)]
    lines = tuple(
        line(
            i,
            item=Item(name=LONG_WORD * (1 + i % 2), description="https://x.example/" + "a1b2" * 50),
            quantity=Decimal("1234567.123456"),
            unit="XPX",
            price=Price(amount=Decimal("123456.123456789")),
            tax=rates[i % 23],
        )
        for i in range(1, 25)
    )
    long_name = "The Very Long Company Name of Many Partners and Their Heirs " * 4
    return calculate(
        replace(
            invoice(1),
            lines=lines,
            number="INV-" + "9" * 56,
            buyer_reference="R" * 80,
            seller=replace(
                SELLER,
                name=long_name,
                trading_name="",
                legal_information="L" * 200,
                contact=Contact(email="e" * 60 + "@" + "d" * 60 + ".example", phone="1" * 40),
            ),
            buyer=replace(
                BUYER,
                name=long_name,
                address=replace(BUYER.address, line1=LONG_WORD, line2="Second floor", line3="B"),
            ),
            notes=(Note("N" * 300), Note("All is well. " * 100)),
            payment_terms="T" * 200,
        )
    )


def arabic(currency: str = "KWD") -> Document:
    """An Arabic invoice."""
    return calculate(
        replace(
            invoice(1),
            currency=currency,
            language="ar",
            buyer=replace(BUYER, name="شركة النور للتجارة"),
            lines=tuple(
                line(
                    i,
                    item=Item(name=f"مصباح رقم {i}", description="تصميم وتركيب الإضاءة"),
                    price=Price(amount=Decimal("1250.5")),
                )
                for i in range(1, 5)
            ),
            notes=(Note("تبقى البضاعة لنا حتى السداد الكامل."),),
        )
    )


def in_currency(currency: str, price: str, lines: int = 3) -> Document:
    """An invoice in another currency."""
    return invoice(
        0,
        currency=currency,
        lines=tuple(line(i, price=Price(amount=Decimal(price))) for i in range(1, lines + 1)),
    )


def swiss(account: str = "CH4431999123000889012", currency: str = "CHF", **more: Any) -> Document:
    """An invoice of a Swiss firm, with the accounts of the QR-bill guidelines' examples."""
    transfer = CreditTransfer(account=account)
    means = PaymentMeans(code="58", transfers=(transfer,), remittance=more.pop("remittance", ""))
    seller = Address(line1="Rue du Lac 1268", postal_code="2501", city="Biel", country="CH")
    buyer = Address(
        line1="Grosse Marktgasse 28", postal_code="9400", city="Rorschach", country="CH"
    )
    values: dict[str, Any] = {
        "currency": currency,
        "number": "INV-2026-00182",
        "seller": Party(name="Max Muster & Söhne", vat_id="CHE109322551MWST", address=seller),
        "buyer": Party(name="Simon Muster", address=buyer),
        "payment": (means,),
        "language": "de",
    }
    return invoice(2, **(values | more))
