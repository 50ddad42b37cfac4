"""When to ask a gateway about what is open, and when to try a saved method again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

# Between questions about a charge that is open: a client who pays is done in minutes, a direct
# debit takes days.
WAITS = (
    timedelta(minutes=2),
    timedelta(minutes=5),
    timedelta(minutes=15),
    timedelta(hours=1),
    timedelta(hours=6),
    timedelta(days=1),
)
# Days after the first attempt of a due invoice; after the last one people take over.
RETRIES = (0, 3, 7, 14)


@dataclass(frozen=True, slots=True)
class Attempt:
    """One automatic charge of an invoice: on which day, and how it ended."""

    on: date
    state: str
    is_hard: bool = False


def wait_before(checks: int) -> timedelta:
    """How long to wait after so many questions."""
    return WAITS[min(checks, len(WAITS) - 1)]


def next_attempt_on(due_on: date, attempts: Sequence[Attempt]) -> date | None:
    """The day of the next automatic charge; None: none any more, or one is under way.

    A hard decline (stolen, closed, no such account) is never followed by another attempt: card
    schemes fine for that.
    """
    if any(one.state != "failed" or one.is_hard for one in attempts):
        return None
    if not attempts:
        return due_on
    if len(attempts) >= len(RETRIES):
        return None
    first = min(one.on for one in attempts)
    last = max(one.on for one in attempts)
    return max(first + timedelta(days=RETRIES[len(attempts)]), last + timedelta(days=1))
