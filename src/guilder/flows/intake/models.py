"""Papers that came in, with what was read in them and what became of them."""

from uuid import UUID

from django.db import models
from django.db.models import Q

from guilder.foundation.tenancy.models import OrganizationModel, reference


class ReceivedDocument(OrganizationModel):
    """One paper as it came. Bytes, way and reading stay; only its state and what follows move.

    `place` counts the papers of one file that holds several. `reading` is the paper as canonical
    JSON with what its file states; `verdict` is what the official rules said, with their packs.
    """

    class State(models.TextChoices):
        READ = "read"  # an e-invoice was read in it
        MANUAL = "manual"  # for people only: to be entered by hand
        BILLED = "billed"
        DUPLICATE = "duplicate"
        REFUSED = "refused"

    class Channel(models.TextChoices):
        UPLOAD = "upload"
        API = "api"
        IMPORT = "import"
        FOLDER = "folder"
        MAIL = "mail"
        LMTP = "lmtp"
        SFTP = "sftp"
        HTTP = "http"
        AS4 = "as4"

    file_id: UUID
    partner_id: UUID | None
    bill_id: UUID | None
    duplicate_of_id: UUID | None

    file = reference("files.StoredFile")
    sha256 = models.CharField(max_length=64)
    place = models.PositiveIntegerField(default=0)
    size = models.BigIntegerField()
    filename = models.CharField(max_length=255)
    media_type = models.CharField(max_length=127)
    channel = models.CharField(max_length=8, choices=Channel)
    sender = models.CharField(max_length=254, blank=True, default="")
    state = models.CharField(max_length=9, choices=State)
    format = models.CharField(max_length=40, blank=True, default="")
    profile = models.CharField(max_length=200, blank=True, default="")
    number = models.CharField(max_length=120, blank=True, default="")
    issued_on = models.DateField(null=True, blank=True)
    due_on = models.DateField(null=True, blank=True)
    currency = models.CharField(max_length=3, blank=True, default="")
    due_amount = models.BigIntegerField(null=True, blank=True)
    supplier_name = models.CharField(max_length=200, blank=True, default="")
    reading = models.JSONField(default=dict)
    problems = models.JSONField(default=list)  # figures that contradict each other
    doubts = models.JSONField(default=list)  # what somebody should look at
    verdict = models.JSONField(default=dict)
    is_valid = models.BooleanField(null=True, blank=True)
    partner = reference("parties.Partner", null=True, blank=True)
    matched_by = models.CharField(max_length=12, blank=True, default="")
    bill = reference("bills.Bill", null=True, blank=True)
    duplicate_of = reference("intake.ReceivedDocument", null=True, blank=True)
    reason = models.CharField(max_length=500, blank=True, default="")
    received_at = models.DateTimeField()
    created_by_id = models.UUIDField(null=True, editable=False)
    updated_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "sha256", "place"], name="paper_received_once"
            ),
            models.UniqueConstraint(
                fields=["organization", "bill"],
                name="one_paper_of_a_bill",
                condition=Q(bill__isnull=False),
            ),
            models.CheckConstraint(
                condition=Q(sha256__regex=r"^[0-9a-f]{64}$"), name="received_paper_has_a_hash"
            ),
            models.CheckConstraint(
                condition=Q(state="billed", bill__isnull=False)
                | (~Q(state="billed") & Q(bill__isnull=True)),
                name="billed_paper_has_a_bill",
            ),
            models.CheckConstraint(
                condition=~Q(state="refused") | ~Q(reason=""), name="refused_for_a_reason"
            ),
        ]
        indexes = [
            models.Index(fields=["organization", "-received_at", "-id"], name="received_newest"),
            models.Index(
                "organization",
                "id",
                name="received_waiting",
                condition=Q(state__in=("read", "manual", "duplicate")),
            ),
            models.Index("organization", "partner", "id", name="received_of_partner"),
        ]

    def __str__(self) -> str:
        return self.filename
