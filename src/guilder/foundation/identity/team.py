"""Reading the roles that organizations make, who leads whom."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import Max

from guilder.foundation.identity import calc
from guilder.foundation.identity.links import NoSuchToken, find_access_token
from guilder.foundation.identity.models import CustomRole, Invitation, LoginSession, Membership
from guilder.foundation.identity.permissions import ALL, OWN_ONLY, RESERVED, ROWED
from guilder.foundation.identity.signing import BrowserSession
from guilder.kernel.actor import Actor
from guilder.kernel.errors import NotFound

LONG_ID = 36  # characters of an id as it is written


class NoSuchRole(NotFound):
    """No role of that id in this organization."""

    code = "identity.no_such_role"


class NoSuchInvitation(NotFound):
    """No invitation of that id waits in this organization."""

    code = "identity.no_such_invitation"


def list_roles(organization_id: UUID) -> list[CustomRole]:
    """The organization's own roles, by name."""
    return list(CustomRole.objects.filter(organization_id=organization_id).order_by("name"))


def get_role(role_id: UUID, *, by: Actor) -> CustomRole:
    """One of the organization's own roles. Raises NoSuchRole."""
    found = CustomRole.objects.filter(id=role_id, organization_id=by.organization_id).first()
    if found is None:
        raise NoSuchRole("There is no such role.")
    return found


def find_role(text: str, *, organization_id: UUID) -> CustomRole | None:
    """The organization's own role of an id, or of a name whatever its case."""
    rows = CustomRole.objects.filter(organization_id=organization_id)
    try:
        return rows.filter(id=UUID(text)).first()
    except ValueError:
        return rows.filter(name__iexact=text).first()


def role_names(ids: Iterable[str]) -> dict[str, str]:
    """Id → name, of those of the ids that are somebody's own roles."""
    wanted = {UUID(one) for one in ids if len(one) == LONG_ID}
    rows = CustomRole.objects.filter(id__in=wanted) if wanted else CustomRole.objects.none()
    return {str(role_id): name for role_id, name in rows.values_list("id", "name")}


def grantable(row_rule: str) -> frozenset[str]:
    """What a role of an organization's own may hold under a row rule."""
    return (ALL if row_rule == "all" else ROWED) - RESERVED


def own_by_default(based_on: str) -> frozenset[str]:
    """What the role that one begins as holds for the person's own things only."""
    return OWN_ONLY.get(based_on, frozenset())


def team_of(by: Actor) -> list[UUID]:
    """The people whom the actor leads, themselves first."""
    if by.user_id is None:
        return []
    led = Membership.objects.filter(
        organization_id=by.organization_id, lead_id=by.user_id, is_active=True
    )
    return [by.user_id, *led.order_by("user_id").values_list("user_id", flat=True)]


def last_seen(user_ids: Sequence[UUID]) -> dict[UUID, datetime]:
    """User → when they were here last, by a browser or a program; who never was is absent."""
    browsers = BrowserSession.objects.filter(user_id__in=user_ids)
    programs = LoginSession.objects.filter(user_id__in=user_ids)
    found: dict[UUID, datetime] = {}
    for rows, column in ((browsers, "seen_at"), (programs, "refreshed_at")):
        for user_id, at in rows.values_list("user_id").annotate(Max(column)):
            found[user_id] = max(at, found.get(user_id, at))
    return found


def invitations_of(organization_id: UUID) -> list[Invitation]:
    """Invitations that wait, those whose link is too old included, newest first."""
    waiting = Invitation.objects.filter(
        organization_id=organization_id, accepted_at=None, withdrawn_at=None
    )
    return list(waiting.select_related("custom_role").order_by("-created_at"))


def find_invitation(secret: str, *, at: datetime) -> Invitation:
    """What an invitation's link leads to. Raises NoSuchToken; count guesses first."""
    token = find_access_token("invitation", secret, at=at)
    found = (
        Invitation.objects.filter(id=token.target_id, accepted_at=None, withdrawn_at=None)
        .select_related("organization", "custom_role", "invited_by")
        .first()
    )
    if found is None:
        raise NoSuchToken("This link is not valid any more; ask for a new one.")
    return found


def standing_marks(pairs: set[tuple[UUID | None, UUID]]) -> dict[tuple[UUID | None, UUID], str]:
    """(user, organization) → a mark that changes with role or password; ended ones are absent."""
    rows = Membership.objects.filter(
        user_id__in={user_id for user_id, _ in pairs},
        organization_id__in={organization_id for _, organization_id in pairs},
        is_active=True,
        user__is_active=True,
    ).values_list(
        "user_id", "organization_id", "role", "user__password", "custom_role_id",
        "custom_role__version",
    )  # fmt: skip
    return {
        (user_id, organization_id): standing_mark(
            role, password, standing=f"{custom} {version}" if custom else ""
        )
        for user_id, organization_id, role, password, custom, version in rows
    }


def standing_mark(role: str, password: str, *, standing: str = "") -> str:
    """What somebody's rights and session hang on, as one short text that tells nothing."""
    return calc.digest(f"{role}\n{standing}\n{password}").hex()
