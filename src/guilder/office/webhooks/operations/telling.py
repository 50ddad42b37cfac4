"""Telling an event to those who want it: one message, and a delivery for each endpoint."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from guilder.foundation.events.models import Event
from guilder.foundation.tenancy import hot
from guilder.foundation.tenancy.ids import uuid7
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.office.webhooks import bodies, calc
from guilder.office.webhooks.models import Delivery, Endpoint, Message, PendingDelivery

NEXT = """
INSERT INTO webhooks_counter (id, organization_id, last) VALUES (%s, %s, 1)
ON CONFLICT (organization_id) DO UPDATE SET last = webhooks_counter.last + 1 RETURNING last
"""
WANTED = """
SELECT id, api_version, types FROM webhooks_endpoint
WHERE organization_id = %s::uuid AND is_active ORDER BY id
"""


def tell_event(event_id: UUID, event_type: str, *, by: Actor, at: datetime) -> int:
    """Queue an event for every endpoint that wants its type; gives for how many.

    Runs in the transaction that notes that the event was heard, so it is queued exactly once.
    """
    by.require("webhook.edit")
    with transaction(by.organization_id):
        rows = hot.cursor().execute(WANTED, [by.organization_id], prepare=True).fetchall()
        wanting = [(row[0], row[1]) for row in rows if calc.wants(row[2], event_type)]
        if not wanting:
            return 0
        event = Event.objects.of(by.organization_id).get(id=event_id)
        for version in sorted({version for _, version in wanting}):
            message = message_of(event, version=version, by=by, at=at)
            queue(message, [one for one, theirs in wanting if theirs == version], at=at)
        return len(wanting)


def message_of(event: Event, *, version: str, by: Actor, at: datetime) -> Message:
    """The message of an event in a version: the one that stands, else a new one."""
    known = Message.objects.of(by.organization_id).filter(event_id=event.id, api_version=version)
    found = known.first()
    if found is not None:
        return found
    message_id, sequence = uuid7(), next_sequence(by.organization_id)
    body = bodies.body_of(
        event, message_id=message_id, sequence=sequence, version=version, by=by, at=at
    )
    return Message.objects.create(
        id=message_id,
        organization_id=by.organization_id,
        event_id=event.id,
        type=event.type,
        api_version=version,
        sequence=sequence,
        body=body,
        created_at=at,
    )


def ping_message(endpoint: Endpoint, *, by: Actor, at: datetime) -> Message:
    """A message about nothing."""
    message_id, sequence = uuid7(), next_sequence(by.organization_id)
    version = endpoint.api_version
    return Message.objects.create(
        id=message_id,
        organization_id=by.organization_id,
        type=bodies.PING,
        api_version=version,
        sequence=sequence,
        body=bodies.ping_of(
            message_id=message_id, sequence=sequence, version=version, by=by, at=at
        ),
        created_at=at,
    )


def next_sequence(organization_id: UUID) -> int:
    """The next number in the organization's order of messages."""
    row = hot.cursor().execute(NEXT, [uuid7(), organization_id], prepare=True).fetchone()
    return int(row[0])


def queue(message: Message, endpoint_ids: Iterable[UUID], *, at: datetime) -> list[Delivery]:
    """A delivery to each endpoint, due now."""
    made = [
        Delivery(
            organization_id=message.organization_id,
            endpoint_id=endpoint_id,
            message_id=message.id,
            next_attempt_at=at,
            created_at=at,
        )
        for endpoint_id in endpoint_ids
    ]
    Delivery.objects.bulk_create(made)
    PendingDelivery.objects.bulk_create([pending_of(one, at=at) for one in made])
    return made


def pending_of(delivery: Delivery, *, at: datetime) -> PendingDelivery:
    """The queue's row of a delivery that is due at `at`."""
    return PendingDelivery(
        delivery_id=delivery.id,
        organization_id=delivery.organization_id,
        endpoint_id=delivery.endpoint_id,
        due_at=at,
    )


def body_for_listener(event: Event, *, by: Actor, sequence: int, at: datetime) -> tuple[str, str]:
    """(message id, body) of an event for a developer's own listener; nothing is stored."""
    by.require("event.view")
    with transaction(by.organization_id):
        body = bodies.body_of(
            event,
            message_id=event.id,
            sequence=sequence,
            version=bodies.CURRENT,
            by=by,
            at=at,
        )
    return calc.message_name(event.id.hex), body
