"""Signatures of documents that travel by HTTP, as Standard Webhooks has them: HMAC-SHA256 over
number, instant and body."""

import base64
import binascii
import hashlib
import hmac
import secrets
from collections.abc import Mapping
from datetime import datetime

from guilder.papers.exchange.transports.base import NotGenuine

PREFIX = "whsec_"
LEEWAY = 300  # seconds that two clocks may be apart
LEAST = 16  # bytes of a secret


def new_secret() -> str:
    """A fresh secret of 32 random bytes."""
    return PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def key_of(secret: str) -> bytes:
    """The bytes that a secret stands for. ValueError where it is none."""
    try:
        key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except (binascii.Error, UnicodeEncodeError) as error:
        raise ValueError("A secret is whsec_ and base64.") from error
    if len(key) < LEAST:
        raise ValueError("The secret is too short.")
    return key


def signature(secret: str, *, number: str, seconds: int, body: bytes) -> str:
    """`v1,` and the signature."""
    signed = f"{number}.{seconds}.".encode() + body
    return "v1," + base64.b64encode(hmac.digest(key_of(secret), signed, hashlib.sha256)).decode()


def signed_headers(secret: str, *, number: str, at: datetime, body: bytes) -> dict[str, str]:
    """The headers that make a body genuine."""
    seconds = int(at.timestamp())
    return {
        "webhook-id": number,
        "webhook-timestamp": str(seconds),
        "webhook-signature": signature(secret, number=number, seconds=seconds, body=body),
    }


def require_genuine(secret: str, headers: Mapping[str, str], *, body: bytes, at: datetime) -> str:
    """The number of a signed body. Raises NotGenuine."""
    number = headers.get("webhook-id", "")
    stamp = headers.get("webhook-timestamp", "")
    if not number or len(number) > 100 or not number.isascii() or not number.isprintable():
        raise NotGenuine("Name the document in the header webhook-id.")
    if not stamp.isascii() or not stamp.isdecimal() or len(stamp) > 12:
        raise NotGenuine("Give the time in the header webhook-timestamp.")
    if abs(int(stamp) - int(at.timestamp())) > LEEWAY:
        raise NotGenuine("The time of the signature is too far from now. Sign again.")
    wanted = signature(secret, number=number, seconds=int(stamp), body=body)
    given = headers.get("webhook-signature", "").split()
    if not any(hmac.compare_digest(wanted.encode(), one.encode()) for one in given):
        raise NotGenuine("The signature does not fit. Check the secret of this channel.")
    return number
