"""Rules about seller, buyer, payee and tax representative."""

from __future__ import annotations

from guilder.kernel.document import Address, Document, Party
from guilder.papers.exchange.rules import lists
from guilder.papers.exchange.rules.checks.table import Check, Places, where


def is_empty(address: Address) -> bool:
    """Whether nothing of an address is known."""
    return address == Address()


def seller_name(document: Document) -> Places:
    """BR-06."""
    return where(not document.seller.name, "/seller/name")


def buyer_name(document: Document) -> Places:
    """BR-07."""
    return where(not document.buyer.name, "/buyer/name")


def seller_address(document: Document) -> Places:
    """BR-08."""
    return where(is_empty(document.seller.address), "/seller/address")


def seller_country(document: Document) -> Places:
    """BR-09."""
    address = document.seller.address
    return where(not is_empty(address) and not address.country, "/seller/address/country")


def buyer_address(document: Document) -> Places:
    """BR-10."""
    return where(is_empty(document.buyer.address), "/buyer/address")


def buyer_country(document: Document) -> Places:
    """BR-11."""
    address = document.buyer.address
    return where(not is_empty(address) and not address.country, "/buyer/address/country")


def payee_name(document: Document) -> Places:
    """BR-17."""
    payee = document.payee  # one of whom nothing is known is not written at all
    known = payee is not None and (payee.identifier or payee.legal_registration)
    return where(bool(known and payee and not payee.name), "/payee/name")


def representative_name(document: Document) -> Places:
    """BR-18."""
    found = document.tax_representative
    return where(found is not None and not found.name, "/tax_representative/name")


def representative_address(document: Document) -> Places:
    """BR-19."""
    found = document.tax_representative
    return where(found is not None and is_empty(found.address), "/tax_representative/address")


def representative_country(document: Document) -> Places:
    """BR-20."""
    found = document.tax_representative
    wrong = found is not None and not is_empty(found.address) and not found.address.country
    return where(wrong, "/tax_representative/address/country")


def representative_vat(document: Document) -> Places:
    """BR-56."""
    found = document.tax_representative
    return where(found is not None and not found.vat_id, "/tax_representative/vat_id")


def seller_scheme(document: Document) -> Places:
    """BR-62."""
    found = document.seller.endpoint
    return where(found is not None and not found.scheme, "/seller/endpoint")


def buyer_scheme(document: Document) -> Places:
    """BR-63."""
    found = document.buyer.endpoint
    return where(found is not None and not found.scheme, "/buyer/endpoint")


def identified(document: Document) -> Places:
    """BR-CO-26."""
    seller = document.seller
    known = seller.vat_id or seller.legal_registration or seller.identifiers
    return where(not known, "/seller/vat_id")


def prefixes(document: Document) -> Places:
    """BR-CO-09."""
    representative = document.tax_representative
    given = {
        "/seller/vat_id": document.seller.vat_id,
        "/buyer/vat_id": document.buyer.vat_id,
        "/tax_representative/vat_id": representative.vat_id if representative else "",
    }
    for pointer, vat_id in given.items():
        yield from where(bool(vat_id) and not lists.knows("BR-CO-09", vat_id[:2]), pointer)


def countries(document: Document) -> Places:
    """BR-CL-14."""
    representative = document.tax_representative
    delivery = document.delivery.address if document.delivery else None
    given = {
        "/seller/address/country": document.seller.address,
        "/buyer/address/country": document.buyer.address,
        "/tax_representative/address/country": representative.address if representative else None,
        "/delivery/address/country": delivery,
    }
    for pointer, address in given.items():
        code = address.country if address else ""
        yield from where(bool(code) and not lists.knows("BR-CL-14", code), pointer)


def endpoint_schemes(document: Document) -> Places:
    """BR-CL-25."""
    for pointer, party in (("/seller", document.seller), ("/buyer", document.buyer)):
        scheme = party.endpoint.scheme if party.endpoint else ""
        wrong = bool(scheme) and not lists.knows("BR-CL-25", scheme)
        yield from where(wrong, f"{pointer}/endpoint")


def identifier_schemes(document: Document) -> Places:
    """BR-CL-10."""
    for pointer, party in _parties(document):
        for index, one in enumerate(party.identifiers):
            wrong = bool(one.scheme) and not lists.knows("BR-CL-10", one.scheme)
            yield from where(wrong and one.scheme != "SEPA", f"{pointer}/identifiers/{index}")


def registration_schemes(document: Document) -> Places:
    """BR-CL-11."""
    for pointer, party in _parties(document):
        found = party.legal_registration
        wrong = bool(found and found.scheme and not lists.knows("BR-CL-11", found.scheme))
        yield from where(wrong, f"{pointer}/legal_registration")


def _parties(document: Document) -> tuple[tuple[str, Party], ...]:
    return (("/seller", document.seller), ("/buyer", document.buyer))


CHECKS: tuple[tuple[str, Check], ...] = (
    ("BR-06", seller_name),
    ("BR-07", buyer_name),
    ("BR-08", seller_address),
    ("BR-09", seller_country),
    ("BR-10", buyer_address),
    ("BR-11", buyer_country),
    ("BR-17", payee_name),
    ("BR-18", representative_name),
    ("BR-19", representative_address),
    ("BR-20", representative_country),
    ("BR-56", representative_vat),
    ("BR-62", seller_scheme),
    ("BR-63", buyer_scheme),
    ("BR-CO-26", identified),
    ("BR-CO-09", prefixes),
    ("BR-CL-14", countries),
    ("BR-CL-25", endpoint_schemes),
    ("BR-CL-10", identifier_schemes),
    ("BR-CL-11", registration_schemes),
)
