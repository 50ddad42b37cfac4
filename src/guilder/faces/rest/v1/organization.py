"""/organization/: the organization itself, what it prints of itself, and how its papers look."""

from typing import Any, Literal
from uuid import UUID

import msgspec

from guilder.books.invoicing import operations as invoicing
from guilder.faces.rest import proving
from guilder.faces.rest.routes import SIGNED_IN, Call, route
from guilder.faces.rest.wire import Country, Email, Name, TaxRounding, Whole
from guilder.foundation.identity import operations as identity
from guilder.foundation.identity import queries as identities
from guilder.foundation.identity.models import Organization
from guilder.kernel.countries import COUNTRIES
from guilder.kernel.errors import NotFound
from guilder.kernel.wire import Wire
from guilder.office.dispatch import operations as dispatch
from guilder.office.dispatch import queries as dispatches
from guilder.office.dispatch.queries import MailSettingsRecord
from guilder.papers.rendering import operations as rendering
from guilder.papers.rendering import queries as looks
from guilder.papers.rendering.models import Style
from guilder.registers.parties import operations as parties
from guilder.registers.parties import queries as profiles
from guilder.registers.parties.models import SellerProfile

BEGINNING = ("base_currency", "language", "time_zone")  # as `defaults_of` gives them
BANK = frozenset(("iban", "bic", "account_holder", "creditor_id"))


class OrganizationOut(msgspec.Struct):
    """The organization; country and base currency never change."""

    id: UUID
    name: str
    country: str
    base_currency: str
    time_zone: str
    language: str
    tax_rounding: str
    is_demo: bool
    etag: str


class OrganizationPatch(msgspec.Struct, omit_defaults=True, forbid_unknown_fields=True):
    """What changes."""

    name: str = ""
    time_zone: str = ""
    language: str = ""
    tax_rounding: TaxRounding | msgspec.UnsetType = msgspec.UNSET


class OrganizationIn(msgspec.Struct, omit_defaults=True, forbid_unknown_fields=True):
    """A new one; what is left out is as the country has it."""

    name: Name
    country: Country
    base_currency: str = ""
    time_zone: str = ""
    language: str = ""


class SellerOut(msgspec.Struct):
    """What stands on every paper about the seller."""

    legal_name: str
    trading_name: str
    vat_id: str
    tax_number: str
    legal_registration: str
    registration_scheme: str
    legal_information: str
    line1: str
    line2: str
    line3: str
    postal_code: str
    city: str
    region: str
    country: str
    contact_name: str
    email: str
    phone: str
    website: str
    endpoint: str
    endpoint_scheme: str
    iban: str
    bic: str
    account_holder: str
    creditor_id: str
    reference_scheme: str
    terms: dict[str, Any]
    etag: str


ReferenceScheme = Literal["", "RF", "OGM", "FI", "KID", "QRR"]


class SellerPatch(msgspec.Struct, omit_defaults=True, forbid_unknown_fields=True):
    """What changes of the seller."""

    legal_name: str = ""
    trading_name: str = ""
    vat_id: str = ""
    tax_number: str = ""
    legal_registration: str = ""
    registration_scheme: str = ""
    legal_information: str = ""
    line1: str = ""
    line2: str = ""
    line3: str = ""
    postal_code: str = ""
    city: str = ""
    region: str = ""
    country: Country | msgspec.UnsetType = msgspec.UNSET
    contact_name: str = ""
    email: Email | msgspec.UnsetType = msgspec.UNSET
    phone: str = ""
    website: str = ""
    endpoint: str = ""
    endpoint_scheme: str = ""
    iban: str = ""
    bic: str = ""
    account_holder: str = ""
    creditor_id: str = ""
    reference_scheme: ReferenceScheme = ""
    terms: dict[str, Any] = {}


class LookOut(msgspec.Struct):
    """How papers look; colours are #rrggbb."""

    style: str
    color: str
    accent: str
    paper: str
    header: str
    intro: str
    closing: str
    footer: str
    payment_code: bool
    tax_code: bool
    has_logo: bool
    etag: str


class LookPatch(msgspec.Struct, omit_defaults=True, forbid_unknown_fields=True):
    """What changes of the look."""

    style: str = ""
    color: str = ""
    accent: str = ""
    paper: str = ""
    header: str = ""
    intro: str = ""
    closing: str = ""
    footer: str = ""
    payment_code: bool = True
    tax_code: bool = False


def organization_out(row: Organization) -> OrganizationOut:
    """The shape of the organization."""
    fields = OrganizationOut.__struct_fields__[:-1]
    return OrganizationOut(**{name: getattr(row, name) for name in fields}, etag=f'"{row.version}"')


def seller_out(row: SellerProfile) -> SellerOut:
    """The shape of the seller's profile."""
    fields = SellerOut.__struct_fields__[:-1]
    return SellerOut(**{name: getattr(row, name) for name in fields}, etag=f'"{row.version}"')


def look_out(row: Style) -> LookOut:
    """The shape of the look."""
    fields = LookPatch.__struct_fields__
    return LookOut(
        **{name: getattr(row, name) for name in fields},
        has_logo=row.logo_id is not None,
        etag=f'"{row.version}"',
    )


@route("GET", "organization/", permission="settings.view", answer=OrganizationOut)
def read_organization(call: Call) -> OrganizationOut:
    """Read the organization"""
    return organization_out(identities.get_organization(call.by.organization_id))


@route(
    "PATCH",
    "organization/",
    permission="settings.edit",
    body=OrganizationPatch,
    answer=OrganizationOut,
    example={"time_zone": "Europe/Berlin"},
)
def update_organization(call: Call) -> OrganizationOut:
    """Change the organization"""
    wire = Wire(call.body)
    wire.known(OrganizationPatch.__struct_fields__)
    data = {name: wire.text(name, most=200, required=True) for name in call.body}
    wire.done()
    return organization_out(
        identity.update_organization(by=call.by, data=data, version=call.version)
    )


@route(
    "POST",
    "organizations/",
    permission=SIGNED_IN,
    body=OrganizationIn,
    answer=OrganizationOut,
    founds=True,
    tag="organization",
    example={"name": "Northlight France SARL", "country": "FR"},
)
def found_organization(call: Call) -> OrganizationOut:
    """Found a further organization

    Its books are open at once, and who founds it is its admin: name it in Guilder-Organization from
    then on. For operators, and for everybody where everybody may make an account; a key founds
    nothing.
    """
    wire = Wire(call.body)
    wire.known(OrganizationIn.__struct_fields__)
    name = wire.text("name", most=200, required=True)
    country = wire.text("country", most=2, required=True).upper()
    if country and country not in COUNTRIES:
        wire.fault("country", "unknown_country", "Enter a country by its two letters, such as DE.")
    given = {one: wire.text(one, most=60) for one in BEGINNING}
    wire.done()
    if call.by.user_id is None or call.by.key_id is not None:
        raise identity.NoFounder("A key founds nothing. Sign in as a person.")
    usual = dict(zip(BEGINNING, identities.defaults_of(country), strict=True))
    made = identity.found_organization(
        call.by.user_id,
        name=name,
        country=country,
        organization_id=call.founded,
        **{one: given[one] or usual[one] for one in BEGINNING},
    )
    by = identities.actor_for(
        call.by.user_id,
        made.id,
        source=call.by.source,
        request_id=call.by.request_id,
        address=call.by.address,
    )
    invoicing.open_books(by=by)
    return organization_out(made)


@route("GET", "organization/seller/", permission="settings.view", answer=SellerOut)
def read_seller(call: Call) -> SellerOut:
    """Read what stands on papers about the seller"""
    profile = profiles.seller_profile(call.by.organization_id)
    if profile is None:
        raise NotFound("The organization has no profile yet. Open its books first.")
    return seller_out(profile)


def asked_for_bank(call: Call) -> None:
    """Where the money goes is changed only after a fresh proof."""
    if BANK & call.body.keys():
        proving.guard("settings.edit")(call)


@route(
    "PATCH",
    "organization/seller/",
    permission="settings.edit",
    before=asked_for_bank,
    body=SellerPatch,
    answer=SellerOut,
    example={"legal_name": "Northlight Studio GmbH", "vat_id": "DE123456788"},
)
def update_seller(call: Call) -> SellerOut:
    """Change what stands on papers about the seller"""
    return seller_out(parties.set_seller_profile(by=call.by, data=call.body, version=call.version))


@route("GET", "organization/look/", permission="settings.view", answer=LookOut)
def read_look(call: Call) -> LookOut:
    """Read how papers look"""
    return look_out(looks.style_of(call.by.organization_id) or Style())


@route(
    "PATCH",
    "organization/look/",
    permission="settings.edit",
    body=LookPatch,
    answer=LookOut,
    example={"style": "atlas", "color": "#0e5a4a"},
)
def update_look(call: Call) -> LookOut:
    """Change how papers look"""
    return look_out(rendering.set_style(by=call.by, data=call.body, version=call.version))


class MailSettingsOut(msgspec.Struct):
    """How mail is sent and returns are read; `server` says whose server sends."""

    sender_name: str
    sender_email: str
    reply_to: str
    copy_to: str
    host: str
    port: int
    security: str
    user: str
    has_password: bool
    imap_host: str
    imap_port: int
    imap_security: str
    imap_user: str
    imap_folder: str
    has_imap_password: bool
    server: str
    etag: str


class MailSettingsPatch(msgspec.Struct, omit_defaults=True, forbid_unknown_fields=True):
    """What changes; an empty password takes it away, none is ever read back."""

    sender_name: str = ""
    sender_email: str = ""
    reply_to: str = ""
    copy_to: str = ""
    host: str = ""
    port: Whole = 587
    security: str = "starttls"
    user: str = ""
    password: str = ""
    imap_host: str = ""
    imap_port: Whole = 993
    imap_security: str = "tls"
    imap_user: str = ""
    imap_folder: str = ""
    imap_password: str = ""


def mail_settings_out(record: MailSettingsRecord) -> MailSettingsOut:
    """The shape of the mail settings."""
    fields = MailSettingsOut.__struct_fields__[:-1]
    return MailSettingsOut(
        **{name: getattr(record, name) for name in fields}, etag=f'"{record.version}"'
    )


@route("GET", "organization/mail/", permission="settings.view", answer=MailSettingsOut)
def read_mail_settings(call: Call) -> MailSettingsOut:
    """Read how mail is sent"""
    return mail_settings_out(dispatches.get_mail_settings(by=call.by))


@route(
    "PATCH",
    "organization/mail/",
    permission="settings.edit",
    body=MailSettingsPatch,
    answer=MailSettingsOut,
    example={"sender_name": "Northlight Studio", "sender_email": "office@northlight.example"},
)
def update_mail_settings(call: Call) -> MailSettingsOut:
    """Change how mail is sent"""
    return mail_settings_out(
        dispatch.set_mail_settings(by=call.by, data=call.body, version=call.version)
    )
