"""Letting people in by mail: invited, reminded, accepted, taken back."""

from datetime import datetime, timedelta
from uuid import UUID

from guilder.foundation.audit import operations as audit
from guilder.foundation.events import bus
from guilder.foundation.identity.events import InvitationWithdrawn, MemberInvited
from guilder.foundation.identity.models import Invitation, Membership, Role, User
from guilder.foundation.identity.operations.keys import create_access_token, revoke_access_tokens
from guilder.foundation.identity.operations.letters import OFF, RegistrationClosed, registration
from guilder.foundation.identity.operations.members import role_of, set_role
from guilder.foundation.identity.operations.organizations import add_member, system_actor
from guilder.foundation.identity.operations.users import BadUser, create_user, email_problems
from guilder.foundation.identity.passwords import guessed_problems
from guilder.foundation.identity.team import NoSuchInvitation, find_invitation
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.kernel.errors import Conflict, Invalid, NotAllowed, Problem

KIND = "invitation"
VALID_FOR = timedelta(days=7)
MOST_WAITING = 500


class BadInvitation(Invalid):
    """Something about the invitation is wrong; `problems` say what."""

    code = "identity.bad_invitation"


class AlreadyMember(Conflict):
    """Who is invited belongs to the organization already."""

    code = "identity.already_member"


class NotInvited(NotAllowed):
    """The invitation is for another address than the signed-in person's."""

    code = "identity.not_invited"


def invite_member(*, by: Actor, email: str, role: str, at: datetime, name: str = "") -> Invitation:
    """Ask somebody in; `role` is a built-in one by name or one of the organization's by id.

    The caller has the mail sent (`invitation_secret`). Asking an address again takes the earlier
    invitation back. Raises RegistrationClosed, BadInvitation, UnknownRole, NoSuchRole,
    AlreadyMember.
    """
    require_asking(by, role)
    if registration() == OFF:
        raise RegistrationClosed("This installation takes nobody in by invitation.")
    address = email.strip().lower()
    problems = email_problems(address)
    if len(name.strip()) > 200:
        problems.append(Problem("/name", "identity.bad_name", "Use at most 200 characters."))
    if problems:
        raise BadInvitation(problems=problems)
    built_in, custom = role_of(role, by=by)
    with transaction(by.organization_id):
        refuse_member(address, by=by)
        waiting = Invitation.objects.filter(
            organization_id=by.organization_id, accepted_at=None, withdrawn_at=None
        )
        if waiting.count() >= MOST_WAITING:
            raise BadInvitation("Too many invitations wait. Take some back first.")
        for earlier in waiting.filter(email=address):
            withdraw_invitation(earlier.id, by=by, at=at)
        made = Invitation.objects.create(
            organization_id=by.organization_id,
            email=address,
            name=name.strip(),
            role=built_in,
            custom_role=custom,
            invited_by_id=by.user_id,
            asked_at=at,
        )
        asked(made, by=by, action="member.invite")
    return made


def require_asking(by: Actor, role: str) -> None:
    """Clients' people are asked in by who looks after clients, all others by who runs the team."""
    by.require("portal.invite" if role == Role.CLIENT else "member.edit")


def resend_invitation(invitation_id: UUID, *, by: Actor, at: datetime) -> Invitation:
    """Ask once more, for seven days from now; the caller has the mail sent. NoSuchInvitation."""
    with transaction(by.organization_id):
        found = locked(invitation_id, by=by)
        require_asking(by, found.role)
        found.asked_at = at
        found.save(update_fields=["asked_at"])
        revoke_access_tokens(by=by, kind=KIND, target_id=found.id)
        asked(found, by=by, action="member.invite_again")
    return found


def withdraw_invitation(invitation_id: UUID, *, by: Actor, at: datetime) -> None:
    """The link works no more. Raises NoSuchInvitation."""
    with transaction(by.organization_id):
        found = locked(invitation_id, by=by)
        require_asking(by, found.role)
        found.withdrawn_at = at
        found.save(update_fields=["withdrawn_at"])
        revoke_access_tokens(by=by, kind=KIND, target_id=found.id)
        note("member.withdraw_invitation", found, by=by)
        bus.publish(InvitationWithdrawn(invitation_id=found.id, email=found.email), by=by)


def invitation_secret(invitation_id: UUID, *, by: Actor) -> tuple[Invitation, str]:
    """(the invitation, a new secret of its link) for the mail that goes out now; earlier links are
    void. Raises NoSuchInvitation."""
    by.require("member.edit")
    with transaction(by.organization_id):
        found = locked(invitation_id, by=by)
        revoke_access_tokens(by=by, kind=KIND, target_id=found.id)
        secret = create_access_token(by=by, kind=KIND, target_id=found.id, valid_for=VALID_FOR)
    return found, secret


def accept_invitation(
    secret: str,
    *,
    at: datetime,
    user_id: UUID | None = None,
    name: str = "",
    password: str = "",
    language: str = "",
) -> tuple[User, UUID]:
    """(the member, their organization): come in by a link, as who is signed in, or anew.

    The link proves that the mail arrived, so a new account's address counts as its owner's. An
    address that has an account must be signed in with it: a link alone enters no account. Raises
    NoSuchToken, NotInvited, BadUser.
    """
    found = find_invitation(secret, at=at)
    of: UUID = found.organization_id  # type: ignore[attr-defined]
    by = system_actor(of, "web")
    with transaction(of):
        invitation = locked(found.id, by=by)
        user = who_comes(
            invitation, user_id=user_id, name=name, password=password, language=language
        )
        inside = Membership.objects.filter(user=user, organization_id=of, is_active=True)
        if not inside.exists():  # who is in already keeps the role that they have
            add_member(by=by, role=invitation.role, user_id=user.id)
            if invitation.custom_role is not None:
                set_role(user.id, by=by, role=str(invitation.custom_role.id))
        invitation.accepted_at = at
        invitation.save(update_fields=["accepted_at"])
        revoke_access_tokens(by=by, kind=KIND, target_id=invitation.id)
        note("member.accept_invitation", invitation, by=by)
    return user, of


def who_comes(
    invitation: Invitation, *, user_id: UUID | None, name: str, password: str, language: str
) -> User:
    """The account that an invitation is accepted with. Raises NotInvited, BadUser."""
    known = User.objects.filter(email=invitation.email).first()
    if known is None and user_id is None:
        refuse_guessed(password, invitation)
        return create_user(
            email=invitation.email,
            password=password,
            name=name or invitation.name,
            language=language,
        )
    if known is None or known.id != user_id or not known.is_active:
        raise NotInvited(f"Sign in as {invitation.email} to accept this invitation.")
    return known


def refuse_guessed(password: str, invitation: Invitation) -> None:
    """Raise BadUser for a password that is the name of the organization one comes to."""
    problems = guessed_problems(password, words=[invitation.organization.name])
    if problems:
        raise BadUser(problems=problems)


def refuse_member(address: str, *, by: Actor) -> None:
    """AlreadyMember when the address belongs to somebody inside."""
    inside = Membership.objects.filter(
        organization_id=by.organization_id, is_active=True, user__email=address
    )
    if inside.exists():
        raise AlreadyMember("This person belongs to the organization already.")


def locked(invitation_id: UUID, *, by: Actor) -> Invitation:
    """A waiting invitation under lock. Raises NoSuchInvitation."""
    found = (
        Invitation.objects.select_for_update(of=("self",), no_key=True)
        .filter(
            id=invitation_id,
            organization_id=by.organization_id,
            accepted_at=None,
            withdrawn_at=None,
        )
        .first()
    )
    if found is None:
        raise NoSuchInvitation("There is no such invitation.")
    return found


def asked(invitation: Invitation, *, by: Actor, action: str) -> None:
    """Write down and tell that somebody is asked in."""
    note(action, invitation, by=by)
    event = MemberInvited(invitation_id=invitation.id, email=invitation.email, role=invitation.role)
    bus.publish(event, by=by)


def note(action: str, invitation: Invitation, *, by: Actor) -> None:
    """The audit entry of what happens to an invitation; never its secret."""
    audit.record(
        by=by,
        action=action,
        table="identity_invitation",
        row_id=invitation.id,
        before=None,
        after={"email": invitation.email, "role": invitation.role},
    )
