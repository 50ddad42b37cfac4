"""Reading who of a client comes in by the portal, and who is asked."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from guilder.foundation.identity import queries as people
from guilder.foundation.identity.operations.invitations import VALID_FOR
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.registers.parties.models import PortalAccess, PortalInvitation


@dataclass(frozen=True, slots=True, kw_only=True)
class Guest:
    """Somebody of a client: with `user_id` they come in, with `invitation_id` they are asked."""

    name: str
    email: str
    since: datetime
    user_id: UUID | None = None
    invitation_id: UUID | None = None
    is_over: bool = False  # the link of the invitation is too old


def guests_of(partner_id: UUID, *, by: Actor, at: datetime) -> list[Guest]:
    """Who comes in for a client, by name, then who is asked."""
    by.require("portal.invite")
    with transaction(by.organization_id):
        inside = PortalAccess.objects.of(by.organization_id).filter(partner_id=partner_id)
        since = dict(inside.values_list("user_id", "created_at"))
        asked = PortalInvitation.objects.of(by.organization_id).filter(partner_id=partner_id)
        wanted = set(asked.values_list("invitation_id", flat=True))
    members = people.list_members(by.organization_id)
    waiting = people.invitations_of(by.organization_id)
    return [
        *(
            Guest(
                name=one.user.get_full_name(), email=one.user.email,
                since=since[one.user.id], user_id=one.user.id,
            )
            for one in members
            if one.user.id in since and one.is_active
        ),
        *(
            Guest(
                name=one.name or one.email, email=one.email, since=one.asked_at,
                invitation_id=one.id, is_over=one.asked_at + VALID_FOR <= at,
            )
            for one in waiting
            if one.id in wanted
        ),
    ]  # fmt: skip
