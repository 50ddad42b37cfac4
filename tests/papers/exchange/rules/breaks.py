"""Ways to break a lawful paper: rule by rule, one field each."""

from collections.abc import Callable
from dataclasses import is_dataclass, replace
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
    DirectDebit,
    Document,
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
from guilder.kernel.totals import calculate
from guilder.papers.exchange.formats.prepared import prepared


def eur(amount: str) -> Money:
    return Money.of(amount, "EUR")


STANDARD = Tax(category="S", rate=Decimal(19))
BERLIN = Address(line1="Hauptstr. 1", city="Berlin", postal_code="10115", country="DE")
PARIS = Address(line1="1 rue X", city="Paris", postal_code="75001", country="FR")
LINE = Line(
    id="1",
    item=Item(
        name="Consulting",
        standard_id=Identifier("4012345678901", "0160"),
        classifications=(Identifier("12345", "STI"),),
        origin_country="DE",
        attributes=(("Colour", "blue"),),
    ),
    quantity=Decimal(2),
    unit="HUR",
    price=Price(amount=Decimal(50), base_quantity=Decimal(1), base_unit="HUR"),
    tax=STANDARD,
    object=Identifier("O-1", "ABZ"),
    period=Period(start_on=date(2026, 1, 5), end_on=date(2026, 1, 20)),
    allowances=(Allowance(amount=eur("5.00"), reason="Rebate", reason_code="95"),),
    charges=(Allowance(amount=eur("3.00"), reason="Packing", reason_code="ABL"),),
)
# 2 × 50 − 5 + 3 = 98.00; − 10.00 + 4.00 = 92.00 net; 19 % = 17.48; gross 109.48
BASE = Document(
    kind=Kind.INVOICE,
    number="R-1",
    issued_on=date(2026, 2, 1),
    due_on=date(2026, 3, 1),
    currency="EUR",
    type_code="380",
    business_process="urn:fdc:peppol.eu:2017:poacc:billing:01:1.0",
    buyer_reference="04011000-12345-03",
    order_reference="PO-7",
    payment_terms="30 days",
    notes=(Note("Thank you", "AAI"),),
    invoiced_object=Identifier("M-1", "ABZ"),
    seller=Party(
        name="Muster GmbH",
        vat_id="DE123456788",
        tax_registration="12/345/67890",
        identifiers=(Identifier("4000001000005", "0088"),),
        legal_registration=Identifier("HRB 1", "0088"),
        endpoint=Identifier("rechnung@muster.example", "EM"),
        address=BERLIN,
        contact=Contact(name="Anna", phone="+49 30 1234", email="anna@muster.example"),
    ),
    buyer=Party(
        name="Client SA",
        vat_id="FR40303265045",
        legal_registration=Identifier("303265045", "0002"),
        identifiers=(Identifier("4000001000012", "0088"),),
        endpoint=Identifier("ap@client.example", "EM"),
        address=PARIS,
    ),
    payee=Payee(name="Factor AG", identifier=Identifier("F-1")),
    tax_representative=TaxRepresentative(name="Rep", vat_id="DE123456788", address=BERLIN),
    delivery=Delivery(
        party_name="Depot",
        location=Identifier("4000001000029", "0088"),
        delivered_on=date(2026, 1, 20),
        address=PARIS,
    ),
    period=Period(start_on=date(2026, 1, 1), end_on=date(2026, 1, 31)),
    payment=(
        PaymentMeans(
            code="58",
            remittance="R-1",
            transfers=(CreditTransfer(account="DE75512108001245126199", account_name="Muster"),),
        ),
    ),
    allowances=(Allowance(amount=eur("10.00"), reason="Loyal", reason_code="95", tax=STANDARD),),
    charges=(Allowance(amount=eur("4.00"), reason="Freight", reason_code="FC", tax=STANDARD),),
    preceding=(PrecedingInvoice(number="R-0", issued_on=date(2026, 1, 1)),),
    attachments=(
        Attachment(
            reference="T-1", content=b"%PDF-1.7", media_type="application/pdf", filename="t.pdf"
        ),
    ),
    lines=(LINE,),
)


def computed(document: Document) -> Document:
    """Its sums and its tax rows, made anew."""
    return calculate(replace(document, totals=None, taxes=()))


def lawful(document: Document) -> Document:
    """Ready to be written."""
    return prepared(computed(document))


def put(record: Any, pointer: str, value: Any) -> Any:
    """`record` with `value` at a pointer such as /lines/0/unit."""
    step, _, rest = pointer.removeprefix("/").partition("/")
    if isinstance(record, tuple) and not is_dataclass(record):
        index = int(step)
        inner = put(record[index], f"/{rest}", value) if rest else value
        return (*record[:index], inner, *record[index + 1 :])
    inner = put(getattr(record, step), f"/{rest}", value) if rest else value
    return replace(record, **{step: inner})


def at(record: Any, pointer: str) -> Any:
    """What stands at a pointer."""
    for step in pointer.removeprefix("/").split("/"):
        record = record[int(step)] if isinstance(record, tuple) else getattr(record, step)
    return record


def taxed(category: str, rate: str | None, *, reason: str = "") -> Document:
    """The lawful paper with one category for all of it."""
    tax = Tax(
        category=category,
        rate=None if rate is None else Decimal(rate),
        exemption_reason=reason,
    )
    document = BASE
    for place in ("/lines/0/tax", "/allowances/0/tax", "/charges/0/tax"):
        document = put(document, place, tax)
    if category == "O":
        bare = replace(document.seller, vat_id="")
        document = replace(
            document,
            seller=bare,
            buyer=replace(document.buyer, vat_id=""),
            tax_representative=None,
        )
    return document


def without_ids(document: Document) -> Document:
    """Nobody has a VAT ID; the seller stays known by other numbers."""
    seller = replace(document.seller, vat_id="", tax_registration="")
    buyer = replace(document.buyer, vat_id="", legal_registration=None)
    return replace(document, seller=seller, buyer=buyer, tax_representative=None)


Change = Callable[[Document], Document]
WHY = "Reason in words"
CATEGORIES = {
    "S": ("S", taxed("S", "19"), "0"),
    "Z": ("Z", taxed("Z", "0"), "5"),
    "E": ("E", taxed("E", "0", reason=WHY), "5"),
    "AE": ("AE", taxed("AE", "0", reason=WHY), "5"),
    "IC": ("K", taxed("K", "0", reason=WHY), "5"),
    "G": ("G", taxed("G", "0", reason=WHY), "5"),
    "O": ("O", taxed("O", None, reason=WHY), "0"),
    "AF": ("L", taxed("L", "7"), None),
    "AG": ("M", taxed("M", "4"), None),
}
CARD = PaymentMeans(code="54", card=PaymentCard(number="1234", holder="A"))
DEBIT = PaymentMeans(
    code="59",
    direct_debit=DirectDebit(
        mandate="M-1", creditor="DE98ZZZ09999999999", account="DE75512108001245126199"
    ),
)
CARD_PAPER = replace(BASE, payment=(CARD,))
DEBIT_PAPER = replace(BASE, payment=(DEBIT,))

# Rule → the lawful paper, where it is broken, and with what.
FIELDS: dict[str, tuple[Document, str, Any]] = {
    "BR-06": (BASE, "/seller/name", ""),
    "BR-07": (BASE, "/buyer/name", ""),
    "BR-08": (BASE, "/seller/address", Address()),
    "BR-09": (BASE, "/seller/address/country", ""),
    "BR-10": (BASE, "/buyer/address", Address()),
    "BR-11": (BASE, "/buyer/address/country", ""),
    "BR-16": (BASE, "/lines", ()),
    "BR-17": (BASE, "/payee/name", ""),
    "BR-18": (BASE, "/tax_representative/name", ""),
    "BR-19": (BASE, "/tax_representative/address", Address()),
    "BR-20": (BASE, "/tax_representative/address/country", ""),
    "BR-21": (BASE, "/lines/0/id", ""),
    "BR-23": (BASE, "/lines/0/unit", ""),
    "BR-25": (BASE, "/lines/0/item/name", ""),
    "BR-27": (BASE, "/lines/0/price/amount", Decimal(-1)),
    "BR-28": (
        put(BASE, "/lines/0/price/gross", Decimal(50)),
        "/lines/0/price/gross",
        Decimal(-1),
    ),
    "BR-29": (BASE, "/period/end_on", date(2025, 12, 1)),
    "BR-30": (BASE, "/lines/0/period/end_on", date(2026, 1, 4)),
    "BR-31": (BASE, "/allowances/0/amount", None),
    "BR-32": (BASE, "/allowances/0/tax", None),
    "BR-33": (BASE, "/allowances/0", replace(BASE.allowances[0], reason="", reason_code="")),
    "BR-36": (BASE, "/charges/0/amount", None),
    "BR-37": (BASE, "/charges/0/tax", None),
    "BR-38": (BASE, "/charges/0", replace(BASE.charges[0], reason="", reason_code="")),
    "BR-41": (BASE, "/lines/0/allowances/0/amount", None),
    "BR-42": (BASE, "/lines/0/allowances/0", Allowance(amount=eur("5.00"))),
    "BR-43": (BASE, "/lines/0/charges/0/amount", None),
    "BR-44": (BASE, "/lines/0/charges/0", Allowance(amount=eur("3.00"))),
    "BR-49": (BASE, "/payment/0/code", ""),
    "BR-50": (BASE, "/payment/0/transfers/0/account", ""),
    "BR-51": (CARD_PAPER, "/payment/0/card/number", "4111111111111111"),
    "BR-54": (BASE, "/lines/0/item/attributes", (("Colour", ""),)),
    "BR-55": (BASE, "/preceding/0/number", ""),
    "BR-56": (BASE, "/tax_representative/vat_id", ""),
    "BR-57": (BASE, "/delivery/address/country", ""),
    "BR-61": (BASE, "/payment/0/transfers", ()),
    "BR-62": (BASE, "/seller/endpoint/scheme", ""),
    "BR-63": (BASE, "/buyer/endpoint/scheme", ""),
    "BR-64": (BASE, "/lines/0/item/standard_id/scheme", ""),
    "BR-65": (BASE, "/lines/0/item/classifications/0/scheme", ""),
    "BR-CO-03": (
        replace(BASE, tax_point_on=date(2026, 1, 31)),
        "/tax_point_code",
        "35",
    ),
    "BR-CO-04": (BASE, "/lines/0/tax/category", ""),
    "BR-CO-09": (BASE, "/buyer/vat_id", "40303265045"),
    "BR-CO-26": (
        replace(BASE, seller=replace(BASE.seller, identifiers=(), legal_registration=None)),
        "/seller/vat_id",
        "",
    ),
    "BR-CL-01": (BASE, "/type_code", "999"),
    "BR-CL-05": (
        replace(BASE, tax_currency="USD", tax_rate_to_tax_currency=Decimal("1.1")),
        "/tax_currency",
        "QQQ",
    ),
    "BR-CL-06": (replace(BASE, tax_point_code="35"), "/tax_point_code", "99"),
    "BR-CL-07": (BASE, "/lines/0/object/scheme", "nix"),
    "BR-CL-08": (BASE, "/notes/0/subject", "nix"),
    "BR-CL-10": (BASE, "/buyer/identifiers/0/scheme", "nix"),
    "BR-CL-11": (BASE, "/buyer/legal_registration/scheme", "nix"),
    "BR-CL-13": (BASE, "/lines/0/item/classifications/0/scheme", "nix"),
    "BR-CL-14": (BASE, "/delivery/address/country", "QQ"),
    "BR-CL-15": (BASE, "/lines/0/item/origin_country", "QQ"),
    "BR-CL-16": (BASE, "/payment/0/code", "999"),
    "BR-CL-18": (BASE, "/lines/0/tax/category", "X"),
    "BR-CL-19": (BASE, "/allowances/0/reason_code", "nix"),
    "BR-CL-20": (BASE, "/charges/0/reason_code", "nix"),
    "BR-CL-21": (BASE, "/lines/0/item/standard_id/scheme", "nix"),
    "BR-CL-23": (BASE, "/lines/0/unit", "nix"),
    "BR-CL-24": (BASE, "/attachments/0/media_type", "text/plain"),
    "BR-CL-25": (BASE, "/buyer/endpoint/scheme", "nix"),
    "BR-CL-26": (BASE, "/delivery/location/scheme", "nix"),
    "BR-DE-1": (BASE, "/payment", ()),
    "BR-DE-2": (BASE, "/seller/contact", Contact()),
    "BR-DE-3": (BASE, "/seller/address/city", ""),
    "BR-DE-4": (BASE, "/seller/address/postal_code", ""),
    "BR-DE-5": (BASE, "/seller/contact/name", ""),
    "BR-DE-6": (BASE, "/seller/contact/phone", ""),
    "BR-DE-7": (BASE, "/seller/contact/email", ""),
    "BR-DE-8": (BASE, "/buyer/address/city", ""),
    "BR-DE-9": (BASE, "/buyer/address/postal_code", ""),
    "BR-DE-10": (BASE, "/delivery/address/city", ""),
    "BR-DE-11": (BASE, "/delivery/address/postal_code", ""),
    "BR-DE-15": (BASE, "/buyer_reference", ""),
    "BR-DE-17": (BASE, "/type_code", "393"),
    "BR-DE-19": (BASE, "/payment/0/transfers/0/account", "DE00512108001245126199"),
    "BR-DE-20": (DEBIT_PAPER, "/payment/0/direct_debit/account", "DE00512108001245126199"),
    "BR-DE-22": (BASE, "/attachments", (BASE.attachments[0],) * 2),
    "BR-DE-23-a": (BASE, "/payment/0/transfers", ()),
    "BR-DE-24-a": (CARD_PAPER, "/payment/0/card", None),
    "BR-DE-25-a": (DEBIT_PAPER, "/payment/0/direct_debit", None),
    "BR-DE-26": (replace(BASE, type_code="384"), "/preceding", ()),
    "BR-DE-27": (BASE, "/seller/contact/phone", "12"),
    "BR-DE-28": (BASE, "/seller/contact/email", "anna.example"),
    "BR-DE-30": (DEBIT_PAPER, "/payment/0/direct_debit/creditor", ""),
    "BR-DE-31": (DEBIT_PAPER, "/payment/0/direct_debit/account", ""),
    "PEPPOL-EN16931-R010": (BASE, "/buyer/endpoint", None),
    "PEPPOL-EN16931-R061": (DEBIT_PAPER, "/payment/0/direct_debit/mandate", ""),
    "PEPPOL-EN16931-R110": (BASE, "/lines/0/period/start_on", date(2025, 12, 31)),
    "PEPPOL-EN16931-R111": (BASE, "/lines/0/period/end_on", date(2026, 2, 1)),
    "PEPPOL-EN16931-R121": (BASE, "/lines/0/price/base_quantity", Decimal(0)),
    "PEPPOL-EN16931-R130": (BASE, "/lines/0/price/base_unit", "DAY"),
}
PEPPOL_FIELDS: dict[str, tuple[Document, str, Any]] = {
    "PEPPOL-EN16931-R002": (BASE, "/notes", (Note("One"), Note("Two"))),
    "PEPPOL-EN16931-R020": (BASE, "/seller/endpoint", None),
    "PEPPOL-EN16931-R003": (replace(BASE, order_reference=""), "/buyer_reference", ""),
}
# Sums cannot be made of these; what is broken stays as it was computed before.
UNCOMPUTED = frozenset(
    {"BR-16", "BR-27", "BR-28", "BR-31", "BR-32", "BR-36", "BR-37", "BR-41", "BR-43"}
    | {"BR-CO-04", "BR-CL-18", "PEPPOL-EN16931-R121", "BR-CL-05"}
)
