"""Channels, which client is reached by which, transmissions, and every status of each."""

from typing import TYPE_CHECKING, Any, ClassVar
from uuid import UUID

from django.db import models
from django.db.models import Q

from guilder.foundation.tenancy.models import OrganizationModel, reference
from guilder.office.channels import calc


class Channel(OrganizationModel):
    """One way of sending and receiving that an organization set up.

    `settings` is what may be shown; secrets are sealed (edges.secrets). `key` is the unguessable
    part of the address at which others call this channel.
    """

    name = models.CharField(max_length=100)
    transport = models.CharField(max_length=30)
    settings = models.JSONField(default=dict)
    sealed_secrets = models.BinaryField(null=True)
    key = models.CharField(max_length=43)
    is_active = models.BooleanField(default=True)
    receives = models.BooleanField(default=True)
    answers = models.BooleanField(default=False)  # senders are told what becomes of theirs
    problem = models.CharField(max_length=500, blank=True, default="")  # of the last pick-up
    problem_at = models.DateTimeField(null=True)
    looked_at = models.DateTimeField(null=True)
    created_by_id = models.UUIDField(null=True)
    created_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "name"], name="channels_name_once"),
            models.UniqueConstraint(fields=["organization", "key"], name="channels_key_once"),
        ]

    def __str__(self) -> str:
        return self.name


class Agreement(OrganizationModel):
    """By which channel a client gets documents, and under which address there."""

    partner = reference("parties.Partner", on_delete=models.CASCADE)
    channel = reference("channels.Channel")
    address = models.CharField(max_length=300, blank=True, default="")
    version = models.PositiveIntegerField(default=1)

    if TYPE_CHECKING:
        partner_id: UUID
        channel_id: UUID

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "partner"], name="channels_one_for_a_client"
            ),
        ]
        indexes = [models.Index("organization", "channel", name="channels_agreed")]

    def __str__(self) -> str:
        return f"{self.partner_id} by {self.channel_id}"


class Transmission(OrganizationModel):
    """One journey of one document, out or in, with its exact bytes.

    `number` is fixed when it begins: every try carries it, and who gets it twice knows it as one.
    `answers` is the transmission that a response is about.
    """

    class Direction(models.TextChoices):
        OUT = "out"
        IN = "in"

    class Content(models.TextChoices):
        DOCUMENT = "document"
        RESPONSE = "response"

    class State(models.TextChoices):
        QUEUED = "queued"
        SENDING = "sending"
        SENT = "sent"
        DELIVERED = "delivered"
        ACCEPTED = "accepted"
        REJECTED = "rejected"
        FAILED = "failed"
        STOPPED = "stopped"
        RECEIVED = "received"  # in: its bytes are here
        TAKEN = "taken"  # in: it is a received document, or its answer was noted
        REFUSED = "refused"  # in: nobody here can read it

    direction = models.CharField(max_length=3, choices=Direction)
    content = models.CharField(max_length=8, choices=Content, default=Content.DOCUMENT)
    channel = reference("channels.Channel")
    transport = models.CharField(max_length=30)
    invoice = reference("invoicing.Invoice", null=True, blank=True)
    partner = reference("parties.Partner", null=True, blank=True)
    answers = reference("channels.Transmission", null=True, blank=True)
    mail = reference("dispatch.Mail", null=True, blank=True)
    document_number = models.CharField(max_length=100, blank=True, default="")
    number = models.CharField(max_length=100)
    address = models.CharField(max_length=300, blank=True, default="")  # out: to; in: of whom
    format = models.CharField(max_length=40, blank=True, default="")
    filename = models.CharField(max_length=255, blank=True, default="")
    media_type = models.CharField(max_length=127, blank=True, default="")
    file = reference("files.StoredFile", null=True, blank=True)
    sha256 = models.CharField(max_length=64, blank=True, default="")
    size = models.BigIntegerField(default=0)
    evidence = reference("files.StoredFile", null=True, blank=True)
    their_reference = models.CharField(max_length=300, blank=True, default="")
    state = models.CharField(max_length=9, choices=State)
    attempts = models.PositiveSmallIntegerField(default=0)
    steps = models.PositiveIntegerField(default=0)  # of its history
    next_attempt_at = models.DateTimeField(null=True, blank=True)
    problem = models.CharField(max_length=500, blank=True, default="")
    created_by_id = models.UUIDField(null=True, editable=False)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    changed_at = models.DateTimeField()

    if TYPE_CHECKING:
        channel_id: UUID
        invoice_id: UUID | None
        partner_id: UUID | None
        answers_id: UUID | None
        mail_id: UUID | None
        file_id: UUID | None
        evidence_id: UUID | None

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "channel", "direction", "number"],
                name="channels_arrives_once",
            ),
            models.UniqueConstraint(
                fields=["organization", "invoice", "channel"],
                name="channels_one_under_way",
                condition=Q(state__in=["queued", "sending"], content="document"),
            ),
            models.CheckConstraint(
                condition=Q(state__in=["queued", "sending"], next_attempt_at__isnull=False)
                | ~Q(state__in=["queued", "sending"]) & Q(next_attempt_at__isnull=True),
                name="channels_under_way_has_time",
            ),
            models.CheckConstraint(
                condition=Q(file__isnull=True, sha256="")
                | Q(file__isnull=False, sha256__regex=r"^[0-9a-f]{64}$"),
                name="channels_bytes_have_hash",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["sent", "delivered", "accepted", "rejected"])
                | Q(direction="in")
                | Q(sent_at__isnull=False),
                name="channels_sent_has_instant",
            ),
        ]
        indexes = [
            models.Index("organization", "created_at", "id", name="channels_newest"),
            models.Index("organization", "invoice", "created_at", name="channels_of_invoice"),
            models.Index("organization", "partner", "created_at", name="channels_of_partner"),
            models.Index("organization", "answers", name="channels_answers"),
            models.Index("organization", "mail", name="channels_of_mail"),
            models.Index("organization", "document_number", name="channels_of_number"),
            models.Index(
                "organization",
                "next_attempt_at",
                name="channels_due",
                condition=Q(state__in=["queued", "sending"]),
            ),
            models.Index(
                "organization", "id", name="channels_unread", condition=Q(state="received")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.direction} {self.number}: {self.state}"

    @property
    def may_stop(self) -> bool:
        """Whether no server has it, and none ever had."""
        return self.state == "queued" and self.direction == "out"

    @property
    def may_retry(self) -> bool:
        """Whether a person may send it again as it is."""
        return self.direction == "out" and self.state in calc.AGAIN


class Status(OrganizationModel):
    """One thing that happened to a transmission: when, what it is since, who said what.
    Append-only."""

    app_may: ClassVar[Any] = ("SELECT", "INSERT")

    transmission = reference("channels.Transmission")
    step = models.PositiveIntegerField()
    at = models.DateTimeField()
    state = models.CharField(max_length=9, choices=Transmission.State)
    code = models.CharField(max_length=40, blank=True, default="")
    detail = models.CharField(max_length=500, blank=True, default="")
    actor_name = models.CharField(max_length=200, blank=True, default="")

    if TYPE_CHECKING:
        transmission_id: UUID

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "transmission", "step"], name="channels_step_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.at}: {self.state}"
