"""Entering, changing and putting away partners; and the organization's own profile."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db import transaction as database
from django.db.models import ProtectedError
from django.db.utils import IntegrityError

from guilder.foundation.audit import operations as audit
from guilder.foundation.events import bus
from guilder.foundation.identity.models import Organization
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.kernel.errors import Conflict, GuilderError, Invalid, Problem, Stale
from guilder.registers.parties import queries
from guilder.registers.parties.assigning import NotAPortalPerson as NotAPortalPerson
from guilder.registers.parties.assigning import assign_clients as assign_clients
from guilder.registers.parties.assigning import open_portal as open_portal
from guilder.registers.parties.erasing import strip_partner as strip_partner
from guilder.registers.parties.events import (
    PartnerArchived,
    PartnerChanged,
    PartnerCreated,
    PartnerDeleted,
    SellerProfileChanged,
)
from guilder.registers.parties.models import (
    Partner,
    PartnerAddress,
    PartnerBankAccount,
    PartnerContact,
    Partnership,
    PartnerTaxId,
    SellerProfile,
)
from guilder.registers.parties.own_accounts import AccountShown as AccountShown
from guilder.registers.parties.own_accounts import NoSuchAccount as NoSuchAccount
from guilder.registers.parties.own_accounts import remove_account as remove_account
from guilder.registers.parties.own_accounts import save_account as save_account
from guilder.registers.parties.own_accounts import show_account as show_account
from guilder.registers.parties.portal import NoSuchGuest as NoSuchGuest
from guilder.registers.parties.portal import accept_invitation as accept_invitation
from guilder.registers.parties.portal import invite_guest as invite_guest
from guilder.registers.parties.portal import show_out as show_out
from guilder.registers.parties.portal import uninvite_guest as uninvite_guest
from guilder.registers.parties.profile import read_profile
from guilder.registers.parties.reading import PartnerInput, read_partner
from guilder.registers.parties.sides import take_on as take_on
from guilder.registers.parties.vat_checks import NoVatId as NoVatId
from guilder.registers.parties.vat_checks import ask_about as ask_about
from guilder.registers.parties.vat_checks import check_vat_id as check_vat_id
from guilder.registers.parties.vat_checks import keep_answer as keep_answer
from guilder.registers.parties.vat_services import CannotBeAsked as CannotBeAsked
from guilder.registers.parties.vat_services import NoAnswer as NoAnswer

CODE_PREFIX = {"customer": "C", "supplier": "S"}
FIRST_CODE = 10_001


class PartnerInUse(Conflict):
    """Documents refer to the partner."""

    code = "partner.in_use"


def create_partner(*, by: Actor, side: str, data: Mapping[str, Any], at: datetime) -> Partner:
    """Enter a partner as `side` ("customer" or "supplier") from raw values.

    Needs kind, name and an address with a country; the rest has defaults. Raises Invalid with every
    fault. `at` is now.
    """
    by.require("partner.edit")
    read = read_partner(data, is_new=True)
    with transaction(by.organization_id):
        columns = {"code": next_code(by.organization_id, side), **read.partner}
        refuse_taken_code(by.organization_id, columns["code"])
        partner = Partner.objects.create(
            organization_id=by.organization_id,
            created_by_id=by.user_id,
            created_at=at,
            updated_at=at,
            **columns,
        )
        save_parts(partner, read)
        agree(partner, side=side, agreed=read.agreed)
        audit.record(
            by=by,
            action="partner.create",
            table="parties_partner",
            row_id=partner.id,
            before=None,
            after=audited(partner),
        )
        bus.publish(PartnerCreated(partner_id=partner.id, side=side, name=partner.name), by=by)
        return partner


class Undone(Exception):
    """Nothing of it is to stay."""


def create_partners(
    rows: Sequence[Mapping[str, Any]],
    *,
    by: Actor,
    side: str,
    at: datetime,
    only_check: bool = False,
) -> list[GuilderError | None]:
    """Enter many as `side` from raw values: all of them, or none where one has a fault.

    Gives for each row what is wrong with it, or None. With `only_check` nothing stays.
    """
    by.require("partner.edit")
    found: list[GuilderError | None] = []
    with suppress(Undone), transaction(by.organization_id):
        for row in rows:
            try:
                with database.atomic():
                    create_partner(by=by, side=side, data=row, at=at)
            except GuilderError as error:
                found.append(error)
            else:
                found.append(None)
        if only_check or any(found):
            raise Undone
    return found


def update_partner(
    partner_id: UUID,
    *,
    by: Actor,
    side: str,
    data: Mapping[str, Any],
    at: datetime,
    version: int | None = None,
) -> Partner:
    """Change what `data` names; lists are replaced whole. Raises Invalid, Stale, NoSuchPartner."""
    by.require("partner.edit")
    read = read_partner(data, is_new=False)
    with transaction(by.organization_id):
        partner = locked(partner_id, by=by, side=side, version=version)
        before = audited(partner)
        if "code" in read.partner and read.partner["code"] != partner.code:
            refuse_taken_code(by.organization_id, read.partner["code"])
        for name, value in read.partner.items():
            setattr(partner, name, value)
        touch(partner, at=at)
        save_parts(partner, read)
        agree(partner, side=side, agreed=read.agreed)
        audit.record(
            by=by,
            action="partner.update",
            table="parties_partner",
            row_id=partner.id,
            before=before,
            after=audited(partner),
        )
        bus.publish(PartnerChanged(partner_id=partner.id, name=partner.name), by=by)
        return queries.get_partner(by.organization_id, partner.id)


def archive_partner(
    partner_id: UUID, *, by: Actor, at: datetime, version: int | None = None
) -> Partner:
    """Put a partner away: it is offered no more, its documents stay. Twice is once."""
    by.require("partner.edit")
    with transaction(by.organization_id):
        partner = locked(partner_id, by=by, side="", version=version)
        if partner.archived_at is None:
            partner.archived_at = at
            touch(partner, at=at)
            audit.record(
                by=by,
                action="partner.archive",
                table="parties_partner",
                row_id=partner.id,
                before={"archived": False},
                after={"archived": True},
            )
            bus.publish(PartnerArchived(partner_id=partner.id), by=by)
        return partner


def restore_partner(
    partner_id: UUID, *, by: Actor, at: datetime, version: int | None = None
) -> Partner:
    """Bring an archived partner back. Twice is once."""
    by.require("partner.edit")
    with transaction(by.organization_id):
        partner = locked(partner_id, by=by, side="", version=version)
        if partner.archived_at is not None:
            partner.archived_at = None
            touch(partner, at=at)
            audit.record(
                by=by,
                action="partner.restore",
                table="parties_partner",
                row_id=partner.id,
                before={"archived": True},
                after={"archived": False},
            )
            bus.publish(PartnerChanged(partner_id=partner.id, name=partner.name), by=by)
        return partner


def delete_partner(partner_id: UUID, *, by: Actor, version: int | None = None) -> None:
    """Delete a partner that nothing refers to; PartnerInUse says to archive it instead."""
    by.require("partner.delete")
    try:
        with transaction(by.organization_id):
            partner = locked(partner_id, by=by, side="", version=version)
            before = audited(partner)
            partner.delete()
            audit.record(
                by=by,
                action="partner.delete",
                table="parties_partner",
                row_id=partner_id,
                before=before,
                after=None,
            )
            bus.publish(PartnerDeleted(partner_id=partner_id), by=by)
    except (ProtectedError, IntegrityError):
        raise PartnerInUse(
            "Documents refer to this partner. Archive it instead of deleting it."
        ) from None


def set_seller_profile(
    *, by: Actor, data: Mapping[str, Any], version: int | None = None
) -> SellerProfile:
    """Change what documents say about the organization itself, from raw values."""
    by.require("settings.edit")
    columns = read_profile(data)
    with transaction(by.organization_id):
        profile = SellerProfile.objects.of(by.organization_id).lock().first()
        if profile is None:
            raise Conflict("The organization has no profile yet. Open its books first.")
        if version is not None and version != profile.version:
            raise Stale("The profile was changed in the meantime. Read it again.")
        before = {name: getattr(profile, name) for name in columns}
        for name, value in columns.items():
            setattr(profile, name, value)
        profile.version += 1
        profile.save()
        audit.record(
            by=by,
            action="seller.update",
            table="parties_sellerprofile",
            row_id=profile.id,
            before=before,
            after=columns,
        )
        bus.publish(SellerProfileChanged(organization_id=by.organization_id), by=by)
        return profile


def set_up(*, by: Actor) -> SellerProfile:
    """Give a new organization its profile, with its name and country."""
    by.require("settings.edit")
    with transaction(by.organization_id):
        organization = Organization.objects.get(id=by.organization_id)
        return SellerProfile.objects.create(
            organization_id=by.organization_id,
            legal_name=organization.name,
            country=organization.country,
        )


def locked(partner_id: UUID, *, by: Actor, side: str, version: int | None) -> Partner:
    """The partner with its parts, under lock, in the version that the caller read."""
    partner = queries.get_partner(by.organization_id, partner_id, side=side)
    current = Partner.objects.of(by.organization_id).lock().get(id=partner_id)
    if version is not None and version != current.version:
        raise Stale("This partner was changed in the meantime. Read it again.")
    partner.version = current.version
    return partner


def touch(partner: Partner, *, at: datetime) -> None:
    """Save with a new version."""
    partner.version += 1
    partner.updated_at = at
    partner.save()


def save_parts(partner: Partner, read: PartnerInput) -> None:
    """Replace the parts that were sent; a single `address` replaces the one of its use."""
    for model, rows in (
        (PartnerContact, read.contacts),
        (PartnerTaxId, read.tax_ids),
        (PartnerBankAccount, read.bank_accounts),
    ):
        if rows is not None:
            if model is PartnerTaxId:
                keep_answers(partner, rows)
            of_partner(model, partner).delete()
            insert(model, partner, rows)
    if read.addresses is not None:
        uses = [row["use"] for row in read.addresses]
        old = of_partner(PartnerAddress, partner)
        (old if read.all_addresses else old.filter(use__in=uses)).delete()
        insert(PartnerAddress, partner, read.addresses)


def keep_answers(partner: Partner, rows: Sequence[dict[str, Any]]) -> None:
    """A number that stays the same stays checked."""
    known = {(one.scheme, one.value): one for one in of_partner(PartnerTaxId, partner)}
    for row in rows:
        same = known.get((row["scheme"], row["value"]))
        if same is not None:
            row.update(is_valid=same.is_valid, checked_at=same.checked_at)


def of_partner(model: Any, partner: Partner) -> Any:
    """The partner's rows of one part."""
    return model.objects.of(partner.organization_id).filter(partner=partner)


def insert(model: Any, partner: Partner, rows: list[dict[str, Any]]) -> None:
    """New rows of one part."""
    model.objects.bulk_create(
        [model(organization_id=partner.organization_id, partner=partner, **row) for row in rows]
    )


def agree(partner: Partner, *, side: str, agreed: dict[str, Any]) -> None:
    """Make or change the partnership on one side."""
    row = of_partner(Partnership, partner).filter(side=side).first()
    if row is None:
        organization = Organization.objects.only("base_currency").get(id=partner.organization_id)
        row = Partnership(
            organization_id=partner.organization_id,
            partner=partner,
            side=side,
            currency=organization.base_currency,
        )
    for name, value in agreed.items():
        setattr(row, name, value)
    row.save()


def next_code(organization_id: UUID, side: str) -> str:
    """The next free code, such as C-10001; two at once wait for each other."""
    prefix = CODE_PREFIX[side]
    with connection.cursor() as cursor:
        mark = f"partner code {organization_id} {prefix}"
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [mark])
        cursor.execute(
            "SELECT max(substr(code, 3)::bigint) FROM parties_partner "
            "WHERE organization_id = %s AND code ~ %s",
            [organization_id, f"^{prefix}-[0-9]{{5,12}}$"],
        )
        (highest,) = cursor.fetchone() or (None,)
    return f"{prefix}-{(highest or FIRST_CODE - 1) + 1}"


def refuse_taken_code(organization_id: UUID, code: str) -> None:
    """Invalid when another partner has the code."""
    if Partner.objects.of(organization_id).filter(code=code).exists():
        raise Invalid(
            problems=[Problem("/code", "partner.code_taken", f"{code} is another partner's code.")]
        )


def audited(partner: Partner) -> dict[str, Any]:
    """What the audit trail keeps of a partner: its columns and parts as they stand now."""
    left_out = {"id", "organization", "created_at", "updated_at", "created_by_id", "archived_at"}
    columns = {
        field.name: getattr(partner, field.name)
        for field in partner._meta.concrete_fields
        if field.name not in left_out and not field.generated
    }
    parts = {
        name: [
            {
                field.attname: str(value)
                if isinstance(value := getattr(row, field.attname), UUID)
                else value
                for field in row._meta.concrete_fields
                if field.attname not in {"id", "organization_id", "partner_id", "checked_at"}
            }
            for row in of_partner(model, partner).order_by("id")
        ]
        for name, model in (
            ("addresses", PartnerAddress),
            ("contacts", PartnerContact),
            ("tax_ids", PartnerTaxId),
            ("bank_accounts", PartnerBankAccount),
            ("partnerships", Partnership),
        )
    }
    return columns | parts
