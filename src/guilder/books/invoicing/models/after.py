"""What follows an issue: the frozen paper, credits used, write-offs, deposits deducted."""

from django.db import models
from django.db.models import Q

from guilder.foundation.tenancy.models import OrganizationModel, reference


class IssuedDocument(OrganizationModel):
    """The frozen paper of an issued document. Append-only.

    `document` is the canonical JSON (RFC 8785) without the number, `content_hash` its SHA-256;
    `chain_hash` covers the previous one, series, number, issue date and content hash
    (kernel.canonical.chain_hash). History of an earlier system has no series and no chain.
    """

    app_may = ("SELECT", "INSERT")

    invoice = reference("invoicing.Invoice")
    series = reference("numbering.Series", null=True)
    series_code = models.CharField(max_length=40, blank=True, default="")
    period = models.CharField(max_length=7, blank=True, default="")
    sequence = models.BigIntegerField(null=True)
    number = models.CharField(max_length=80)
    issued_on = models.DateField()
    document = models.BinaryField()
    content_hash = models.BinaryField(max_length=32)
    previous_hash = models.BinaryField(max_length=32, null=True)
    chain_hash = models.BinaryField(max_length=32, null=True)
    issued_at = models.DateTimeField()
    issued_by_id = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "invoice"], name="issued_once"),
            models.UniqueConstraint(
                fields=["organization", "series", "period", "sequence"],
                name="sequence_once",
                condition=Q(series__isnull=False),
            ),
            models.CheckConstraint(
                condition=Q(series__isnull=True, sequence__isnull=True, chain_hash__isnull=True)
                | Q(
                    series__isnull=False,
                    sequence__isnull=False,
                    chain_hash__isnull=False,
                    previous_hash__isnull=False,
                ),
                name="chained_exactly_in_a_series",
            ),
        ]

    def __str__(self) -> str:
        return self.number


class CreditAllocation(OrganizationModel):
    """The part of a credit note applied to one invoice; reversing sets `is_active` to false."""

    app_may = ("SELECT", "INSERT", "UPDATE")

    credit_note = reference("invoicing.Invoice")
    invoice = reference("invoicing.Invoice")
    amount = models.BigIntegerField()
    base_amount = models.BigIntegerField()  # at the invoice's rate: what leaves receivables
    credit_base_amount = models.BigIntegerField()  # at the credit note's rate
    allocated_on = models.DateField()
    is_active = models.BooleanField(default=True)
    reversed_on = models.DateField(null=True, blank=True)
    created_by_id = models.UUIDField(null=True, editable=False)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="credit_allocation_above_0"),
            models.CheckConstraint(
                condition=Q(is_active=True, reversed_on__isnull=True)
                | Q(is_active=False, reversed_on__isnull=False),
                name="credit_active_or_reversed",
            ),
        ]
        indexes = [
            models.Index("organization", "credit_note", name="credit_allocation_of_note"),
            models.Index("organization", "invoice", name="credit_allocation_of_invoice"),
        ]

    def __str__(self) -> str:
        return str(self.amount)


class WriteOff(OrganizationModel):
    """An open amount given up, with its reason. Append-only."""

    app_may = ("SELECT", "INSERT")

    invoice = reference("invoicing.Invoice")
    amount = models.BigIntegerField()
    base_amount = models.BigIntegerField()
    written_off_on = models.DateField()
    reason = models.CharField(max_length=200)
    created_by_id = models.UUIDField(null=True, editable=False)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="write_off_above_zero"),
        ]
        indexes = [models.Index("organization", "invoice", name="write_off_of_invoice")]

    def __str__(self) -> str:
        return str(self.amount)


class Deduction(OrganizationModel):
    """A deposit invoice that a final invoice deducts: part of its prepaid amount (BT-113)."""

    final = reference("invoicing.Invoice", related_name="deductions")
    deposit = reference("invoicing.Invoice")
    amount = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "deposit"], name="deposit_deducted_once"
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="deduction_above_zero"),
        ]
        indexes = [models.Index("organization", "final", name="deduction_of_final")]

    def __str__(self) -> str:
        return str(self.amount)
