"""Comments and files that lie with a thing."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction as django_transaction
from django.db.models import ProtectedError
from django.db.utils import IntegrityError

from guilder.foundation.audit import operations as audit
from guilder.foundation.edges import uploads
from guilder.foundation.events import bus
from guilder.foundation.files import operations as files
from guilder.foundation.identity import queries as identity
from guilder.foundation.identity.permissions import own_only, require_own
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.kernel.errors import Conflict, GuilderError, Invalid, NotAllowed, NotFound, Problem
from guilder.office.desk import calc
from guilder.office.desk.events import (
    AttachmentAdded,
    AttachmentRemoved,
    CommentAdded,
    CommentDeleted,
)
from guilder.office.desk.models import Attachment, Comment
from guilder.office.desk.operations.tasks import add_task, close_tasks
from guilder.office.desk.queries import (
    NoSuchComment,
    get_attachment,
    people,
    require_person,
    require_subject,
)

LONGEST = 5000
LARGEST = 25 * 1024 * 1024


class EmptyComment(Invalid):
    """The comment has no words, or too many."""

    code = "desk.bad_comment"


class CommentAnswered(Conflict):
    """Others have answered since."""

    code = "desk.comment_answered"


class FileTooLarge(Invalid):
    """The file is larger than what may be attached."""

    code = "desk.file_too_large"


def add_comment(kind: str, subject_id: UUID, *, by: Actor, text: str, at: datetime) -> Comment:
    """Say something about a thing; who is named by “@Full Name” and may see it finds it in their
    inbox. Raises EmptyComment, and as require_subject does."""
    author = require_person(by, "comment.write")
    require_subject(kind, subject_id, by=by)
    words = text.strip().replace("\x00", "")
    if not words or len(words) > LONGEST:
        detail = "Write something." if not words else f"Keep it to {LONGEST} characters."
        raise EmptyComment(problems=[Problem("/text", "desk.bad_comment", detail)])
    with transaction(by.organization_id):
        named = calc.mentioned(words, people(by.organization_id))
        comment = Comment.objects.create(
            organization_id=by.organization_id,
            subject_kind=kind,
            subject_id=subject_id,
            author_id=author,
            author_name=by.name[:200],
            text=words,
            mentions=list(named),
            created_at=at,
        )
        written(comment, by=by, action="comment.add", before=None, after={"text": words})
        bus.publish(
            CommentAdded(
                subject_id=subject_id, subject_kind=kind, comment_id=comment.id, mentions=named
            ),
            by=by,
        )
        for user_id in named:
            mention(comment, user_id, by=by, at=at)
    return comment


def mention(comment: Comment, user_id: UUID, *, by: Actor, at: datetime) -> None:
    """Put the comment before somebody whom it names, unless they may not see its thing."""
    if user_id == by.user_id:
        return
    try:
        reader = identity.actor_for(user_id, by.organization_id, source="system")
        require_subject(comment.subject_kind, comment.subject_id, by=reader)
    except GuilderError:
        return
    add_task(
        by=by,
        kind="mention",
        mark=f"mention:{comment.id}:{user_id}",
        user_id=user_id,
        subject=(comment.subject_kind, comment.subject_id),
        data={"who": by.name, "text": comment.text[:300], "comment_id": str(comment.id)},
        at=at,
    )


def delete_comment(comment_id: UUID, *, by: Actor, at: datetime) -> None:
    """Take a comment back: one's own while nobody has answered, an admin any.

    Raises NoSuchComment, NotYours, CommentAnswered. The trail keeps what it said.
    """
    require_person(by, "comment.delete")
    with transaction(by.organization_id):
        comment = Comment.objects.of(by.organization_id).lock().filter(id=comment_id).first()
        if comment is None:
            raise NoSuchComment("There is no such comment.")
        try:
            require_subject(comment.subject_kind, comment.subject_id, by=by)
        except (NotFound, NotAllowed):
            raise NoSuchComment("There is no such comment.") from None
        require_own(by, "comment.delete", created_by_id=comment.author_id)
        refuse_answered(comment, by=by)
        Comment.objects.of(by.organization_id).filter(id=comment.id).delete()
        before = {"text": comment.text, "author": comment.author_name}
        written(comment, by=by, action="comment.delete", before=before, after=None)
        event = CommentDeleted(
            subject_id=comment.subject_id, subject_kind=comment.subject_kind, comment_id=comment.id
        )
        bus.publish(event, by=by)
        marks = tuple(f"mention:{comment.id}:{one}" for one in comment.mentions)
        close_tasks(by=by, marks=marks, at=at)


def refuse_answered(comment: Comment, *, by: Actor) -> None:
    """Raise CommentAnswered when somebody else has written after it, unless for an admin."""
    if not own_only(by, "comment.delete"):
        return
    later = Comment.objects.of(by.organization_id).filter(
        subject_kind=comment.subject_kind,
        subject_id=comment.subject_id,
        created_at__gt=comment.created_at,
    )
    if later.exclude(author_id=comment.author_id).exists():
        raise CommentAnswered("Somebody has answered this comment, so it stays.")


def add_attachment(
    kind: str,
    subject_id: UUID,
    *,
    by: Actor,
    content: bytes,
    filename: str,
    at: datetime,
) -> Attachment:
    """Lay a file to a thing, as a person or as a program (an import keeps what it read); the same
    file twice is once. Its kind is what its bytes say.

    Raises FileTooLarge, BadFile, BadUpload, ArchiveBomb, and as require_subject does.
    """
    by.require("document.upload")
    require_subject(kind, subject_id, by=by)
    if not content or len(content) > LARGEST:
        size = LARGEST // 2**20
        detail = "This file is empty." if not content else f"Keep each file to {size} MB."
        raise FileTooLarge(problems=[Problem("/file", "desk.file_too_large", detail)])
    media_type = uploads.judge(content, filename=filename)
    with transaction(by.organization_id):
        stored = files.store(content, by=by, filename=filename, media_type=media_type)
        attachment, is_new = Attachment.objects.get_or_create(
            organization_id=by.organization_id,
            subject_id=subject_id,
            file_id=stored.id,
            defaults={
                "subject_kind": kind,
                "created_by_id": by.user_id,
                "created_by_name": by.name[:200],
                "created_at": at,
            },
        )
        if is_new:
            after = {"filename": stored.filename, "size": stored.size, "sha256": stored.sha256}
            written(attachment, by=by, action="attachment.add", before=None, after=after)
            bus.publish(
                AttachmentAdded(
                    subject_id=subject_id,
                    subject_kind=kind,
                    attachment_id=attachment.id,
                    filename=stored.filename,
                ),
                by=by,
            )
    return attachment


def remove_attachment(attachment_id: UUID, *, by: Actor) -> None:
    """Take a file away from a thing: one's own, an admin any. Raises NoSuchAttachment, NotYours."""
    require_person(by, "document.delete")
    with transaction(by.organization_id):
        attachment = get_attachment(attachment_id, by=by)
        require_own(by, "document.delete", created_by_id=attachment.created_by_id)
        stored = attachment.file
        Attachment.objects.of(by.organization_id).filter(id=attachment.id).delete()
        before = {"filename": stored.filename, "size": stored.size, "sha256": stored.sha256}
        written(attachment, by=by, action="attachment.remove", before=before, after=None)
        bus.publish(
            AttachmentRemoved(
                subject_id=attachment.subject_id,
                subject_kind=attachment.subject_kind,
                attachment_id=attachment.id,
                filename=stored.filename,
            ),
            by=by,
        )
        forget_file(stored.id, by=by)


def forget_file(file_id: UUID, *, by: Actor) -> None:
    """Take the file away too, where nothing else refers to it."""
    try:
        with django_transaction.atomic():
            files.remove(file_id, by=by)
    except (IntegrityError, ProtectedError):
        return


def written(
    row: Comment | Attachment,
    *,
    by: Actor,
    action: str,
    before: dict[str, Any] | None,
    after: dict[str, Any] | None,
) -> None:
    """Write it into the trail, under the thing that it lies with."""
    kept = {"kind": row.subject_kind, "row": str(row.id)}
    audit.record(
        by=by,
        action=action,
        table=f"desk_{type(row).__name__.lower()}",
        row_id=row.subject_id,
        before=None if before is None else {**kept, **before},
        after=None if after is None else {**kept, **after},
    )
