"""Clients' own people: asked in, let in, shown out."""

from datetime import datetime
from typing import Any
from uuid import UUID

from guilder.foundation.audit import operations as audit
from guilder.foundation.events import bus
from guilder.foundation.identity import operations as identities
from guilder.foundation.identity import queries as people
from guilder.foundation.identity.models import Invitation, Membership, User
from guilder.foundation.identity.operations.invitations import AlreadyMember
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.kernel.errors import Conflict, NotFound
from guilder.registers.parties.events import ClientsAssigned
from guilder.registers.parties.models import Partner, PortalAccess, PortalInvitation
from guilder.registers.parties.queries import NoSuchPartner

CLIENT = "client"


class InvitedOtherwise(Conflict):
    """The address is asked in already, to work here."""

    code = "partner.invited_otherwise"


class NoSuchGuest(NotFound):
    """Nobody of that id comes in by the portal for this client."""

    code = "partner.no_such_guest"


def invite_guest(
    partner_id: UUID, *, by: Actor, email: str, at: datetime, name: str = ""
) -> Invitation | None:
    """Ask somebody of a client into the portal; None where they come in for another client
    already and see this one's papers too from now on.

    The caller has the mail sent. Raises NoSuchPartner, AlreadyMember, InvitedOtherwise, and what
    inviting raises.
    """
    by.require("portal.invite")
    address = email.strip().lower()
    with transaction(by.organization_id):
        if not Partner.objects.of(by.organization_id).filter(id=partner_id).exists():
            raise NoSuchPartner("There is no such client.")
        member = member_of(address, by=by)
        if member is not None:
            admit(member.user.id, [partner_id], by=by, at=at)
            return None
        before = waiting_for(address, by=by)
        made = identities.invite_member(by=by, email=address, name=name, role=CLIENT, at=at)
        for one in {partner_id, *before}:
            PortalInvitation.objects.create(
                organization_id=by.organization_id,
                partner_id=one,
                invitation_id=made.id,
                created_by_id=by.user_id,
                created_at=at,
            )
    return made


def member_of(address: str, *, by: Actor) -> Membership | None:
    """The member of that address who comes in by the portal. Raises AlreadyMember for others."""
    found = (
        Membership.objects.select_related("user")
        .filter(organization_id=by.organization_id, is_active=True, user__email=address)
        .first()
    )
    if found is not None and found.role != CLIENT:
        raise AlreadyMember("This person works here already and needs no portal.")
    return found


def waiting_for(address: str, *, by: Actor) -> list[UUID]:
    """The clients for whom an address is asked in already. Raises InvitedOtherwise."""
    waiting = Invitation.objects.filter(
        organization_id=by.organization_id, email=address, accepted_at=None, withdrawn_at=None
    )
    if waiting.exclude(role=CLIENT).exists():
        raise InvitedOtherwise("This person is asked in to work here; see Settings, Team.")
    rows = PortalInvitation.objects.of(by.organization_id)
    rows = rows.filter(invitation_id__in=waiting.values_list("id", flat=True))
    return list(rows.values_list("partner_id", flat=True))


def accept_invitation(secret: str, *, at: datetime, **given: Any) -> tuple[User, UUID]:
    """Come in by a link, as identity's `accept_invitation` says; who is of a client sees that
    client's papers at once."""
    invitation = people.find_invitation(secret, at=at)
    of: UUID = invitation.organization_id  # type: ignore[attr-defined]
    with transaction(of):
        member, organization_id = identities.accept_invitation(secret, at=at, **given)
        rows = PortalInvitation.objects.of(of).filter(invitation_id=invitation.id)
        partners = list(rows.values_list("partner_id", flat=True))
        by = identities.system_actor(of, "web")
        inside = Membership.objects.filter(user=member, organization_id=of, is_active=True)
        if partners and inside.filter(role=CLIENT).exists():
            admit(member.id, partners, by=by, at=at)
        rows.delete()
    return member, organization_id


def admit(user_id: UUID, partner_ids: list[UUID], *, by: Actor, at: datetime) -> None:
    """Show somebody the papers of some clients besides those that they see."""
    by.require("portal.invite")
    with transaction(by.organization_id):
        rows = PortalAccess.objects.of(by.organization_id).filter(user_id=user_id)
        before = set(rows.lock().values_list("partner_id", flat=True))
        fresh = [one for one in partner_ids if one not in before]
        PortalAccess.objects.bulk_create(
            PortalAccess(
                organization_id=by.organization_id,
                user_id=user_id,
                partner_id=one,
                created_by_id=by.user_id,
                created_at=at,
            )
            for one in fresh
        )
        if fresh:
            note(user_id, by=by, before=before, after=before | set(fresh))


def show_out(partner_id: UUID, *, by: Actor, user_id: UUID) -> None:
    """Somebody no longer sees a client's papers; their next request is refused. NoSuchGuest."""
    by.require("portal.invite")
    with transaction(by.organization_id):
        rows = PortalAccess.objects.of(by.organization_id).filter(user_id=user_id)
        before = set(rows.lock().values_list("partner_id", flat=True))
        if partner_id not in before:
            raise NoSuchGuest("There is no such person.")
        rows.filter(partner_id=partner_id).delete()
        note(user_id, by=by, before=before, after=before - {partner_id})


def uninvite_guest(partner_id: UUID, *, by: Actor, invitation_id: UUID, at: datetime) -> None:
    """The link of an invitation works no more for a client; for none at all, it is taken back.

    Raises NoSuchGuest, NoSuchInvitation.
    """
    by.require("portal.invite")
    with transaction(by.organization_id):
        rows = PortalInvitation.objects.of(by.organization_id).filter(invitation_id=invitation_id)
        gone, _ = rows.filter(partner_id=partner_id).delete()
        if not gone:
            raise NoSuchGuest("There is no such person.")
        if not rows.exists():
            identities.withdraw_invitation(invitation_id, by=by, at=at)


def note(user_id: UUID, *, by: Actor, before: set[UUID], after: set[UUID]) -> None:
    """Write down and tell whose papers somebody sees now."""
    audit.record(
        by=by,
        action="portal.open" if len(after) > len(before) else "portal.close",
        table=PortalAccess._meta.db_table,
        row_id=user_id,
        before={"clients": sorted(map(str, before))},
        after={"clients": sorted(map(str, after))},
    )
    bus.publish(ClientsAssigned(user_id=user_id, clients=len(after)), by=by)
