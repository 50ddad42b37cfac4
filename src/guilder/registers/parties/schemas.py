"""The public shape of a partner, as REST, webhooks and exports give it."""

from typing import Any

import msgspec

from guilder.registers.parties.models import Partner, Partnership, SellerProfile

# A plain PDF, or an e-invoice by the names of papers.exchange.
DELIVERY_FORMATS = (
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
)


class AddressOut(msgspec.Struct):
    """A structured address."""

    use: str
    line1: str
    line2: str
    line3: str
    postal_code: str
    city: str
    region: str
    country: str


class ContactOut(msgspec.Struct):
    """A person at the partner."""

    name: str
    email: str
    phone: str
    role: str
    is_primary: bool


class TaxIdOut(msgspec.Struct):
    """A number with its scheme; `is_valid` is null until it was checked online."""

    scheme: str
    value: str
    code: str
    country: str
    is_valid: bool | None


class BankAccountOut(msgspec.Struct):
    """An account."""

    iban: str
    bic: str
    account: str
    holder: str
    is_default: bool


class PartnerOut(msgspec.Struct):
    """A client or supplier with all that is agreed."""

    id: str
    kind: str
    code: str
    name: str
    trading_name: str
    legal_registration: str
    email: str
    phone: str
    website: str
    language: str
    notes: str
    address: AddressOut | None
    addresses: list[AddressOut]
    contacts: list[ContactOut]
    tax_ids: list[TaxIdOut]
    bank_accounts: list[BankAccountOut]
    currency: str
    terms: dict[str, Any]
    tax_treatment: str
    price_list: str
    delivery_channel: str
    delivery_format: str
    buyer_reference: str
    custom_fields: dict[str, str]
    is_archived: bool
    created_at: str
    updated_at: str
    etag: str


def partner_out(partner: Partner, *, side: str) -> PartnerOut:
    """The public shape; give the partner with its parts prefetched (queries.get_partner)."""
    agreed = next((row for row in partner.partnerships.all() if row.side == side), Partnership())
    addresses = [
        AddressOut(**{name: getattr(row, name) for name in AddressOut.__struct_fields__})
        for row in partner.addresses.all()
    ]
    return PartnerOut(
        id=str(partner.id),
        kind=partner.kind,
        code=partner.code,
        name=partner.name,
        trading_name=partner.trading_name,
        legal_registration=partner.legal_registration,
        email=partner.email,
        phone=partner.phone,
        website=partner.website,
        language=partner.language,
        notes=partner.notes,
        address=next((row for row in addresses if row.use == "billing"), None),
        addresses=addresses,
        contacts=[
            ContactOut(row.name, row.email, row.phone, row.role, row.is_primary)
            for row in sorted(partner.contacts.all(), key=lambda row: row.position)
        ],
        tax_ids=[
            TaxIdOut(row.scheme, row.value, row.code, row.country, row.is_valid)
            for row in partner.tax_ids.all()
        ],
        bank_accounts=[
            BankAccountOut(row.iban, row.bic, row.account, row.holder, row.is_default)
            for row in partner.bank_accounts.all()
        ],
        currency=agreed.currency,
        terms=agreed.terms,
        tax_treatment=agreed.tax_treatment,
        price_list=agreed.price_list,
        delivery_channel=agreed.delivery_channel,
        delivery_format=agreed.delivery_format,
        buyer_reference=agreed.buyer_reference,
        custom_fields=partner.custom_fields,
        is_archived=partner.archived_at is not None,
        created_at=instant(partner.created_at),
        updated_at=instant(partner.updated_at),
        etag=str(partner.version),
    )


def seller_out(profile: SellerProfile) -> dict[str, Any]:
    """The seller's profile as it is edited: every column by its name."""
    left_out = {"id", "organization", "version"}
    return {
        field.name: getattr(profile, field.name)
        for field in profile._meta.concrete_fields
        if field.name not in left_out
    } | {"etag": str(profile.version)}


def instant(moment: Any) -> str:
    """ISO 8601 in UTC with Z."""
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
