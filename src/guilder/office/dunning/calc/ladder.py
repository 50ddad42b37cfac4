"""Which step of a ladder is due for an invoice. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Step:
    """One step: `days` after the due date (below zero before it), its `level` from 1 upward."""

    level: int
    days: int
    tone: str = "reminder"


def due_step(
    steps: Sequence[Step], *, due_on: date, reached: int, rests_until: date | None, on: date
) -> Step | None:
    """The step that an invoice is to be reminded by on a day; None where nothing is due.

    The latest one that its day has come for: what was missed is never sent belatedly. No level
    comes twice, none while the last letter still gives time (`rests_until` included), and what
    announces a due date does not come after it.
    """
    if rests_until is not None and on <= rests_until:
        return None
    due = [
        one
        for one in steps
        if one.level > reached
        and due_on + timedelta(days=one.days) <= on
        and (one.days >= 0 or on <= due_on)
    ]
    return max(due, key=lambda one: one.level, default=None)


def next_step(
    steps: Sequence[Step], *, due_on: date, reached: int, rests_until: date | None, on: date
) -> tuple[date, Step] | None:
    """The day from `on` on which an invoice is reminded next, and by which step."""
    starts = [due_on + timedelta(days=one.days) for one in steps if one.level > reached]
    starts.append(rests_until + ONE_DAY if rests_until is not None else on)
    for day in sorted({max(day, on) for day in starts}):
        found = due_step(steps, due_on=due_on, reached=reached, rests_until=rests_until, on=day)
        if found is not None:
            return day, found
    return None


def stages(
    steps: Sequence[Step], *, due_on: date, days: Sequence[date], gives: int
) -> list[tuple[date, int]]:
    """The whole course of an unpaid invoice over the days on which somebody looks: (day, level).

    `gives` is how many days each letter gives to pay; for previews.
    """
    sent: list[tuple[date, int]] = []
    reached, rests = 0, None
    for day in days:
        found = due_step(steps, due_on=due_on, reached=reached, rests_until=rests, on=day)
        if found is not None:
            sent.append((day, found.level))
            reached, rests = found.level, day + timedelta(days=gives)
    return sent
