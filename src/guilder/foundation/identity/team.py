"""Reading the roles that organizations make, who leads whom."""

from uuid import UUID

from guilder.foundation.identity.models import CustomRole, Membership
from guilder.foundation.identity.permissions import ALL, OWN_ONLY, RESERVED, ROWED
from guilder.kernel.actor import Actor
from guilder.kernel.errors import NotFound


class NoSuchRole(NotFound):
    """No role of that id in this organization."""

    code = "identity.no_such_role"


def list_roles(organization_id: UUID) -> list[CustomRole]:
    """The organization's own roles, by name."""
    return list(CustomRole.objects.filter(organization_id=organization_id).order_by("name"))


def get_role(role_id: UUID, *, by: Actor) -> CustomRole:
    """One of the organization's own roles. Raises NoSuchRole."""
    found = CustomRole.objects.filter(id=role_id, organization_id=by.organization_id).first()
    if found is None:
        raise NoSuchRole("There is no such role.")
    return found


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
