"""Who sets an installation up, once; and who founds organizations beside the first."""

from uuid import UUID

from django.db import connection, transaction

from guilder.foundation.identity.models import Organization, User
from guilder.foundation.identity.operations.letters import OPEN, registration
from guilder.foundation.identity.operations.organizations import create_organization
from guilder.foundation.identity.operations.users import create_user, locked_user
from guilder.foundation.identity.queries import get_organization, is_set_up, memberships_of
from guilder.kernel.errors import Conflict, NotAllowed

LOCK = 7_416_503_221  # of nobody else's


class AlreadySetUp(Conflict):
    """Somebody has set this installation up; they let others in."""

    code = "identity.already_set_up"


class NoFounder(NotAllowed):
    """Only operators found organizations, unless everybody may make an account."""

    code = "identity.no_founder"


def create_first_user(*, email: str, password: str, name: str, language: str = "") -> User:
    """The installation's first operator. Of two set-ups at once the second is refused.

    Raises AlreadySetUp, BadUser, EmailTaken.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        if is_set_up():
            raise AlreadySetUp("This installation is set up already. Sign in.")
        return create_user(
            email=email, password=password, name=name, language=language, is_operator=True
        )


def create_first_organization(
    user_id: UUID, *, name: str, country: str, base_currency: str, time_zone: str, language: str
) -> Organization:
    """The organization of whoever set the installation up; pressed twice, the one that is there.

    Raises NoSuchUser, BadOrganization.
    """
    with transaction.atomic():
        owner = locked_user(user_id)
        own = [one for one in memberships_of(user_id) if not one.is_demo]
        if own:
            return get_organization(own[0].organization_id)
        return create_organization(
            name=name,
            country=country,
            base_currency=base_currency,
            owner=owner,
            time_zone=time_zone,
            language=language,
        )


def may_found(user_id: UUID) -> bool:
    """Whether somebody may found a further organization."""
    who = User.objects.filter(id=user_id, is_active=True)
    return who.filter(is_operator=True).exists() or (registration() == OPEN and who.exists())


def require_founder(user_id: UUID) -> None:
    """Raise NoFounder for everybody else."""
    if not may_found(user_id):
        raise NoFounder("An operator of this installation founds organizations. Ask them.")


def found_organization(
    user_id: UUID,
    *,
    name: str,
    country: str,
    base_currency: str,
    time_zone: str,
    language: str,
    organization_id: UUID | None = None,
) -> Organization:
    """A further organization, with who founds it as its admin; its books are opened by
    `open_books`. Raises NoFounder, NoSuchUser, BadOrganization."""
    require_founder(user_id)
    with transaction.atomic():
        return create_organization(
            name=name,
            country=country,
            base_currency=base_currency,
            owner=locked_user(user_id),
            time_zone=time_zone,
            language=language,
            organization_id=organization_id,
        )
