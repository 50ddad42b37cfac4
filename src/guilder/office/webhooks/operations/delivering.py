"""Delivering: take what is due, call outside of any transaction, note the outcome."""

import logging
import secrets as chances
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connections
from django.db import transaction as django_transaction

from guilder.foundation.edges import outbound, secrets
from guilder.foundation.events import bus
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.office.webhooks import calc
from guilder.office.webhooks.events import EndpointDisabled
from guilder.office.webhooks.models import Attempt, Delivery, Endpoint, PendingDelivery
from guilder.office.webhooks.operations.endpoints import switch_off
from guilder.office.webhooks.sealing import keys_of

logger = logging.getLogger("guilder.webhooks")

LIMITS = outbound.Limits(connect=3, total=3, size=256 << 10)
LEASE = timedelta(seconds=30)  # a worker that is silent for so long is taken to have died
EACH_ENDPOINT, EACH_ORGANIZATION = 2, 8  # calls under way at once
KEPT_HEADERS = ("content-type", "content-length", "date", "location", "retry-after", "server")
KEPT_TEXT = 1000
HEAD = ("webhook-id", "webhook-timestamp", "webhook-signature", "Content-Type", "User-Agent")

# One taker at a time, so that the counts hold over all workers; it lasts some milliseconds.
TURN = "SELECT pg_try_advisory_xact_lock(7254, 2)"
# The endpoints with something in the queue, found by skipping through the index, and of each the
# few that are due the longest: a long queue of one costs the others nothing.
DUE = """
WITH RECURSIVE waiting AS (
  (SELECT endpoint_id FROM webhooks_pending ORDER BY endpoint_id LIMIT 1)
  UNION ALL
  SELECT (SELECT p.endpoint_id FROM webhooks_pending p WHERE p.endpoint_id > w.endpoint_id
          ORDER BY p.endpoint_id LIMIT 1)
  FROM waiting w WHERE w.endpoint_id IS NOT NULL
)
SELECT d.delivery_id, d.organization_id, d.endpoint_id, d.attempts, d.due_at
FROM waiting w CROSS JOIN LATERAL (
  SELECT p.delivery_id, p.organization_id, p.endpoint_id, p.attempts, p.due_at
  FROM webhooks_pending p
  WHERE p.endpoint_id = w.endpoint_id AND p.due_at <= %(at)s
    AND (p.taken_until IS NULL OR p.taken_until <= %(at)s)
  ORDER BY p.due_at, p.delivery_id LIMIT %(each)s
) d
WHERE w.endpoint_id IS NOT NULL ORDER BY d.due_at, d.delivery_id
"""
BUSY = "SELECT organization_id, endpoint_id FROM webhooks_pending WHERE taken_until > %s"
TAKE = "UPDATE webhooks_pending SET taken_until = %s WHERE delivery_id = ANY(%s)"


@dataclass(frozen=True, slots=True)
class Taken:
    """A delivery that is this worker's to try; `attempts` were made in this round before."""

    delivery_id: UUID
    organization_id: UUID
    endpoint_id: UUID
    attempts: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one call gave; no status: no answer."""

    milliseconds: int
    status: int | None = None
    problem: str = ""
    request_head: dict[str, str] = field(default_factory=dict)
    response_head: dict[str, str] = field(default_factory=dict)
    response_text: str = ""

    @property
    def is_taken(self) -> bool:
        """Whether the receiver has it: any 2xx."""
        return self.status is not None and 200 <= self.status < 300


def take_due(*, at: datetime, limit: int) -> list[Taken]:
    """Up to `limit` deliveries that are due, never more of one endpoint or organization at once
    than may be; nothing where another worker is taking at this very moment."""
    with django_transaction.atomic(), connections["default"].cursor() as cursor:
        cursor.execute(TURN)
        if not cursor.fetchone()[0]:  # type: ignore[index]
            return []
        cursor.execute(BUSY, [at])
        busy = Counter(one for row in cursor.fetchall() for one in row)
        cursor.execute(DUE, {"at": at, "each": EACH_ENDPOINT})
        chosen: list[Taken] = []
        for row in cursor.fetchall():
            if len(chosen) >= limit:
                break
            if busy[row[1]] < EACH_ORGANIZATION and busy[row[2]] < EACH_ENDPOINT:
                busy.update(row[1:3])
                chosen.append(Taken(*row[:4]))
        cursor.execute(TAKE, [at + LEASE, [one.delivery_id for one in chosen]])
    return chosen


def deliver(taken: Taken, *, by: Actor, at: datetime) -> bool:
    """Try a delivery that was taken; whether the receiver has it.

    Killed in between, it is tried again after LEASE under the same id.
    """
    by.require("webhook.edit")
    with transaction(by.organization_id):
        delivery = (
            Delivery.objects.of(by.organization_id)
            .select_related("message", "endpoint")
            .filter(id=taken.delivery_id, state=Delivery.State.WAITING)
            .first()
        )
    if delivery is None or not delivery.endpoint.is_active:
        PendingDelivery.objects.filter(delivery_id=taken.delivery_id).delete()
        return False
    outcome = call(delivery, at=at)
    note_outcome(delivery, outcome, round_attempts=taken.attempts + 1, by=by, at=at)
    return outcome.is_taken


def call(delivery: Delivery, *, at: datetime) -> Outcome:
    """One signed call; every way in which it can end is an outcome."""
    endpoint, message = delivery.endpoint, delivery.message
    body = message.body.encode()
    began = time.monotonic()
    head: dict[str, str] = {}
    try:
        keys = keys_of(endpoint, at=at)
        head = signed_headers(keys, message_id=str(message), at=at, body=body)
        reply = outbound.request("POST", endpoint.url, body=body, headers=head, limits=LIMITS)
    except (outbound.BadTarget, outbound.Unreachable, secrets.CannotOpen) as error:
        return Outcome(since(began), problem=error.detail[:300], request_head=shown(head))
    return Outcome(
        since(began),
        status=reply.status,
        problem="" if 200 <= reply.status < 300 else f"It answered {reply.status}.",
        request_head=shown(head),
        response_head={
            name: reply.headers[name][:200] for name in KEPT_HEADERS if name in reply.headers
        },
        response_text=reply.body[:KEPT_TEXT].decode(errors="replace").replace("\x00", ""),
    )


def signed_headers(
    keys: list[str], *, message_id: str, at: datetime, body: bytes
) -> dict[str, str]:
    """The headers of a call, signed with each key."""
    head = calc.signed_headers(keys, message_id=message_id, at=at, body=body)
    return {**head, "User-Agent": "Guilder-Webhooks/1"}


def shown(head: Mapping[str, str]) -> dict[str, str]:
    """The request's head as it is kept: a signature says nothing of the secret."""
    return {name: head[name] for name in HEAD if name in head}


def since(began: float) -> int:
    """Milliseconds that have passed."""
    return round((time.monotonic() - began) * 1000)


def note_outcome(
    delivery: Delivery, outcome: Outcome, *, round_attempts: int, by: Actor, at: datetime
) -> None:
    """Write down what a call gave, and when the next one is."""
    wait = None
    if not outcome.is_taken:
        asked = calc.asked_wait(outcome.response_head.get("retry-after", ""))
        wait = calc.wait_after(round_attempts, chance=chances.randbelow(101), asked=asked)
    with transaction(by.organization_id):
        # The endpoint first: whoever switches it off holds it before its deliveries.
        endpoint = Endpoint.objects.of(by.organization_id).lock().filter(id=delivery.endpoint_id)
        endpoint = endpoint.first()
        if endpoint is None or not write(delivery, outcome, wait=wait, at=at):
            return
        if outcome.is_taken:
            note_success(endpoint, at=at)
        else:
            note_failure(endpoint, outcome, by=by, at=at)
        reschedule(delivery.id, wait, at=at)


def write(delivery: Delivery, outcome: Outcome, *, wait: timedelta | None, at: datetime) -> bool:
    """The attempt and the delivery's state; False when it ended in the meantime."""
    later = None if wait is None else at + wait
    ended = Delivery.State.DELIVERED if outcome.is_taken else Delivery.State.FAILED
    state = Delivery.State.WAITING if later else ended
    rows = Delivery.objects.of(delivery.organization_id).filter(
        id=delivery.id, state=Delivery.State.WAITING, attempts=delivery.attempts
    )
    changed = rows.update(
        state=state,
        attempts=delivery.attempts + 1,
        last_status=outcome.status,
        problem=outcome.problem,
        next_attempt_at=later,
        finished_at=None if later else at,
    )
    if changed != 1:
        return False
    Attempt.objects.create(
        organization_id=delivery.organization_id,
        delivery_id=delivery.id,
        number=delivery.attempts + 1,
        at=at,
        milliseconds=outcome.milliseconds,
        status=outcome.status,
        problem=outcome.problem,
        request_head=outcome.request_head,
        response_head=outcome.response_head,
        response_text=outcome.response_text,
    )
    return True


def reschedule(delivery_id: UUID, wait: timedelta | None, *, at: datetime) -> None:
    """Give it back to the queue for later, or take it out."""
    rows = PendingDelivery.objects.filter(delivery_id=delivery_id)
    if wait is None:
        rows.delete()
        return
    for row in rows:
        row.due_at, row.taken_until, row.attempts = at + wait, None, row.attempts + 1
        row.save()


def note_success(endpoint: Endpoint, *, at: datetime) -> None:
    """It works; written at most once a minute, since every delivery would lock the row."""
    last = endpoint.last_success_at
    if endpoint.failing_since is None and last is not None and at - last < timedelta(minutes=1):
        return
    Endpoint.objects.of(endpoint.organization_id).filter(id=endpoint.id).update(
        failing_since=None, last_success_at=at
    )


def note_failure(endpoint: Endpoint, outcome: Outcome, *, by: Actor, at: datetime) -> None:
    """It does not work; after days of that, or when it says that it is gone, it is switched off."""
    if not endpoint.is_active:
        return
    since = endpoint.failing_since or at
    endpoint.failing_since = since
    days = timedelta(days=settings.WEBHOOK_DISABLE_DAYS)
    because: Any = Endpoint.Why.GONE if outcome.status == 410 else ""
    if not because and at - since >= days:
        because = Endpoint.Why.FAILING
    if because:
        logger.warning("webhook switched off", extra={"endpoint": str(endpoint.id)})
        switch_off(endpoint, at=at, because=because)
        endpoint.version += 1
        bus.publish(
            EndpointDisabled(
                endpoint_id=endpoint.id,
                name=endpoint.name,
                url=endpoint.url,
                because=str(because),
                since=since,
            ),
            by=by,
        )
    endpoint.save(
        update_fields=[
            "failing_since", "is_active", "disabled_at", "disabled_because", "version",
        ]
    )  # fmt: skip
