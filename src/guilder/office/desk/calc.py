"""Pure rules of the desk: whom a comment names, and until when a task sleeps."""

import re
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

MORNING = time(8, 0)
# Name → days from today; "monday" is the next one.
SNOOZES = ("hour", "tomorrow", "monday", "month")


def mentioned(text: str, people: Iterable[tuple[UUID, str]]) -> tuple[UUID, ...]:
    """The people whose whole name stands behind an @, each once, in their order in `people`.

    The longest name is tried first, so that “@Ida Brandt-Ohm” is not “Ida Brandt”.
    """
    rest = text
    found: list[UUID] = []
    for user_id, name in sorted(people, key=lambda one: -len(one[1])):
        if not name.strip():
            continue
        pattern = re.compile(rf"(?<![\w@])@{re.escape(name.strip())}(?!\w)", re.IGNORECASE)
        rest, count = pattern.subn(" ", rest)
        if count:
            found.append(user_id)
    return tuple(found)


def wakes_at(name: str, *, now: datetime, zone: ZoneInfo) -> datetime | None:
    """When a task put off by `name` of SNOOZES, or to a day (ISO), comes back; None: unknown.

    Days begin at eight in the morning where the organization is.
    """
    local = now.astimezone(zone)
    if name == "hour":
        return now + timedelta(hours=1)
    days = {"tomorrow": 1, "monday": 7 - local.weekday(), "month": 30}.get(name)
    day = local.date() + timedelta(days=days) if days else day_of(name)
    if day is None or day <= local.date():
        return None
    return datetime.combine(day, MORNING, tzinfo=zone)


def day_of(text: str) -> date | None:
    """A day as a date field sends it."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def percent(done: int, total: int) -> int:
    """How far, of a hundred; a job that does not know its size is at none."""
    return min(100, done * 100 // total) if total else 0
