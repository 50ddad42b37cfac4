"""The public shapes of the desk."""

from typing import Any

import msgspec

from guilder.office.desk.models import Attachment, Comment, Progress, SavedView, Task


class ViewOut(msgspec.Struct):
    """A saved view; `query` is the list's query string."""

    id: str
    kind: str
    name: str
    query: str
    columns: list[str]
    is_shared: bool
    is_mine: bool


class CommentOut(msgspec.Struct):
    """A comment; `mentions` are user ids."""

    id: str
    subject_kind: str
    subject_id: str
    author_id: str
    author_name: str
    text: str
    mentions: list[str]
    created_at: str


class AttachmentOut(msgspec.Struct):
    """An attached file; `size` in bytes."""

    id: str
    subject_kind: str
    subject_id: str
    filename: str
    media_type: str
    size: int
    created_at: str


class TaskOut(msgspec.Struct):
    """A task of the inbox."""

    id: str
    kind: str
    state: str
    subject_kind: str
    subject_id: str | None
    data: dict[str, Any]
    due_on: str | None
    snoozed_until: str | None
    created_at: str


class ProgressOut(msgspec.Struct):
    """How far a background job is."""

    id: str
    kind: str
    state: str
    total: int
    done: int
    failed: int
    failures: list[dict[str, Any]]
    problem: str
    file_id: str | None
    created_at: str
    ended_at: str | None


def view_out(view: SavedView, *, user_id: Any) -> ViewOut:
    """The public shape of a saved view, as `user_id` sees it."""
    return ViewOut(
        id=str(view.id),
        kind=view.kind,
        name=view.name,
        query=view.query,
        columns=list(view.columns),
        is_shared=view.is_shared,
        is_mine=view.user_id == user_id,
    )


def comment_out(comment: Comment) -> CommentOut:
    """The public shape of a comment."""
    return CommentOut(
        id=str(comment.id),
        subject_kind=comment.subject_kind,
        subject_id=str(comment.subject_id),
        author_id=str(comment.author_id),
        author_name=comment.author_name,
        text=comment.text,
        mentions=[str(one) for one in comment.mentions],
        created_at=comment.created_at.isoformat(),
    )


def attachment_out(attachment: Attachment) -> AttachmentOut:
    """The public shape of an attachment, its file fetched."""
    return AttachmentOut(
        id=str(attachment.id),
        subject_kind=attachment.subject_kind,
        subject_id=str(attachment.subject_id),
        filename=attachment.file.filename,
        media_type=attachment.file.media_type,
        size=attachment.file.size,
        created_at=attachment.created_at.isoformat(),
    )


def task_out(task: Task) -> TaskOut:
    """The public shape of a task."""
    return TaskOut(
        id=str(task.id),
        kind=task.kind,
        state=task.state,
        subject_kind=task.subject_kind,
        subject_id=str(task.subject_id) if task.subject_id else None,
        data=task.data,
        due_on=task.due_on.isoformat() if task.due_on else None,
        snoozed_until=task.snoozed_until.isoformat() if task.snoozed_until else None,
        created_at=task.created_at.isoformat(),
    )


def progress_out(progress: Progress) -> ProgressOut:
    """The public shape of a job's progress."""
    return ProgressOut(
        id=str(progress.id),
        kind=progress.kind,
        state=progress.state,
        total=progress.total,
        done=progress.done,
        failed=progress.failed,
        failures=list(progress.failures),
        problem=progress.problem,
        file_id=str(progress.file_id) if progress.file_id else None,
        created_at=progress.created_at.isoformat(),
        ended_at=progress.ended_at.isoformat() if progress.ended_at else None,
    )
