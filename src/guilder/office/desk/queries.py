"""Reading the desk: views, preferences, what is said of a thing, what waits for a person."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core import signing
from django.db.models import Count, Min, Q

from guilder.books.invoicing import queries as invoicing
from guilder.books.payments import queries as payments
from guilder.foundation.files import queries as files
from guilder.foundation.identity import queries as identity
from guilder.foundation.tenancy.models import OrganizationQuerySet
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.kernel.errors import Invalid, NotAllowed, NotFound
from guilder.office.desk.models import (
    Attachment,
    Comment,
    Preference,
    Progress,
    SavedView,
    Subject,
    Task,
)
from guilder.registers.parties import queries as parties

LINK_SALT, LINK_LIVES = "guilder.desk.upload", 300
MOST_TALK = 200
MOST_TASKS = 200


class LinkNeeded(NotAllowed):
    """The upload is opened by a signed link only, and this was none that holds."""

    code = "desk.link_needed"


class NoSuchView(NotFound):
    """No saved view of that id that this person may change."""

    code = "desk.no_such_view"


class NoSuchComment(NotFound):
    """No comment of that id on what this person may see."""

    code = "desk.no_such_comment"


class NoSuchAttachment(NotFound):
    """No file of that id on what this person may see."""

    code = "desk.no_such_attachment"


class NoSuchTask(NotFound):
    """No task of that id for this person."""

    code = "desk.no_such_task"


class NoSuchProgress(NotFound):
    """No job of that id that this person started."""

    code = "desk.no_such_progress"


class NotASubject(Invalid):
    """Things of that kind are not talked about."""

    code = "desk.not_a_subject"


def require_person(by: Actor, permission: str = "desk.view") -> UUID:
    """The person who acts: the desk belongs to people, not to programs. Raises NotAllowed."""
    by.require(permission)
    if by.user_id is None:
        raise NotAllowed("Only a person has a desk; sign in as one.")
    return by.user_id


def require_subject(kind: str, subject_id: UUID, *, by: Actor) -> None:
    """That the actor may see the thing: rights and rows are those of its own room.

    Raises NotASubject, NotAllowed and the room's NotFound.
    """
    look = LOOKS.get(kind)
    if look is None:
        raise NotASubject(f"Comments and files lie with one of: {', '.join(LOOKS)}.")
    with transaction(by.organization_id):
        look(subject_id, by)


def look_at_client(subject_id: UUID, by: Actor) -> None:
    """Raises NoSuchPartner."""
    by.require("partner.view")
    parties.get_partner(by.organization_id, subject_id)


LOOKS: dict[str, Callable[[UUID, Actor], Any]] = {
    Subject.INVOICE: lambda subject_id, by: invoicing.get_invoice(subject_id, by=by),
    Subject.QUOTE: lambda subject_id, by: invoicing.get_quote(subject_id, by=by),
    Subject.CLIENT: look_at_client,
    Subject.PAYMENT: lambda subject_id, by: payments.get_payment(subject_id, by=by),
}


def list_views(kind: str, *, by: Actor) -> list[SavedView]:
    """A person's own views of a list and the shared ones, in their order."""
    user_id = require_person(by)
    with transaction(by.organization_id):
        rows = SavedView.objects.of(by.organization_id).filter(kind=kind)
        mine = rows.filter(Q(user_id=user_id) | Q(is_shared=True))
        return list(mine.order_by("position", "name", "id"))


def get_view(view_id: UUID, *, by: Actor) -> SavedView:
    """A view that the person may see. Raises NoSuchView."""
    user_id = require_person(by)
    with transaction(by.organization_id):
        rows = SavedView.objects.of(by.organization_id).filter(id=view_id)
        found = rows.filter(Q(user_id=user_id) | Q(is_shared=True)).first()
    if found is None:
        raise NoSuchView("There is no such view.")
    return found


def get_preferences(*, by: Actor, keys: tuple[str, ...] = ()) -> dict[str, Any]:
    """A person's choices in this organization, by key; all of them, or `keys`."""
    if by.user_id is None:
        return {}
    with transaction(by.organization_id):
        rows = Preference.objects.of(by.organization_id).filter(user_id=by.user_id)
        if keys:
            rows = rows.filter(key__in=keys)
        return dict(rows.values_list("key", "value"))


def get_preference(key: str, *, by: Actor, default: Any = None) -> Any:
    """One choice of a person, or the default."""
    return get_preferences(by=by, keys=(key,)).get(key, default)


def list_comments(kind: str, subject_id: UUID, *, by: Actor) -> list[Comment]:
    """What was said of a thing, oldest first. Raises as require_subject does."""
    by.require("desk.view")
    require_subject(kind, subject_id, by=by)
    with transaction(by.organization_id):
        rows = Comment.objects.of(by.organization_id).filter(
            subject_kind=kind, subject_id=subject_id
        )
        return list(rows.order_by("created_at", "id")[:MOST_TALK])


def list_attachments(kind: str, subject_id: UUID, *, by: Actor) -> list[Attachment]:
    """The files of a thing with what is known of them, oldest first."""
    by.require("desk.view")
    require_subject(kind, subject_id, by=by)
    with transaction(by.organization_id):
        rows = Attachment.objects.of(by.organization_id).filter(
            subject_kind=kind, subject_id=subject_id
        )
        return list(rows.select_related("file").order_by("created_at", "id")[:MOST_TALK])


def get_attachment(attachment_id: UUID, *, by: Actor) -> Attachment:
    """One attachment with its file. Raises NoSuchAttachment, also where the thing is hidden."""
    by.require("desk.view")
    with transaction(by.organization_id):
        rows = Attachment.objects.of(by.organization_id).select_related("file")
        found = rows.filter(id=attachment_id).first()
        if found is None:
            raise NoSuchAttachment("There is no such file.")
        try:
            require_subject(found.subject_kind, found.subject_id, by=by)
        except (NotFound, NotAllowed):
            raise NoSuchAttachment("There is no such file.") from None
    return found


def needs_link(attachment: Attachment, *, by: Actor) -> bool:
    """Whether this person opens an upload only by a signed link: managers, where the organization
    wants it, except what they uploaded themselves."""
    if by.role != "manager" or attachment.created_by_id == by.user_id:
        return False
    return identity.get_organization(by.organization_id).sealed_uploads


def link_of(attachment: Attachment, *, by: Actor) -> str:
    """The key of a link to an upload: of this person alone, valid for LINK_LIVES seconds."""
    return signing.TimestampSigner(salt=LINK_SALT).sign(bound(attachment, by))


def open_attachment(attachment_id: UUID, *, by: Actor, key: str = "") -> Attachment:
    """One attachment to be read. Raises NoSuchAttachment, LinkNeeded without a key that holds."""
    found = get_attachment(attachment_id, by=by)
    if not needs_link(found, by=by):
        return found
    try:
        said = signing.TimestampSigner(salt=LINK_SALT).unsign(key, max_age=LINK_LIVES)
    except signing.BadSignature:
        said = ""
    if said != bound(found, by):
        raise LinkNeeded("Open it from the page that it is on; a link is valid for five minutes.")
    return found


def bound(attachment: Attachment, by: Actor) -> str:
    """What a link is bound to: the organization, the file and the person."""
    return f"{attachment.organization_id} {attachment.id} {by.user_id}"


def read_attachment(attachment: Attachment) -> bytes:
    """The bytes of an attachment that was read by `get_attachment`. Raises FileDamaged."""
    return files.read_bytes(attachment.file.sha256)


def people(organization_id: UUID) -> list[tuple[UUID, str]]:
    """(user, name) of everybody inside, for mentions; clients of the portal are not among them."""
    return [
        (member.user.id, member.user.get_full_name())
        for member in identity.list_members(organization_id)
        if member.is_active and member.role != "client"
    ]


def tasks_for(by: Actor) -> OrganizationQuerySet:
    """The tasks that concern a person: their own, and those of a permission that they hold.

    Who sees only their own rows gets none that is meant for everybody.
    """
    rows = Task.objects.of(by.organization_id)
    own = Q(user_id=by.user_id)
    if by.row_rule != "all":
        return rows.filter(own)
    return rows.filter(own | Q(user_id__isnull=True, permission__in=by.permissions))


def awake(at: datetime) -> Q:
    """What is open, or was put off until before `at`."""
    return Q(state=Task.State.OPEN) | Q(state=Task.State.SNOOZED, snoozed_until__lte=at)


def list_tasks(*, by: Actor, at: datetime, states: str = "open") -> list[Task]:
    """What waits for a person: "open" (newest first), "snoozed" (next to wake first) or "done"
    (last done first)."""
    require_person(by)
    with transaction(by.organization_id):
        rows = tasks_for(by)
        if states == "snoozed":
            rows = rows.filter(state=Task.State.SNOOZED, snoozed_until__gt=at)
            return list(rows.order_by("snoozed_until", "id")[:MOST_TASKS])
        if states == "done":
            rows = rows.filter(state=Task.State.DONE)
            return list(rows.order_by("-done_at", "-id")[:MOST_TASKS])
        return list(rows.filter(awake(at)).order_by("-created_at", "-id")[:MOST_TASKS])


def count_tasks(*, by: Actor, at: datetime, since: datetime | None = None) -> int:
    """How many things wait for a person, or came since a moment."""
    if by.user_id is None or not by.may("desk.view"):
        return 0
    with transaction(by.organization_id):
        rows = tasks_for(by).filter(awake(at))
        if since is not None:
            rows = rows.filter(created_at__gt=since)
        return rows.count()


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many things wait for a person, and when the next that was put off comes back."""

    count: int
    until: datetime | None = None


def waiting_tasks(*, by: Actor, at: datetime) -> Waiting:
    """How many things wait for a person now, and until when that holds if nothing is changed."""
    if by.user_id is None or not by.may("desk.view"):
        return Waiting(0)
    with transaction(by.organization_id):
        found = tasks_for(by).aggregate(
            count=Count("id", filter=awake(at)),
            until=Min("snoozed_until", filter=Q(state=Task.State.SNOOZED, snoozed_until__gt=at)),
        )
    return Waiting(**found)


def get_task(task_id: UUID, *, by: Actor) -> Task:
    """One task of a person. Raises NoSuchTask."""
    require_person(by)
    with transaction(by.organization_id):
        found = tasks_for(by).filter(id=task_id).first()
    if found is None:
        raise NoSuchTask("There is no such task.")
    return found


def get_progress(progress_id: UUID, *, by: Actor) -> Progress:
    """How far a job is that this person started. Raises NoSuchProgress."""
    by.require("desk.view")
    with transaction(by.organization_id):
        rows = Progress.objects.of(by.organization_id).select_related("file")
        found = rows.filter(id=progress_id, started_by_id=by.user_id).first()
    if found is None:
        raise NoSuchProgress("There is no such job.")
    return found


def get_export(progress_id: UUID, *, by: Actor) -> Progress:
    """An export that this person started by the API. Raises NoSuchProgress."""
    found = get_progress(progress_id, by=by)
    if not found.data.get("api"):
        raise NoSuchProgress("There is no such export.")
    return found


def exports_of(*, by: Actor) -> list[Progress]:
    """The exports that this person started by the API, newest first, at most 100."""
    by.require("desk.view")
    with transaction(by.organization_id):
        rows = Progress.objects.of(by.organization_id).select_related("file")
        own = rows.filter(started_by_id=by.user_id, data__api=True)
        return list(own.order_by("-created_at", "-id")[:100])


def running_jobs(*, by: Actor) -> list[Progress]:
    """A person's jobs that are not over, newest first."""
    if by.user_id is None:
        return []
    with transaction(by.organization_id):
        rows = Progress.objects.of(by.organization_id).filter(
            started_by_id=by.user_id, ended_at=None
        )
        return list(rows.order_by("-created_at", "-id")[:10])
