"""Tokens and keys as text: made, taken apart and checked, without a database.

Access tokens are JWTs (RFC 7519) signed with HS256 under a key derived from the secret key. Refresh
tokens name their session and generation and carry 256 random bits; API keys carry 256 random bits.
Of both only the SHA-256 is stored.
"""

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import jwt

ISSUER = "guilder"
AUDIENCE = "guilder-api"
ALGORITHM = "HS256"
ACCESS_SECONDS = 300
KEY_START = "gld_live_"
PREFIX_LENGTH = len(KEY_START) + 8
REFRESH_START = "gld_refresh_"
REQUIRED = ["exp", "iat", "sub", "sid"]


@dataclass(frozen=True, slots=True)
class AccessClaims:
    """What an access token says."""

    user_id: UUID
    session_id: UUID


@dataclass(frozen=True, slots=True)
class RefreshParts:
    """What a refresh token says of itself."""

    session_id: UUID
    generation: int


def signing_key(secret_key: str) -> bytes:
    """The key for access tokens, derived so that it signs nothing else."""
    return hmac.new(secret_key.encode(), b"guilder access token v1", hashlib.sha256).digest()


def access_token(claims: AccessClaims, *, key: bytes, at: int) -> str:
    """A signed token, valid for 300 seconds from `at` (seconds since 1970)."""
    payload: dict[str, Any] = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": str(claims.user_id),
        "sid": str(claims.session_id),
        "iat": at,
        "exp": at + ACCESS_SECONDS,
    }
    return jwt.encode(payload, key, algorithm=ALGORITHM)


def read_access_token(token: str, *, keys: tuple[bytes, ...]) -> AccessClaims | None:
    """The claims of a valid token; None for every other text. `keys`: today's first."""
    for key in keys:
        try:
            payload = jwt.decode(
                token,
                key,
                algorithms=[ALGORITHM],
                audience=AUDIENCE,
                issuer=ISSUER,
                options={"require": REQUIRED},
            )
            return AccessClaims(UUID(payload["sub"]), UUID(payload["sid"]))
        except jwt.InvalidSignatureError:
            continue
        except (jwt.InvalidTokenError, ValueError, TypeError, AttributeError):
            return None
    return None


def new_refresh_token(session_id: UUID, generation: int) -> str:
    """A refresh token of one generation of a session."""
    raw = session_id.bytes + generation.to_bytes(4, "big") + secrets.token_bytes(32)
    return REFRESH_START + base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def read_refresh_token(token: str) -> RefreshParts | None:
    """Which session and generation a token claims to be of; None where it is no such token."""
    if not token.startswith(REFRESH_START) or not token.isascii():
        return None
    text = token[len(REFRESH_START) :]
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except ValueError:
        return None
    if len(raw) != 52:
        return None
    return RefreshParts(UUID(bytes=raw[:16]), int.from_bytes(raw[16:20], "big"))


def new_api_key() -> tuple[str, str]:
    """(whole key, prefix by which it is looked up and shown)."""
    key = KEY_START + secrets.token_urlsafe(32)
    return key, key[:PREFIX_LENGTH]


def new_secret() -> str:
    """256 random bits for a link."""
    return secrets.token_urlsafe(32)


def link_key(secret_key: str) -> bytes:
    """The key for standing links, derived so that it makes nothing else."""
    return hmac.new(secret_key.encode(), b"guilder standing link v1", hashlib.sha256).digest()


def link_secret(link_id: UUID, *, key: bytes) -> str:
    """256 bits for one standing link: whoever lacks the key cannot tell them from random ones."""
    raw = hmac.new(key, link_id.bytes, hashlib.sha256).digest()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def digest(secret: str) -> bytes:
    """What is stored of a secret of 256 random bits: its SHA-256."""
    return hashlib.sha256(secret.encode()).digest()
