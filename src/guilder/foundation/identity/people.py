"""Reading people: who there is, what they keep of themselves, where they are signed in; keys."""

from typing import Any
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.contrib.sessions.models import Session
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Now

from guilder.foundation.identity.models import (
    ApiKey,
    LoginSession,
    Membership,
    User,
    UserPicture,
)
from guilder.foundation.identity.signing import BrowserSession, Directory, DirectoryAccount
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


def browser_sessions(user_id: UUID) -> list[BrowserSession]:
    """The browsers that a person is signed in with, the last used first."""
    live = Session.objects.filter(expire_date__gt=Now()).values("session_key")
    found = BrowserSession.objects.filter(user_id=user_id, key__in=live)
    return list(found.order_by("-seen_at")[:50])


def factors_of(user_id: UUID) -> dict[str, Any]:
    """A person's second factors: `app` (or None), `passkeys`, and `codes`, how many recovery codes
    are left (None without any)."""
    rows = list(Authenticator.objects.filter(user_id=user_id).order_by("created_at"))
    kinds = Authenticator.Type
    codes = next((row for row in rows if row.type == kinds.RECOVERY_CODES), None)
    return {
        "app": next((row for row in rows if row.type == kinds.TOTP), None),
        "passkeys": [row for row in rows if row.type == kinds.WEBAUTHN],
        "codes": None if codes is None else len(codes.wrap().get_unused_codes()),
    }


def directories(*, active: bool = True) -> list[Directory]:
    """Directories that people sign in with, by name; all of them for operators."""
    rows = Directory.objects.filter(is_active=True) if active else Directory.objects.all()
    return list(rows.order_by("name", "code"))


def directory_accounts(user_id: UUID) -> list[DirectoryAccount]:
    """The directories that a person is linked with."""
    rows = DirectoryAccount.objects.filter(user_id=user_id).select_related("directory")
    return list(rows.order_by("created_at"))


def get_user(user_id: UUID) -> User:
    """A user by id. Raises NotFound."""
    found = User.objects.filter(id=user_id).first()
    if found is None:
        raise NotFound("There is no such user.")
    return found


def any_user(*, besides: str = "") -> bool:
    """Whether there is a user at all, or one besides the one with that mail address."""
    return User.objects.exclude(email=besides).exists()


def is_set_up() -> bool:
    """Whether somebody of their own is here: an operator, or anybody but the people of the demo."""
    memberships = Membership.objects.filter(user=OuterRef("pk"))
    of_demo = memberships.filter(organization__is_demo=True)
    of_own = memberships.filter(organization__is_demo=False)
    own = Q(is_operator=True) | ~Exists(of_demo) | Exists(of_own)
    return User.objects.filter(own).exists()


def get_api_key(key_id: UUID, *, organization_id: UUID) -> ApiKey:
    """A key of the organization. Raises NotFound."""
    found = ApiKey.objects.filter(id=key_id, organization_id=organization_id).first()
    if found is None:
        raise NotFound("There is no such key.")
    return found


def list_api_keys(organization_id: UUID) -> list[ApiKey]:
    """The keys of an organization, newest first; never their secrets."""
    return list(ApiKey.objects.filter(organization_id=organization_id).order_by("-created_at"))
