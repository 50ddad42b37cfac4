"""Shortcuts: endpoints, what happens, and workers that run here and now."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from guilder.foundation.events import operations as events
from guilder.foundation.events.models import PendingEvent
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.office.webhooks import operations
from guilder.office.webhooks.models import Delivery, Endpoint, PendingDelivery


def endpoint(by: Actor, url: str, **changes: Any) -> tuple[Endpoint, str]:
    """An endpoint for everything, and its secret."""
    return operations.create_endpoint(by=by, data={"url": url, **changes}, at=datetime.now(UTC))


def tell(by: Actor) -> int:
    """Tell the organization's waiting events, in order; gives how many."""
    rows = PendingEvent.objects.filter(organization_id=by.organization_id).order_by("sequence")
    return sum(events.tell(row.event_id, row.organization_id) for row in list(rows))


def work(by: Actor, *, at: datetime | None = None, limit: int = 100) -> int:
    """Deliver what of this organization is due at `at`; gives how many were tried. Time stands
    still for others: what is theirs is put back."""
    at = at or datetime.now(UTC) + timedelta(seconds=1)
    count = 0
    while True:
        taken = operations.take_due(at=at, limit=limit)
        own = [one for one in taken if one.organization_id == by.organization_id]
        for one in own:
            operations.deliver(one, by=by, at=at)
        others = [one.delivery_id for one in taken if one not in own]
        PendingDelivery.objects.filter(delivery_id__in=others).delete()
        count += len(own)
        if not taken:
            return count


def deliveries(by: Actor, endpoint_id: UUID | None = None) -> list[Delivery]:
    """What is or was on its way, in order."""
    with transaction(by.organization_id):
        rows = Delivery.objects.of(by.organization_id).select_related("message", "endpoint")
        if endpoint_id:
            rows = rows.filter(endpoint_id=endpoint_id)
        return list(rows.order_by("message__sequence"))


def fresh(row: Endpoint) -> Endpoint:
    """An endpoint as it stands."""
    with transaction(row.organization_id):
        return Endpoint.objects.of(row.organization_id).get(id=row.id)
