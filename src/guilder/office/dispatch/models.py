"""Mail settings, templates, mails, and what people should see of them."""

from typing import TYPE_CHECKING
from uuid import UUID

from django.db import models
from django.db.models import Q

from guilder.foundation.tenancy.models import OrganizationModel, reference


class MailSettings(OrganizationModel):
    """How an organization sends and hears of returned mail; empty hosts mean the installation's."""

    class Security(models.TextChoices):
        STARTTLS = "starttls"
        TLS = "tls"
        NONE = "none"

    sender_name = models.CharField(max_length=200, blank=True, default="")
    sender_email = models.CharField(max_length=254, blank=True, default="")
    reply_to = models.CharField(max_length=254, blank=True, default="")
    copy_to = models.CharField(max_length=254, blank=True, default="")
    host = models.CharField(max_length=255, blank=True, default="")
    port = models.PositiveIntegerField(default=587)
    security = models.CharField(max_length=8, choices=Security, default=Security.STARTTLS)
    user = models.CharField(max_length=254, blank=True, default="")
    sealed_password = models.BinaryField(null=True, blank=True)
    imap_host = models.CharField(max_length=255, blank=True, default="")
    imap_port = models.PositiveIntegerField(default=993)
    imap_security = models.CharField(max_length=8, choices=Security, default=Security.TLS)
    imap_user = models.CharField(max_length=254, blank=True, default="")
    imap_folder = models.CharField(max_length=100, default="INBOX")
    sealed_imap_password = models.BinaryField(null=True, blank=True)
    # How far the mailbox has been read (RFC 3501, 2.3.1.1).
    imap_validity = models.BigIntegerField(default=0)
    imap_read = models.BigIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization"], name="one_mail_settings"),
        ]

    def __str__(self) -> str:
        return self.sender_email


class MailTemplate(OrganizationModel):
    """The organization's own words for a kind of paper in a language."""

    kind = models.CharField(max_length=20)
    language = models.CharField(max_length=16)
    subject = models.CharField(max_length=300)
    text = models.TextField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "kind", "language"], name="one_mail_template_for_a_case"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.language}"


class Mail(OrganizationModel):
    """One mail on its way: what is to be sent, how often it was tried, what became of it.

    Subject, text and `message_id` are fixed when it is queued, so that a retry is the same mail.
    """

    class State(models.TextChoices):
        QUEUED = "queued"
        SENDING = "sending"
        SENT = "sent"
        HELD = "held"  # no server is set: it can be read on the outbox page
        FAILED = "failed"
        RETURNED = "returned"
        STOPPED = "stopped"  # by a person, before any server had it

    kind = models.CharField(max_length=20)
    invoice = reference("invoicing.Invoice", null=True, blank=True)
    quote = reference("invoicing.Quote", null=True, blank=True)
    partner = reference("parties.Partner", null=True, blank=True)
    to = models.TextField()
    copy_to = models.TextField(blank=True, default="")
    reply_to = models.CharField(max_length=254, blank=True, default="")  # else the settings'
    accepted = models.TextField(blank=True, default="")  # recipients that a server took over
    language = models.CharField(max_length=16)
    subject = models.CharField(max_length=500)
    text = models.TextField()
    has_paper = models.BooleanField(default=True)  # whether the PDF of its paper goes with it
    message_id = models.CharField(max_length=200)
    state = models.CharField(max_length=8, choices=State, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(null=True, blank=True)
    problem = models.CharField(max_length=500, blank=True, default="")
    failure = models.CharField(max_length=9, blank=True, default="")
    queued_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    created_by_id = models.UUIDField(null=True, editable=False)

    if TYPE_CHECKING:
        invoice_id: UUID | None
        quote_id: UUID | None
        partner_id: UUID | None

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "message_id"], name="message_id_once"),
            models.CheckConstraint(
                condition=Q(state="sent", sent_at__isnull=False)
                | Q(state="returned")
                | (~Q(state__in=["sent", "returned"]) & Q(sent_at__isnull=True)),
                name="sent_mails_have_an_instant",
            ),
        ]
        indexes = [
            models.Index("organization", "invoice", "queued_at", name="mail_of_invoice"),
            models.Index("organization", "quote", "queued_at", name="mail_of_quote"),
            models.Index("organization", "partner", "queued_at", name="mail_of_partner"),
            models.Index("organization", "queued_at", "id", name="mail_newest"),
            models.Index(
                "organization",
                "next_attempt_at",
                name="mail_due",
                condition=Q(state__in=["queued", "sending"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject} to {self.to}"

    @property
    def waiting(self) -> tuple[str, ...]:
        """The recipients that no server has taken over yet."""
        done = set(self.accepted.split(", "))
        everybody = [*self.to.split(", "), *self.copy_to.split(", ")]
        return tuple(dict.fromkeys(one for one in everybody if one and one not in done))


class MailFile(OrganizationModel):
    """A stored file that goes with a mail, besides its paper. Append-only."""

    app_may = ("SELECT", "INSERT")

    mail = reference("dispatch.Mail", related_name="files")
    file = reference("files.StoredFile")
    position = models.PositiveSmallIntegerField(default=0)

    if TYPE_CHECKING:
        file_id: UUID

    class Meta:
        indexes = [models.Index("organization", "mail", "position", name="files_of_mail")]

    def __str__(self) -> str:
        return str(self.file_id)


class Attempt(OrganizationModel):
    """One try to send a mail, or its coming back: what was said. Append-only."""

    app_may = ("SELECT", "INSERT")

    mail = reference("dispatch.Mail")
    at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=Mail.State)
    problem = models.CharField(max_length=500, blank=True, default="")

    class Meta:
        indexes = [models.Index("organization", "mail", "at", name="attempts_of_mail")]

    def __str__(self) -> str:
        return f"{self.at}: {self.state}"


class Notice(OrganizationModel):
    """Something that a person should see, such as a mail that came back."""

    kind = models.CharField(max_length=40)
    subject_id = models.UUIDField(null=True)
    text = models.CharField(max_length=500)
    created_at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(
                "organization",
                "created_at",
                name="notices_unseen",
                condition=Q(seen_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.text
