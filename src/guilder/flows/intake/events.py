"""What happened to papers that came in. Ids and values only."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentReceived:
    """A paper came in; `state` says what it is: read, manual or duplicate."""

    type: ClassVar[str] = "document.received"
    document_id: UUID
    channel: str
    filename: str
    state: str
    number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentBilled:
    """A paper became the draft of a bill."""

    type: ClassVar[str] = "document.billed"
    document_id: UUID
    bill_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentRefused:
    """Somebody said that a paper is none of ours, with a reason."""

    type: ClassVar[str] = "document.refused"
    document_id: UUID
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentDeleted:
    """A paper that was no bill was thrown away."""

    type: ClassVar[str] = "document.deleted"
    document_id: UUID
