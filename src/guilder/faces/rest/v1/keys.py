"""/keys/: API keys of the organization."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec

from guilder.faces.rest.listing import answer_of, instant
from guilder.faces.rest.routes import Call, route
from guilder.faces.rest.wire import Instant, Name
from guilder.foundation.identity import operations, queries
from guilder.foundation.identity.models import ApiKey
from guilder.kernel.wire import Wire


class KeyOut(msgspec.Struct):
    """A key, known by the beginning of its secret; `secret` is shown once, when it is made."""

    id: UUID
    name: str
    role: str
    scopes: list[str]
    prefix: str
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    last_used_at: datetime | None
    plan: str
    secret: str | None


class KeysOut(msgspec.Struct):
    """All keys, newest first."""

    data: list[KeyOut]
    next: str | None


class KeyIn(msgspec.Struct, omit_defaults=True, forbid_unknown_fields=True):
    """A role, narrowed by scopes (“invoice.view”, “invoice.*”), with a plan (“5000/hour”)."""

    name: Name
    role: str = ""
    scopes: list[str] = []
    plan: str = ""
    expires_at: Instant | None = None


class RotateIn(msgspec.Struct, omit_defaults=True, forbid_unknown_fields=True):
    """For how many hours the old secret works yet."""

    keep_hours: int = 24


def key_out(row: ApiKey, *, secret: str | None = None) -> KeyOut:
    """The shape of one key."""
    return KeyOut(
        id=row.id,
        name=row.name,
        role=row.role,
        scopes=list(row.scopes),
        prefix=row.prefix,
        created_at=row.created_at,
        expires_at=row.expires_at,
        revoked_at=row.revoked_at,
        last_used_at=row.last_used_at,
        plan=plan_of(row),
        secret=secret,
    )


def plan_of(row: ApiKey) -> str:
    """The key's own throttle, as it is sent; "" for that of a person."""
    if row.plan_count is None:
        return ""
    return f"{row.plan_count}/{row.plan_seconds}s" if row.plan_count else "off"


@route("GET", "keys/", permission="key.view", answer=KeysOut)
def list_keys(call: Call) -> Any:
    """List API keys"""
    rows = queries.list_api_keys(call.by.organization_id)
    return answer_of([key_out(row) for row in rows], None)


@route(
    "POST",
    "keys/",
    permission="key.edit",
    body=KeyIn,
    answer=KeyOut,
    example={"name": "Web shop", "role": "accountant", "scopes": ["invoice.*", "partner.view"]},
)
def create_key(call: Call) -> KeyOut:
    """Make an API key"""
    wire = Wire(call.body)
    wire.known(KeyIn.__struct_fields__)
    name, role = wire.text("name", most=100, required=True), wire.text("role", most=20)
    plan = wire.text("plan", most=40)
    scopes = call.body.get("scopes") or []
    if not isinstance(scopes, list) or not all(isinstance(one, str) for one in scopes):
        wire.fault("scopes", "not_a_list", "Send a list of permissions.")
    expires_at = moment(wire, "expires_at", after=call.at)
    wire.done()
    row, secret = operations.create_api_key(
        by=call.by, name=name, role=role, scopes=tuple(scopes), plan=plan, expires_at=expires_at
    )
    row = next(one for one in queries.list_api_keys(call.by.organization_id) if one.id == row.id)
    return key_out(row, secret=secret)


@route("GET", "keys/{id}/", permission="key.view", answer=KeyOut)
def read_key(call: Call) -> KeyOut:
    """Read an API key"""
    return key_out(queries.get_api_key(call.id, organization_id=call.by.organization_id))


@route(
    "POST",
    "keys/{id}/rotate/",
    permission="key.edit",
    body=RotateIn,
    answer=KeyOut,
    example={"keep_hours": 24},
)
def rotate_key(call: Call) -> KeyOut:
    """Give an API key a new secret

    The answer is a new key like the old one, which works for `keep_hours` yet (24 when left out).
    """
    wire = Wire(call.body)
    wire.known(RotateIn.__struct_fields__)
    hours = call.body.get("keep_hours", 24)
    if isinstance(hours, bool) or not isinstance(hours, int) or not 0 <= hours <= 168:
        wire.fault("keep_hours", "out_of_range", "Send whole hours from 0 to 168.")
    wire.done()
    row, secret = operations.rotate_api_key(call.id, by=call.by, keep_for=timedelta(hours=hours))
    return key_out(row, secret=secret)


@route("DELETE", "keys/{id}/", permission="key.edit", answer=None)
def revoke_key(call: Call) -> None:
    """Revoke an API key"""
    operations.revoke_api_key(call.id, by=call.by)


def moment(wire: Wire, name: str, *, after: datetime) -> datetime | None:
    """An instant with its zone, later than `after`."""
    text = wire.text(name, most=40)
    if not text:
        return None
    try:
        found = instant(text)
    except ValueError:
        wire.fault(name, "not_an_instant", "Enter an instant, such as 2027-01-31T00:00:00Z.")
        return None
    if found <= after:
        wire.fault(name, "in_past", "Enter an instant to come.")
    return found
