"""/clients/ and /suppliers/: partners, each by the role that they have."""

from datetime import date
from typing import Any, Literal

import msgspec

from guilder.faces.rest.listing import Filter, Listing, page_of, read_query
from guilder.faces.rest.routes import Call, Handler, route
from guilder.faces.rest.wire import Code, Country, Currency, Email, Name, PartnerKind
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.wire import Wire
from guilder.office.erasure import operations as erasure
from guilder.registers.parties import operations, queries
from guilder.registers.parties.schemas import PartnerOut, partner_out

Treatment = Literal["automatic", "domestic", "exempt", "reverse_charge"]
DeliveryFormat = Literal[
    "pdf",
    "facturx",
    "facturx-basic",
    "facturx-extended",
    "facturx-xrechnung",
    "xrechnung-ubl",
    "xrechnung-cii",
    "peppol",
    "ubl",
    "cii",
    "pint-eu",
    "pint-aunz",
    "pint-jp",
    "pint-sg",
]
Channel = Literal["mail", "none"]
Use = Literal["billing", "delivery", "legal"]
Scheme = Literal["vat", "tax", "registration", "gln", "endpoint", "other"]
LISTING = Listing(
    shape=PartnerOut,
    filters={
        "name": Filter("name", "text", ("", "contains")),
        "code": Filter("code"),
        "email": Filter("email"),
        "kind": Filter("kind"),
        "archived_at": Filter("archived_at", "instant", ("isnull", "gte", "lte")),
        "created_at": Filter("created_at", "instant", ("gte", "lte")),
        "updated_at": Filter("updated_at", "instant", ("gte", "lte")),
    },
    sorts={"created_at": "created_at", "updated_at": "updated_at", "name": "name", "code": "code"},
    searches=True,
)


class AddressIn(msgspec.Struct, omit_defaults=True, forbid_unknown_fields=True):
    """An address; `country` is ISO 3166-1."""

    country: Country
    line1: str = ""
    line2: str = ""
    line3: str = ""
    postal_code: str = ""
    city: str = ""
    region: str = ""
    use: Use = "billing"


class ContactIn(msgspec.Struct, omit_defaults=True, forbid_unknown_fields=True):
    """A person."""

    name: str = ""
    email: Email | msgspec.UnsetType = msgspec.UNSET
    phone: str = ""
    role: str = ""
    is_primary: bool = False


class TaxIdIn(msgspec.Struct, omit_defaults=True, forbid_unknown_fields=True):
    """A number: scheme vat, tax, registration, gln, endpoint or other."""

    value: str
    scheme: Scheme = "vat"
    code: str = ""
    country: Country | msgspec.UnsetType = msgspec.UNSET


class BankAccountIn(msgspec.Struct, omit_defaults=True, forbid_unknown_fields=True):
    """An account."""

    iban: str = ""
    bic: str = ""
    account: str = ""
    holder: str = ""
    is_default: bool = False


class PartnerIn(msgspec.Struct, omit_defaults=True, forbid_unknown_fields=True):
    """A client or supplier; kind, name and an address with a country are enough."""

    kind: PartnerKind
    name: Name
    address: AddressIn
    email: Email | msgspec.UnsetType = msgspec.UNSET
    code: Code | msgspec.UnsetType = msgspec.UNSET
    trading_name: str = ""
    legal_registration: str = ""
    phone: str = ""
    website: str = ""
    language: str = ""
    notes: str = ""
    addresses: list[AddressIn] = []
    contacts: list[ContactIn] = []
    tax_ids: list[TaxIdIn] = []
    bank_accounts: list[BankAccountIn] = []
    currency: Currency | msgspec.UnsetType = msgspec.UNSET
    terms: dict[str, Any] = {}
    tax_treatment: Treatment = "automatic"
    price_list: str = ""
    delivery_channel: Channel = "mail"
    delivery_format: DeliveryFormat = "pdf"
    buyer_reference: str = ""
    custom_fields: dict[str, str | None] = {}


class PartnerPatch(msgspec.Struct, omit_defaults=True, forbid_unknown_fields=True):
    """What changes; lists are replaced whole."""

    kind: PartnerKind | msgspec.UnsetType = msgspec.UNSET
    name: Name | msgspec.UnsetType = msgspec.UNSET
    address: AddressIn | msgspec.UnsetType = msgspec.UNSET
    email: str = ""
    code: Code | msgspec.UnsetType = msgspec.UNSET
    trading_name: str = ""
    legal_registration: str = ""
    phone: str = ""
    website: str = ""
    language: str = ""
    notes: str = ""
    addresses: list[AddressIn] = []
    contacts: list[ContactIn] = []
    tax_ids: list[TaxIdIn] = []
    bank_accounts: list[BankAccountIn] = []
    currency: Currency | msgspec.UnsetType = msgspec.UNSET
    terms: dict[str, Any] = {}
    tax_treatment: Treatment = "automatic"
    price_list: str = ""
    delivery_channel: Channel = "mail"
    delivery_format: DeliveryFormat = "pdf"
    buyer_reference: str = ""
    custom_fields: dict[str, str | None] = {}


EXAMPLE = {
    "kind": "company",
    "name": "Bar & Söhne GmbH",
    "email": "office@bar.example",
    "address": {
        "line1": "Ringstraße 1",
        "postal_code": "10115",
        "city": "Berlin",
        "country": "DE",
    },
}


class ErasureOut(msgspec.Struct):
    """What was erased: all, or all but name, billing address and tax ids, kept until a day."""

    is_whole: bool
    kept_until: date | None
    source: str


Row = tuple[str, str, Handler, str, str, dict[str, Any]]


def resource(path: str, side: str) -> None:
    """The routes of one side."""
    one, many = path.rstrip("s"), path
    for method, where, handler, permission, summary, more in (
        *kept(one, many, side),
        *parted_with(one, many, side),
    ):
        about = {"answer": PartnerOut, "name": name_of(handler, one, many), **more}
        route(method, where, permission=permission, summary=summary, **about)(handler)


def kept(one: str, many: str, side: str) -> tuple[Row, ...]:
    """Listing, entering, reading, changing."""

    def listed(call: Call) -> Any:
        query = read_query(call.request.GET, listing=LISTING)
        of = call.by.organization_id
        return page_of(
            queries.bare_partners(of, side=side, q=query.q),
            query,
            listing=LISTING,
            shape=lambda partner: partner_out(partner, side=side),
            ready=lambda found: queries.add_parts(found, organization_id=of),
        )

    def created(call: Call) -> PartnerOut:
        partner = operations.create_partner(by=call.by, side=side, data=call.body, at=call.at)
        return shaped(call, partner.id, side)

    def read(call: Call) -> PartnerOut:
        return shaped(call, call.id, side)

    def updated(call: Call) -> PartnerOut:
        operations.update_partner(
            call.id, by=call.by, side=side, data=call.body, at=call.at, version=call.version
        )
        return shaped(call, call.id, side)

    enter = {"body": PartnerIn, "example": EXAMPLE}
    return (
        ("GET", f"{many}/", listed, "partner.view", f"List {many}", {"listing": LISTING}),
        ("POST", f"{many}/", created, "partner.edit", f"Enter a {one}", enter),
        ("GET", f"{many}/{{id}}/", read, "partner.view", f"Read a {one}", {}),
        ("PATCH", f"{many}/{{id}}/", updated, "partner.edit", f"Change a {one}",
         {"body": PartnerPatch}),
    )  # fmt: skip


def parted_with(one: str, many: str, side: str) -> tuple[Row, ...]:
    """Putting away and bringing back, deleting, erasing."""

    def archived(call: Call) -> PartnerOut:
        queries.get_partner(call.by.organization_id, call.id, side=side)
        operations.archive_partner(call.id, by=call.by, at=call.at, version=call.version)
        return shaped(call, call.id, side)

    def restored(call: Call) -> PartnerOut:
        queries.get_partner(call.by.organization_id, call.id, side=side)
        operations.restore_partner(call.id, by=call.by, at=call.at, version=call.version)
        return shaped(call, call.id, side)

    def deleted(call: Call) -> None:
        queries.get_partner(call.by.organization_id, call.id, side=side)
        operations.delete_partner(call.id, by=call.by, version=call.version)

    def erased(call: Call) -> ErasureOut:
        Wire(call.body).known(())
        with transaction(call.by.organization_id):
            queries.get_partner(call.by.organization_id, call.id, side=side)
        plan = erasure.erase_partner(call.id, by=call.by, at=call.at, today=call.today)
        return ErasureOut(plan.is_whole, plan.kept_until, plan.source)

    return (
        ("POST", f"{many}/{{id}}/archive/", archived, "partner.edit", f"Put a {one} away", {}),
        ("POST", f"{many}/{{id}}/restore/", restored, "partner.edit", f"Bring a {one} back", {}),
        ("POST", f"{many}/{{id}}/erase/", erased, "partner.erase",
         f"Erase what is kept of a {one} without need", {"answer": ErasureOut, "is_bare": True}),
        ("DELETE", f"{many}/{{id}}/", deleted, "partner.delete", f"Delete an unused {one}",
         {"answer": None}),
    )  # fmt: skip


def shaped(call: Call, partner_id: Any, side: str) -> PartnerOut:
    """One side's view of a partner."""
    partner = queries.get_partner(call.by.organization_id, partner_id, side=side)
    return partner_out(partner, side=side)


def name_of(handler: Handler, one: str, many: str) -> str:
    """The name of one side's operation."""
    verbs = {"listed": f"list_{many}", "created": f"create_{one}", "read": f"read_{one}",
             "updated": f"update_{one}", "archived": f"archive_{one}", "restored": f"restore_{one}",
             "deleted": f"delete_{one}", "erased": f"erase_{one}"}  # fmt: skip
    return verbs[handler.__name__]


resource("clients", "customer")
resource("suppliers", "supplier")
