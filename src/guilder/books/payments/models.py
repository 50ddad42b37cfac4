"""Payments, what they were applied to, what was given back, and what suppliers were paid."""

from decimal import Decimal
from uuid import UUID

from django.db import models
from django.db.models import F, Q

from guilder.foundation.tenancy.models import OrganizationModel, reference


class Payment(OrganizationModel):
    """Money received from a client, in minor units of `currency`; never deleted, only reversed."""

    app_may = ("SELECT", "INSERT", "UPDATE")

    class Method(models.TextChoices):
        BANK_TRANSFER = "bank_transfer"
        CASH = "cash"
        CARD = "card"
        DIRECT_DEBIT = "direct_debit"
        CHEQUE = "cheque"
        ONLINE = "online"
        OTHER = "other"

    partner_id: UUID
    account_id: UUID
    allocations: "models.Manager[Allocation]"

    partner = reference("parties.Partner")
    amount = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    base_amount = models.BigIntegerField()
    base_currency = models.CharField(max_length=3)
    base_rate = models.DecimalField(max_digits=20, decimal_places=10, default=Decimal(1))
    rate_source = models.CharField(max_length=80, blank=True, default="")
    received_on = models.DateField()
    method = models.CharField(max_length=13, choices=Method)
    account = reference("ledger.Account")
    reference = models.CharField(max_length=140, blank=True, default="")
    notes = models.TextField(blank=True, default="")
    unallocated_amount = models.BigIntegerField()
    reversed_on = models.DateField(null=True, blank=True)
    reversed_reason = models.CharField(max_length=200, blank=True, default="")
    created_by_id = models.UUIDField(null=True, editable=False)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="payment_above_zero"),
            models.CheckConstraint(
                condition=Q(unallocated_amount__gte=0, unallocated_amount__lte=F("amount")),
                name="payment_never_over_allocated",
            ),
            models.CheckConstraint(
                condition=Q(reversed_on__isnull=True) | Q(unallocated_amount=0),
                name="reversed_payment_has_nothing_left",
            ),
        ]
        indexes = [
            models.Index("organization", "partner", "id", name="payment_by_partner"),
            models.Index("organization", "received_on", "id", name="payment_by_day"),
            models.Index(
                "organization",
                "partner",
                "received_on",
                name="payment_unallocated",
                condition=Q(unallocated_amount__gt=0),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount} {self.currency} on {self.received_on}"


class Disbursement(OrganizationModel):
    """Money paid to a supplier, in minor units of `currency`; never deleted, only reversed.

    All of it is allocated to bills as long as it stands.
    """

    app_may = ("SELECT", "INSERT", "UPDATE")

    partner_id: UUID
    account_id: UUID
    allocations: "models.Manager[Allocation]"

    partner = reference("parties.Partner")
    amount = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    base_amount = models.BigIntegerField()
    base_currency = models.CharField(max_length=3)
    base_rate = models.DecimalField(max_digits=20, decimal_places=10, default=Decimal(1))
    rate_source = models.CharField(max_length=80, blank=True, default="")
    paid_on = models.DateField()
    method = models.CharField(max_length=13, choices=Payment.Method)
    account = reference("ledger.Account")
    reference = models.CharField(max_length=140, blank=True, default="")
    notes = models.TextField(blank=True, default="")
    reversed_on = models.DateField(null=True, blank=True)
    reversed_reason = models.CharField(max_length=200, blank=True, default="")
    created_by_id = models.UUIDField(null=True, editable=False)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="disbursement_above_zero"),
            models.CheckConstraint(
                condition=Q(reversed_on__isnull=True, reversed_reason="")
                | (Q(reversed_on__isnull=False) & ~Q(reversed_reason="")),
                name="disbursement_reversed_for_a_reason",
            ),
        ]
        indexes = [
            models.Index("organization", "partner", "id", name="disbursement_by_partner"),
            models.Index("organization", "paid_on", "id", name="disbursement_by_day"),
        ]

    def __str__(self) -> str:
        return f"{self.amount} {self.currency} on {self.paid_on}"


class Allocation(OrganizationModel):
    """The part of a payment applied to one invoice, or of a disbursement to one bill.

    Reversing sets `is_active` to false.
    """

    app_may = ("SELECT", "INSERT", "UPDATE")

    payment_id: UUID
    invoice_id: UUID
    disbursement_id: UUID | None
    bill_id: UUID | None

    payment = reference("payments.Payment", null=True, related_name="allocations")
    invoice = reference("invoicing.Invoice", null=True)
    disbursement = reference("payments.Disbursement", null=True, related_name="allocations")
    bill = reference("bills.Bill", null=True)
    amount = models.BigIntegerField()
    base_amount = models.BigIntegerField()  # at the invoice's rate: what leaves receivables
    payment_base_amount = models.BigIntegerField()  # at the payment's rate: what the money was
    allocated_on = models.DateField()
    is_active = models.BooleanField(default=True)
    reversed_on = models.DateField(null=True, blank=True)
    created_by_id = models.UUIDField(null=True, editable=False)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="allocation_above_zero"),
            models.CheckConstraint(
                condition=Q(
                    payment__isnull=False,
                    invoice__isnull=False,
                    disbursement__isnull=True,
                    bill__isnull=True,
                )
                | Q(
                    payment__isnull=True,
                    invoice__isnull=True,
                    disbursement__isnull=False,
                    bill__isnull=False,
                ),
                name="allocation_of_one_kind",
            ),
            models.CheckConstraint(
                condition=Q(is_active=True, reversed_on__isnull=True)
                | Q(is_active=False, reversed_on__isnull=False),
                name="allocation_active_or_reversed",
            ),
        ]
        indexes = [
            models.Index("organization", "payment", name="allocation_of_payment"),
            models.Index("organization", "invoice", name="allocation_of_invoice"),
            models.Index(
                "organization",
                "disbursement",
                name="allocation_of_disbursement",
                condition=Q(disbursement__isnull=False),
            ),
            models.Index(
                "organization",
                "bill",
                name="allocation_of_bill",
                condition=Q(bill__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return str(self.amount)


class Refund(OrganizationModel):
    """Money given back to a client, drawn on a payment or on a credit note; never deleted.

    One that is waiting has moved nothing yet: somebody else must approve it first.
    """

    app_may = ("SELECT", "INSERT", "UPDATE")

    class Status(models.TextChoices):
        WAITING = "waiting"
        DECLINED = "declined"
        PAID = "paid"
        REVERSED = "reversed"

    partner_id: UUID
    payment_id: UUID | None
    credit_note_id: UUID | None
    account_id: UUID

    partner = reference("parties.Partner")
    payment = reference("payments.Payment", null=True, blank=True)
    credit_note = reference("invoicing.Invoice", null=True, blank=True)
    status = models.CharField(max_length=8, choices=Status)
    amount = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    credit_base_amount = models.BigIntegerField(default=0)  # what leaves the client's credit
    base_amount = models.BigIntegerField(default=0)  # what leaves the account, at the day's rate
    base_currency = models.CharField(max_length=3)
    base_rate = models.DecimalField(max_digits=20, decimal_places=10, default=Decimal(1))
    rate_source = models.CharField(max_length=80, blank=True, default="")
    method = models.CharField(max_length=13, choices=Payment.Method)
    account = reference("ledger.Account")
    reason = models.CharField(max_length=200)
    reference = models.CharField(max_length=140, blank=True, default="")
    takes_off = models.BooleanField(default=False)
    refunded_on = models.DateField(null=True, blank=True)
    decided_by_id = models.UUIDField(null=True, editable=False)
    decided_at = models.DateTimeField(null=True, blank=True)
    decision_note = models.CharField(max_length=200, blank=True, default="")
    reversed_on = models.DateField(null=True, blank=True)
    reversed_reason = models.CharField(max_length=200, blank=True, default="")
    created_by_id = models.UUIDField(null=True, editable=False)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="refund_above_zero"),
            models.CheckConstraint(
                condition=Q(payment__isnull=True, credit_note__isnull=False)
                | Q(payment__isnull=False, credit_note__isnull=True),
                name="refund_draws_on_one_thing",
            ),
            models.CheckConstraint(
                condition=Q(status__in=("waiting", "declined"), refunded_on__isnull=True)
                | Q(status__in=("paid", "reversed"), refunded_on__isnull=False),
                name="refund_paid_on_a_day",
            ),
            models.CheckConstraint(
                condition=Q(status="reversed", reversed_on__isnull=False)
                | (~Q(status="reversed") & Q(reversed_on__isnull=True)),
                name="refund_reversed_on_a_day",
            ),
            models.CheckConstraint(
                condition=Q(decided_by_id__isnull=True)
                | Q(created_by_id__isnull=True)
                | ~Q(decided_by_id=F("created_by_id")),
                name="refund_decided_by_another",
            ),
        ]
        indexes = [
            models.Index("organization", "partner", "id", name="refund_by_partner"),
            models.Index("organization", "payment", name="refund_of_payment"),
            models.Index("organization", "credit_note", name="refund_of_credit_note"),
            models.Index(
                "organization", "id", name="refund_waiting", condition=Q(status="waiting")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount} {self.currency}: {self.reason}"


class RefundPolicy(OrganizationModel):
    """What an organization wants of its refunds; a row appears with the first wish."""

    app_may = ("SELECT", "INSERT", "UPDATE")

    # Above this, in minor units of the base currency, somebody else must approve; empty: never.
    approval_above = models.BigIntegerField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization"], name="one_refund_policy"),
            models.CheckConstraint(
                condition=Q(approval_above__isnull=True) | Q(approval_above__gte=0),
                name="refund_policy_not_below_zero",
            ),
        ]

    def __str__(self) -> str:
        return str(self.approval_above)
