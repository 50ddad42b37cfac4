"""Ladders, the reminders that were sent, and what makes them rest."""

from typing import TYPE_CHECKING
from uuid import UUID

from django.db import models
from django.db.models import F, Q

from guilder.foundation.tenancy.models import OrganizationModel, reference


class Ladder(OrganizationModel):
    """When and how clients are reminded. One of an organization's is the default.

    Before `automatic_from` nothing is sent by itself: what fell due earlier waits for a person.
    Fees are minor units of the organization's base currency; letters in another ask for none.
    """

    class Interest(models.TextChoices):
        NONE = "none"
        STATUTORY = "statutory"
        CONTRACT = "contract"

    steps: "models.Manager[LadderStep]"

    name = models.CharField(max_length=80)
    is_default = models.BooleanField(default=False)
    is_collective = models.BooleanField(default=True)
    interest = models.CharField(max_length=9, choices=Interest, default=Interest.STATUTORY)
    contract_percent = models.DecimalField(max_digits=9, decimal_places=6, null=True, blank=True)
    automatic_from = models.DateField(null=True, blank=True)
    forgive_amount = models.BigIntegerField(default=0)  # left-overs up to this are written off
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "name"], name="ladder_name_once"),
            models.UniqueConstraint(
                fields=["organization"], name="one_default_ladder", condition=Q(is_default=True)
            ),
            models.CheckConstraint(
                condition=~Q(interest="contract")
                | Q(contract_percent__gt=0, contract_percent__lte=100),
                name="contract_has_a_rate",
            ),
            models.CheckConstraint(
                condition=Q(forgive_amount__gte=0), name="forgives_not_below_zero"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class LadderStep(OrganizationModel):
    """One step: `days` after the due date, below zero before it; `level` counts from 1."""

    class Tone(models.TextChoices):
        NOTICE = "notice"
        REMINDER = "reminder"
        DEMAND = "demand"
        FINAL = "final"

    class Channel(models.TextChoices):
        MAIL = "mail"
        LETTER = "letter"
        BOTH = "both"

    ladder = reference("dunning.Ladder", on_delete=models.CASCADE, related_name="steps")
    level = models.PositiveSmallIntegerField()
    days = models.SmallIntegerField()
    tone = models.CharField(max_length=8, choices=Tone, default=Tone.REMINDER)
    channel = models.CharField(max_length=6, choices=Channel, default=Channel.MAIL)
    pay_within = models.PositiveSmallIntegerField(default=7)
    fee_amount = models.BigIntegerField(default=0)
    with_interest = models.BooleanField(default=False)
    with_lump_sum = models.BooleanField(default=False)
    needs_approval = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "ladder", "level"], name="one_step_for_each_level"
            ),
            models.UniqueConstraint(
                fields=["organization", "ladder", "days"], name="one_step_for_each_day"
            ),
            models.CheckConstraint(
                condition=Q(level__gte=1, days__gte=-60, days__lte=730, fee_amount__gte=0),
                name="step_within_bounds",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.level}: {self.days}"


class ReminderTerms(OrganizationModel):
    """How one client is reminded: by another ladder than the default, or never."""

    partner_id: UUID

    partner = reference("parties.Partner", on_delete=models.CASCADE)
    ladder = reference("dunning.Ladder", null=True, blank=True)
    is_never = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "partner"], name="one_reminder_terms_for_a_client"
            ),
        ]
        indexes = [models.Index("organization", "ladder", name="terms_of_ladder")]

    def __str__(self) -> str:
        return str(self.partner_id)


class Reminder(OrganizationModel):
    """One letter about one or several invoices of a client, in one currency.

    With the channel "none" a person passed the step over: nothing was sent.
    """

    app_may = ("SELECT", "INSERT", "UPDATE")

    class Channel(models.TextChoices):
        MAIL = "mail"
        LETTER = "letter"
        BOTH = "both"
        NONE = "none"

    if TYPE_CHECKING:
        partner_id: UUID
        mail_id: UUID | None
        file_id: UUID | None

    partner = reference("parties.Partner")
    ladder_name = models.CharField(max_length=80)
    level = models.PositiveSmallIntegerField()
    tone = models.CharField(max_length=8, choices=LadderStep.Tone)
    channel = models.CharField(max_length=6, choices=Channel)
    made_on = models.DateField()
    pay_by_on = models.DateField(null=True, blank=True)
    currency = models.CharField(max_length=3)
    language = models.CharField(max_length=16)
    open_amount = models.BigIntegerField()
    interest_amount = models.BigIntegerField(default=0)
    fee_amount = models.BigIntegerField(default=0)
    lump_amount = models.BigIntegerField(default=0)
    law = models.CharField(max_length=160, blank=True, default="")
    reason = models.CharField(max_length=300, blank=True, default="")
    mail = reference("dispatch.Mail", null=True, blank=True)
    file = reference("files.StoredFile", null=True, blank=True)
    posted_on = models.DateField(null=True, blank=True)
    posted_by_id = models.UUIDField(null=True, editable=False)
    created_by_id = models.UUIDField(null=True, editable=False)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(channel="none", mail__isnull=True, file__isnull=True)
                | (~Q(channel="none") & Q(file__isnull=False)),
                name="reminder_has_its_letter",
            ),
            models.CheckConstraint(
                condition=Q(
                    open_amount__gt=0,
                    interest_amount__gte=0,
                    fee_amount__gte=0,
                    lump_amount__gte=0,
                ),
                name="reminder_claims_something",
            ),
            models.CheckConstraint(
                condition=Q(pay_by_on__isnull=True) | Q(pay_by_on__gte=F("made_on")),
                name="reminder_gives_time",
            ),
        ]
        indexes = [
            models.Index("organization", "partner", "id", name="reminder_of_partner"),
            models.Index("organization", "mail", name="reminder_of_mail"),
            models.Index(
                "organization",
                "id",
                name="reminder_to_post",
                condition=Q(channel__in=["letter", "both"], posted_on__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.level} of {self.made_on}"

    @property
    def claimed_amount(self) -> int:
        """Everything that the letter asks for."""
        return self.open_amount + self.interest_amount + self.fee_amount + self.lump_amount


class Reminded(OrganizationModel):
    """An invoice in a reminder, as it stood then. Append-only: each level once for ever."""

    app_may = ("SELECT", "INSERT")

    invoice_id: UUID

    reminder = reference("dunning.Reminder", related_name="invoices")
    invoice = reference("invoicing.Invoice")
    level = models.PositiveSmallIntegerField()
    due_on = models.DateField()
    open_amount = models.BigIntegerField()
    interest_amount = models.BigIntegerField(default=0)
    spans = models.JSONField(default=list)  # how the interest came about

    class Meta:
        constraints = [
            # The promise that nobody is reminded twice by one step.
            models.UniqueConstraint(
                fields=["organization", "invoice", "level"], name="reminded_once_by_a_level"
            ),
        ]
        indexes = [models.Index("organization", "reminder", name="invoices_of_reminder")]

    def __str__(self) -> str:
        return f"{self.invoice_id}: {self.level}"


class Hold(OrganizationModel):
    """Reminders rest: for a client, or for one invoice; until a day, or until a person ends it."""

    app_may = ("SELECT", "INSERT", "UPDATE")

    class Kind(models.TextChoices):
        PAUSE = "pause"
        PROMISE = "promise"

    if TYPE_CHECKING:
        partner_id: UUID
        invoice_id: UUID | None

    partner = reference("parties.Partner")
    invoice = reference("invoicing.Invoice", null=True, blank=True)
    kind = models.CharField(max_length=7, choices=Kind)
    until_on = models.DateField(null=True, blank=True)
    amount = models.BigIntegerField(null=True, blank=True)
    reason = models.CharField(max_length=300, blank=True, default="")
    created_by_id = models.UUIDField(null=True, editable=False)
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by_id = models.UUIDField(null=True, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="pause") | Q(until_on__isnull=False, invoice__isnull=False),
                name="promise_names_day_and_invoice",
            ),
        ]
        indexes = [
            models.Index(
                "organization", "partner", name="holds_at_work", condition=Q(ended_at__isnull=True)
            ),
            models.Index("organization", "invoice", name="holds_of_invoice"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} until {self.until_on}"


class Dispute(OrganizationModel):
    """A client objects to an invoice; `settled_on` is empty while nobody has settled it."""

    app_may = ("SELECT", "INSERT", "UPDATE")

    class Category(models.TextChoices):
        QUALITY = "quality"
        QUANTITY = "quantity"
        PRICE = "price"
        NOT_RECEIVED = "not_received"
        NOT_ORDERED = "not_ordered"
        PAID = "paid"
        OTHER = "other"

    class Outcome(models.TextChoices):
        UPHELD = "upheld"  # the invoice stands
        CREDITED = "credited"  # in part or in whole
        WITHDRAWN = "withdrawn"

    if TYPE_CHECKING:
        invoice_id: UUID
        partner_id: UUID

    invoice = reference("invoicing.Invoice")
    partner = reference("parties.Partner")
    category = models.CharField(max_length=12, choices=Category, default=Category.OTHER)
    reason = models.CharField(max_length=1000, blank=True, default="")
    opened_on = models.DateField()
    deadline_on = models.DateField(null=True, blank=True)
    settled_on = models.DateField(null=True, blank=True)
    outcome = models.CharField(max_length=9, choices=Outcome, blank=True, default="")
    note = models.CharField(max_length=1000, blank=True, default="")
    created_by_id = models.UUIDField(null=True, editable=False)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "invoice"],
                name="one_open_dispute_of_an_invoice",
                condition=Q(settled_on__isnull=True),
            ),
            models.CheckConstraint(
                condition=Q(settled_on__isnull=True, outcome="")
                | (Q(settled_on__isnull=False) & ~Q(outcome="")),
                name="settled_disputes_have_an_outcome",
            ),
        ]
        indexes = [models.Index("organization", "partner", "id", name="dispute_of_partner")]

    def __str__(self) -> str:
        return f"{self.category} of {self.opened_on}"


class ReferenceRate(OrganizationModel):
    """A rate that statutes build upon, typed by hand for the half-year from `valid_from`."""

    reference = models.CharField(max_length=8)
    valid_from = models.DateField()
    percent = models.DecimalField(max_digits=9, decimal_places=6)
    source = models.CharField(max_length=200)
    created_by_id = models.UUIDField(null=True, editable=False)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "reference", "valid_from"], name="reference_rate_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.valid_from}: {self.percent}"


class Handover(OrganizationModel):
    """Debts of a client that were handed over to collection, with the file that went there."""

    app_may = ("SELECT", "INSERT")

    partner_id: UUID

    partner = reference("parties.Partner")
    currency = models.CharField(max_length=3)
    open_amount = models.BigIntegerField()
    interest_amount = models.BigIntegerField(default=0)
    fee_amount = models.BigIntegerField(default=0)
    made_on = models.DateField()
    file = reference("files.StoredFile")
    created_by_id = models.UUIDField(null=True, editable=False)
    created_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index("organization", "partner", "id", name="handover_of_partner")]

    def __str__(self) -> str:
        return f"{self.made_on}: {self.open_amount} {self.currency}"


class HandedInvoice(OrganizationModel):
    """An invoice in a handover. Append-only, once for ever."""

    app_may = ("SELECT", "INSERT")

    handover = reference("dunning.Handover", related_name="invoices")
    invoice = reference("invoicing.Invoice")
    open_amount = models.BigIntegerField()
    interest_amount = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "invoice"], name="handed_over_once"),
        ]
        indexes = [models.Index("organization", "handover", name="invoices_of_handover")]

    def __str__(self) -> str:
        return str(self.handover_id)  # type: ignore[attr-defined]
