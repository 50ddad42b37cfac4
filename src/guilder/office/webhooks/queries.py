"""Reading endpoints, deliveries and what is due."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connections
from django.db.models import Count, Q

from guilder.foundation.events.models import Event
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.kernel.errors import NotFound
from guilder.office.webhooks import bodies
from guilder.office.webhooks.bodies import CURRENT, VERSIONS, catalogue_of_events, public_types
from guilder.office.webhooks.models import Attempt, Delivery, Endpoint
from guilder.office.webhooks.proofs import PROOFS

__all__ = ("CURRENT", "VERSIONS", "catalogue_of_events", "public_types")


class NoSuchEndpoint(NotFound):
    """There is no such endpoint in this organization."""

    code = "webhook.not_found"


class NoSuchDelivery(NotFound):
    """There is no such delivery to this endpoint."""

    code = "webhook.no_such_delivery"


@dataclass(frozen=True, slots=True)
class Figures:
    """How many deliveries of an endpoint stand where."""

    waiting: int
    delivered: int
    failed: int


def list_endpoints(*, by: Actor) -> list[Endpoint]:
    """Every endpoint, the oldest first."""
    by.require("webhook.edit")
    with transaction(by.organization_id):
        return list(Endpoint.objects.of(by.organization_id).order_by("created_at", "id"))


def get_endpoint(endpoint_id: UUID, *, by: Actor) -> Endpoint:
    """One endpoint; NoSuchEndpoint."""
    by.require("webhook.edit")
    with transaction(by.organization_id):
        found = Endpoint.objects.of(by.organization_id).filter(id=endpoint_id).first()
    if found is None:
        raise NoSuchEndpoint("There is no such webhook.")
    return found


def figures(endpoint_ids: Sequence[UUID], *, by: Actor) -> dict[UUID, Figures]:
    """How the deliveries of some endpoints stand, in one look."""
    by.require("webhook.edit")
    states = {state: Count("id", filter=Q(state=state)) for state in Delivery.State.values}
    with transaction(by.organization_id):
        rows = (
            Delivery.objects.of(by.organization_id)
            .filter(endpoint_id__in=endpoint_ids)
            .values("endpoint_id")
            .annotate(**states)
        )
        return {
            row["endpoint_id"]: Figures(row["waiting"], row["delivered"], row["failed"])
            for row in rows
        }


def list_deliveries(
    endpoint_id: UUID,
    *,
    by: Actor,
    states: Sequence[str] = (),
    types: Sequence[str] = (),
    event_id: UUID | None = None,
    before_id: UUID | None = None,
    limit: int = 50,
) -> list[Delivery]:
    """Deliveries with their messages, newest first. Raises NoSuchEndpoint."""
    get_endpoint(endpoint_id, by=by)
    found = Delivery.objects.of(by.organization_id).filter(endpoint_id=endpoint_id)
    if states:
        found = found.filter(state__in=states)
    if types:
        found = found.filter(message__type__in=types)
    if event_id is not None:
        found = found.filter(message__event_id=event_id)
    if before_id is not None:
        found = found.filter(id__lt=before_id)
    with transaction(by.organization_id):
        rows = found.select_related("message").defer("message__body")
        return list(rows.order_by("-id")[:limit])


def get_delivery(delivery_id: UUID, *, by: Actor, endpoint_id: UUID) -> Delivery:
    """One delivery with its message; NoSuchDelivery."""
    by.require("webhook.edit")
    with transaction(by.organization_id):
        found = (
            Delivery.objects.of(by.organization_id)
            .select_related("message", "endpoint")
            .filter(id=delivery_id, endpoint_id=endpoint_id)
            .first()
        )
    if found is None:
        raise NoSuchDelivery("There is no such delivery.")
    return found


def list_attempts(delivery_id: UUID, *, by: Actor) -> list[Attempt]:
    """The calls of a delivery, newest first; at most 100."""
    by.require("webhook.edit")
    with transaction(by.organization_id):
        rows = Attempt.objects.of(by.organization_id).filter(delivery_id=delivery_id)
        return list(rows.order_by("-id")[:100])


def deliveries_of_event(event_id: UUID, *, by: Actor) -> list[Delivery]:
    """To whom an event was told, with endpoint and message."""
    by.require("webhook.edit")
    with transaction(by.organization_id):
        rows = Delivery.objects.of(by.organization_id).filter(message__event_id=event_id)
        return list(rows.select_related("endpoint", "message").order_by("id")[:100])


def data_of(event: Event, *, by: Actor, at: datetime) -> Any:
    """The thing that an event is about, as webhooks tell it."""
    by.require("event.view")
    with transaction(by.organization_id):
        return bodies.data_of(event, by=by, at=at)


def backlog(*, at: datetime) -> tuple[int, datetime | None]:
    """How many deliveries are due and not done, and since when, for monitoring."""
    with connections["default"].cursor() as cursor:
        cursor.execute(
            "SELECT count(*), min(due_at) FROM webhooks_pending WHERE due_at <= %s", [at]
        )
        count, oldest = cursor.fetchone()  # type: ignore[misc]
    return count, oldest


def proofs() -> tuple[tuple[str, str, str], ...]:
    """What always holds of deliveries, for `verify`."""
    return PROOFS
