"""Gateways, the charges made through them, and what the gateways told of those."""

from decimal import Decimal
from uuid import UUID

from django.db import models
from django.db.models import Q

from guilder.foundation.tenancy.models import OrganizationModel, reference


class State(models.TextChoices):
    """Where a charge, or money given back, stands; unknown is asked about, never guessed."""

    PENDING = "pending"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    UNKNOWN = "unknown"


class Gateway(OrganizationModel):
    """An account at a payment service; its keys are sealed. Never deleted once it was used."""

    app_may = ("SELECT", "INSERT", "UPDATE")

    kind = models.CharField(max_length=12)
    name = models.CharField(max_length=80)
    is_live = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    position = models.PositiveSmallIntegerField(default=0)
    sealed_keys = models.BinaryField()
    methods = models.JSONField(default=list, blank=True)  # offered ones; empty: all it has
    currencies = models.JSONField(default=list, blank=True)  # empty: all
    # In major units of whatever currency is asked for: from 0, up to any amount.
    least = models.DecimalField(max_digits=15, decimal_places=4, default=Decimal(0))
    most = models.DecimalField(max_digits=15, decimal_places=4, null=True, blank=True)
    takes_parts = models.BooleanField(default=True)
    tested_at = models.DateTimeField(null=True, blank=True)
    test_problem = models.CharField(max_length=300, blank=True, default="")
    heard_at = models.DateTimeField(null=True, blank=True)  # the last call that it made
    created_by_id = models.UUIDField(null=True, editable=False)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "name"], name="gateway_name_once"),
        ]

    def __str__(self) -> str:
        return self.name


class Charge(OrganizationModel):
    """One attempt to get money through a gateway; written before the gateway is called."""

    app_may = ("SELECT", "INSERT", "UPDATE")

    class Origin(models.TextChoices):
        PAGE = "page"  # the client, on the pay page
        DESK = "desk"  # somebody of the house, or a program
        AUTOMATIC = "automatic"  # what fell due, by a saved method

    partner_id: UUID
    gateway_id: UUID
    payment_id: UUID | None
    saved_id: UUID | None
    shares: "models.Manager[ChargeShare]"

    partner = reference("parties.Partner")
    gateway = reference("charging.Gateway")
    saved = reference("charging.SavedMethod", null=True, blank=True)
    is_live = models.BooleanField()
    attempt = models.CharField(max_length=120)  # the same one is never made twice
    origin = models.CharField(max_length=9, choices=Origin)
    amount = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    method = models.CharField(max_length=13, blank=True, default="")
    keeps_method = models.BooleanField(default=False)
    consent = models.TextField(blank=True, default="")  # to what, in the client's language
    state = models.CharField(max_length=9, choices=State, default=State.PENDING)
    provider_id = models.CharField(max_length=200, blank=True, default="")
    provider_payment = models.CharField(max_length=200, blank=True, default="")
    url = models.TextField(blank=True, default="")  # where the client pays
    back_url = models.TextField(blank=True, default="")
    failure = models.CharField(max_length=80, blank=True, default="")
    is_hard = models.BooleanField(default=False)  # the same method must not be tried again
    fee = models.BigIntegerField(null=True, blank=True)
    fee_entry_id = models.UUIDField(null=True, blank=True)
    payment = reference("payments.Payment", null=True, blank=True)
    checks = models.PositiveIntegerField(default=0)
    next_check_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    created_by_id = models.UUIDField(null=True, editable=False)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="charge_above_zero"),
            models.CheckConstraint(
                condition=Q(state="succeeded", payment__isnull=False)
                | (~Q(state="succeeded") & Q(payment__isnull=True)),
                name="charge_succeeds_with_its_payment",
            ),
            models.CheckConstraint(
                condition=Q(state__in=("succeeded", "failed"), decided_at__isnull=False)
                | Q(state__in=("pending", "unknown"), next_check_at__isnull=False),
                name="charge_decided_or_asked_about",
            ),
            models.CheckConstraint(
                condition=Q(fee__isnull=True) | Q(fee__gte=0), name="charge_fee_not_below_zero"
            ),
            models.UniqueConstraint(fields=["organization", "attempt"], name="charge_attempt_once"),
            models.UniqueConstraint(fields=["organization", "payment"], name="charge_of_payment"),
            models.UniqueConstraint(
                fields=["organization", "gateway", "provider_id"],
                condition=~Q(provider_id=""),
                name="charge_at_gateway_once",
            ),
        ]
        indexes = [
            models.Index("organization", "partner", "id", name="charge_by_partner"),
            models.Index(
                "organization",
                "next_check_at",
                name="charge_to_ask_about",
                condition=Q(state__in=("pending", "unknown")),
            ),
            models.Index(
                "organization",
                "gateway",
                "provider_payment",
                name="charge_by_provider_payment",
                condition=~Q(provider_payment=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount} {self.currency} ({self.state})"


class ChargeShare(OrganizationModel):
    """What a charge is meant to pay of one invoice."""

    app_may = ("SELECT", "INSERT")

    charge_id: UUID
    invoice_id: UUID

    charge = reference("charging.Charge", related_name="shares")
    invoice = reference("invoicing.Invoice")
    amount = models.BigIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="charge_share_above_zero"),
            models.UniqueConstraint(
                fields=["organization", "charge", "invoice"], name="charge_share_once"
            ),
        ]
        indexes = [models.Index("organization", "invoice", name="charge_share_of_invoice")]

    def __str__(self) -> str:
        return str(self.amount)


class GivenBack(OrganizationModel):
    """Money that a gateway gave back of a charge, asked for by us or at the gateway itself."""

    app_may = ("SELECT", "INSERT", "UPDATE")

    charge_id: UUID
    refund_id: UUID | None

    charge = reference("charging.Charge", related_name="given_back")
    refund = reference("payments.Refund", null=True, blank=True)
    provider_id = models.CharField(max_length=200, blank=True, default="")
    amount = models.BigIntegerField()
    state = models.CharField(max_length=9, choices=State, default=State.PENDING)
    failure = models.CharField(max_length=80, blank=True, default="")
    is_ours = models.BooleanField(default=False)
    checks = models.PositiveIntegerField(default=0)
    next_check_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="given_back_above_zero"),
            models.CheckConstraint(
                condition=Q(is_ours=False) | Q(refund__isnull=False),
                name="given_back_by_us_is_booked",
            ),
            models.CheckConstraint(
                condition=Q(state__in=("succeeded", "failed"))
                | Q(next_check_at__isnull=False)
                | Q(is_ours=False),
                name="given_back_decided_or_asked_about",
            ),
            models.UniqueConstraint(fields=["organization", "refund"], name="given_back_of_refund"),
            models.UniqueConstraint(
                fields=["organization", "charge", "provider_id"],
                condition=~Q(provider_id=""),
                name="given_back_at_gateway_once",
            ),
        ]
        indexes = [
            models.Index(
                "organization",
                "next_check_at",
                name="given_back_to_ask_about",
                condition=Q(state__in=("pending", "unknown")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount} ({self.state})"


class Chargeback(OrganizationModel):
    """A client's bank wants the money of a charge back; a lost one is booked as given back."""

    app_may = ("SELECT", "INSERT", "UPDATE")

    class Stage(models.TextChoices):
        OPEN = "open"
        REVIEW = "review"
        WON = "won"
        LOST = "lost"

    charge_id: UUID
    refund_id: UUID | None

    charge = reference("charging.Charge", related_name="chargebacks")
    refund = reference("payments.Refund", null=True, blank=True)
    provider_id = models.CharField(max_length=200)
    amount = models.BigIntegerField()
    stage = models.CharField(max_length=6, choices=Stage)
    reason = models.CharField(max_length=80, blank=True, default="")
    answer_by = models.DateTimeField(null=True, blank=True)
    answer = models.TextField(blank=True, default="")  # what was handed in
    answered_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    opened_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="chargeback_above_zero"),
            models.CheckConstraint(
                condition=Q(stage__in=("won", "lost"), closed_at__isnull=False)
                | Q(stage__in=("open", "review"), closed_at__isnull=True),
                name="chargeback_closed_at_an_instant",
            ),
            models.CheckConstraint(
                condition=Q(refund__isnull=True) | Q(stage="lost"),
                name="only_lost_chargebacks_are_booked",
            ),
            models.UniqueConstraint(
                fields=["organization", "charge", "provider_id"], name="chargeback_at_gateway_once"
            ),
            models.UniqueConstraint(fields=["organization", "refund"], name="chargeback_of_refund"),
        ]
        indexes = [
            models.Index(
                "organization",
                "answer_by",
                name="chargeback_to_answer",
                condition=Q(stage="open"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount} ({self.stage})"


class Payout(OrganizationModel):
    """Money that a gateway sends to the bank: charges less fees and what was given back."""

    app_may = ("SELECT", "INSERT", "UPDATE")

    class Stage(models.TextChoices):
        PENDING = "pending"
        PAID = "paid"
        FAILED = "failed"

    gateway_id: UUID

    gateway = reference("charging.Gateway")
    provider_id = models.CharField(max_length=200)
    amount = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    gross = models.BigIntegerField(null=True, blank=True)
    fee = models.BigIntegerField(null=True, blank=True)
    charge_count = models.PositiveIntegerField(default=0)
    stage = models.CharField(max_length=7, choices=Stage)
    arrives_on = models.DateField(null=True, blank=True)
    reference = models.CharField(max_length=140, blank=True, default="")
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "gateway", "provider_id"], name="payout_at_gateway_once"
            ),
        ]
        indexes = [models.Index("organization", "arrives_on", "id", name="payout_by_day")]

    def __str__(self) -> str:
        return f"{self.amount} {self.currency} ({self.stage})"


class GatewayEvent(OrganizationModel):
    """A call that a gateway made to us, as it came; its signature was right."""

    app_may = ("SELECT", "INSERT", "UPDATE")

    gateway_id: UUID

    gateway = reference("charging.Gateway")
    provider_id = models.CharField(max_length=200)
    about = models.CharField(max_length=8)  # charge, payout or other
    subject = models.CharField(max_length=200, blank=True, default="")
    key = models.UUIDField(null=True, blank=True)  # ours, where the call names it
    says_all = models.BooleanField(default=False)  # the body is the report: nobody can be asked
    headers = models.JSONField(default=dict, blank=True)  # kept where the body is read again
    body = models.TextField()
    received_at = models.DateTimeField()
    handled_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "gateway", "provider_id"], name="gateway_event_once"
            ),
        ]
        indexes = [
            models.Index(
                "organization",
                "received_at",
                name="gateway_event_unhandled",
                condition=Q(handled_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.provider_id
