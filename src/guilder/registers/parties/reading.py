"""Judging the raw values of a partner: every fault at once; what is left can be saved."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from guilder.kernel import identifiers
from guilder.kernel.errors import Invalid
from guilder.kernel.period import read_terms, terms_dict
from guilder.kernel.wire import Wire
from guilder.registers.parties.schemas import DELIVERY_FORMATS

KINDS = ("company", "individual")
TEXTS = {
    "name": 200,
    "trading_name": 200,
    "legal_registration": 80,
    "phone": 40,
    "website": 200,
    "language": 16,
}
ADDRESS_TEXTS = {
    "line1": 200,
    "line2": 200,
    "line3": 200,
    "postal_code": 20,
    "city": 120,
    "region": 120,
}
AGREED_TEXTS = {"price_list": 40, "buyer_reference": 100}
TREATMENTS = ("automatic", "domestic", "exempt", "reverse_charge")
CHANNELS = ("mail", "none")
SCHEMES = ("vat", "tax", "registration", "gln", "endpoint", "other")
USES = ("billing", "delivery", "legal")
FIELDS = (
    "kind",
    "code",
    "email",
    "notes",
    "custom_fields",
    "address",
    "addresses",
    "contacts",
    "tax_ids",
    "bank_accounts",
    "terms",
    "currency",
    "tax_treatment",
    "delivery_channel",
    "delivery_format",
    *TEXTS,
    *AGREED_TEXTS,
)


@dataclass(frozen=True, slots=True)
class PartnerInput:
    """What was sent and is sound: columns of the partner, of the partnership, and its parts.

    A part that is None was not sent and stays as it is. With `all_addresses` there are no others.
    """

    partner: dict[str, Any] = field(default_factory=dict)
    agreed: dict[str, Any] = field(default_factory=dict)
    addresses: list[dict[str, Any]] | None = None
    all_addresses: bool = False
    contacts: list[dict[str, Any]] | None = None
    tax_ids: list[dict[str, Any]] | None = None
    bank_accounts: list[dict[str, Any]] | None = None


def read_partner(data: Mapping[str, Any], *, is_new: bool) -> PartnerInput:
    """Judge the raw values of a partner; Invalid with every fault.

    A new one needs kind, name and a country; an existing one only what changes.
    """
    wire = Wire(data)
    wire.known(FIELDS)
    partner = read_columns(wire, is_new=is_new)
    read = PartnerInput(
        partner=partner,
        agreed=read_agreement(wire),
        addresses=read_addresses(wire, is_new=is_new),
        all_addresses=wire.has("addresses"),
        contacts=read_contacts(wire),
        tax_ids=read_tax_ids(wire),
        bank_accounts=read_bank_accounts(wire),
    )
    wire.done()
    return read


def read_columns(wire: Wire, *, is_new: bool) -> dict[str, Any]:
    """The partner's own columns."""
    columns: dict[str, Any] = {}
    if is_new or wire.has("kind"):
        columns["kind"] = wire.choice("kind", KINDS, required=True)
    if is_new or wire.has("name"):
        columns["name"] = wire.text("name", most=TEXTS["name"], required=True)
    for name, most in TEXTS.items():
        if name != "name" and wire.has(name):
            columns[name] = wire.text(name, most=most)
    if wire.has("code"):
        columns["code"] = wire.text("code", most=40, required=True)
    if wire.has("email"):
        columns["email"] = read_email(wire)
    if wire.has("notes"):
        columns["notes"] = wire.text("notes", most=10_000, lines=True)
    if wire.has("custom_fields"):
        columns["custom_fields"] = wire.free_form("custom_fields")
    return columns


def read_agreement(wire: Wire) -> dict[str, Any]:
    """The partnership's columns."""
    agreed: dict[str, Any] = {}
    if wire.has("currency"):
        agreed["currency"] = wire.currency("currency", required=True)
    for name, most in AGREED_TEXTS.items():
        if wire.has(name):
            agreed[name] = wire.text(name, most=most)
    for name, words in (
        ("tax_treatment", TREATMENTS),
        ("delivery_channel", CHANNELS),
        ("delivery_format", DELIVERY_FORMATS),
    ):
        if wire.has(name):
            agreed[name] = wire.choice(name, words, required=True)
    if wire.has("terms"):
        part = wire.part("terms")
        agreed["terms"] = terms_dict(read_terms(part)) if part is not None else {}
    return agreed


def read_addresses(wire: Wire, *, is_new: bool) -> list[dict[str, Any]] | None:
    """`address` is the billing one; `addresses` are all, each with its use."""
    if wire.has("addresses"):
        rows = [read_address(part) for part in wire.parts("addresses", most=3)]
        uses = [row["use"] for row in rows]
        if len(set(uses)) < len(uses):
            wire.fault("addresses", "use_twice", "Give each use one address.")
        return rows
    if not is_new and not wire.has("address"):
        return None
    part = wire.part("address", required=True)
    return [read_address(part)] if part is not None else []


def read_address(wire: Wire) -> dict[str, Any]:
    """One address; the country is needed."""
    wire.known((*ADDRESS_TEXTS, "country", "use"))
    row: dict[str, Any] = {name: wire.text(name, most=most) for name, most in ADDRESS_TEXTS.items()}
    row["use"] = wire.choice("use", USES, default="billing")
    row["country"] = wire.country("country", required=True)
    return row


def read_contacts(wire: Wire) -> list[dict[str, Any]] | None:
    """People; the first marked primary stays the only one."""
    if not wire.has("contacts"):
        return None
    rows = []
    for position, part in enumerate(wire.parts("contacts", most=100)):
        part.known(("name", "email", "phone", "role", "is_primary"))
        rows.append(
            {
                "position": position,
                "name": part.text("name"),
                "email": read_email(part),
                "phone": part.text("phone", most=40),
                "role": part.text("role", most=80),
                "is_primary": part.flag("is_primary"),
            }
        )
    if sum(row["is_primary"] for row in rows) > 1:
        wire.fault("contacts", "two_primary", "Mark one contact as primary.")
    return rows


def read_tax_ids(wire: Wire) -> list[dict[str, Any]] | None:
    """Numbers of authorities and networks, normalised and checked as far as their form says."""
    if not wire.has("tax_ids"):
        return None
    rows = []
    for part in wire.parts("tax_ids", most=20):
        part.known(("scheme", "value", "code", "country"))
        scheme = part.choice("scheme", SCHEMES, default="vat")
        value = part.text("value", most=80, required=True)
        code = part.text("code", most=12)
        if value and scheme in CHECKED:
            value = checked(part, value, CHECKED[scheme])
        if value and scheme == "endpoint":
            value = checked(part, value, lambda text, c=code: endpoint_value(text, c))
        rows.append(
            {
                "scheme": scheme,
                "value": value,
                "code": code,
                "country": vat_country(value) if scheme == "vat" else part.country("country"),
            }
        )
    if len({(row["scheme"], row["value"]) for row in rows}) < len(rows):
        wire.fault("tax_ids", "twice", "The same number is there twice.")
    return rows


def endpoint_value(text: str, scheme: str) -> str:
    """An electronic address in its EAS scheme."""
    return identifiers.participant(text, scheme=scheme).value


def vat_country(value: str) -> str:
    """The country of a VAT id that was already checked."""
    try:
        return identifiers.vat_country(value)
    except Invalid:
        return ""


def read_bank_accounts(wire: Wire) -> list[dict[str, Any]] | None:
    """Accounts by IBAN, or by number where the country has none."""
    if not wire.has("bank_accounts"):
        return None
    rows = []
    for part in wire.parts("bank_accounts", most=20):
        part.known(("iban", "bic", "account", "holder", "is_default"))
        iban, bic = part.text("iban", most=42), part.text("bic", most=11)
        account = part.text("account", most=60)
        if not iban and not account:
            part.fault("iban", "required", "Enter an IBAN, or an account number.")
        rows.append(
            {
                "iban": checked(part, iban, identifiers.iban, "iban") if iban else "",
                "bic": checked(part, bic, identifiers.bic, "bic") if bic else "",
                "account": account,
                "holder": part.text("holder"),
                "is_default": part.flag("is_default"),
            }
        )
    return rows


def read_email(wire: Wire, name: str = "email") -> str:
    """A mail address that could be delivered to."""
    return wire.email(name)


def checked(wire: Wire, value: str, check: Callable[[str], str], name: str = "value") -> str:
    """`value` as `check` normalises it; a fault otherwise."""
    try:
        return check(value)
    except Invalid as error:
        wire.fault(name, error.code, error.detail)
        return ""


CHECKED: dict[str, Callable[[str], str]] = {"vat": identifiers.vat_id, "gln": identifiers.gln}
