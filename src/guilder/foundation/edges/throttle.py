"""How often somebody may ask: sliding windows, counted exactly by one statement each."""

import math
import re
import time
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv6Address, ip_address
from typing import Any

from django.conf import settings
from django.db import connections

from guilder.foundation.edges.scopes import SCOPES
from guilder.foundation.tenancy import hot
from guilder.kernel.errors import GuilderError

SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
PERIODS = {
    "second": "s", "sec": "s", "minute": "m", "min": "m", "hour": "h", "day": "d",
}  # fmt: skip
# {key}, {allowance}, {period} and {source} are SQL of our own; `now` is seconds since 1970.
# A clock that steps back stays in the later window. Refused requests do not count.
COUNTED = """
INSERT INTO edges_throttle AS t
  (key, allowance, period, span, hits, earlier_hits, allowed, expires_at)
SELECT {key}, {allowance}, {period}, floor(%(now)s::float8 / {period})::bigint,
  CASE WHEN %(cost)s::int <= {allowance} THEN %(cost)s::int ELSE 0 END, 0,
  %(cost)s::int <= {allowance}, (%(now)s::float8)::bigint + 2 * {period}
{source}
ON CONFLICT (key) DO UPDATE SET
  (span, hits, earlier_hits, allowed, allowance, period, expires_at) = (
    SELECT n.span, CASE WHEN n.fits THEN n.hits + %(cost)s::int ELSE n.hits END, n.earlier, n.fits,
      EXCLUDED.allowance, EXCLUDED.period, EXCLUDED.expires_at
    FROM (SELECT r.span, r.hits, r.earlier, r.earlier
        * least(EXCLUDED.period, (r.span + 1) * EXCLUDED.period - %(now)s::float8)
        <= (EXCLUDED.allowance - r.hits - %(cost)s::int)::float8 * EXCLUDED.period AS fits
      FROM (SELECT greatest(t.span, EXCLUDED.span) AS span,
          CASE WHEN t.span >= EXCLUDED.span THEN t.hits ELSE 0 END AS hits,
          CASE WHEN t.span >= EXCLUDED.span THEN t.earlier_hits
            WHEN t.span = EXCLUDED.span - 1 THEN t.hits ELSE 0 END AS earlier
        WHERE t.period = EXCLUDED.period
        UNION ALL SELECT EXCLUDED.span, 0, 0 WHERE t.period <> EXCLUDED.period) r) n)
RETURNING allowed, allowance, period, span, hits, earlier_hits"""

# The count is its own transaction, so that a request rolled back still counts; and it need not wait
# for the disk: a crash of the whole machine may forget the last half second of counting.
LAZY = "set_config('synchronous_commit', 'off', true)"
COUNTED_FOR_ONE = COUNTED.format(
    key="%(key)s::text", allowance="%(allowance)s::int", period="%(period)s::int", source=""
)
ONE = f"WITH counted AS ({COUNTED_FOR_ONE}) SELECT counted.*, {LAZY} FROM counted"  # noqa: S608


class InsideTransaction(RuntimeError):
    """Counting inside a business transaction would be undone with it: a bug, not an input."""


class TooManyRequests(GuilderError):
    """The allowance is used up (HTTP 429); `verdict` says when to come back."""

    code = "throttle.too_many_requests"

    def __init__(self, verdict: "Verdict") -> None:
        self.verdict = verdict
        wait = verdict.retry_after
        super().__init__(
            f"Too many requests: {verdict.rate.count} in {verdict.rate.seconds} seconds are "
            f"allowed here. Try again in {wait} second{'' if wait == 1 else 's'}."
        )


@dataclass(frozen=True, slots=True)
class Rate:
    """`count` requests in `seconds`; a count of 0 is no limit."""

    count: int
    seconds: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """What counting one request gave; `reset` and `retry_after` are in seconds."""

    scope: str
    rate: Rate
    allowed: bool
    remaining: int
    reset: int
    retry_after: int

    def headers(self) -> dict[str, str]:
        """The fields of draft-ietf-httpapi-ratelimit-headers, and Retry-After when refused."""
        fields = {
            "RateLimit-Policy": f'"{self.scope}";q={self.rate.count};w={self.rate.seconds}',
            "RateLimit": f'"{self.scope}";r={self.remaining};t={self.reset}',
        }
        return fields if self.allowed else {**fields, "Retry-After": str(self.retry_after)}


@lru_cache(maxsize=256)
def parse_rate(text: str) -> Rate | None:
    """ "10/day", "5/min", "100/10s" → Rate; "off" → None. Raises ValueError for anything else."""
    plain = text.strip().lower()
    if plain == "off":
        return None
    found = re.fullmatch(r"(\d{1,9})\s*/\s*(\d{0,4})\s*([a-z]+)", plain)
    unit = found and (PERIODS.get(found[3].removesuffix("s") or "s") or PERIODS.get(found[3]))
    if found and found[3] in SECONDS:
        unit = found[3]
    if not found or not unit or int(found[1]) == 0 or (found[2] and int(found[2]) == 0):
        raise ValueError(
            f"“{text}” is no throttle: write a count and a period, such as 10/day, or off."
        )
    return Rate(int(found[1]), int(found[2] or 1) * SECONDS[unit])


def rate_of(scope: str) -> Rate | None:
    """The rate that the settings give `scope`; None is no limit."""
    return parse_rate(getattr(settings, "THROTTLES", {}).get(scope) or SCOPES[scope].rate)


def count(scope: str, who: str, *, cost: int = 1, at: float | None = None) -> Verdict | None:
    """Count a request of `who` (an address, a user's or key's id); None where there is no limit.

    One statement, committed by itself. Raises InsideTransaction where a transaction is open.
    """
    rate = rate_of(scope)
    if rate is None:
        return None
    refuse_inside_transaction()
    now = time.time() if at is None else at
    found = hot.cursor().execute(
        ONE,
        {
            "key": f"{scope}:{who}"[:160],
            "allowance": rate.count,
            "period": rate.seconds,
            "cost": cost,
            "now": now,
        },
        prepare=True,
    )
    return verdict_of(scope, found.fetchone()[:6], now=now)  # type: ignore[index]


def spend(scope: str, who: str, *, cost: int = 1, at: float | None = None) -> Verdict | None:
    """`count`, raising TooManyRequests when the allowance is used up."""
    verdict = count(scope, who, cost=cost, at=at)
    if verdict is not None and not verdict.allowed:
        raise TooManyRequests(verdict)
    return verdict


def refuse_inside_transaction() -> None:
    """Raise InsideTransaction where a transaction is open."""
    if connections["default"].in_atomic_block:
        raise InsideTransaction("Count before the business transaction opens.")


def verdict_of(scope: str, row: tuple[Any, ...], *, now: float) -> Verdict:
    """The verdict from the counter's row as the statement returns it."""
    allowed, allowance, period, span, hits, earlier = row
    into = now - span * period
    weighted = hits + earlier * min(1, max(0, 1 - into / period))
    return Verdict(
        scope=scope,
        rate=Rate(allowance, period),
        allowed=allowed,
        remaining=max(0, math.floor(allowance - weighted)) if allowed else 0,
        reset=max(1, math.ceil(period - into)),
        retry_after=wait_seconds(allowance, period, hits=hits, earlier=earlier, into=into),
    )


def wait_seconds(allowance: int, period: int, *, hits: int, earlier: int, into: float) -> int:
    """Seconds until one more request fits, at least 1 and at most a period."""
    room = allowance - 1 - hits
    if room >= 0 and earlier:  # the window before fades until one more fits
        wait = period * (1 - room / earlier) - into
    else:  # this window must end, then fade itself
        wait = period - into + period * max(0, 1 - (allowance - 1) / max(hits, 1))
    return min(period, max(1, math.ceil(wait)))


def who_at(address: str) -> str:
    """The key of an address: IPv4 as it is, IPv6 by its /64, mapped IPv4 folded."""
    try:
        parsed = ip_address(address.split("%", 1)[0])
    except ValueError:
        return "unknown"
    if isinstance(parsed, IPv6Address):
        if parsed.ipv4_mapped:
            return str(parsed.ipv4_mapped)
        return f"{IPv6Address(int(parsed) >> 64 << 64)}/64"
    return str(parsed)


def forget_expired(*, at: float) -> int:
    """Delete counters that no longer matter; gives how many."""
    with connections["default"].cursor() as cursor:
        cursor.execute("DELETE FROM edges_throttle WHERE expires_at < %s", [math.floor(at)])
        return cursor.rowcount
