"""How the parties of a paper are written: names, addresses by their country's custom, ids. Pure."""

from typing import Any

from guilder.kernel.document import Address, Party, Payee
from guilder.papers.rendering.wording import Wording

# Where the last line is "city, region postal code" instead of "postal code city".
CITY_FIRST = {"US", "CA", "AU", "IN", "BR", "MX", "TW", "KR", "SA", "AE", "KW"}
CODE_LAST = {"GB", "IE", "JE", "GG", "IM"}  # the code has a line of its own
REGION_AFTER = {"IT", "ES"}  # a province in parentheses after the city


def party_data(party: Party, wording: Wording) -> dict[str, Any]:
    """Name, lines and ids of a seller or buyer."""
    lines = address_lines(party.address, wording)
    if party.contact.name:
        lines = [wording.say("attention", name=party.contact.name), *lines]
    short = address_lines(party.address, wording, with_country=False)
    return {
        "name": party.name or party.trading_name,
        "lines": lines,
        "postal": address_lines(party.address, wording),
        "sender": " · ".join([party.name or party.trading_name, *short]),
        "ids": identity(party, wording),
        "email": party.contact.email,
        "phone": party.contact.phone,
        "website": party.website,
        "legal": [line for line in party.legal_information.splitlines() if line.strip()],
    }


def address_lines(address: Address, wording: Wording, *, with_country: bool = True) -> list[str]:
    """The lines of an address, the country in the paper's language."""
    street = [address.line1, address.line2, address.line3]
    country = wording.country(address.country) if with_country and address.country else ""
    return [line for line in (*street, *_town(address), country) if line]


def identity(party: Party | Payee, wording: Wording) -> list[str]:
    """VAT id, tax number and registration, each with its label."""
    registration = party.legal_registration.value if party.legal_registration else ""
    labelled = [("registration", registration)]
    if isinstance(party, Party):
        labelled = [("vat_id", party.vat_id), ("tax_number", party.tax_registration), *labelled]
    return [f"{wording.say(label)} {value}" for label, value in labelled if value]


def _town(address: Address) -> list[str]:
    city, code, region = address.city, address.postal_code, address.region
    if address.country in CITY_FIRST:
        place = ", ".join(filter(None, [city, region]))
        return [f"{place} {code}".strip()]
    if address.country in CODE_LAST:
        return [city, region, code]
    if address.country in REGION_AFTER and region:
        return [f"{code} {city} ({region})".strip()]
    return [f"{code} {city}".strip(), region]
