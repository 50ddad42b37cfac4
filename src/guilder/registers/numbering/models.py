"""Series of numbers and the counters that move them."""

from django.db import models
from django.db.models import Q

from guilder.foundation.tenancy.models import OrganizationModel, reference


class Series(OrganizationModel):
    """A run of gapless numbers for one kind of document.

    `pattern` is text with one `{counter}` (or `{counter:05d}`), and `{year}`, `{month}`, `{branch}`
    where wanted. The counter begins at `start_at` and again in each `period` of the issue date.
    """

    class Kind(models.TextChoices):
        INVOICE = "invoice"
        CREDIT_NOTE = "credit_note"
        DEBIT_NOTE = "debit_note"
        DEPOSIT = "deposit"
        QUOTE = "quote"
        PRO_FORMA = "pro_forma"

    class Period(models.TextChoices):
        NONE = "none"
        YEAR = "year"
        MONTH = "month"

    kind = models.CharField(max_length=12, choices=Kind)
    code = models.CharField(max_length=40)
    pattern = models.CharField(max_length=80)
    period = models.CharField(max_length=5, choices=Period, default=Period.NONE)
    start_at = models.BigIntegerField(default=1)
    branch = models.CharField(max_length=40, blank=True, default="")
    is_default = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "code"], name="series_code_once"),
            models.UniqueConstraint(
                fields=["organization", "kind", "branch"],
                name="one_default_series",
                condition=Q(is_default=True),
            ),
            models.CheckConstraint(condition=Q(start_at__gte=0), name="series_starts_at_0_or_more"),
            models.CheckConstraint(
                condition=Q(pattern__contains="{counter"), name="pattern_has_a_counter"
            ),
        ]

    def __str__(self) -> str:
        return self.code


class Counter(OrganizationModel):
    """Where a series stands in one period, with the head of its hash chain."""

    app_may = ("SELECT", "INSERT", "UPDATE")

    series = reference("numbering.Series")
    period = models.CharField(max_length=7, blank=True, default="")  # "", "2026" or "2026-11"
    last_value = models.BigIntegerField()
    last_issued_on = models.DateField()
    chain_hash = models.BinaryField(max_length=32)
    previous_hash = models.BinaryField(max_length=32)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "series", "period"], name="one_counter_a_period"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.period}: {self.last_value}"
