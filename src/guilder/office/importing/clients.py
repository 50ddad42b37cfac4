"""Who is meant by a paper: whose it is, and which client its buyer is, made at need."""

from datetime import datetime
from typing import Any
from uuid import UUID

from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.kernel.document import Document, Party
from guilder.kernel.errors import Invalid, Problem
from guilder.registers.parties import operations as parties
from guilder.registers.parties import queries as partners


def side_of(document: Document, *, by: Actor) -> str:
    """“invoice” or “bill” by whose tax id the organization's is, "" when it is nobody's."""
    with transaction(by.organization_id):
        own = partners.seller_profile(by.organization_id)
    numbers = {own.vat_id, own.tax_number} - {""} if own else set[str]()
    if numbers & {document.seller.vat_id, document.seller.tax_registration}:
        return "invoice"
    if numbers & {document.buyer.vat_id, document.buyer.tax_registration}:
        return "bill"
    return ""


def client_of(
    buyer: Party, language: str, *, by: Actor, at: datetime
) -> tuple[UUID, bool, list[Problem]]:
    """The client that the buyer is, by VAT id, else by name and postal code; made at need.

    Gives its id, whether it is new, and what was not taken over as it stood.
    """
    found = partners.find_partner(
        by.organization_id,
        vat_id=buyer.vat_id,
        name=buyer.name,
        postal_code=buyer.address.postal_code,
    )
    if found is None:
        return new_client(client_data(buyer, language), by=by, at=at)
    parties.take_on(found.id, by=by, side="customer", at=at)
    return found.id, False, []


def new_client(
    data: dict[str, Any], *, by: Actor, at: datetime
) -> tuple[UUID, bool, list[Problem]]:
    """A new client; a number whose form is wrong is kept as what it is: some other number."""
    try:
        made = parties.create_partner(by=by, side="customer", data=data, at=at)
    except Invalid as error:
        wrong = {place for one in error.problems if (place := tax_id_place(one)) is not None}
        if not wrong or len(wrong) < len(error.problems):
            raise
        data = {**data, "tax_ids": softened(data["tax_ids"], wrong)}
        made = parties.create_partner(by=by, side="customer", data=data, at=at)
        return made.id, True, [doubt(one) for one in error.problems]
    return made.id, True, []


def tax_id_place(problem: Problem) -> int | None:
    """Which of the client's numbers a problem is about."""
    steps = problem.pointer.split("/")
    is_number = len(steps) > 2 and steps[1] == "tax_ids" and steps[2].isdecimal()
    return int(steps[2]) if is_number else None


def softened(numbers: list[dict[str, Any]], wrong: set[int]) -> list[dict[str, Any]]:
    """The numbers, the wrong ones as numbers of no known kind; what is left twice stays once."""
    kept: dict[tuple[str, str], dict[str, Any]] = {}
    for place, one in enumerate(numbers):
        made = one if place not in wrong else {**one, "scheme": "other"}
        kept.setdefault((made["scheme"], made["value"]), made)
    return list(kept.values())


def doubt(problem: Problem) -> Problem:
    """The remark that a number of the client's was kept as another one."""
    detail = f"{problem.detail} It is kept with the client as another number."
    return Problem("/buyer", problem.code, detail)


def one_line(text: str) -> str:
    """`text` with single spaces for all that is white."""
    return " ".join(text.split())


def client_data(buyer: Party, language: str) -> dict[str, Any]:
    """BG-7 as the raw values of a new client."""
    numbers = [
        ("vat", buyer.vat_id, ""),
        ("tax", buyer.tax_registration, ""),
        *(("gln", one.value, "") for one in buyer.identifiers if one.scheme == "0088"),
        *(("other", one.value, one.scheme) for one in buyer.identifiers if one.scheme != "0088"),
    ]
    if buyer.endpoint is not None and buyer.endpoint.scheme:
        numbers.append(("endpoint", buyer.endpoint.value, buyer.endpoint.scheme))
    contact = {
        "name": one_line(buyer.contact.name),
        "phone": one_line(buyer.contact.phone),
        "email": one_line(buyer.contact.email),
    }
    names = ("line1", "line2", "line3", "postal_code", "city", "region", "country")
    return {
        "kind": "company",
        "name": one_line(buyer.name),
        "trading_name": one_line(buyer.trading_name),
        "legal_registration": buyer.legal_registration.value if buyer.legal_registration else "",
        "website": buyer.website,
        "language": language,
        "email": contact["email"],
        "address": {name: one_line(getattr(buyer.address, name)) for name in names},
        "contacts": [contact] if contact["name"] else [],
        "tax_ids": [
            {"scheme": scheme, "value": one_line(value), "code": code}
            for scheme, value, code in dict.fromkeys(numbers)
            if value.strip()
        ],
    }
