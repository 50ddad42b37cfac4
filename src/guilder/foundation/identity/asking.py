"""The one statement of a sign-in: who it is, how often they called, and the key they claim."""

import time
from functools import lru_cache
from typing import Any

from guilder.foundation.edges import along, throttle
from guilder.foundation.tenancy import hot

# One statement signs in and counts. Who claims a key is about to write, and wants no generation:
# it says whether an answer that is kept still holds, and costs a quarter of the whole.
KEY_WHO = """
SELECT k.id, k.organization_id, k.created_by_id, k.name, k.role, k.scopes, k.api_version,
  coalesce(k.plan_count, %(allowance)s::int) AS allowance,
  coalesce(k.plan_seconds, %(period)s::int) AS period,
  {generation} AS generation
FROM identity_apikey k
WHERE k.prefix = %(prefix)s::text AND k.secret_hash = %(hash)s::bytea AND k.revoked_at IS NULL
  AND (k.expires_at IS NULL OR k.expires_at > now())
"""
KEY_USED = """
, used AS (
  UPDATE identity_apikey k SET last_used_at = now() FROM who
  WHERE k.id = who.id AND (k.last_used_at IS NULL OR k.last_used_at < now() - interval '10 min')
)"""
SESSION_WHO = """
SELECT u.id, m.organization_id, u.id AS user_id, coalesce(nullif(u.name, ''), u.email) AS name,
  m.role, u.is_operator, s.organization_id AS home, count(m.id) OVER () AS memberships,
  to_jsonb(c) AS custom,
  %(allowance)s::int AS allowance, %(period)s::int AS period,
  {generation} AS generation
FROM identity_loginsession s
JOIN identity_user u ON u.id = s.user_id AND u.is_active
LEFT JOIN identity_membership m ON m.user_id = u.id AND m.is_active
  AND (%(organization)s::uuid IS NULL OR m.organization_id = %(organization)s::uuid)
LEFT JOIN identity_customrole c ON c.id = m.custom_role_id
WHERE s.id = %(session)s::uuid AND s.user_id = %(user)s::uuid AND s.revoked_at IS NULL
  AND s.expires_at > now()
ORDER BY (m.organization_id = s.organization_id) DESC NULLS LAST LIMIT 1
"""
# Where the generation stands in the rows of the two.
KEY_GENERATION, SESSION_GENERATION = 9, 11
NO_RATE = {"allowance": 0, "period": 1}
COUNTED_WIDTH = 7  # columns of the count, with the last that makes it lazy


def ask(
    scope: str, values: dict[str, Any], *, wanted: along.Wanted | None
) -> tuple[Any, throttle.Verdict | None, along.Pending | None]:
    """Run the sign-in statement of "key" or "session"; raises TooManyRequests."""
    throttle.refuse_inside_transaction()
    rate = throttle.rate_of("user")
    given = NO_RATE if rate is None else {"allowance": rate.count, "period": rate.seconds}
    now = time.time()
    values = {**values, **given, "now": now, "cost": 1}
    if wanted is not None:
        values |= along.values_of(wanted)
    found = hot.cursor(binary=True).execute(
        statement(scope, claims=wanted is not None), values, prepare=True
    )
    row = found.fetchone()
    if row is None:
        return None, None, None
    pending = None if wanted is None else pending_of(row, wanted)
    counted = row[-COUNTED_WIDTH:-1]
    if counted[0] is None:  # no limit for this caller
        return row, None, pending
    verdict = throttle.verdict_of("user", counted, now=now)
    if not verdict.allowed:
        raise throttle.TooManyRequests(verdict)
    return row, verdict, pending


def pending_of(row: tuple[Any, ...], wanted: along.Wanted) -> along.Pending:
    """What came of the key, in a row of the sign-in statement."""
    end = len(row) - COUNTED_WIDTH
    return along.Pending(wanted, row[1], row[0], row[end - along.WIDTH : end])


@lru_cache(maxsize=4)
def statement(scope: str, *, claims: bool) -> str:
    """The whole statement: who it is, the count for them, (keys) when they last came, and the claim
    of their Idempotency-Key."""
    who, organization = (KEY_WHO, "k") if scope == "key" else (SESSION_WHO, "m")
    generation = "NULL::bigint" if claims else f"guilder_generation({organization}.organization_id)"
    counted = throttle.COUNTED.format(
        key=f"'{'key' if scope == 'key' else 'user'}:' || who.id",
        allowance="who.allowance",
        period="who.period",
        source="FROM who WHERE who.allowance > 0",
    )
    used = KEY_USED if scope == "key" else ""
    claimed, columns, join = (along.CTE, along.COLUMNS, along.JOIN) if claims else ("", "", "")
    return (
        f"WITH who AS ({who.format(generation=generation)}), counted AS ({counted}){used}{claimed} "  # noqa: S608  (our own constants)
        f"SELECT who.*, {columns}counted.*, {throttle.LAZY} "
        f"FROM who LEFT JOIN counted ON true{join}"
    )
