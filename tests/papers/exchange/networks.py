"""Drawn papers as the rules of a network want them: the facts of a country put in, nothing bent."""

from dataclasses import replace
from decimal import Decimal

from guilder.kernel.document import Document, Identifier, Party, Period, PrecedingInvoice, Tax
from guilder.kernel.money import Money
from tests.papers.exchange.strategies import WHOLE

# An organization of each country: VAT id, legal registration, electronic address.
KNOWN = {
    "SE": ("SE556012579001", Identifier("5560125790", "0007"), Identifier("5560125790", "0007")),
    "NL": ("NL123456782B90", Identifier("12345678", "0106"), Identifier("12345678", "0106")),
    "AU": ("51824753556", Identifier("51824753556", "0151"), Identifier("51824753556", "0151")),
    "NZ": ("49091850", Identifier("9429041561843", "0088"), Identifier("9429041561843", "0088")),
    "JP": ("T1234567890123", Identifier("1234567890123", "0170"), Identifier("T12", "0221")),
    "SG": ("M90012345X", Identifier("199912345A", "0195"), Identifier("SG1234567890", "0195")),
}
SWEDISH_RATES = {"19": 25, "21": 25, "7": 12, "5.5": 6, "10": 25}
# What a network's region calls home, its currency, and what each rate of a drawn paper becomes.
REGIONS = {
    "pint-aunz": (("AU", "NZ"), "AUD", 10),
    "pint-jp": (("JP",), "JPY", 10),
    "pint-sg": (("SG",), "SGD", 9),
}
# Categories of the European Union mean nothing elsewhere: such a supply is an export there.
ELSEWHERE = {"AE": "G", "K": "G", "L": "S", "M": "S"}
# Japan knows no zero rate, and Singapore no other name for an export.
OWN_CATEGORIES = {"JP": {"Z": "E"}, "SG": {"G": "Z"}}


def for_network(document: Document, name: str) -> Document:
    """The drawn `document` as somebody writes it who sends it in the format `name`."""
    if name not in REGIONS:
        return _european(document)
    countries, currency, rate = REGIONS[name]
    country = countries[document.seller.address.country in {"FR", "SE"} and len(countries) > 1]
    return _abroad(_european(document), country, currency, Decimal(rate))


def self_billed(document: Document) -> Document:
    """The same, written by the buyer: 389 and 261 (UNTDID 1001)."""
    return replace(document, type_code="261" if document.kind.value == "credit_note" else "389")


def _european(document: Document) -> Document:
    # R: 384 is for two German parties alone.
    type_code = "" if document.type_code == "384" else document.type_code
    document = replace(document, type_code=type_code)
    seller, buyer = _settled(document.seller), _settled(document.buyer)
    payment = document.payment
    if seller.address.country == buyer.address.country == "NL":  # NL-R-008: a card is 48 there
        payment = tuple(replace(m, code="48") if m.code == "54" else m for m in payment)
    document = replace(document, seller=seller, buyer=buyer, payment=payment)
    if seller.address.country == "NL":  # NL-R-001, NL-R-009
        preceding = document.preceding or (PrecedingInvoice(number="R-1"),)
        document = replace(
            document, preceding=preceding, order_reference=document.order_reference or "O-1"
        )
    if seller.address.country != "SE":
        return document
    seller = replace(seller, tax_registration="Godkänd för F-skatt")
    return _with_taxes(replace(document, seller=seller), _swedish)


def _swedish(tax: Tax) -> Tax:
    return replace(tax, rate=Decimal(SWEDISH_RATES[str(tax.rate)])) if _is_rated(tax) else tax


def _is_rated(tax: Tax) -> bool:
    return tax.category == "S" and bool(tax.rate)


def _settled(party: Party) -> Party:
    """A party with the identifiers of its country; without a VAT id where it has none."""
    known = KNOWN.get(party.address.country)
    if known is None:
        return party
    vat_id, registration, _ = known
    return replace(party, vat_id=vat_id if party.vat_id else "", legal_registration=registration)


def _abroad(document: Document, country: str, currency: str, rate: Decimal) -> Document:
    foreign = bool(document.tax_currency)
    document = document if foreign else _in_currency(document, currency)
    seller, buyer = _moved(document.seller, country), _moved(document.buyer, country)
    moved = replace(
        document,
        seller=seller,
        buyer=replace(buyer, name=f"Buyer {buyer.name}"),
        tax_representative=None,
        tax_currency=currency if foreign else "",
        tax_rate_to_tax_currency=Decimal("1.35") if foreign else None,
    )

    if country == "JP" and moved.period is None:  # aligned-ibrp-052
        day = moved.issued_on
        moved = replace(moved, period=Period(start_on=day, end_on=day), lines=_dated(moved))
    own = OWN_CATEGORIES.get(country, {})

    def elsewhere(tax: Tax) -> Tax:
        category = ELSEWHERE.get(tax.category, tax.category)
        category = own.get(category, category)
        if category == "S":
            return Tax(category="S", rate=rate)
        return replace(tax, category=category, exemption_code="")

    return _with_taxes(moved, elsewhere)


def _dated(document: Document):
    """The lines without days of their own, which must lie within the paper's."""
    return tuple(replace(line, period=None) for line in document.lines)


def _moved(party: Party, country: str) -> Party:
    vat_id, registration, endpoint = KNOWN[country]
    return replace(
        party,
        vat_id=vat_id,
        tax_registration="",
        legal_registration=registration,
        endpoint=endpoint,
        address=replace(party.address, country=country),
    )


def _with_taxes(document: Document, change) -> Document:
    def of(several):
        return tuple(replace(one, tax=change(one.tax)) for one in several)

    return replace(
        document,
        lines=of(document.lines),
        allowances=of(document.allowances),
        charges=of(document.charges),
    )


def _in_currency(value, currency: str):
    """The same figures in another currency, wherever an amount stands."""
    if isinstance(value, Money):
        return Money(value.minor // WHOLE.get(value.currency, 1), currency)
    if isinstance(value, tuple):
        return tuple(_in_currency(one, currency) for one in value)
    if hasattr(value, "__dataclass_fields__"):
        changed = {
            name: _in_currency(getattr(value, name), currency)
            for name in value.__dataclass_fields__
            if name != "currency"
        }
        if "currency" in value.__dataclass_fields__:
            changed["currency"] = currency
        return replace(value, **changed)
    return value
