"""Saved views, preferences, comments, attachments, tasks, and the progress of jobs."""

from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from guilder.foundation.tenancy.models import OrganizationModel, reference
from guilder.office.desk import calc


class Subject(models.TextChoices):
    """What may be talked about: an invoice (and its kin), a quote, a client, a payment."""

    INVOICE = "invoice"
    QUOTE = "quote"
    CLIENT = "client"
    PAYMENT = "payment"


class SavedView(OrganizationModel):
    """A list as somebody wants to see it again: filters and sort as query text, columns."""

    user_id = models.UUIDField()
    kind = models.CharField(max_length=30)  # the list: "invoices", "quotes", …
    name = models.CharField(max_length=60)
    query = models.TextField(blank=True, default="")
    columns = ArrayField(models.CharField(max_length=30), default=list, blank=True)
    is_shared = models.BooleanField(default=False)
    position = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "kind", "user_id", "name"], name="one_view_of_a_name"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Preference(OrganizationModel):
    """One choice of one person: columns of a list, folded groups, when the inbox was looked at."""

    user_id = models.UUIDField()
    key = models.CharField(max_length=80)
    value = models.JSONField(null=True)
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "user_id", "key"], name="one_preference_of_a_key"
            ),
        ]

    def __str__(self) -> str:
        return self.key


class Comment(OrganizationModel):
    """What somebody said about a thing, for people inside only."""

    subject_kind = models.CharField(max_length=10, choices=Subject)
    subject_id = models.UUIDField()
    author_id = models.UUIDField()
    author_name = models.CharField(max_length=200)
    text = models.TextField()
    mentions = ArrayField(models.UUIDField(), default=list, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index("organization", "subject_id", "created_at", name="comments_of_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.author_name}: {self.text[:40]}"


class Attachment(OrganizationModel):
    """A file that lies with a thing."""

    subject_kind = models.CharField(max_length=10, choices=Subject)
    subject_id = models.UUIDField()
    file = reference("files.StoredFile")
    created_by_id = models.UUIDField(null=True)
    created_by_name = models.CharField(max_length=200, blank=True, default="")
    created_at = models.DateTimeField()

    if TYPE_CHECKING:
        file_id: UUID

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "subject_id", "file"], name="one_file_at_a_thing"
            ),
        ]
        indexes = [
            models.Index("organization", "file", name="attachments_of_file"),
        ]

    def __str__(self) -> str:
        return f"{self.subject_kind} {self.subject_id}"


class Task(OrganizationModel):
    """Something that waits for one person, or for whoever holds a permission.

    `data` holds the facts that the words are made of. `mark` names the cause: while a task with it
    is not done, the same cause makes no second one.
    """

    class State(models.TextChoices):
        OPEN = "open"
        SNOOZED = "snoozed"
        DONE = "done"

    user_id = models.UUIDField(null=True)
    permission = models.CharField(max_length=30, blank=True, default="")
    kind = models.CharField(max_length=30)
    subject_kind = models.CharField(max_length=10, blank=True, default="")
    subject_id = models.UUIDField(null=True)
    mark = models.CharField(max_length=120)
    data = models.JSONField(default=dict)
    due_on = models.DateField(null=True)
    state = models.CharField(max_length=7, choices=State, default=State.OPEN)
    snoozed_until = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    done_by_id = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "mark"],
                name="one_task_of_a_cause",
                condition=~Q(state="done"),
            ),
            models.CheckConstraint(
                condition=Q(user_id__isnull=False, permission="")
                | (Q(user_id__isnull=True) & ~Q(permission="")),
                name="a_task_is_for_somebody",
            ),
            models.CheckConstraint(
                condition=Q(state="snoozed", snoozed_until__isnull=False)
                | (~Q(state="snoozed") & Q(snoozed_until__isnull=True)),
                name="snoozed_until_when",
            ),
        ]
        indexes = [
            models.Index(
                "organization",
                "created_at",
                "id",
                name="tasks_not_done",
                condition=~Q(state="done"),
            ),
            models.Index("organization", "done_at", "id", name="tasks_by_end"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} ({self.state})"


class Progress(OrganizationModel):
    """How far a background job is; it stays when the page is left, and ends as a task."""

    class State(models.TextChoices):
        WAITING = "waiting"
        RUNNING = "running"
        FINISHED = "finished"
        FAILED = "failed"
        CANCELLED = "cancelled"

    kind = models.CharField(max_length=40)
    data = models.JSONField(default=dict)
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)
    failures = models.JSONField(default=list)
    state = models.CharField(max_length=9, choices=State, default=State.WAITING)
    is_cancel_asked = models.BooleanField(default=False)
    problem = models.CharField(max_length=500, blank=True, default="")
    file = reference("files.StoredFile", null=True, blank=True)
    started_by_id = models.UUIDField()
    created_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    if TYPE_CHECKING:
        file_id: UUID | None

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "running"], ended_at__isnull=True)
                | Q(state__in=["finished", "failed", "cancelled"], ended_at__isnull=False),
                name="a_job_ends_when_it_ends",
            ),
        ]
        indexes = [
            models.Index(
                "organization", "started_by_id", "created_at", name="progress_of_a_person"
            ),
            models.Index("organization", "file", name="progress_of_file"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.done}/{self.total}"

    @property
    def percent(self) -> int:
        """How far it is, of a hundred."""
        return calc.percent(self.done, self.total)

    @property
    def is_over(self) -> bool:
        """Whether nothing more will happen to it."""
        return self.ended_at is not None
