"""The outbox: what happened, and what has not been told to every listener yet."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now

from guilder.foundation.tenancy.ids import uuid7
from guilder.foundation.tenancy.models import OrganizationModel


class Event(OrganizationModel):
    """A fact, written in the transaction that made it true; never changed.

    `sequence` orders facts: nanoseconds since 1970, rising within a process. A trigger adds the
    `PendingEvent` row, so inserting this row is all that a hot statement has to do.
    """

    app_may: ClassVar[tuple[str, ...]] = ("SELECT", "INSERT")

    type = models.CharField(max_length=60)
    subject_id = models.UUIDField(null=True)
    payload = models.JSONField()
    version = models.PositiveSmallIntegerField(default=1)
    actor_id = models.UUIDField(null=True)
    source = models.CharField(max_length=10, default="system")
    request_id = models.CharField(max_length=64, default="", blank=True)
    sequence = models.BigIntegerField()
    occurred_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [
            models.Index(fields=["organization", "sequence", "id"], name="events_in_order"),
            models.Index(fields=["organization", "subject_id"], name="events_of_subject"),
        ]


class PendingEvent(models.Model):
    """An event that some listener still has to hear; the row goes when all have.

    No row level security, like the job queue: workers look for work in all organizations. It holds
    ids only; the event itself is read under its organization. `heard` names the listeners that are
    through while another one is tried again.
    """

    event_id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organization_id = models.UUIDField()
    subject_id = models.UUIDField(null=True)
    sequence = models.BigIntegerField()
    due_at = models.DateTimeField(db_default=Now())
    attempts = models.PositiveSmallIntegerField(db_default=0)
    heard = ArrayField(
        models.CharField(max_length=100),
        db_default=[],  # pyright: ignore[reportCallIssue]  (its stubs know no list)
    )
    problem = models.CharField(max_length=500, db_default="")
    parked_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "events_pending"
        indexes = [
            models.Index(fields=["organization_id", "subject_id"], name="events_pending_subject")
        ]
