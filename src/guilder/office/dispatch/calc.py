"""When a mail is tried again, and what an SMTP server's answer means; pure."""

from datetime import datetime, timedelta
from enum import StrEnum

# Nine tries in three days: soon at first, for a server that greylists; then ever more rarely.
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


class Failure(StrEnum):
    """Whether trying again may help."""

    TEMPORARY = "temporary"
    PERMANENT = "permanent"


def failure_of(smtp_code: int | None) -> Failure:
    """The class of a reply code (RFC 5321, 4.2.1); None is no answer at all: try again.

    421 and 450 to 452 come and go; 454 and 530 to 535 are faults of the sign-in that a person has
    to mend in the settings, which is no reason to give the mail up.
    """
    if smtp_code is None or 400 <= smtp_code < 500 or smtp_code in {530, 534, 535}:
        return Failure.TEMPORARY
    return Failure.PERMANENT


def next_attempt(attempts: int, *, at: datetime) -> datetime | None:
    """When to try again after `attempts` failures; None when it is time to give up."""
    if attempts > len(STEPS):
        return None
    return at + STEPS[attempts - 1]
