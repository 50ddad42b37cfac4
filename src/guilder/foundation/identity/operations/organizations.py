"""Organizations and who belongs to them."""

from typing import Any
from uuid import UUID

from django.conf import settings

from guilder.foundation.audit import operations as audit
from guilder.foundation.events import bus
from guilder.foundation.identity.events import (
    MemberAdded,
    MemberRemoved,
    MemberRoleChanged,
    OrganizationChanged,
    OrganizationCreated,
)
from guilder.foundation.identity.models import Membership, Organization, TaxRounding, User
from guilder.foundation.identity.permissions import ADMIN, ALL, ROLES
from guilder.foundation.identity.queries import NoSuchMember, actor_for
from guilder.foundation.tenancy.ids import uuid7
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.kernel.currencies import is_currency
from guilder.kernel.errors import Conflict, Invalid, Problem, Stale
from guilder.kernel.zones import time_zones

CHANGEABLE = ("name", "time_zone", "language", "tax_rounding")


class BadOrganization(Invalid):
    """Something about the organization's data is wrong; `problems` say what."""

    code = "identity.bad_organization"


class UnknownRole(Invalid):
    """There is no such role."""

    code = "identity.unknown_role"


class LastAdmin(Conflict):
    """Somebody must remain who can let others in."""

    code = "identity.last_admin"


class ChangedMeanwhile(Stale):
    """The organization changed since it was read."""

    code = "identity.changed_meanwhile"


def create_organization(
    *,
    name: str,
    country: str,
    base_currency: str,
    owner: User,
    time_zone: str = "UTC",
    language: str = "en",
    tax_rounding: str = TaxRounding.GROUP,
    is_demo: bool = False,
    organization_id: UUID | None = None,
) -> Organization:
    """A new organization with `owner` as its admin; its books are opened by `open_books`.

    `organization_id` is the id that it gets, of a transaction that is open for it.
    `country` is ISO 3166-1 alpha-2, `base_currency` ISO 4217. Raises BadOrganization.
    """
    fields = {
        "name": name.strip(),
        "country": country.strip().upper(),
        "base_currency": base_currency.strip().upper(),
        "time_zone": time_zone,
        "language": language,
        "tax_rounding": str(tax_rounding),
    }
    refuse_faults(fields)
    organization = Organization(id=organization_id or uuid7(), is_demo=is_demo, **fields)
    with transaction(organization.id):
        organization.save(force_insert=True)
        Membership.objects.create(user=owner, organization=organization, role=ADMIN)
        by = actor_for(owner.id, organization.id, source="system")
        audit.record(
            by=by,
            action="organization.create",
            table="identity_organization",
            row_id=organization.id,
            before=None,
            after=fields,
        )
        bus.publish(
            OrganizationCreated(
                organization_id=organization.id,
                name=organization.name,
                country=organization.country,
                base_currency=organization.base_currency,
            ),
            by=by,
        )
    return organization


def update_organization(
    *, by: Actor, data: dict[str, Any], version: int | None = None
) -> Organization:
    """Change name, time zone, language or rounding. Raises BadOrganization, ChangedMeanwhile."""
    by.require("settings.edit")
    changes = {name: str(value).strip() for name, value in data.items() if name in CHANGEABLE}
    refuse_faults(changes)
    with transaction(by.organization_id):
        rows = Organization.objects.select_for_update(no_key=True)
        organization = rows.get(id=by.organization_id)
        if version is not None and version != organization.version:
            raise ChangedMeanwhile("Somebody changed the settings; load them again.")
        before = {name: getattr(organization, name) for name in changes}
        for name, value in changes.items():
            setattr(organization, name, value)
        organization.version += 1
        organization.save(update_fields=[*changes, "version"])
        audit.record(
            by=by,
            action="organization.update",
            table="identity_organization",
            row_id=organization.id,
            before=before,
            after=changes,
        )
        bus.publish(OrganizationChanged(organization_id=organization.id), by=by)
    return organization


def seal_uploads(*, by: Actor, is_on: bool) -> None:
    """Have managers reach uploaded documents only by signed links that expire, or no longer."""
    by.require("settings.edit")
    with transaction(by.organization_id):
        rows = Organization.objects.select_for_update(no_key=True)
        organization = rows.get(id=by.organization_id)
        if organization.sealed_uploads == is_on:
            return
        organization.sealed_uploads = is_on
        organization.version += 1
        organization.save(update_fields=["sealed_uploads", "version"])
        audit.record(
            by=by,
            action="organization.seal_uploads",
            table="identity_organization",
            row_id=organization.id,
            before={"sealed_uploads": not is_on},
            after={"sealed_uploads": is_on},
        )
        bus.publish(OrganizationChanged(organization_id=organization.id), by=by)


def system_actor(organization_id: UUID, source: str = "system") -> Actor:
    """Guilder itself, acting for one organization with all permissions: jobs, set-up, commands."""
    return Actor(
        organization_id=organization_id,
        name="Guilder",
        role=ADMIN,
        source=source,
        permissions=ALL,
    )


def add_member(*, by: Actor, role: str, user_id: UUID | None = None, email: str = "") -> Membership:
    """Make a user a member with `role`, or give a former member that role and let them back in.

    The user is named by id or by mail address. Raises UnknownRole, NoSuchMember, LastAdmin.
    """
    by.require("member.edit")
    refuse_unknown_role(role)
    with transaction(by.organization_id):
        user = find_user(user_id, email)
        known = members_of(by).filter(user=user).first()
        if known is not None:
            return reinstate(known, role, by=by)
        made = Membership.objects.create(user=user, organization_id=by.organization_id, role=role)
        note(by, "member.add", made, before=None)
        bus.publish(MemberAdded(user_id=user.id, role=role), by=by)
        return made


def change_role(user_id: UUID, *, by: Actor, role: str) -> Membership:
    """Give a member another role. Raises UnknownRole, NoSuchMember, LastAdmin."""
    by.require("member.edit")
    refuse_unknown_role(role)
    with transaction(by.organization_id):
        return reinstate(find_member(user_id, by=by), role, by=by)


def remove_member(user_id: UUID, *, by: Actor) -> None:
    """End a membership; the next request is refused. Raises NoSuchMember, LastAdmin."""
    by.require("member.edit")
    with transaction(by.organization_id):
        member = find_member(user_id, by=by)
        refuse_last_admin(member, by=by)
        before = told(member)
        member.is_active = False
        member.save(update_fields=["is_active"])
        note(by, "member.remove", member, before=before)
        bus.publish(MemberRemoved(user_id=user_id), by=by)


def reinstate(member: Membership, role: str, *, by: Actor) -> Membership:
    """Set role and activity of a locked membership."""
    if member.is_active and member.role == role and member.custom_role is None:
        return member
    if role != ADMIN:
        refuse_last_admin(member, by=by)
    before, was_active = told(member), member.is_active
    member.role, member.is_active, member.custom_role = role, True, None
    member.save(update_fields=["role", "is_active", "custom_role"])
    note(by, "member.change_role" if was_active else "member.add", member, before=before)
    event = MemberRoleChanged if was_active else MemberAdded
    bus.publish(event(user_id=member.user_id, role=role), by=by)  # type: ignore[attr-defined]
    return member


def members_of(by: Actor) -> Any:
    """The memberships of the actor's organization, locked in one order."""
    return (
        Membership.objects.select_for_update(of=("self",), no_key=True)
        .filter(organization_id=by.organization_id)
        .order_by("id")
    )


def find_member(user_id: UUID, *, by: Actor) -> Membership:
    """An active membership, locked. Raises NoSuchMember."""
    found = members_of(by).filter(user_id=user_id, is_active=True).first()
    if found is None:
        raise NoSuchMember("There is no such member.")
    return found


def find_user(user_id: UUID | None, email: str) -> User:
    """An active user by id or mail address. Raises NoSuchMember."""
    wanted = {"id": user_id} if user_id is not None else {"email": email.strip().lower()}
    user = User.objects.filter(is_active=True, **wanted).first()
    if user is None:
        raise NoSuchMember("There is no such user; create one first.")
    return user


def refuse_last_admin(member: Membership, *, by: Actor) -> None:
    """Raise LastAdmin if `member` is the only admin left.

    The organization's row is locked first: two admins may remove each other at the same moment.
    """
    if member.role != ADMIN or not member.is_active:
        return
    Organization.objects.select_for_update().get(id=by.organization_id)
    others = Membership.objects.filter(
        organization_id=by.organization_id, role=ADMIN, is_active=True, user__is_active=True
    ).exclude(id=member.id)
    if not others.exists():
        raise LastAdmin("This is the last admin: make somebody else admin first.")


def note(by: Actor, action: str, member: Membership, *, before: dict[str, Any] | None) -> None:
    """The audit entry of a change of membership."""
    audit.record(
        by=by,
        action=action,
        table="identity_membership",
        row_id=member.id,
        before=before,
        after=told(member),
    )


def told(member: Membership) -> dict[str, Any]:
    """What the audit trail says of a membership."""
    return {
        "user_id": member.user_id,  # type: ignore[attr-defined]
        "role": member.role,
        "custom_role_id": member.custom_role_id,  # type: ignore[attr-defined]
        "is_active": member.is_active,
    }


def refuse_unknown_role(role: str) -> None:
    """Raise UnknownRole."""
    if role not in ROLES:
        raise UnknownRole(
            problems=[
                Problem("/role", UnknownRole.code, f"Choose one of these: {', '.join(ROLES)}.")
            ]
        )


def refuse_faults(fields: dict[str, str]) -> None:
    """Raise BadOrganization with every fault in the given fields."""
    checks = {
        "name": (lambda text: 0 < len(text) <= 200, "Enter a name of at most 200 characters."),
        "country": (
            lambda text: len(text) == 2 and text.isascii() and text.isalpha(),
            "Enter a country by its two letters, such as DE.",
        ),
        "base_currency": (is_currency, "Enter a currency by its three letters, such as EUR."),
        "time_zone": (
            lambda text: text in time_zones(),
            "Enter a time zone such as Europe/Berlin.",
        ),
        "language": (
            lambda text: text in dict(settings.LANGUAGES),
            f"Choose one of these: {', '.join(dict(settings.LANGUAGES))}.",
        ),
        "tax_rounding": (
            lambda text: text in TaxRounding.values,
            "Choose “group” (EN 16931) or “line”.",
        ),
    }
    problems = [
        Problem(f"/{name}", f"identity.bad_{name}", checks[name][1])
        for name, value in fields.items()
        if not checks[name][0](value)
    ]
    if problems:
        raise BadOrganization(problems=problems)
