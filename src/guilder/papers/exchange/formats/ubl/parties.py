"""The people of a UBL paper: seller, buyer, payee, tax representative, and where it was delivered.

Paths are those of EN 16931-3-2.
"""

from __future__ import annotations

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

SEPA = "SEPA"  # marks the creditor id of direct debits (BT-90) among the identifiers


def party(node: Node, *, gst: bool) -> Party:
    """BG-4 and BG-7; with `gst` the tax id may be of a goods and services tax (PINT)."""
    legal = node.first("PartyLegalEntity")
    trading = node.text("PartyName", "Name")
    registered = legal.text("RegistrationName")
    vat_id, registration = _tax_ids(node, gst=gst)
    return Party(
        name=registered or trading,
        trading_name=trading if registered else "",
        identifiers=tuple(i for i in _identifiers(node) if i.scheme != SEPA),
        legal_registration=legal.identifier("CompanyID"),
        vat_id=vat_id,
        tax_registration=registration,
        legal_information=legal.text("CompanyLegalForm"),
        endpoint=node.identifier("EndpointID"),
        address=address(node.first("PostalAddress")),
        contact=_contact(node.first("Contact")),
        website=node.text("WebsiteURI"),
    )


def creditor(root: Node) -> str:
    """BT-90: the creditor id that direct debits name, with the seller or with the payee."""
    holders = (
        root.first("AccountingSupplierParty", "Party"),
        root.first("PayeeParty"),
    )
    found = [i.value for holder in holders for i in _identifiers(holder) if i.scheme == SEPA]
    return found[0] if found else ""


def payee(node: Node) -> Payee | None:
    """BG-10; what bears nothing but a creditor id is none."""
    if not node:
        return None
    identifiers = [i for i in _identifiers(node) if i.scheme != SEPA]
    found = Payee(
        name=node.text("PartyName", "Name"),
        identifier=identifiers[0] if identifiers else None,
        legal_registration=node.identifier("PartyLegalEntity", "CompanyID"),
    )
    return found if found != Payee() else None


def tax_representative(node: Node) -> TaxRepresentative | None:
    """BG-11."""
    if not node:
        return None
    node.skip("PartyTaxScheme", "TaxScheme", "ID")
    return TaxRepresentative(
        name=node.text("PartyName", "Name"),
        vat_id=node.text("PartyTaxScheme", "CompanyID"),
        address=address(node.first("PostalAddress")),
    )


def delivery(node: Node) -> Delivery | None:
    """BG-13 with BG-15."""
    if not node:
        return None
    place = node.first("DeliveryLocation")
    where = place.first("Address")
    return Delivery(
        party_name=node.text("DeliveryParty", "PartyName", "Name"),
        location=place.identifier("ID"),
        delivered_on=node.day("/delivery/delivered_on", "ActualDeliveryDate"),
        address=address(where) if where else None,
    )


def address(node: Node) -> Address:
    """BG-5, BG-8, BG-12, BG-15."""
    return Address(
        line1=node.text("StreetName"),
        line2=node.text("AdditionalStreetName"),
        line3=node.text("AddressLine", "Line"),
        city=node.text("CityName"),
        postal_code=node.text("PostalZone"),
        region=node.text("CountrySubentity"),
        country=node.text("Country", "IdentificationCode"),
    )


def _contact(node: Node) -> Contact:
    return Contact(
        name=node.text("Name"), phone=node.text("Telephone"), email=node.text("ElectronicMail")
    )


def _identifiers(node: Node) -> list[Identifier]:
    found = [entry.identifier("ID") for entry in node.all("PartyIdentification")]
    return [identifier for identifier in found if identifier is not None]


def _tax_ids(node: Node, *, gst: bool) -> tuple[str, str]:
    """BT-31 or BT-48, and BT-32: the scheme says which is which."""
    vat_id = registration = ""
    for entry in node.all("PartyTaxScheme"):
        scheme = entry.text("TaxScheme", "ID").upper()
        value = entry.first("CompanyID")
        if scheme == "VAT" or (gst and scheme == "GST"):
            vat_id = vat_id or value.text()
        else:
            registration = registration or value.text()
    return vat_id, registration
