"""Reading what somebody keeps of themselves: their picture, where they are signed in."""

from uuid import UUID

from django.db.models.functions import Now

from guilder.foundation.identity.models import LoginSession, UserPicture
from guilder.kernel.actor import Actor
from guilder.kernel.errors import NotFound


class NoPicture(NotFound):
    """There is no picture of such a person in the organization."""

    code = "identity.no_picture"


def picture_of(user_id: UUID, *, by: Actor) -> bytes:
    """The picture (PNG) of somebody of the actor's organization. Raises NoPicture."""
    found = (
        UserPicture.objects.filter(
            user_id=user_id,
            user__memberships__organization_id=by.organization_id,
            user__memberships__is_active=True,
        )
        .values_list("png", flat=True)
        .first()
    )
    if found is None:
        raise NoPicture("There is no such picture.")
    return bytes(found)


def token_sessions(user_id: UUID) -> list[LoginSession]:
    """The programs that are signed in as a user, the last used first."""
    live = LoginSession.objects.filter(user_id=user_id, revoked_at=None, expires_at__gt=Now())
    return list(live.order_by("-refreshed_at")[:50])
