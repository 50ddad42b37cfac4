"""Telling: each waiting event to each of its listeners, in order per subject, until all have heard.

A telling is one transaction: the listeners' own writes, the note of who has heard, and the removal
of the waiting row are committed together. Killed in between, all of it is done again.
"""

import logging
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connections
from django.db import transaction as django_transaction

from guilder.foundation.events import bus
from guilder.foundation.tenancy.transaction import transaction

logger = logging.getLogger("guilder.events")

AT_ONCE = 200
CHANNEL = "guilder_events"
# Seconds before each new attempt; after the last the event is parked.
WAITS = (5, 30, 120, 600, 3600, 6 * 3600, 24 * 3600)

# What is due and need not wait for an earlier event of the same subject; a parked one no longer
# holds up the rest.
READY = """
p.parked_at IS NULL AND p.due_at <= now() AND NOT EXISTS (
  SELECT FROM events_pending e WHERE e.organization_id = p.organization_id
    AND e.subject_id = p.subject_id AND e.sequence < p.sequence AND e.parked_at IS NULL)
"""
WAITING = f"""
SELECT p.event_id, p.organization_id FROM events_pending p WHERE {READY}
ORDER BY p.sequence LIMIT %s
"""  # noqa: S608  (our own constants)
# Skips what another worker holds.
TAKE = f"""
SELECT p.heard, p.attempts FROM events_pending p WHERE p.event_id = %(event)s AND {READY}
FOR UPDATE OF p SKIP LOCKED
"""  # noqa: S608
EVENT = """
SELECT type, payload::text FROM events_event WHERE organization_id = %s AND id = %s
"""
LATER = """
UPDATE events_pending SET heard = %(heard)s, problem = %(problem)s, attempts = attempts + 1,
  due_at = now() + make_interval(secs => %(wait)s),
  parked_at = CASE WHEN %(parked)s THEN now() END
WHERE event_id = %(event)s
"""


@dataclass(frozen=True, slots=True)
class Telling:
    """How telling one event to its listeners went."""

    heard: list[str]
    problem: str = ""


def tell_waiting(*, limit: int = AT_ONCE) -> int:
    """Tell up to `limit` waiting events; gives how many were dealt with."""
    with connections["default"].cursor() as cursor:
        cursor.execute(WAITING, [limit])
        waiting = cursor.fetchall()
    return sum(tell(event_id, organization_id) for event_id, organization_id in waiting)


def tell(event_id: UUID, organization_id: UUID) -> bool:
    """Tell one event to those who have not heard it; False when it was not ours to tell now."""
    with transaction(organization_id), connections["default"].cursor() as cursor:
        cursor.execute(TAKE, {"event": event_id})
        taken = cursor.fetchone()
        if taken is None:
            return False
        heard, attempts = taken
        cursor.execute(EVENT, [organization_id, event_id])
        stored = cursor.fetchone()
        telling = (
            Telling([], "the event itself is missing")
            if stored is None
            else tell_listeners(stored, event_id, organization_id, heard=list(heard))
        )
        if telling.problem:
            put_off(cursor, event_id, telling, attempts=attempts)
        else:
            cursor.execute("DELETE FROM events_pending WHERE event_id = %s", [event_id])
        cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, str(organization_id)])
        return True


def tell_listeners(
    stored: tuple[str, str], event_id: UUID, organization_id: UUID, *, heard: list[str]
) -> Telling:
    """Call each listener in a savepoint of its own; one that fails does not undo the others."""
    event_type, payload = stored
    problems = []
    for name, listener in bus.listeners_of(event_type).items():
        if name in heard:
            continue
        try:
            with django_transaction.atomic():
                listener(
                    bus.load(event_type, bus.decode(payload)),
                    organization_id=organization_id,
                    event_id=event_id,
                )
        except Exception as error:
            logger.exception("%s could not hear %s %s.", name, event_type, event_id)
            problems.append(f"{name}: {type(error).__name__}: {error}".replace("\x00", ""))
        else:
            heard.append(name)
    return Telling(heard, "; ".join(problems)[:500])


def put_off(cursor: Any, event_id: UUID, telling: Telling, *, attempts: int) -> None:
    """Try the others again later; after the last attempt park the event for a person to see."""
    cursor.execute(
        LATER,
        {
            "event": event_id,
            "heard": telling.heard,
            "problem": telling.problem,
            "wait": WAITS[min(attempts, len(WAITS) - 1)],
            "parked": attempts >= len(WAITS),
        },
    )


def retry_parked(event_id: UUID) -> bool:
    """Tell a parked event again; False when it is not parked."""
    with connections["default"].cursor() as cursor:
        cursor.execute(
            "UPDATE events_pending SET parked_at = NULL, attempts = 0, due_at = now() "
            "WHERE event_id = %s AND parked_at IS NOT NULL",
            [event_id],
        )
        return cursor.rowcount == 1
