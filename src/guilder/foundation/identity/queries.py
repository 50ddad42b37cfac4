"""Who is asking: from a header, a session or an id to an Actor; and who belongs to what."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, cast
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet

from guilder.foundation.edges import along, throttle
from guilder.foundation.identity import calc
from guilder.foundation.identity.arriving import Arrival as Arrival
from guilder.foundation.identity.arriving import MembershipOf as MembershipOf
from guilder.foundation.identity.arriving import arrive as arrive
from guilder.foundation.identity.arriving import generation_of as generation_of
from guilder.foundation.identity.asking import KEY_GENERATION, SESSION_GENERATION, ask
from guilder.foundation.identity.links import NoSuchToken as NoSuchToken
from guilder.foundation.identity.links import find_access_token as find_access_token
from guilder.foundation.identity.links import link_actor as link_actor
from guilder.foundation.identity.models import (
    CustomRole,
    Membership,
    Organization,
    User,
)
from guilder.foundation.identity.people import any_user as any_user
from guilder.foundation.identity.people import browser_sessions as browser_sessions
from guilder.foundation.identity.people import directories as directories
from guilder.foundation.identity.people import directory_accounts as directory_accounts
from guilder.foundation.identity.people import factors_of as factors_of
from guilder.foundation.identity.people import get_api_key as get_api_key
from guilder.foundation.identity.people import get_user as get_user
from guilder.foundation.identity.people import is_set_up as is_set_up
from guilder.foundation.identity.people import list_api_keys as list_api_keys
from guilder.foundation.identity.people import picture_of as picture_of
from guilder.foundation.identity.people import token_sessions as token_sessions
from guilder.foundation.identity.permissions import (
    ROW_RULES,
    held_by,
    narrowed,
    permissions_of,
)
from guilder.foundation.identity.places import defaults_of as defaults_of
from guilder.foundation.identity.team import NoSuchInvitation as NoSuchInvitation
from guilder.foundation.identity.team import (
    NoSuchRole as NoSuchRole,
)
from guilder.foundation.identity.team import find_invitation as find_invitation
from guilder.foundation.identity.team import get_role as get_role
from guilder.foundation.identity.team import grantable as grantable
from guilder.foundation.identity.team import invitations_of as invitations_of
from guilder.foundation.identity.team import last_seen as last_seen
from guilder.foundation.identity.team import list_roles as list_roles
from guilder.foundation.identity.team import role_names as role_names
from guilder.foundation.identity.team import standing_mark as standing_mark
from guilder.foundation.identity.team import standing_marks as standing_marks
from guilder.foundation.identity.team import team_of as team_of
from guilder.foundation.tenancy import hot
from guilder.kernel.actor import Actor
from guilder.kernel.errors import Invalid, NotAllowed, NotFound

MEMBER = """
SELECT coalesce(nullif(u.name, ''), u.email), m.role, to_jsonb(c)
FROM identity_membership m JOIN identity_user u ON u.id = m.user_id
LEFT JOIN identity_customrole c ON c.id = m.custom_role_id
WHERE m.user_id = %s::uuid AND m.organization_id = %s::uuid AND m.is_active AND u.is_active
"""


class NotSignedIn(NotAllowed):
    """No valid session, token or key came with the request (HTTP 401).

    `verdict` says how the throttle of its address stands, where it was counted.
    """

    code = "identity.not_signed_in"
    verdict: throttle.Verdict | None = None


class NoMembership(NotAllowed):
    """The user does not belong to the organization, or to none."""

    code = "identity.no_membership"


class WhichOrganization(Invalid):
    """The user belongs to several organizations and the call names none."""

    code = "identity.which_organization"


class NoSuchMember(NotFound):
    """No active member of that id in this organization."""

    code = "identity.no_such_member"


@dataclass(frozen=True, slots=True)
class Caller:
    """Who called, and how the throttle stands (None where there is no limit)."""

    actor: Actor
    verdict: throttle.Verdict | None = None
    session_id: UUID | None = None
    api_version: str = ""
    is_operator: bool = False
    generation: int | None = None  # of their data, as of this statement; not where a key is wanted
    pending: along.Pending | None = None  # what came of the key that was wanted


def authenticate(
    authorization: str,
    *,
    organization: str = "",
    address: str = "",
    request_id: str = "",
    source: str = "api",
    wanted: along.Wanted | None = None,
) -> Caller:
    """Who calls with this Authorization header: one statement signs in, counts the request and
    claims the Idempotency-Key that is `wanted`.

    `organization` is the Guilder-Organization header. Raises NotSignedIn (after counting the call
    as an anonymous one), TooManyRequests, NoMembership, WhichOrganization. Call it outside
    transactions.
    """
    scheme, _, credential = authorization.strip().partition(" ")
    credential = credential.strip()
    if scheme.lower() not in {"bearer", "token"} or not credential.isascii():
        raise refused(address)
    common = {"address": address, "request_id": request_id, "source": source, "wanted": wanted}
    if credential.startswith(calc.KEY_START):
        return by_key(credential, organization=organization, **common)
    return by_access_token(credential, organization=organization, **common)


def by_key(
    key: str,
    *,
    organization: str,
    address: str,
    request_id: str,
    source: str,
    wanted: along.Wanted | None,
) -> Caller:
    """Who calls with an API key."""
    values = {"prefix": key[: calc.PREFIX_LENGTH], "hash": calc.digest(key)}
    row, verdict, pending = ask("key", values, wanted=wanted)
    if row is None:
        throttle.spend("secret", throttle.who_at(address))
        raise refused(address)
    key_id, organization_id, user_id, name, role, scopes, api_version = row[:7]
    if organization and organization != str(organization_id):
        along.give_back(pending)
        raise NoMembership("This key belongs to another organization.")
    actor = Actor(
        organization_id=organization_id,
        user_id=user_id,
        key_id=key_id,
        name=name,
        role=role,
        source=source,
        permissions=narrowed(role, tuple(scopes)),
        row_rule=ROW_RULES.get(role, "own"),
        request_id=request_id,
        address=address,
    )
    return Caller(
        actor, verdict, api_version=api_version, generation=row[KEY_GENERATION], pending=pending
    )


def by_access_token(
    token: str,
    *,
    organization: str,
    address: str,
    request_id: str,
    source: str,
    wanted: along.Wanted | None,
) -> Caller:
    """Who calls with an access token whose session, user and membership still hold."""
    claims = calc.read_access_token(token, keys=signing_keys())
    if claims is None:
        raise refused(address)
    named = read_organization(organization)
    row, verdict, pending = ask(
        "session",
        {"session": claims.session_id, "user": claims.user_id, "organization": named},
        wanted=wanted,
    )
    if row is None:
        raise refused(address)
    _, organization_id, user_id, name, role, is_operator, home, memberships, custom = row[:9]
    if organization_id is None:
        raise NoMembership("You are not a member of this organization; ask one of its admins.")
    if named is None and memberships > 1 and home != organization_id:
        along.give_back(pending)
        raise WhichOrganization(
            "You belong to several organizations: name one in the Guilder-Organization header."
        )
    actor = member_actor(
        user_id, organization_id, name=name, role=role, custom=custom, source=source,
        request_id=request_id, address=address,
    )  # fmt: skip
    return Caller(
        actor, verdict, session_id=claims.session_id, is_operator=is_operator,
        generation=row[SESSION_GENERATION], pending=pending,
    )  # fmt: skip


def refused(address: str) -> NotSignedIn:
    """The error for a call without valid credentials, counted as an anonymous call first."""
    verdict = throttle.spend("anon", throttle.who_at(address))
    error = NotSignedIn(
        "Sign in: send a valid access token or API key as “Authorization: Bearer …”."
    )
    error.verdict = verdict
    return error


def read_organization(text: str) -> UUID | None:
    """The Guilder-Organization header. Raises NoMembership when it is no id."""
    if not text.strip():
        return None
    try:
        return UUID(text.strip())
    except ValueError as error:
        raise NoMembership(
            "You are not a member of this organization; ask one of its admins."
        ) from error


def signing_keys() -> tuple[bytes, ...]:
    """Keys of access tokens: the secret key's, then those of its predecessors."""
    return derived_keys(settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)


@lru_cache(maxsize=4)
def derived_keys(*secret_keys: str) -> tuple[bytes, ...]:
    """One signing key for each secret key."""
    return tuple(calc.signing_key(secret) for secret in secret_keys)


def actor_for(
    user_id: UUID,
    organization_id: UUID,
    *,
    source: str,
    request_id: str = "",
    address: str = "",
) -> Actor:
    """The actor of an active member. One statement; raises NoSuchMember."""
    row = hot.cursor().execute(MEMBER, [user_id, organization_id], prepare=True).fetchone()
    if row is None:
        raise NoSuchMember("There is no such organization among yours.")
    return member_actor(
        user_id, organization_id, name=row[0], role=row[1], custom=row[2], source=source,
        request_id=request_id, address=address,
    )  # fmt: skip


def member_actor(
    user_id: UUID,
    organization_id: UUID,
    *,
    name: str,
    role: str,
    source: str,
    request_id: str,
    address: str,
    custom: Mapping[str, Any] | str | None = None,
) -> Actor:
    """An actor with what their role holds; `custom` is the row of a role of the organization's,
    also as the JSON that a statement gives."""
    if isinstance(custom, str):
        custom = cast("Mapping[str, Any]", json.loads(custom))
    return Actor(
        organization_id=organization_id,
        user_id=user_id,
        name=name,
        role=role,
        source=source,
        permissions=permissions_of(role) if custom is None else held_by(custom),
        own=None if custom is None else frozenset(custom["own"]),
        row_rule=ROW_RULES.get(role, "own") if custom is None else custom["row_rule"],
        standing="" if custom is None else f"{custom['id']} {custom['version']}",
        request_id=request_id,
        address=address,
    )


def memberships_of(user_id: UUID) -> list[MembershipOf]:
    """The organizations of a user, by name."""
    rows = (
        Membership.objects.filter(user_id=user_id, is_active=True, user__is_active=True)
        .order_by("organization__name", "organization_id")
        .values_list("organization_id", "organization__name", "role", "organization__is_demo",
                     "custom_role")
    )  # fmt: skip
    customs = {
        one["id"]: one
        for one in CustomRole.objects.filter(id__in=[row[4] for row in rows if row[4]]).values()
    }
    return [MembershipOf(*row[:4], custom=customs.get(row[4])) for row in rows]


def get_organization(organization_id: UUID) -> Organization:
    """An organization by id. Raises NotFound."""
    found = Organization.objects.filter(id=organization_id).first()
    if found is None:
        raise NotFound("There is no such organization.")
    return found


def organizations() -> QuerySet[Organization]:
    """All organizations, for operators and for workers that look after each of them."""
    return Organization.objects.order_by("created_at", "id")


def user_by_email(email: str) -> User | None:
    """The user with a mail address, whatever its case."""
    return User.objects.filter(email=email.strip().lower()).first()


def list_members(organization_id: UUID) -> list[Membership]:
    """Members with their users, by name."""
    found = Membership.objects.filter(organization_id=organization_id)
    rows = found.select_related("user", "custom_role", "lead")
    return list(rows.order_by("user__name", "user__email"))
