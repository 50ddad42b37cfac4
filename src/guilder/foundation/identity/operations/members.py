"""What a member is: a built-in role or one of the organization's, and in whose team."""

from uuid import UUID

from guilder.foundation.audit import operations as audit
from guilder.foundation.events import bus
from guilder.foundation.identity.events import MemberRoleChanged
from guilder.foundation.identity.models import CustomRole, Membership
from guilder.foundation.identity.operations.organizations import (
    find_member,
    note,
    refuse_last_admin,
    refuse_unknown_role,
    reinstate,
    told,
)
from guilder.foundation.identity.permissions import ADMIN
from guilder.foundation.identity.queries import NoSuchMember
from guilder.foundation.identity.team import NoSuchRole, get_role
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.kernel.errors import Conflict


class NotTheirLead(Conflict):
    """Nobody leads themselves, nor those who lead them."""

    code = "identity.not_their_lead"


def role_of(text: str, *, by: Actor) -> tuple[str, CustomRole | None]:
    """(built-in role, the organization's own) that a text names. Raises UnknownRole, NoSuchRole."""
    try:
        role_id = UUID(text)
    except ValueError:
        refuse_unknown_role(text)
        return text, None
    custom = get_role(role_id, by=by)
    return custom.based_on, custom


def set_role(user_id: UUID, *, by: Actor, role: str) -> Membership:
    """Give a member a role: a built-in one by name, one of the organization's by id.

    Raises UnknownRole, NoSuchRole, NoSuchMember, LastAdmin.
    """
    by.require("member.edit")
    built_in, custom = role_of(role, by=by)
    with transaction(by.organization_id):
        member = find_member(user_id, by=by)
        if custom is None and member.custom_role_id is None:  # type: ignore[attr-defined]
            return reinstate(member, built_in, by=by)
        if built_in != ADMIN:
            refuse_last_admin(member, by=by)
        before = told(member)
        member.role, member.custom_role = built_in, custom
        member.save(update_fields=["role", "custom_role"])
        note(by, "member.change_role", member, before=before)
        bus.publish(MemberRoleChanged(user_id=user_id, role=built_in), by=by)
    return member


def set_lead(user_id: UUID, *, by: Actor, lead_id: UUID | None) -> Membership:
    """Put a member into somebody's team, or into none. Raises NoSuchMember, NotTheirLead."""
    by.require("member.edit")
    with transaction(by.organization_id):
        member = find_member(user_id, by=by)
        if lead_id is not None:
            lead = find_member(lead_id, by=by)
            if lead_id == user_id or lead.lead_id == user_id:  # type: ignore[attr-defined]
                raise NotTheirLead("Choose somebody else: nobody leads who leads them.")
        if member.lead_id == lead_id:  # type: ignore[attr-defined]
            return member
        before = {"lead_id": member.lead_id}  # type: ignore[attr-defined]
        member.lead_id = lead_id  # type: ignore[attr-defined]
        member.save(update_fields=["lead"])
        audit.record(
            by=by,
            action="member.lead",
            table="identity_membership",
            row_id=member.id,
            before=before,
            after={"lead_id": lead_id},
        )
    return member


__all__ = ("NoSuchMember", "NoSuchRole", "NotTheirLead", "role_of", "set_lead", "set_role")
