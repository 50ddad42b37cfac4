"""Telling: each waiting event to each of its listeners, in order per subject, until all have heard.

A telling is one transaction: the listeners' own writes, the note of who has heard, and the removal
of the waiting row are committed together. Killed in between, all of it is done again.
"""

import logging
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connections
from django.db.models import QuerySet
from django.db.models.functions import Now

from guilder.foundation.audit import operations as audit
from guilder.foundation.events import bus, queries
from guilder.foundation.events.events import EventParked, EventTakenUp
from guilder.foundation.events.models import PendingEvent
from guilder.foundation.tenancy import hot, journeys
from guilder.foundation.tenancy.steps import step
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.kernel.errors import Invalid, Problem

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
# The waiting row, unless another worker holds it, and the event itself.
TAKE = f"""
WITH taken AS (
  SELECT p.organization_id, p.event_id, p.heard, p.attempts FROM events_pending p
  WHERE p.event_id = %(event)s::uuid AND {READY} FOR UPDATE OF p SKIP LOCKED)
SELECT t.heard, t.attempts, e.type, e.payload::text FROM taken t LEFT JOIN events_event e
  ON e.organization_id = t.organization_id AND e.id = t.event_id
"""  # noqa: S608
TOLD = """
WITH told AS (DELETE FROM events_pending WHERE event_id = %(event)s::uuid)
SELECT pg_notify(%(channel)s::text, %(organization)s::text)
"""
TOLD_LATER = """
WITH told AS (
  UPDATE events_pending SET heard = %(heard)s::text[], problem = %(problem)s::text,
    attempts = attempts + 1, due_at = now() + make_interval(secs => %(wait)s::int),
    parked_at = CASE WHEN %(parked)s::boolean THEN now() END
  WHERE event_id = %(event)s::uuid)
SELECT pg_notify(%(channel)s::text, %(organization)s::text)
"""


MOST_REASON = 400  # signs


class ReasonMissing(Invalid):
    """Who gives an event up says why."""

    code = "event.reason_missing"


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
    with transaction(organization_id):
        taken = hot.cursor().execute(TAKE, {"event": event_id}, prepare=True).fetchone()
        if taken is None:
            return False
        heard, attempts, event_type, payload = taken
        telling = (
            Telling([], "the event itself is missing")
            if event_type is None
            else tell_listeners((event_type, payload), event_id, organization_id, heard=list(heard))
        )
        values = {"event": event_id, "channel": CHANNEL, "organization": str(organization_id)}
        if not telling.problem:
            note(TOLD, values)
        else:
            later = again(telling, attempts=attempts)
            if later["parked"] and event_type != EventParked.type:  # else it would never end
                parked = EventParked(
                    event_id=event_id, event_type=event_type or "", problem=telling.problem
                )
                bus.publish(parked, by=Actor(organization_id=organization_id, name="Guilder"))
            note(TOLD_LATER, values | later)
        return True


def note(statement: str, values: dict[str, Any]) -> None:
    """How it went: the last of the transaction, sent with its COMMIT."""
    journeys.send_last(connections["default"], statement, values, around=nullcontext())


def tell_listeners(
    stored: tuple[str, str], event_id: UUID, organization_id: UUID, *, heard: list[str]
) -> Telling:
    """Call each listener in a step of its own; one that fails does not undo the others."""
    event_type, payload = stored
    problems = []
    for name, listener in bus.listeners_of(event_type).items():
        if name in heard:
            continue
        try:
            with step():
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


def again(telling: Telling, *, attempts: int) -> dict[str, Any]:
    """What TOLD_LATER binds: the others are tried later; after the last attempt the event is parked
    for a person to see."""
    return {
        "heard": telling.heard,
        "problem": telling.problem,
        "wait": WAITS[min(attempts, len(WAITS) - 1)],
        "parked": attempts >= len(WAITS),
    }


def retry_parked(event_id: UUID) -> bool:
    """Tell a parked event again; False when it is not parked."""
    with connections["default"].cursor() as cursor:
        cursor.execute(
            "UPDATE events_pending SET parked_at = NULL, attempts = 0, due_at = now() "
            "WHERE event_id = %s AND parked_at IS NOT NULL",
            [event_id],
        )
        return cursor.rowcount == 1


def try_parked(event_id: UUID, *, by: Actor) -> None:
    """Tell a parked event of the organization again, to those who have not heard it.

    Raises NoSuchParked.
    """
    by.require("settings.edit")
    with transaction(by.organization_id):
        before = taken_up(event_id, by.organization_id)
        parked_rows(event_id, by.organization_id).update(parked_at=None, attempts=0, due_at=Now())
        tell_outcome(before, by=by, outcome="again", reason="")


def give_up(event_id: UUID, *, by: Actor, reason: str) -> None:
    """Tell a parked event no more: who failed to hear it never will. The event itself stays.

    Raises NoSuchParked, and ReasonMissing where `reason` is empty or too long.
    """
    by.require("settings.edit")
    said = reason.strip()
    if not said or len(said) > MOST_REASON:
        detail = f"Say why, in at most {MOST_REASON} signs."
        raise ReasonMissing(detail, problems=[Problem("/reason", ReasonMissing.code, detail)])
    with transaction(by.organization_id):
        before = taken_up(event_id, by.organization_id)
        parked_rows(event_id, by.organization_id).delete()
        tell_outcome(before, by=by, outcome="given_up", reason=said)


def parked_rows(event_id: UUID, organization_id: UUID) -> QuerySet[PendingEvent]:
    """The row of a parked event, if it is parked in that organization."""
    return PendingEvent.objects.filter(
        event_id=event_id, organization_id=organization_id, parked_at__isnull=False
    )


def taken_up(event_id: UUID, organization_id: UUID) -> queries.Parked:
    """The parked event, which nobody else takes up at the same time."""
    parked_rows(event_id, organization_id).select_for_update().first()
    return queries.get_parked(event_id, organization_id)


def tell_outcome(parked: queries.Parked, *, by: Actor, outcome: str, reason: str) -> None:
    """Audit and tell what became of a parked event."""
    audit.record(
        by=by,
        action=f"event.{outcome}",
        table="events_pending",
        row_id=parked.id,
        before={"type": parked.type, "problem": parked.problem, "heard": parked.heard},
        after={"reason": reason} if reason else None,
    )
    bus.publish(EventTakenUp(event_id=parked.id, outcome=outcome), by=by)
