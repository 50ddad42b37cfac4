"""Endpoints, messages, deliveries and what each attempt met; and the queue of what is due."""

from typing import TYPE_CHECKING, ClassVar
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from guilder.foundation.tenancy.ids import uuid7
from guilder.foundation.tenancy.models import OrganizationModel, reference


class Endpoint(OrganizationModel):
    """An address that wants to hear of events; no types are all types.

    Secrets are sealed (edges.secrets). `previous_secret` signs beside the new one until
    `previous_until`, so that a receiver can change over. `failing_since` is set while every attempt
    fails.
    """

    class Why(models.TextChoices):
        NONE = "", "is on"
        PERSON = "person", "somebody switched it off"
        FAILING = "failing", "it failed for days"
        GONE = "gone", "it answered 410 Gone"

    name = models.CharField(max_length=100)
    url = models.CharField(max_length=2000)
    types = ArrayField(models.CharField(max_length=60), default=list)
    api_version = models.CharField(max_length=10)
    secret = models.BinaryField()
    previous_secret = models.BinaryField(null=True)
    previous_until = models.DateTimeField(null=True)
    is_active = models.BooleanField(default=True)
    disabled_at = models.DateTimeField(null=True)
    disabled_because = models.CharField(max_length=10, choices=Why, default=Why.NONE, blank=True)
    failing_since = models.DateTimeField(null=True)
    last_success_at = models.DateTimeField(null=True)
    created_by_id = models.UUIDField(null=True)
    created_at = models.DateTimeField(db_default=Now())
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="webhooks_off_has_reason",
                condition=Q(is_active=True, disabled_at=None, disabled_because="")
                | Q(is_active=False, disabled_at__isnull=False) & ~Q(disabled_because=""),
            )
        ]
        indexes = [models.Index(fields=["organization", "created_at"], name="webhooks_endpoints")]

    def __str__(self) -> str:
        return self.name


class Counter(OrganizationModel):
    """The order in which an organization's messages were made: the last number given."""

    raises_generation: ClassVar[bool] = False  # no read of the books shows it

    last = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization"], name="webhooks_one_counter")
        ]

    def __str__(self) -> str:
        return str(self.last)


class Message(OrganizationModel):
    """What is sent about one event in one dated version: the exact body, written once."""

    raises_generation: ClassVar[bool] = False  # no read of the books shows it

    app_may: ClassVar[tuple[str, ...]] = ("SELECT", "INSERT", "DELETE")

    event_id = models.UUIDField(null=True)  # none: a ping
    type = models.CharField(max_length=60)
    api_version = models.CharField(max_length=10)
    sequence = models.BigIntegerField()
    body = models.TextField()
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "event_id", "api_version"], name="webhooks_message_once"
            ),
            models.UniqueConstraint(
                fields=["organization", "sequence"], name="webhooks_message_order"
            ),
        ]

    def __str__(self) -> str:
        return f"msg_{self.id.hex}"


class Delivery(OrganizationModel):
    """One message on its way to one endpoint."""

    raises_generation: ClassVar[bool] = False  # no read of the books shows it

    class State(models.TextChoices):
        WAITING = "waiting"
        DELIVERED = "delivered"
        FAILED = "failed"
        STOPPED = "stopped"

    endpoint = reference("webhooks.Endpoint", on_delete=models.CASCADE)
    message = reference("webhooks.Message", on_delete=models.CASCADE)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    attempts = models.PositiveIntegerField(default=0)
    last_status = models.PositiveSmallIntegerField(null=True)
    problem = models.CharField(max_length=300, blank=True, default="")
    next_attempt_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    if TYPE_CHECKING:
        endpoint_id: UUID
        message_id: UUID

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "endpoint", "message"], name="webhooks_delivery_once"
            ),
            models.CheckConstraint(
                name="webhooks_waiting_has_time",
                condition=Q(state="waiting", next_attempt_at__isnull=False, finished_at=None)
                | ~Q(state="waiting") & Q(next_attempt_at=None, finished_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["organization", "endpoint", "id"], name="webhooks_of_endpoint"),
            models.Index(fields=["organization", "message"], name="webhooks_of_message"),
        ]

    def __str__(self) -> str:
        return f"{self.message_id}: {self.state}"


class Attempt(OrganizationModel):
    """One call: what was sent, what was answered, how long it took. Append-only."""

    raises_generation: ClassVar[bool] = False  # no read of the books shows it

    app_may: ClassVar[tuple[str, ...]] = ("SELECT", "INSERT", "DELETE")

    delivery = reference("webhooks.Delivery", on_delete=models.CASCADE)
    number = models.PositiveIntegerField()
    at = models.DateTimeField()
    milliseconds = models.PositiveIntegerField()
    status = models.PositiveSmallIntegerField(null=True)
    problem = models.CharField(max_length=300, blank=True, default="")
    request_head = models.JSONField(default=dict)
    response_head = models.JSONField(default=dict)
    response_text = models.CharField(max_length=1000, blank=True, default="")

    class Meta:
        indexes = [
            models.Index(fields=["organization", "delivery", "id"], name="webhooks_of_delivery")
        ]

    def __str__(self) -> str:
        return f"{self.at}: {self.status or self.problem}"


class PendingDelivery(models.Model):
    """A delivery that is due some time; the row goes when it has ended.

    No row level security, like the job queue: workers look in all organizations. It holds ids only.
    `taken_until` is a worker's lease; `attempts` counts those of this round of back-off.
    """

    delivery_id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organization_id = models.UUIDField()
    endpoint_id = models.UUIDField()
    due_at = models.DateTimeField()
    taken_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)

    class Meta:
        db_table = "webhooks_pending"
        indexes = [models.Index(fields=["endpoint_id", "due_at"], name="webhooks_due")]

    def __str__(self) -> str:
        return str(self.delivery_id)
