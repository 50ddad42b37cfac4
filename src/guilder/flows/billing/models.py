"""Recurring invoices, and which of their periods were invoiced."""

from datetime import date
from uuid import UUID

from django.db import models
from django.db.models import F, Q

from guilder.foundation.tenancy.models import OrganizationModel, reference


class RecurringInvoice(OrganizationModel):
    """An invoice that is made anew for each period. `pattern` is what a draft is made from;
    `next_index` counts the periods from 0: all before it are invoiced or were passed over."""

    app_may = ("SELECT", "INSERT", "UPDATE")

    class Unit(models.TextChoices):
        DAY = "day"
        WEEK = "week"
        MONTH = "month"
        QUARTER = "quarter"
        YEAR = "year"

    class Act(models.TextChoices):
        DRAFT = "draft"
        ISSUE = "issue"
        SEND = "send"

    partner_id: UUID

    name = models.CharField(max_length=120)
    partner = reference("parties.Partner")
    pattern = models.JSONField()
    net_amount = models.BigIntegerField()
    gross_amount = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    unit = models.CharField(max_length=7, choices=Unit)
    every = models.PositiveSmallIntegerField(default=1)
    first_on = models.DateField()
    last_on = models.DateField(null=True, blank=True)
    most = models.PositiveIntegerField(null=True, blank=True)
    in_advance = models.BooleanField(default=True)
    act = models.CharField(max_length=5, choices=Act)
    next_index = models.PositiveIntegerField(default=0)
    next_on = models.DateField(null=True, blank=True)  # empty: it has ended
    made_count = models.PositiveIntegerField(default=0)
    is_paused = models.BooleanField(default=False)
    problem = models.CharField(max_length=500, blank=True, default="")
    problem_at = models.DateTimeField(null=True, blank=True)
    created_by_id = models.UUIDField(null=True, editable=False)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(every__gte=1, every__lte=366), name="recurring_every_moves"
            ),
            models.CheckConstraint(
                condition=Q(last_on__isnull=True) | Q(last_on__gte=F("first_on")),
                name="recurring_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=Q(most__isnull=True) | Q(most__gte=1), name="recurring_most_above_zero"
            ),
        ]
        indexes = [
            models.Index(
                "organization",
                "next_on",
                "id",
                name="recurring_due",
                condition=Q(is_paused=False, next_on__isnull=False),
            ),
            models.Index("organization", "partner", "id", name="recurring_of_partner"),
        ]

    def __str__(self) -> str:
        return self.name

    def is_due(self, on: date) -> bool:
        """Whether a period of it is to be invoiced by the day `on`."""
        return not self.is_paused and self.next_on is not None and self.next_on <= on


class RecurringRun(OrganizationModel):
    """One period of a recurring invoice: invoiced, or passed over by a person's wish."""

    app_may = ("SELECT", "INSERT")

    recurring_id: UUID

    recurring = reference("billing.RecurringInvoice", related_name="runs")
    index = models.PositiveIntegerField()
    period_start_on = models.DateField()
    period_end_on = models.DateField()
    # No foreign key: a draft may be thrown away, and its period stays done.
    invoice_id = models.UUIDField(null=True, blank=True)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            # The promise that no period is billed twice.
            models.UniqueConstraint(
                fields=["organization", "recurring", "index"], name="recurring_period_once"
            ),
            models.CheckConstraint(
                condition=Q(period_end_on__gte=F("period_start_on")), name="run_has_days"
            ),
        ]
        indexes = [models.Index("organization", "invoice_id", name="run_of_invoice")]

    def __str__(self) -> str:
        return f"{self.period_start_on} – {self.period_end_on}"
