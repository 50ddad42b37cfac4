"""What charging does when it hears of something."""

from typing import Any
from uuid import UUID

from guilder.books.charging import tasks
from guilder.books.charging.events import (
    ChargeStarted,
    GatewayCalled,
    MethodSetupStarted,
    SavedMethodEnded,
)
from guilder.books.charging.gateways.known import GATEWAYS
from guilder.books.charging.models import Charge, Gateway, MethodSetup
from guilder.books.payments.events import RefundPaid
from guilder.foundation.jobs.queue import enqueue


def on_charge_started(event: ChargeStarted, *, organization_id: UUID, **_: Any) -> None:
    """A service is being asked: have it asked again until it is decided."""
    row = Charge.objects.of(organization_id).filter(id=event.charge_id).first()
    gateway = Gateway.objects.of(organization_id).filter(id=event.gateway_id).first()
    if row is not None and gateway is not None and GATEWAYS[gateway.kind].asks:
        tasks.check_at(organization_id, row.id, row.next_check_at)


def on_setup_started(event: MethodSetupStarted, *, organization_id: UUID, **_: Any) -> None:
    """A client is about to leave a way to pay: have the service asked until it is decided."""
    row = MethodSetup.objects.of(organization_id).filter(id=event.setup_id).first()
    if row is not None:
        tasks.check_setup_at(organization_id, row.id, row.next_check_at)


def on_gateway_called(event: GatewayCalled, *, organization_id: UUID, **_: Any) -> None:
    """A service told something."""
    enqueue(
        tasks.handle_event,
        organization_id=organization_id,
        lock=f"gateway:{event.gateway_id}",
        event_id=event.event_id,
    )


def on_refund_paid(event: RefundPaid, *, organization_id: UUID, **_: Any) -> None:
    """Money is given back: by the gateway that it came through."""
    if event.payment_id is not None:
        enqueue(tasks.take_on, organization_id=organization_id, refund_id=event.refund_id)


def on_method_ended(event: SavedMethodEnded, *, organization_id: UUID, **_: Any) -> None:
    """A kept method is ended: at its service too."""
    tasks.forget_at(organization_id, event.saved_method_id, None)
