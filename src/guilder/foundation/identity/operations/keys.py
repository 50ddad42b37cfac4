"""Keys for programs and links for people without an account."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from guilder.foundation.audit import operations as audit
from guilder.foundation.edges.throttle import parse_rate
from guilder.foundation.events import bus
from guilder.foundation.identity import calc
from guilder.foundation.identity.events import ApiKeyCreated, ApiKeyRevoked, ApiKeyRotated
from guilder.foundation.identity.models import AccessToken, ApiKey
from guilder.foundation.identity.permissions import ADMIN, ROLES, permissions_of, unknown_scopes
from guilder.foundation.identity.queries import find_access_token
from guilder.foundation.tenancy.ids import uuid7
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.kernel.errors import Invalid, NotAllowed, NotFound, Problem

API_VERSION = "2026-11-20"
MOST_KEPT = timedelta(days=7)
TOKEN_KINDS = frozenset(
    {"pay", "quote", "portal", "approval", "invitation", "document", "hook", "method"}
)


class BadKey(Invalid):
    """Something about the key is wrong; `problems` say what."""

    code = "identity.bad_key"


class MoreThanOwn(NotAllowed):
    """A key may not do more than who makes it."""

    code = "identity.more_than_own"


class NoSuchKey(NotFound):
    """There is no such key in this organization."""

    code = "identity.no_such_key"


def create_api_key(
    *,
    by: Actor,
    name: str,
    role: str = "",
    scopes: tuple[str, ...] = (),
    plan: str = "",
    expires_at: datetime | None = None,
) -> tuple[ApiKey, str]:
    """(key, its secret): the secret is shown now and never again.

    `role` is the actor's own when empty; `scopes` narrow it ("invoice.view", "invoice.*"); `plan`
    is the key's own throttle ("5000/hour", "off"), empty that of a user. Raises BadKey,
    MoreThanOwn.
    """
    by.require("key.edit")
    role = role or by.role or ADMIN
    allowance = read_plan(plan)
    refuse_faults(name=name, role=role, scopes=scopes)
    refuse_more_than_own(role, by=by)
    secret, prefix = calc.new_api_key()
    with transaction(by.organization_id):
        key = ApiKey.objects.create(
            organization_id=by.organization_id,
            created_by_id=by.user_id,
            name=name.strip(),
            role=role,
            prefix=prefix,
            secret_hash=calc.digest(secret),
            scopes=list(scopes),
            plan_count=allowance[0],
            plan_seconds=allowance[1],
            api_version=API_VERSION,
            expires_at=expires_at,
        )
        note(by, "key.create", key, after=told(key))
        bus.publish(ApiKeyCreated(key_id=key.id, name=key.name), by=by)
    return key, secret


def rotate_api_key(key_id: UUID, *, by: Actor, keep_for: timedelta) -> tuple[ApiKey, str]:
    """(the new key, its secret): as the old one, which works for `keep_for` yet (at most 7 days).

    Raises NoSuchKey, MoreThanOwn, BadKey.
    """
    by.require("key.edit")
    if not timedelta(0) <= keep_for <= MOST_KEPT:
        words = "An old key may live at most seven days."
        raise BadKey(problems=[Problem("/keep_hours", "identity.bad_keep", words)])
    with transaction(by.organization_id):
        old = live_key(key_id, by=by)
        refuse_more_than_own(old.role, by=by)
        secret, prefix = calc.new_api_key()
        fresh = ApiKey.objects.get(id=old.id)
        fresh.pk, fresh.id = None, uuid7()
        fresh._state.adding = True
        fresh.prefix, fresh.secret_hash = prefix, calc.digest(secret)
        fresh.created_by_id = by.user_id  # type: ignore[attr-defined]
        fresh.last_used_at = None
        fresh.save(force_insert=True)
        end = Now() + keep_for
        ApiKey.objects.filter(
            models.Q(expires_at=None) | models.Q(expires_at__gt=end), id=old.id
        ).update(expires_at=end)
        note(by, "key.rotate", fresh, after={**told(fresh), "replaces": str(old.id)})
        event = ApiKeyRotated(key_id=fresh.id, name=fresh.name, replaced_id=old.id)
        bus.publish(event, by=by)
    fresh.refresh_from_db()
    return fresh, secret


def live_key(key_id: UUID, *, by: Actor) -> ApiKey:
    """A key of the actor's organization that works, locked. Raises NoSuchKey."""
    found = (
        ApiKey.objects.select_for_update(of=("self",), no_key=True)
        .filter(models.Q(expires_at=None) | models.Q(expires_at__gt=Now()))
        .filter(id=key_id, organization_id=by.organization_id, revoked_at=None)
        .first()
    )
    if found is None:
        raise NoSuchKey("There is no such key.")
    return found


def refuse_more_than_own(role: str, *, by: Actor) -> None:
    """Raise MoreThanOwn for a role that may do more than the actor."""
    if not permissions_of(role) <= by.permissions:
        raise MoreThanOwn("Choose a role that may do no more than you may.")


def revoke_api_key(key_id: UUID, *, by: Actor) -> None:
    """The next request with the key is refused; twice is once. Raises NoSuchKey."""
    by.require("key.edit")
    with transaction(by.organization_id):
        key = (
            ApiKey.objects.select_for_update(of=("self",), no_key=True)
            .filter(id=key_id, organization_id=by.organization_id)
            .first()
        )
        if key is None:
            raise NoSuchKey("There is no such key.")
        if key.revoked_at is not None:
            return
        ApiKey.objects.filter(id=key.id).update(revoked_at=Now())
        note(by, "key.revoke", key, after={"revoked": True})
        bus.publish(ApiKeyRevoked(key_id=key.id, name=key.name), by=by)


def create_access_token(*, by: Actor, kind: str, target_id: UUID, valid_for: timedelta) -> str:
    """The secret of a link to `target_id`, valid for a while; only its hash is stored.

    The caller has judged whether the actor may give the link away.
    """
    if kind not in TOKEN_KINDS:
        raise ValueError(f"no kind of link: {kind}")
    secret = calc.new_secret()
    with transaction(by.organization_id):
        AccessToken.objects.create(
            organization_id=by.organization_id,
            kind=kind,
            target_id=target_id,
            token_hash=calc.digest(secret),
            created_by_id=by.user_id,
            expires_at=Now() + valid_for,
        )
    return secret


def standing_link(*, by: Actor, kind: str, target_id: UUID, valid_for: timedelta) -> str:
    """The secret of the link to `target_id`: the same each time, until it is revoked.

    It is made anew from the link's id with a key that the database does not have, where only its
    hash is stored. Past half its life its end is put off. The caller has judged whether the actor
    may give the link away.
    """
    if kind not in TOKEN_KINDS:
        raise ValueError(f"no kind of link: {kind}")
    key = calc.link_key(settings.SECRET_KEY)
    wanted = {"organization_id": by.organization_id, "kind": kind, "target_id": target_id}
    with transaction(by.organization_id):
        live = AccessToken.objects.filter(**wanted, revoked_at=None, expires_at__gt=Now())
        for link in live.order_by("created_at"):
            secret = calc.link_secret(link.id, key=key)
            if bytes(link.token_hash) == calc.digest(secret):
                late = AccessToken.objects.filter(id=link.id, expires_at__lt=Now() + valid_for / 2)
                late.update(expires_at=Now() + valid_for)
                return secret
        link_id = uuid7()
        secret = calc.link_secret(link_id, key=key)
        AccessToken.objects.create(
            id=link_id,
            **wanted,
            token_hash=calc.digest(secret),
            created_by_id=by.user_id,
            expires_at=Now() + valid_for,
        )
    return secret


def use_access_token(kind: str, secret: str, *, at: datetime) -> AccessToken:
    """What a link leads to, noting that it was used. Raises NoSuchToken."""
    token = find_access_token(kind, secret, at=at)
    AccessToken.objects.filter(id=token.id).update(last_used_at=at)
    return token


def first_use_since(link_id: UUID, *, since: datetime, at: datetime) -> bool:
    """Note a use of a link at `at`; whether it is the first one since `since`, such as midnight."""
    unused = models.Q(last_used_at=None) | models.Q(last_used_at__lt=since)
    return AccessToken.objects.filter(unused, id=link_id).update(last_used_at=at) == 1


def revoke_access_tokens(*, by: Actor, kind: str, target_id: UUID) -> int:
    """End all live links of a kind to one thing; gives how many."""
    return AccessToken.objects.filter(
        organization_id=by.organization_id, kind=kind, target_id=target_id, revoked_at=None
    ).update(revoked_at=Now())


def read_plan(plan: str) -> tuple[int | None, int | None]:
    """(count, seconds) of a key's own throttle: (None, None) a user's, (0, 1) none."""
    if not plan.strip():
        return None, None
    try:
        rate = parse_rate(plan)
    except ValueError as error:
        raise BadKey(problems=[Problem("/plan", "identity.bad_plan", str(error))]) from error
    return (0, 1) if rate is None else (rate.count, rate.seconds)


def refuse_faults(*, name: str, role: str, scopes: tuple[str, ...]) -> None:
    """Raise BadKey with every fault found."""
    problems = []
    if not 0 < len(name.strip()) <= 100:
        problems.append(
            Problem("/name", "identity.bad_name", "Enter a name of at most 100 characters.")
        )
    if role not in ROLES:
        problems.append(
            Problem("/role", "identity.unknown_role", f"Choose one of: {', '.join(ROLES)}.")
        )
    problems += [
        Problem(
            "/scopes", "identity.unknown_scope", f"There is no permission “{scope}”; remove it."
        )
        for scope in unknown_scopes(scopes)
    ]
    if problems:
        raise BadKey(problems=problems)


def note(by: Actor, action: str, key: ApiKey, *, after: dict[str, Any]) -> None:
    """The audit entry of a change of keys; never the secret or its hash."""
    audit.record(
        by=by, action=action, table="identity_apikey", row_id=key.id, before=None, after=after
    )


def told(key: ApiKey) -> dict[str, Any]:
    """What the audit trail says of a key."""
    return {
        "name": key.name,
        "prefix": key.prefix,
        "role": key.role,
        "scopes": key.scopes,
        "expires_at": key.expires_at,
    }
