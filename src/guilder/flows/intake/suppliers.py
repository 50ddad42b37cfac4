"""Which supplier a paper is from, and what is new about the way it wants to be paid."""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from guilder.flows.intake.calc import Doubt, accounts_of
from guilder.kernel import identifiers
from guilder.kernel.actor import Actor
from guilder.kernel.document import Document, Party
from guilder.kernel.errors import Invalid
from guilder.registers.parties import operations as parties
from guilder.registers.parties.models import Partner


def matched(seller: Party, document: Document, *, by: Actor) -> tuple[Partner | None, str]:
    """(partner, what told so): by VAT id, tax number, registration, endpoint, GLN, IBAN or name.

    Two partners with the same sign tell nothing, so the next sign is asked.
    """
    for sign, rows in signs(seller, document, by=by):
        found = list(rows.filter(archived_at=None).order_by("id").distinct()[:2])
        if len(found) == 1:
            return found[0], sign
    return None, ""


def signs(seller: Party, document: Document, *, by: Actor) -> list[tuple[str, "QuerySet[Partner]"]]:
    """What may tell who the seller is, the surest first."""
    every = Partner.objects.of(by.organization_id)
    asked: list[tuple[str, QuerySet[Partner]]] = []
    if seller.vat_id:
        asked.append(("vat", every.filter(tax_ids__scheme="vat", tax_ids__value=seller.vat_id)))
    if seller.tax_registration:
        asked.append(
            ("tax", every.filter(tax_ids__scheme="tax", tax_ids__value=seller.tax_registration))
        )
    if seller.endpoint is not None and seller.endpoint.value:
        endpoint = every.filter(
            tax_ids__scheme="endpoint",
            tax_ids__value=seller.endpoint.value,
            tax_ids__code=seller.endpoint.scheme,
        )
        asked.append(("endpoint", endpoint))
    for one in seller.identifiers:
        if one.scheme == "0088":
            asked.append(("gln", every.filter(tax_ids__scheme="gln", tax_ids__value=one.value)))
    if ibans := accounts_of(document):
        asked.append(("iban", every.filter(bank_accounts__iban__in=sorted(ibans))))
    if seller.name:
        asked.append(("name", named(every, seller)))
    return asked


def named(every: "QuerySet[Partner]", seller: Party) -> "QuerySet[Partner]":
    """Partners of that very name, and no other country or postal code where the paper names one."""
    same = every.filter(name__iexact=seller.name)
    if seller.address.postal_code:
        same = same.filter(addresses__postal_code=seller.address.postal_code)
    return same


def unlike_before(document: Document, partner: Partner) -> list[Doubt]:
    """A doubt where a supplier whose accounts are known wants to be paid to another one."""
    asked = accounts_of(document)
    known = {one.iban for one in partner.bank_accounts.all() if one.iban}
    if not asked or not known or asked & known:
        return []
    ours, theirs = (identifiers.format_iban(min(one)) for one in (asked, known))
    return [Doubt(code="new_account", ours=ours, theirs=theirs)]


def supplier_data(document: Document) -> dict[str, Any]:
    """BG-4 of a paper as the raw values of a new supplier, with the accounts that it names."""
    seller = document.seller
    numbers = [
        ("vat", seller.vat_id, ""),
        ("tax", seller.tax_registration, ""),
        *(("gln", one.value, "") for one in seller.identifiers if one.scheme == "0088"),
    ]
    if seller.endpoint is not None and seller.endpoint.scheme:
        numbers.append(("endpoint", seller.endpoint.value, seller.endpoint.scheme))
    names = ("line1", "line2", "line3", "postal_code", "city", "region", "country")
    contact = {name: one_line(getattr(seller.contact, name)) for name in ("name", "phone", "email")}
    return {
        "kind": "company",
        "name": one_line(seller.name) or "–",
        "trading_name": one_line(seller.trading_name),
        "legal_registration": (
            seller.legal_registration.value if seller.legal_registration is not None else ""
        ),
        "language": document.language,
        "currency": document.currency,
        "email": contact["email"],
        "address": {name: one_line(getattr(seller.address, name)) for name in names},
        "contacts": [contact] if contact["name"] else [],
        "tax_ids": [
            {"scheme": scheme, "value": one_line(value), "code": code}
            for scheme, value, code in dict.fromkeys(numbers)
            if value.strip()
        ],
        "bank_accounts": [{"iban": one} for one in sorted(accounts_of(document))],
    }


def one_line(text: str) -> str:
    """`text` with single spaces for all that is white."""
    return " ".join(text.split())


def new_supplier(document: Document, *, by: Actor, at: datetime) -> Partner:
    """The seller of a paper as a new supplier; what cannot be kept as it stands is left out.

    A number whose form is wrong is kept as what it is, some other number. Raises Invalid.
    """
    data = supplier_data(document)
    try:
        return parties.create_partner(by=by, side="supplier", data=data, at=at)
    except Invalid as error:
        for problem in error.problems:
            part, _, rest = problem.pointer.removeprefix("/").partition("/")
            if part == "tax_ids":
                data["tax_ids"][int(rest.partition("/")[0])]["scheme"] = "other"
            elif part in {"email", "contacts", "language", "legal_registration"}:
                data.pop(part, None)
            else:
                raise
        return parties.create_partner(by=by, side="supplier", data=data, at=at)
