"""The people of a CII paper."""

from __future__ import annotations

from collections.abc import Iterable

from guilder.kernel.document import Address, Identifier, Party, Payee
from guilder.papers.exchange.formats.pen import Pen

MAIL = "EM"  # EAS: electronic mail


def party(pen: Pen, name: str, party: Party, *, by_mail: bool, only_one: bool = False) -> None:
    """BG-4 and BG-7; `by_mail` takes the mail address where no electronic address is known."""
    endpoint = party.endpoint
    if endpoint is None and by_mail and party.contact.email:
        endpoint = Identifier(party.contact.email, MAIL)
    with pen.within(name):
        identifiers(pen, party.identifiers[:1] if only_one else party.identifiers)
        pen.put("ram:Name", party.name)
        pen.put("ram:Description", party.legal_information)
        with pen.within("ram:SpecifiedLegalOrganization"):
            if party.legal_registration is not None:
                registered = party.legal_registration
                pen.put("ram:ID", registered.value, schemeID=registered.scheme)
            pen.put("ram:TradingBusinessName", party.trading_name)
        _contact(pen, party)
        address(pen, party.address)
        if endpoint is not None:
            with pen.within("ram:URIUniversalCommunication"):
                pen.put("ram:URIID", endpoint.value, schemeID=endpoint.scheme)
        tax_id(pen, party.tax_registration, "FC")
        tax_id(pen, party.vat_id, "VA")


def payee(pen: Pen, payee: Payee | None) -> None:
    """BG-10."""
    if payee is None:
        return
    with pen.within("ram:PayeeTradeParty"):
        if payee.identifier is not None:
            identifiers(pen, (payee.identifier,))
        pen.put("ram:Name", payee.name)
        if payee.legal_registration is not None:
            with pen.within("ram:SpecifiedLegalOrganization"):
                registered = payee.legal_registration
                pen.put("ram:ID", registered.value, schemeID=registered.scheme)


def identifiers(pen: Pen, identifiers: Iterable[Identifier]) -> None:
    """Those of one's own first, then those of a scheme, as the schema has them."""
    several = tuple(identifiers)
    for identifier in several:
        if not identifier.scheme:
            pen.put("ram:ID", identifier.value)
    for identifier in several:
        if identifier.scheme:
            pen.put("ram:GlobalID", identifier.value, schemeID=identifier.scheme)


def address(pen: Pen, address: Address) -> None:
    """BG-5, BG-8, BG-12, BG-15."""
    with pen.within("ram:PostalTradeAddress"):
        pen.put("ram:PostcodeCode", address.postal_code)
        pen.put("ram:LineOne", address.line1)
        pen.put("ram:LineTwo", address.line2)
        pen.put("ram:LineThree", address.line3)
        pen.put("ram:CityName", address.city)
        pen.put("ram:CountryID", address.country)
        pen.put("ram:CountrySubDivisionName", address.region)


def tax_id(pen: Pen, value: str, scheme: str) -> None:
    """A tax id: VA is a VAT id, FC another of the tax office."""
    with pen.within("ram:SpecifiedTaxRegistration"):
        pen.put("ram:ID", value, schemeID=scheme)


def _contact(pen: Pen, party: Party) -> None:
    with pen.within("ram:DefinedTradeContact"):
        pen.put("ram:PersonName", party.contact.name)
        with pen.within("ram:TelephoneUniversalCommunication"):
            pen.put("ram:CompleteNumber", party.contact.phone)
        with pen.within("ram:EmailURIUniversalCommunication"):
            pen.put("ram:URIID", party.contact.email)
