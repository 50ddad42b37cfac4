"""Quotes and their lines."""

from decimal import Decimal
from uuid import UUID

from django.db import models
from django.db.models import Q

from guilder.foundation.tenancy.models import OrganizationModel, reference


class Quote(OrganizationModel):
    """An offer. It gets its number when it is sent; several invoices may come of it."""

    class State(models.TextChoices):
        DRAFT = "draft"
        SENT = "sent"
        ACCEPTED = "accepted"
        DECLINED = "declined"

    partner_id: UUID
    lines: "models.Manager[QuoteLine]"

    state = models.CharField(max_length=8, choices=State, default=State.DRAFT)
    draft_reference = models.CharField(max_length=16)
    series = reference("numbering.Series", null=True, blank=True)
    number = models.CharField(max_length=80, null=True, blank=True)  # noqa: DJ001
    sequence = models.BigIntegerField(null=True, blank=True)
    period = models.CharField(max_length=7, null=True, blank=True)  # noqa: DJ001
    quoted_on = models.DateField(null=True, blank=True)
    valid_until = models.DateField(null=True, blank=True)
    partner = reference("parties.Partner")
    currency = models.CharField(max_length=3)
    language = models.CharField(max_length=16, blank=True, default="")
    net_amount = models.BigIntegerField(default=0)
    tax_amount = models.BigIntegerField(default=0)
    gross_amount = models.BigIntegerField(default=0)
    content = models.BinaryField()
    terms = models.JSONField(default=dict, blank=True)
    custom_fields = models.JSONField(default=dict, blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.CharField(max_length=200, blank=True, default="")
    declined_at = models.DateTimeField(null=True, blank=True)
    declined_reason = models.CharField(max_length=200, blank=True, default="")
    created_by_id = models.UUIDField(null=True, editable=False)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "number"],
                name="quote_number_once",
                condition=Q(number__isnull=False),
            ),
            models.CheckConstraint(
                condition=Q(state="draft", number__isnull=True)
                | (~Q(state="draft") & Q(number__isnull=False)),
                name="quote_number_when_sent",
            ),
        ]
        indexes = [models.Index("organization", "partner", "id", name="quote_by_partner")]

    def __str__(self) -> str:
        return self.number or self.draft_reference


class QuoteLine(OrganizationModel):
    """A line of a quote, with how much of it has been put on invoices."""

    item_id: UUID | None

    quote = reference("invoicing.Quote", related_name="lines")
    position = models.PositiveIntegerField()
    item = reference("catalogue.Item", null=True, blank=True)
    name = models.TextField()
    quantity = models.DecimalField(max_digits=18, decimal_places=6)
    invoiced_quantity = models.DecimalField(max_digits=18, decimal_places=6, default=Decimal(0))
    net_amount = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "quote", "position"], name="one_quote_line_at_a_position"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position} {self.name}"
