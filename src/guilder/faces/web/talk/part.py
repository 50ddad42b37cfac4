"""What the part "talk" of a page is drawn from; it is included as parts/talk.html."""

import json
from types import SimpleNamespace
from urllib.parse import urlencode
from uuid import UUID

from django.urls import reverse

from guilder.faces.web import timeline
from guilder.faces.web.shell import Visit, initials
from guilder.foundation.identity.permissions import own_only
from guilder.office.desk import queries
from guilder.office.desk.models import Attachment, Comment

PAGES = {
    "invoice": "web:invoice",
    "quote": "web:quote",
    "client": "web:client",
    "payment": "web:payment",
}
KILO = 1024


def talk_of(visit: Visit, kind: str, subject_id: UUID) -> SimpleNamespace | None:
    """Comments and files of a thing for its page; None for who has no desk."""
    by = visit.by
    if not by.may("desk.view"):
        return None
    names = [name for _, name in queries.people(by.organization_id) if name != by.name]
    return SimpleNamespace(
        comments=[comment_of(one, visit) for one in queries.list_comments(kind, subject_id, by=by)],
        files=[file_of(one, visit) for one in queries.list_attachments(kind, subject_id, by=by)],
        people=json.dumps(names),
        may_write=by.user_id is not None and by.may("comment.write"),
        may_upload=by.user_id is not None and by.may("document.upload"),
        write_url=reverse("web:comment_add", args=[kind, subject_id]),
        upload_url=reverse("web:file_add", args=[kind, subject_id]),
    )


def comment_of(row: Comment, visit: Visit) -> SimpleNamespace:
    """One comment as it is drawn."""
    mine = row.author_id == visit.by.user_id
    return SimpleNamespace(
        id=row.id,
        author=row.author_name,
        initials=initials(row.author_name),
        text=row.text,
        at=row.created_at,
        at_text=timeline.moment(row.created_at, visit),
        delete_url=reverse("web:comment_delete", args=[row.id]) if mine else "",
    )


def file_of(row: Attachment, visit: Visit) -> SimpleNamespace:
    """One file as it is drawn."""
    by = visit.by
    removable = by.may("document.delete") and (
        row.created_by_id == by.user_id or not own_only(by, "document.delete")
    )
    return SimpleNamespace(
        id=row.id,
        name=row.file.filename,
        size=size_words(row.file.size),
        author=row.created_by_name,
        at=row.created_at,
        at_text=timeline.moment(row.created_at, visit),
        url=url_of(row, visit),
        remove_url=reverse("web:file_remove", args=[row.id]) if removable else "",
    )


def url_of(row: Attachment, visit: Visit) -> str:
    """Where a file is opened; for who needs a signed link, with its key."""
    url = reverse("web:file", args=[row.id])
    if not queries.needs_link(row, by=visit.by):
        return url
    return f"{url}?{urlencode({'key': queries.link_of(row, by=visit.by)})}"


def size_words(size: int) -> str:
    """`840 B`, `12 kB`, `3.4 MB`."""
    if size < KILO:
        return f"{size} B"
    if size < KILO * KILO:
        return f"{-(-size // KILO)} kB"
    tenths = -(-size * 10 // (KILO * KILO))
    return f"{tenths // 10}.{tenths % 10} MB"
