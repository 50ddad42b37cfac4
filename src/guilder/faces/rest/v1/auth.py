"""/auth/: signing programs in, and out."""

from datetime import datetime, timedelta

import msgspec
from django.conf import settings

from guilder.faces.rest.routes import OPEN, SIGNED_IN, Call, route
from guilder.faces.rest.wire import Email, Id
from guilder.foundation.edges import throttle
from guilder.foundation.identity import operations as identity
from guilder.foundation.identity.operations.sessions import SessionEnded
from guilder.kernel.wire import Wire


class LoginIn(msgspec.Struct, omit_defaults=True, forbid_unknown_fields=True):
    """Who signs in; `code` is of the second factor, `organization` the one that calls mean."""

    email: Email
    password: str
    code: str = ""
    organization: Id | None = None


class RefreshIn(msgspec.Struct, forbid_unknown_fields=True):
    """The newest refresh token."""

    refresh: str


class TokensOut(msgspec.Struct):
    """Tokens; the access token lives `expires_in` seconds, a refresh token works once."""

    access: str
    refresh: str
    expires_in: int


class ProofIn(msgspec.Struct, omit_defaults=True, forbid_unknown_fields=True):
    """The password, or a code of the authenticator app (or a recovery code)."""

    password: str = ""
    code: str = ""


class ProofOut(msgspec.Struct):
    """Until then sensitive acts of this session need no further proof."""

    proved_until: datetime


EXAMPLE = {"email": "demo@guilder.example", "password": "guilder-demo"}


@route(
    "POST",
    "auth/login/",
    permission=OPEN,
    body=LoginIn,
    answer=TokensOut,
    status=200,
    example=EXAMPLE,
)
def login(call: Call) -> TokensOut:
    """Sign in"""
    wire = Wire(call.body)
    wire.known(("email", "password", "code", "organization"))
    email = wire.text("email", most=254, required=True)
    password = call.body.get("password")
    if not isinstance(password, str) or not 0 < len(password) <= 1000:
        wire.fault("password", "required", "Enter the password.")
        password = ""
    code = wire.text("code", most=40)
    organization_id = wire.identity("organization")
    wire.done()
    tokens = identity.login(
        email=email,
        password=password,
        address=call.request.META.get("REMOTE_ADDR", ""),
        agent=call.request.headers.get("User-Agent", ""),
        code=code,
        organization_id=organization_id,
    )
    return TokensOut(tokens.access, tokens.refresh, tokens.expires_in)


@route("POST", "auth/refresh/", permission=OPEN, body=RefreshIn, answer=TokensOut, status=200)
def refresh(call: Call) -> TokensOut:
    """Get new tokens"""
    token = refresh_token(call)
    try:
        tokens = identity.refresh(token)
    except SessionEnded:
        address = throttle.who_at(call.request.META.get("REMOTE_ADDR", ""))
        throttle.spend("secret", address)
        raise
    return TokensOut(tokens.access, tokens.refresh, tokens.expires_in)


@route("POST", "auth/logout/", permission=OPEN, body=RefreshIn, answer=None, status=204)
def logout(call: Call) -> None:
    """Sign out"""
    identity.logout(refresh_token(call))


@route(
    "POST",
    "auth/prove/",
    permission=SIGNED_IN,
    body=ProofIn,
    answer=ProofOut,
    status=200,
    is_bare=True,
    example={"password": "guilder-demo"},
)
def prove(call: Call) -> ProofOut:
    """Prove once more who one is

    Roles, invitations, keys, webhooks, bank details, erasure and exports of everything answer 403
    `auth.proof_wanted` when the last proof of a session (its sign-in, or this) is more than a
    quarter of an hour old. Keys prove nothing: their scopes name what they may.
    """
    wire = Wire(call.body)
    wire.known(("password", "code"))
    password = call.body.get("password") or ""
    if not isinstance(password, str) or len(password) > 1000:
        wire.fault("password", "not_a_text", "Send the password as text.")
    code = wire.text("code", most=40)
    wire.done()
    session_id = identity.session_of(call.request.headers.get("Authorization", ""))
    if call.by.key_id is not None:
        raise identity.NobodyToProve("A key has nobody behind it. Sign in as a person.")
    if session_id is None:
        raise identity.ProofWanted("In a browser, confirm that it is you at /confirm/.")
    identity.prove_session(
        session_id,
        password=password,
        code=code,
        address=call.request.META.get("REMOTE_ADDR", ""),
        at=call.at,
    )
    return ProofOut(call.at + timedelta(seconds=settings.PROOF_SECONDS))


def refresh_token(call: Call) -> str:
    """The token that was sent; Invalid."""
    wire = Wire(call.body)
    wire.known(("refresh",))
    token = wire.text("refresh", most=500, required=True)
    wire.done()
    return token
