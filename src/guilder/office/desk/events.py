"""What happens at the desk. Ids and values only."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class TalkEvent:
    """What all that is said of a thing carries: which thing it is."""

    subject_id: UUID
    subject_kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentAdded(TalkEvent):
    """Somebody said something about a thing; `mentions` are the people it names."""

    type: ClassVar[str] = "comment.added"
    comment_id: UUID
    mentions: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentDeleted(TalkEvent):
    """A comment was taken back."""

    type: ClassVar[str] = "comment.deleted"
    comment_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachmentAdded(TalkEvent):
    """A file was laid to a thing."""

    type: ClassVar[str] = "attachment.added"
    attachment_id: UUID
    filename: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachmentRemoved(TalkEvent):
    """A file was taken away from a thing."""

    type: ClassVar[str] = "attachment.removed"
    attachment_id: UUID
    filename: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskChanged:
    """A task came, was put off, or is done; for one person, or for who holds `permission`."""

    type: ClassVar[str] = "task.changed"
    task_id: UUID
    state: str
    user_id: UUID | None
    permission: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewChanged:
    """A saved view of a list was made, changed or deleted."""

    type: ClassVar[str] = "view.changed"
    view_id: UUID
    user_id: UUID
    kind: str
    is_shared: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgressChanged:
    """A background job went on or ended; told once a second at most while it runs."""

    type: ClassVar[str] = "progress.changed"
    progress_id: UUID
    user_id: UUID
    state: str
