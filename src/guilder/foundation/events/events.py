"""What happens to the telling itself."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class EventParked:
    """A listener failed to hear an event again and again: a person must look at it."""

    type: ClassVar[str] = "event.parked"
    event_id: UUID
    event_type: str
    problem: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EventTakenUp:
    """A parked event is told again, or was given up."""

    type: ClassVar[str] = "event.taken_up"
    event_id: UUID
    outcome: str  # "again" or "given_up"
