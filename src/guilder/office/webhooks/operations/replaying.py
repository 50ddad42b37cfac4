"""Telling again: one delivery, a range of events, or a ping."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from guilder.foundation.audit import operations as audit
from guilder.foundation.events import bus
from guilder.foundation.events import queries as events
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.kernel.errors import Conflict, Invalid, Problem
from guilder.office.webhooks import calc, queries
from guilder.office.webhooks.events import ReplayAsked
from guilder.office.webhooks.models import Delivery, Endpoint, PendingDelivery
from guilder.office.webhooks.operations.telling import (
    message_of,
    pending_of,
    ping_message,
    queue,
)
from guilder.office.webhooks.reading import MOST_TYPES

AT_ONCE = 200
MOST_REPLAYED = 10_000


class EndpointOff(Conflict):
    """Nothing is sent to an endpoint that is switched off."""

    code = "webhook.off"


class StillWaiting(Conflict):
    """The delivery is on its way already."""

    code = "webhook.still_waiting"


def ping(endpoint_id: UUID, *, by: Actor, at: datetime) -> Delivery:
    """Send a message about nothing, to see it arrive. Raises EndpointOff, NoSuchEndpoint."""
    by.require("webhook.edit")
    with transaction(by.organization_id):
        endpoint = active(endpoint_id, by=by)
        message = ping_message(endpoint, by=by, at=at)
        delivery = queue(message, [endpoint.id], at=at)[0]
        delivery.message = message
    return delivery


def retry_delivery(delivery_id: UUID, *, endpoint_id: UUID, by: Actor, at: datetime) -> Delivery:
    """Send a message again, under the same id, with the whole back-off before it.

    Raises NoSuchDelivery, EndpointOff, and StillWaiting while a worker has it. One that waits for a
    later attempt is tried now.
    """
    by.require("webhook.edit")
    with transaction(by.organization_id):
        active(endpoint_id, by=by)
        delivery = queries.get_delivery(delivery_id, by=by, endpoint_id=endpoint_id)
        again(delivery, at=at)
        audit.record(
            by=by,
            action="webhook.retry",
            table="webhooks_delivery",
            row_id=delivery.id,
            before=None,
            after={"type": delivery.message.type, "endpoint": endpoint_id},
        )
    return delivery


def again(delivery: Delivery, *, at: datetime) -> None:
    """Put a delivery at the head of the queue; StillWaiting while it is being made."""
    held = PendingDelivery.objects.select_for_update().filter(delivery_id=delivery.id).first()
    if held is not None and held.taken_until is not None and held.taken_until > at:
        raise StillWaiting("It is being sent at this moment. Look again in a few seconds.")
    delivery.state, delivery.finished_at = Delivery.State.WAITING, None
    delivery.next_attempt_at = at
    delivery.save(update_fields=["state", "finished_at", "next_attempt_at"])
    if held is None:
        pending_of(delivery, at=at).save(force_insert=True)
        return
    held.due_at, held.taken_until, held.attempts = at, None, 0
    held.save()


def ask_replay(
    endpoint_id: UUID,
    *,
    by: Actor,
    since: datetime,
    until: datetime,
    types: Sequence[str] = (),
    only_missed: bool = True,
) -> None:
    """Have the events of a while told again; a worker does it.

    `only_missed` leaves out what the endpoint has taken. Raises Invalid, EndpointOff.
    """
    by.require("webhook.edit")
    problems = []
    if since >= until:
        problems.append(Problem("/until", "webhook.bad_range", "Enter an end after the begin."))
    if unknown := [one for one in types if one not in queries.public_types()]:
        detail = f"There is no event type “{unknown[0][:60]}”."
        problems.append(Problem("/types", "webhook.unknown_type", detail))
    if len(types) > MOST_TYPES:
        problems.append(Problem("/types", "webhook.unknown_type", "Too many types."))
    if problems:
        raise Invalid(problems=problems)
    with transaction(by.organization_id):
        active(endpoint_id, by=by)
        asked = ReplayAsked(
            endpoint_id=endpoint_id,
            since=since,
            until=until,
            types=tuple(types),
            only_missed=only_missed,
        )
        audit.record(
            by=by,
            action="webhook.replay",
            table="webhooks_endpoint",
            row_id=endpoint_id,
            before=None,
            after={"since": since, "until": until, "types": list(types)},
        )
        bus.publish(asked, by=by)


def replay_range(
    endpoint_id: UUID,
    *,
    by: Actor,
    at: datetime,
    since: datetime,
    until: datetime,
    types: Sequence[str] = (),
    only_missed: bool = True,
) -> int:
    """Queue the events of a while for an endpoint, oldest first, at most 10,000; gives how many.

    What was never told (it was off, or did not exist) is told as it stands now.
    """
    by.require("webhook.edit")
    count, after = 0, None
    while count < MOST_REPLAYED:
        with transaction(by.organization_id):
            endpoint = Endpoint.objects.of(by.organization_id).filter(id=endpoint_id).first()
            if endpoint is None or not endpoint.is_active:
                return count
            found = events.list_forward(
                by.organization_id, since=since, until=until, after=after, limit=AT_ONCE
            )
            if not found:
                return count
            after = (found[-1].sequence, found[-1].id)
            for event in found:
                if not calc.is_public(event.type) or not calc.wants(endpoint.types, event.type):
                    continue
                if types and event.type not in types:
                    continue
                message = message_of(event, version=endpoint.api_version, by=by, at=at)
                count += told_again(message.id, endpoint, at=at, only_missed=only_missed)
    return count


def told_again(message_id: UUID, endpoint: Endpoint, *, at: datetime, only_missed: bool) -> int:
    """One message to one endpoint again: 1, or 0 where it has it or is about to."""
    rows = Delivery.objects.of(endpoint.organization_id).select_related("message")
    delivery = rows.filter(endpoint_id=endpoint.id, message_id=message_id).first()
    if delivery is None:
        made = Delivery.objects.create(
            organization_id=endpoint.organization_id,
            endpoint_id=endpoint.id,
            message_id=message_id,
            next_attempt_at=at,
            created_at=at,
        )
        pending_of(made, at=at).save(force_insert=True)
        return 1
    if delivery.state == Delivery.State.WAITING:
        return 0
    if only_missed and delivery.state == Delivery.State.DELIVERED:
        return 0
    again(delivery, at=at)
    return 1


def active(endpoint_id: UUID, *, by: Actor) -> Endpoint:
    """An endpoint that is on; held, so that it is not switched off meanwhile."""
    rows = Endpoint.objects.of(by.organization_id).lock().filter(id=endpoint_id)
    endpoint = rows.first()
    if endpoint is None:
        raise queries.NoSuchEndpoint("There is no such webhook.")
    if not endpoint.is_active:
        raise EndpointOff("This webhook is switched off. Switch it on first.")
    return endpoint
