"""One effect and one answer for a request that is sent twice with the same Idempotency-Key.

`begin` claims the key in a transaction of its own, `finish` keeps the answer inside the business
transaction, so effect and answer are committed together or not at all. A claim is a lease: when its
holder dies, a repetition may take it over after `locked_until`, and the first holder, should it
come back, fails in `finish` and is rolled back.
"""

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import msgspec
import psycopg
from django.db import DatabaseError, DataError, connections

from guilder.foundation.edges import secrets
from guilder.foundation.edges.late import Late, put_in
from guilder.foundation.edges.throttle import LAZY, refuse_inside_transaction
from guilder.foundation.tenancy import hot, journeys
from guilder.foundation.tenancy.ids import uuid7
from guilder.kernel.errors import Conflict, Invalid

LEASE = timedelta(seconds=60)
KEPT = timedelta(days=30)
PURPOSE = "edges.idempotency"
LONGEST_KEY = 255

# Claims the key, takes over a lapsed lease or an expired row. The claim need not wait for the disk:
# without it, a business transaction cannot finish.
CLAIM = """
  INSERT INTO edges_idempotency AS i (id, organization_id, key, method, route, fingerprint, lease,
    locked_until, expires_at)
  {source}
  ON CONFLICT (organization_id, key) DO UPDATE SET lease = EXCLUDED.lease,
    locked_until = EXCLUDED.locked_until, expires_at = EXCLUDED.expires_at,
    method = EXCLUDED.method, route = EXCLUDED.route, fingerprint = EXCLUDED.fingerprint,
    status = NULL, headers = NULL, answer = NULL
  WHERE i.expires_at < now() OR (i.status IS NULL AND i.fingerprint = EXCLUDED.fingerprint
    AND (i.locked_until < now() OR i.lease = EXCLUDED.lease))
  RETURNING lease"""
# What `{source}` selects or has as values: whose key it is and what was asked under it.
CLAIMED = """%(claim_lease)s::uuid, {organization}, %(claim_key)s::text, %(claim_method)s::text,
    %(claim_route)s::text, {fingerprint}, %(claim_lease)s::uuid,
    now() + %(claim_leased)s::interval, now() + %(claim_kept)s::interval"""
FINGERPRINT = "sha256(%(claim_asked)s::bytea || {who})"
# What is there under a key, as `earlier_answer` reads it.
THERE = """e.fingerprint, e.status, e.headers::text, e.answer,
  ceil(extract(epoch FROM e.locked_until - now()))::int"""
BEGIN = f"""
WITH claimed AS ({
    CLAIM.format(
        source="VALUES ("
        + CLAIMED.format(
            organization="%(organization)s::uuid", fingerprint="%(fingerprint)s::bytea"
        )
        + ")"
    )
})
SELECT true, NULL::bytea, NULL::int, NULL::text, NULL::bytea, NULL::int, {LAZY} FROM claimed
UNION ALL
SELECT false, {THERE}, ''
FROM edges_idempotency AS e
WHERE e.organization_id = %(organization)s::uuid AND e.key = %(claim_key)s::text
  AND NOT EXISTS (SELECT FROM claimed)
"""  # noqa: S608  (constants of our own)
# It travels with COMMIT, so a lost lease must fail by itself: it divides by the rows it changed.
FINISH = """
WITH done AS (
  UPDATE edges_idempotency SET status = %(status)s::smallint, headers = %(headers)s::jsonb,
    answer = %(answer)s::bytea
  WHERE organization_id = %(organization)s::uuid AND key = %(key)s::text
    AND lease = %(lease)s::uuid AND status IS NULL
  RETURNING 1)
SELECT 1 / count(*) FROM done
"""
# The same with a last statement that waited for it; nothing is kept where that gave no row.
FINISH_LATE = """
WITH {ctes}, kept AS (
  UPDATE edges_idempotency SET status = %(kept_status)s::smallint,
    headers = %(kept_headers)s::jsonb || jsonb_build_object('{words_in}',
      jsonb_build_object({words})),
    answer = %(kept_answer)s::bytea
  FROM {source}
  WHERE edges_idempotency.organization_id = %(organization)s::uuid
    AND edges_idempotency.key = %(kept_key)s::text
    AND edges_idempotency.lease = %(kept_lease)s::uuid AND edges_idempotency.status IS NULL
  RETURNING 1)
SELECT {columns}, 1 / (SELECT count(*) FROM kept) FROM {source}
"""
WORDS = "-words"  # among the kept headers: what the stand-ins of an answer stand for
RELEASE = """
DELETE FROM edges_idempotency
WHERE organization_id = %(organization)s::uuid AND key = %(key)s::text AND lease = %(lease)s::uuid
  AND status IS NULL
"""


class BadKey(Invalid):
    """The Idempotency-Key is empty, too long or not printable ASCII."""

    code = "idempotency.bad_key"


class KeyReused(Invalid):
    """The key was used before, with another request."""

    code = "idempotency.key_reused"


class StillRunning(Conflict):
    """The same request is being worked on; `retry_after` seconds later its answer may be there."""

    code = "idempotency.still_running"
    retry_after = 1


class LeaseLost(Conflict):
    """Another process took the request over; this one's work is undone."""

    code = "idempotency.lease_lost"


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to do a request once."""

    organization_id: UUID
    key: str
    lease: UUID


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered the first time."""

    status: int
    headers: dict[str, str]
    body: bytes
    is_put_in: bool = False  # whether stand-ins in the body were replaced


def asked(*, method: str, path: str, body: bytes) -> bytes:
    """SHA-256 of a request: same method, path with query and JSON, however it is spaced."""
    try:
        canonical = msgspec.json.encode(msgspec.json.decode(body), order="deterministic")
    except msgspec.DecodeError:
        canonical = body
    head = json.dumps([method.upper(), path]).encode()
    return hashlib.sha256(hashlib.sha256(head).digest() + canonical).digest()


def fingerprint(*, method: str, path: str, body: bytes, who: UUID | None) -> bytes:
    """SHA-256 of a request and of who sends it."""
    said = asked(method=method, path=path, body=body)
    return hashlib.sha256(said + (who.bytes if who is not None else b"")).digest()


def is_usable(key: str) -> bool:
    """Whether a text can be an Idempotency-Key."""
    return bool(key) and len(key) <= LONGEST_KEY and key.isascii() and key.isprintable()


def claim_values(
    key: str, *, method: str, route: str, lease_id: UUID, lease: timedelta = LEASE
) -> dict[str, Any]:
    """What CLAIMED binds."""
    return {
        "claim_lease": lease_id,
        "claim_key": key,
        "claim_method": method[:7],
        "claim_route": route[:200],
        "claim_leased": lease,
        "claim_kept": KEPT,
    }


def begin(
    organization_id: UUID,
    key: str,
    *,
    method: str,
    route: str,
    fingerprint: bytes,
    lease: timedelta = LEASE,
) -> Claim | Answer:
    """Claim `key`, or give the answer that it got before. One statement, outside transactions.

    Raises BadKey, KeyReused when the fingerprint differs, StillRunning while another one holds it.
    """
    if not is_usable(key):
        raise BadKey("Send an Idempotency-Key of 1 to 255 printable ASCII characters.")
    refuse_inside_transaction()
    claim = Claim(organization_id, key, uuid7())
    values = claim_values(key, method=method, route=route, lease_id=claim.lease, lease=lease)
    values |= {"organization": organization_id, "fingerprint": fingerprint}
    row = hot.cursor().execute(BEGIN, values, prepare=True).fetchone()
    if row is None:  # claimed by another request after this statement began
        raise begun_meanwhile()
    return claim if row[0] else earlier_answer(organization_id, row[1:6], fingerprint=fingerprint)


def begun_meanwhile() -> StillRunning:
    """The error where another request claimed the key a moment ago."""
    return StillRunning("The same request is being worked on. Try again in a second.")


def earlier_answer(organization_id: UUID, row: tuple[Any, ...], *, fingerprint: bytes) -> Answer:
    """The kept answer in what THERE selects. Raises KeyReused, StillRunning."""
    stored, status, headers, sealed, wait = row
    if bytes(stored) != fingerprint:
        raise KeyReused(
            "This Idempotency-Key was used for another request. Send a new key with a new request."
        )
    if status is None:
        error = StillRunning("The same request is being worked on. Try again in a moment.")
        error.retry_after = max(1, min(wait, 60))
        raise error
    body = secrets.unseal(sealed, organization_id=organization_id, purpose=PURPOSE)
    kept = json.loads(headers)
    words = kept.pop(WORDS, {})
    return Answer(status=status, body=put_in(body, words), headers=kept, is_put_in=bool(words))


@contextmanager
def losing_the_lease() -> Iterator[None]:
    """Around a COMMIT that carries FINISH. Raises LeaseLost: it was rolled back."""
    try:
        yield
    except (DataError, psycopg.errors.DivisionByZero) as error:
        cause = error if isinstance(error, psycopg.Error) else error.__cause__
        if not isinstance(cause, psycopg.errors.DivisionByZero):
            raise
        raise LeaseLost(
            "Another process answered this request. Send it again to see its answer."
        ) from None


def finish(
    claim: Claim, *, status: int, body: bytes, headers: dict[str, str], late: Late | None = None
) -> None:
    """Keep the answer: the last statement of the business transaction, sent with its COMMIT; one
    with that which was left in `late`.

    Where the lease was lost the COMMIT raises LeaseLost, and nothing of it was done.
    """
    if late is not None and late.is_left:
        finish_late(claim, late, status=status, body=body, headers=headers)
        return
    journeys.send_last(
        connections["default"],
        FINISH,
        {
            "organization": claim.organization_id,
            "key": claim.key,
            "lease": claim.lease,
            "status": status,
            "headers": msgspec.json.encode(headers).decode(),
            "answer": secrets.seal_passing(
                body, organization_id=claim.organization_id, purpose=PURPOSE
            ),
        },
        around=losing_the_lease(),
    )


def finish_late(
    claim: Claim, late: Late, *, status: int, body: bytes, headers: dict[str, str]
) -> None:
    """`finish` with the last statement that `late` holds, as one; `late.told()` says after the
    COMMIT what its stand-ins in `body` stand for. Its `values` name the organization."""
    words = {f"word_{place}": word for place, word in enumerate(late.words.values())}
    named = ", ".join(f"%(word_{place})s::text, {sql}" for place, sql in enumerate(late.words))
    statement = FINISH_LATE.format(
        ctes=late.ctes, columns=late.columns, source=late.source, words=named, words_in=WORDS
    )
    late.cursor = journeys.send_last(
        connections["default"],
        statement,
        {
            **late.values,
            **words,
            "kept_key": claim.key,
            "kept_lease": claim.lease,
            "kept_status": status,
            "kept_headers": msgspec.json.encode(headers).decode(),
            "kept_answer": secrets.seal_passing(
                body, organization_id=claim.organization_id, purpose=PURPOSE
            ),
        },
        around=losing_either(late),
    )


@contextmanager
def losing_either(late: Late) -> Iterator[None]:
    """Around a COMMIT that carries FINISH_LATE: what the statement refuses, and LeaseLost."""
    with losing_the_lease(), late.around() if late.around else nullcontext():
        try:
            yield
        except DatabaseError as error:
            if not isinstance(error.__cause__, psycopg.Error):
                raise
            raise error.__cause__ from None


def release(claim: Claim) -> None:
    """Give the key back after a refusal or a crash before the effect; never raises LeaseLost."""
    hot.cursor().execute(
        RELEASE,
        {"organization": claim.organization_id, "key": claim.key, "lease": claim.lease},
        prepare=True,
    )


def forget_expired() -> int:
    """Delete keys past their 30 days; gives how many."""
    with connections["default"].cursor() as cursor:
        cursor.execute("DELETE FROM edges_idempotency WHERE expires_at < now()")
        return cursor.rowcount
