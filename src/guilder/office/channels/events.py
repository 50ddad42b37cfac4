"""What happens to transmissions and channels."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelChanged:
    """A channel was made, changed, or switched on or off."""

    type: ClassVar[str] = "channel.changed"
    channel_id: UUID
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelDeleted:
    """A channel that nothing had used is gone."""

    type: ClassVar[str] = "channel.deleted"
    channel_id: UUID
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TransmissionEvent:
    """What all events of a transmission carry."""

    transmission_id: UUID
    channel_id: UUID
    invoice_id: UUID | None
    number: str  # the document's own


@dataclass(frozen=True, slots=True, kw_only=True)
class TransmissionQueued(TransmissionEvent):
    """A document is on its way."""

    type: ClassVar[str] = "transmission.queued"


@dataclass(frozen=True, slots=True, kw_only=True)
class TransmissionSent(TransmissionEvent):
    """The other side's server has it."""

    type: ClassVar[str] = "transmission.sent"


@dataclass(frozen=True, slots=True, kw_only=True)
class TransmissionFailed(TransmissionEvent):
    """It could not be sent and is not tried again."""

    type: ClassVar[str] = "transmission.failed"
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TransmissionStopped(TransmissionEvent):
    """A person took it back before any server had it."""

    type: ClassVar[str] = "transmission.stopped"


@dataclass(frozen=True, slots=True, kw_only=True)
class TransmissionAnswered(TransmissionEvent):
    """The other side said something about it: a code of the Invoice Response."""

    type: ClassVar[str] = "transmission.answered"
    code: str
    state: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TransmissionReceived(TransmissionEvent):
    """Something came in by a channel; its bytes are kept."""

    type: ClassVar[str] = "transmission.received"


@dataclass(frozen=True, slots=True, kw_only=True)
class TransmissionRefused(TransmissionEvent):
    """What came in cannot be read as a document."""

    type: ClassVar[str] = "transmission.refused"
    reason: str
