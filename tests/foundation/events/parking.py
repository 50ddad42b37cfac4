"""An event that is parked, for the tests of those who show it."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from guilder.foundation.events import bus
from guilder.foundation.events.models import PendingEvent
from guilder.foundation.tenancy.ids import uuid7
from guilder.kernel.actor import Actor
from tests.make import NOW

PROBLEM = (
    "guilder.office.webhooks.listeners.on_event: RuntimeError: no answer;"
    " guilder.office.search.listeners.on_item: ValueError: odd"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rang:
    """A bell rang."""

    type: ClassVar[str] = "bell.rang"
    bell_id: UUID
    name: str = "Northlight bell"


def parked_event(by: Actor) -> UUID:
    """The id of an event that two rooms failed to hear and one heard."""
    event_id = bus.publish(Rang(bell_id=uuid7()), by=by)
    heard = ["guilder.office.desk.listeners.on_x"]
    PendingEvent.objects.filter(event_id=event_id).update(
        parked_at=NOW, attempts=8, problem=PROBLEM, heard=heard
    )
    return event_id
