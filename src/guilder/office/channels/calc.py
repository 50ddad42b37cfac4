"""When a document is tried again, and what a response does to its transmission; pure."""

from datetime import datetime, timedelta

# Nine further tries in three days, as with mail: soon at first, then ever more rarely.
STEPS = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=15),
    timedelta(hours=1),
    timedelta(hours=3),
    timedelta(hours=8),
    timedelta(hours=12),
    timedelta(hours=12),
    timedelta(hours=24),
)
AGAIN = frozenset(("failed", "stopped"))
UNDER_WAY = frozenset(("queued", "sending"))
# What a business response says (Peppol Invoice Response 3.0, code list UNCL4343 OpenPeppol subset)
# and what the transmission is then; the words are for people.
MEANS = {
    "AB": "delivered",
    "IP": "delivered",
    "UQ": "delivered",
    "CA": "accepted",
    "AP": "accepted",
    "PD": "accepted",
    "RE": "rejected",
}
RANK = {"sent": 0, "delivered": 1, "accepted": 2, "rejected": 2}
# What may be answered to a document that came in, and what its transmission is then.
ANSWERS = {"AB": "taken", "IP": "taken", "UQ": "taken", "CA": "accepted", "AP": "accepted",
           "PD": "accepted", "RE": "rejected"}  # fmt: skip


def next_attempt(attempts: int, *, at: datetime) -> datetime | None:
    """When to try again after `attempts` failures; None when it is time to give up."""
    if attempts > len(STEPS):
        return None
    return at + STEPS[max(attempts, 1) - 1]


def state_after(state: str, code: str) -> str:
    """What a transmission is after a response; a final word is not taken back by a weaker one."""
    said = MEANS.get(code, "")
    if state not in RANK or not said or RANK[said] < RANK[state]:
        return state
    return said
