"""Links of people without an account: found by their secret, and who comes by one."""

from datetime import datetime

from guilder.foundation.identity import calc
from guilder.foundation.identity.models import AccessToken, Role
from guilder.kernel.actor import Actor
from guilder.kernel.errors import NotFound


class NoSuchToken(NotFound):
    """The link is unknown, expired or revoked; all three are told alike."""

    code = "identity.no_such_token"


def link_actor(
    link: AccessToken,
    *,
    permissions: frozenset[str],
    name: str = "",
    request_id: str = "",
    address: str = "",
) -> Actor:
    """Who came by a link: no user, and only what the page behind the link needs.

    The link's target bounds what is shown; the face reads nothing else with this actor.
    """
    return Actor(
        organization_id=link.organization_id,  # type: ignore[attr-defined]
        name=name,
        role=Role.CLIENT,
        source="web",
        permissions=permissions,
        request_id=request_id,
        address=address,
    )


def find_access_token(kind: str, secret: str, *, at: datetime) -> AccessToken:
    """The live token of a link. Raises NoSuchToken. Count guesses in the scope "portal" first."""
    found = AccessToken.objects.filter(
        token_hash=calc.digest(secret), kind=kind, revoked_at=None, expires_at__gt=at
    ).first()
    if found is None or not secret:
        raise NoSuchToken("This link is not valid any more; ask for a new one.")
    return found
