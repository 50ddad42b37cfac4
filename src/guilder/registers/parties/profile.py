"""Judging the raw values of the organization's own profile."""

from collections.abc import Mapping
from typing import Any

from guilder.kernel import identifiers
from guilder.kernel.period import read_terms, terms_dict
from guilder.kernel.references import SCHEMES
from guilder.kernel.wire import Wire
from guilder.registers.parties.reading import ADDRESS_TEXTS, checked, read_email

TEXTS = {
    **ADDRESS_TEXTS,
    "legal_name": 200,
    "trading_name": 200,
    "tax_number": 40,
    "legal_registration": 80,
    "registration_scheme": 12,
    "legal_information": 400,
    "endpoint": 80,
    "endpoint_scheme": 12,
    "contact_name": 200,
    "phone": 40,
    "website": 200,
    "account_holder": 200,
}
REFERENCES = ("", *SCHEMES)
CHECKED = {
    "vat_id": identifiers.vat_id,
    "iban": identifiers.iban,
    "bic": identifiers.bic,
    "creditor_id": identifiers.creditor_id,
}


def read_profile(data: Mapping[str, Any]) -> dict[str, Any]:
    """The columns that `data` names, judged; Invalid with every fault."""
    wire = Wire(data)
    wire.known((*TEXTS, *CHECKED, "country", "email", "terms", "reference_scheme"))
    columns: dict[str, Any] = {
        name: wire.text(name, most=most, required=name == "legal_name")
        for name, most in TEXTS.items()
        if wire.has(name)
    }
    for name, check in CHECKED.items():
        if wire.has(name):
            value = wire.text(name, most=42)
            columns[name] = checked(wire, value, check, name) if value else ""
    if wire.has("country"):
        columns["country"] = wire.country("country", required=True)
    if wire.has("reference_scheme"):
        columns["reference_scheme"] = wire.choice("reference_scheme", REFERENCES)
    if wire.has("email"):
        columns["email"] = read_email(wire)
    if wire.has("terms"):
        part = wire.part("terms")
        columns["terms"] = terms_dict(read_terms(part)) if part is not None else {}
    wire.done()
    return columns
