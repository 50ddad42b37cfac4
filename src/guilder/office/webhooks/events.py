"""What happened to endpoints."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointCreated:
    """An address wants to hear of events."""

    type: ClassVar[str] = "webhook.created"
    endpoint_id: UUID
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointChanged:
    """An endpoint was changed, switched on or off, or got a new secret."""

    type: ClassVar[str] = "webhook.changed"
    endpoint_id: UUID
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointDeleted:
    """An endpoint was taken away with its deliveries."""

    type: ClassVar[str] = "webhook.deleted"
    endpoint_id: UUID
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointDisabled:
    """An endpoint was switched off by itself: `because` is "failing" or "gone"."""

    type: ClassVar[str] = "webhook.disabled"
    endpoint_id: UUID
    name: str
    url: str
    because: str
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayAsked:
    """Somebody wants the events of a while told to an endpoint again; no types are its own."""

    type: ClassVar[str] = "webhook.replay_asked"
    endpoint_id: UUID
    since: datetime
    until: datetime
    types: tuple[str, ...]
    only_missed: bool
