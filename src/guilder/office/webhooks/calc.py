"""Webhooks as pure rules: signatures (Standard Webhooks 1.0), back-off, who hears of what."""

import base64
import binascii
import hashlib
import hmac
import secrets
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

PREFIX = "whsec_"
# Seconds before each new attempt: three days and a bit in all (Standard Webhooks, "Retries").
WAITS = (5, 300, 1800, 2 * 3600, 5 * 3600, 10 * 3600, 14 * 3600, 20 * 3600, 24 * 3600)
JITTER = 10  # per cent, either way: what failed together does not come back together
LONGEST_ASKED = 24 * 3600  # of a receiver's Retry-After
# What is told within the house only: the state of pages and of our own work.
OWN_FAMILIES = frozenset({"progress", "view", "task", "demo", "webhook", "gateway"})
ALL = "*"


def new_secret() -> str:
    """A fresh secret of 32 random bytes in the form of the standard."""
    return PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def key_of(secret: str) -> bytes:
    """The bytes that a secret stands for. ValueError where it is none."""
    try:
        return base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except (binascii.Error, UnicodeEncodeError) as error:
        raise ValueError("A secret is whsec_ and base64.") from error


def signature(secret: str, *, message_id: str, seconds: int, body: bytes) -> str:
    """`v1,` and the HMAC-SHA256 of id, timestamp and body, each set off by a dot."""
    signed = f"{message_id}.{seconds}.".encode() + body
    return "v1," + base64.b64encode(hmac.digest(key_of(secret), signed, hashlib.sha256)).decode()


def signed_headers(
    keys: Sequence[str], *, message_id: str, at: datetime, body: bytes
) -> dict[str, str]:
    """The headers of a call; with several keys, a signature of each, the newest first."""
    seconds = int(at.timestamp())
    marks = [signature(one, message_id=message_id, seconds=seconds, body=body) for one in keys]
    return {
        "Content-Type": "application/json",
        "webhook-id": message_id,
        "webhook-timestamp": str(seconds),
        "webhook-signature": " ".join(marks),
    }


def wait_after(attempts: int, *, chance: int, asked: int = 0) -> timedelta | None:
    """How long to wait after so many attempts in vain; None: that was the last.

    `chance` (0 to 100) places the wait within the jitter; `asked` are the seconds of Retry-After.
    """
    if attempts > len(WAITS):
        return None
    usual = WAITS[attempts - 1]
    moved = usual * (100 - JITTER + chance * 2 * JITTER // 100) * 1000 // 100
    return max(timedelta(milliseconds=moved), timedelta(seconds=min(asked, LONGEST_ASKED)))


def asked_wait(header: str) -> int:
    """The seconds of a Retry-After; 0 where it names none (a date is not waited for)."""
    return int(header) if header.isascii() and header.isdecimal() and len(header) < 7 else 0


def is_public(event_type: str) -> bool:
    """Whether events of a type are told to others at all."""
    return event_type.partition(".")[0] not in OWN_FAMILIES


def wants(types: Iterable[str], event_type: str) -> bool:
    """Whether an endpoint that chose `types` (none: all; `invoice.*`: a family) wants a type."""
    chosen = list(types)
    family = event_type.partition(".")[0] + ".*"
    return not chosen or event_type in chosen or family in chosen


def message_name(message_hex: str) -> str:
    """The id of a message on the wire: the same in every attempt and every replay."""
    return f"msg_{message_hex}"
