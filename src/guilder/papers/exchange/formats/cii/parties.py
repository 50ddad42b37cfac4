"""The people of a CII paper: seller, buyer, payee, tax representative, and where it was delivered.

Paths are those of EN 16931-3-3.
"""

from __future__ import annotations

from datetime import date

from guilder.kernel.document import (
    Address,
    Contact,
    Delivery,
    Identifier,
    Party,
    Payee,
    TaxRepresentative,
)
from guilder.papers.exchange.formats.nodes import Node


def party(node: Node) -> Party:
    """BG-4 and BG-7."""
    organization = node.first("SpecifiedLegalOrganization")
    return Party(
        name=node.text("Name") or organization.text("TradingBusinessName"),
        trading_name=organization.text("TradingBusinessName") if node.text("Name") else "",
        identifiers=identifiers(node),
        legal_registration=organization.identifier("ID"),
        vat_id=_tax_id(node, "VA"),
        tax_registration=_tax_id(node, "FC"),
        legal_information="\n".join(node.texts("Description")),
        endpoint=node.identifier("URIUniversalCommunication", "URIID"),
        address=address(node.first("PostalTradeAddress")),
        contact=_contact(node.first("DefinedTradeContact")),
    )


def payee(node: Node) -> Payee | None:
    """BG-10."""
    if not node:
        return None
    known = identifiers(node)
    return Payee(
        name=node.text("Name"),
        identifier=known[0] if known else None,
        legal_registration=node.identifier("SpecifiedLegalOrganization", "ID"),
    )


def tax_representative(node: Node) -> TaxRepresentative | None:
    """BG-11."""
    if not node:
        return None
    return TaxRepresentative(
        name=node.text("Name"),
        vat_id=_tax_id(node, "VA"),
        address=address(node.first("PostalTradeAddress")),
    )


def delivery(node: Node, delivered_on: date | None) -> Delivery | None:
    """BG-13 with BG-15: `node` is the party that it was shipped to."""
    if not node and delivered_on is None:
        return None
    known = identifiers(node)
    where = node.first("PostalTradeAddress")
    return Delivery(
        party_name=node.text("Name"),
        location=known[0] if known else None,
        delivered_on=delivered_on,
        address=address(where) if where else None,
    )


def identifiers(node: Node) -> tuple[Identifier, ...]:
    """Global ids with their scheme first, then the others."""
    found = [entry.identifier() for entry in (*node.all("GlobalID"), *node.all("ID"))]
    return tuple(identifier for identifier in found if identifier is not None)


def address(node: Node) -> Address:
    """BG-5, BG-8, BG-12, BG-15."""
    return Address(
        line1=node.text("LineOne"),
        line2=node.text("LineTwo"),
        line3=node.text("LineThree"),
        city=node.text("CityName"),
        postal_code=node.text("PostcodeCode"),
        region=node.text("CountrySubDivisionName"),
        country=node.text("CountryID"),
    )


def _contact(node: Node) -> Contact:
    # BT-41 is a person, a department, or both.
    names = [node.text("PersonName"), node.text("DepartmentName")]
    return Contact(
        name=", ".join(filter(None, names)),
        phone=node.text("TelephoneUniversalCommunication", "CompleteNumber"),
        email=node.text("EmailURIUniversalCommunication", "URIID"),
    )


def _tax_id(node: Node, scheme: str) -> str:
    for entry in node.all("SpecifiedTaxRegistration", "ID"):
        if entry.attribute("schemeID") == scheme:
            return entry.text()
    return ""
