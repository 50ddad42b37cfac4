"""What happens to approvals."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID


@dataclass(frozen=True, slots=True)
class ApprovalRequested:
    """Somebody asks whether a document may be issued."""

    type: ClassVar[str] = "approval.requested"
    approval_id: UUID
    subject_kind: str
    subject_id: UUID
    requested_by_id: UUID | None


@dataclass(frozen=True, slots=True)
class ApprovalGiven:
    """Somebody agreed; the document may be issued as it stands."""

    type: ClassVar[str] = "approval.given"
    approval_id: UUID
    subject_kind: str
    subject_id: UUID
    requested_by_id: UUID | None


@dataclass(frozen=True, slots=True)
class ApprovalRefused:
    """Somebody disagreed, with a reason."""

    type: ClassVar[str] = "approval.refused"
    approval_id: UUID
    subject_kind: str
    subject_id: UUID
    requested_by_id: UUID | None
    comment: str


@dataclass(frozen=True, slots=True)
class ApprovalWithdrawn:
    """The question is asked no more."""

    type: ClassVar[str] = "approval.withdrawn"
    approval_id: UUID
    subject_kind: str
    subject_id: UUID
    requested_by_id: UUID | None


@dataclass(frozen=True, slots=True)
class ApprovalRuleChanged:
    """Other documents than before want an approval, or other people give it."""

    type: ClassVar[str] = "approval.rule_changed"
    is_active: bool
