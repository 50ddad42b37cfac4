"""Mandates, the batches of orders handed to the bank, and what the bank answered."""

from uuid import UUID

from django.db import models
from django.db.models import Q

from guilder.foundation.tenancy.models import OrganizationModel, reference


class Mandate(OrganizationModel):
    """A client's leave to take money from an account; never deleted, only ended."""

    app_may = ("SELECT", "INSERT", "UPDATE")

    class Scheme(models.TextChoices):
        CORE = "CORE"
        B2B = "B2B"

    partner_id: UUID

    partner = reference("parties.Partner")
    reference = models.CharField(max_length=35)  # the unique mandate reference, in capitals
    scheme = models.CharField(max_length=4, choices=Scheme, default=Scheme.CORE)
    is_recurrent = models.BooleanField(default=True)
    is_last = models.BooleanField(default=False)  # the next collection is the final one
    holder = models.CharField(max_length=70)
    iban = models.CharField(max_length=34)
    bic = models.CharField(max_length=11, blank=True, default="")
    signed_on = models.DateField(null=True, blank=True)
    creditor_id = models.CharField(max_length=35, blank=True, default="")  # as it was signed
    notice_days = models.PositiveSmallIntegerField(null=True, blank=True)
    last_used_on = models.DateField(null=True, blank=True)
    # What was agreed before an amendment, until a collection has told the bank.
    original_reference = models.CharField(max_length=35, blank=True, default="")
    original_creditor_id = models.CharField(max_length=35, blank=True, default="")
    has_new_account = models.BooleanField(default=False)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_reason = models.CharField(max_length=200, blank=True, default="")
    ended_code = models.CharField(max_length=4, blank=True, default="")
    created_by_id = models.UUIDField(null=True, editable=False)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "reference"], name="mandate_reference_once"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_reason="")
                | (Q(ended_at__isnull=False) & ~Q(ended_reason="")),
                name="mandate_ended_for_a_reason",
            ),
        ]
        indexes = [models.Index("organization", "partner", "id", name="mandate_of_partner")]

    def __str__(self) -> str:
        return self.reference


class Batch(OrganizationModel):
    """Orders that go to the bank in one file; never deleted. Closed, its file never changes."""

    app_may = ("SELECT", "INSERT", "UPDATE")

    class Kind(models.TextChoices):
        DEBIT = "debit"
        TRANSFER = "transfer"

    class Status(models.TextChoices):
        DRAFT = "draft"
        CLOSED = "closed"
        HANDED_OVER = "handed_over"
        CANCELLED = "cancelled"

    items: "models.Manager[Item]"

    kind = models.CharField(max_length=8, choices=Kind)
    status = models.CharField(max_length=11, choices=Status, default=Status.DRAFT)
    message_id = models.CharField(max_length=35)
    due_on = models.DateField()  # when the money is to move: a day of TARGET
    currency = models.CharField(max_length=3, default="EUR")
    name = models.CharField(max_length=70)
    iban = models.CharField(max_length=34)
    bic = models.CharField(max_length=11, blank=True, default="")
    creditor_id = models.CharField(max_length=35, blank=True, default="")
    is_over_limit = models.BooleanField(default=False)  # somebody else must approve it
    approved_by_id = models.UUIDField(null=True, editable=False)
    approved_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    handed_over_at = models.DateTimeField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancelled_reason = models.CharField(max_length=200, blank=True, default="")
    bank_status = models.CharField(max_length=4, blank=True, default="")
    answered_at = models.DateTimeField(null=True, blank=True)
    created_by_id = models.UUIDField(null=True, editable=False)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "message_id"], name="sepa_message_id_once"
            ),
            models.CheckConstraint(
                condition=Q(approved_by_id__isnull=True)
                | Q(created_by_id__isnull=True)
                | ~Q(approved_by_id=models.F("created_by_id")),
                name="sepa_batch_approved_by_another",
            ),
            models.CheckConstraint(
                condition=Q(status__in=("draft", "cancelled"))
                | Q(is_over_limit=False)
                | Q(approved_at__isnull=False),
                name="sepa_batch_over_limit_is_approved",
            ),
            models.CheckConstraint(
                condition=~Q(status="handed_over") | Q(handed_over_at__isnull=False),
                name="sepa_batch_handed_over_at_an_instant",
            ),
        ]
        indexes = [
            models.Index(
                "organization",
                "due_on",
                name="sepa_batch_to_book",
                condition=Q(status="handed_over"),
            ),
        ]

    def __str__(self) -> str:
        return self.message_id


class Item(OrganizationModel):
    """One order of a batch: what is to be moved for one paper, as the bank is told."""

    app_may = ("SELECT", "INSERT", "UPDATE")

    class State(models.TextChoices):
        OPEN = "open"  # asked for; neither certain nor refused
        BOOKED = "booked"  # its day came: the money moved, as far as is known
        REJECTED = "rejected"  # the bank refused it before money moved
        RETURNED = "returned"  # the money came back
        DROPPED = "dropped"  # taken out, or its batch was cancelled

    batch_id: UUID
    partner_id: UUID
    mandate_id: UUID | None
    invoice_id: UUID | None
    bill_id: UUID | None
    refund_id: UUID | None
    payment_id: UUID | None
    disbursement_id: UUID | None

    batch = reference("sepa.Batch", related_name="items")
    partner = reference("parties.Partner")
    mandate = reference("sepa.Mandate", null=True, blank=True)
    invoice = reference("invoicing.Invoice", null=True, blank=True)
    bill = reference("bills.Bill", null=True, blank=True)
    refund = reference("payments.Refund", null=True, blank=True)
    group = models.CharField(max_length=35)  # the payment information id: what is booked as one
    sequence = models.CharField(max_length=4, blank=True, default="")  # FRST, RCUR, OOFF, FNAL
    scheme = models.CharField(max_length=4, blank=True, default="")
    end_to_end = models.CharField(max_length=35)
    amount = models.BigIntegerField()
    name = models.CharField(max_length=70)
    iban = models.CharField(max_length=34)
    bic = models.CharField(max_length=11, blank=True, default="")
    country = models.CharField(max_length=2, blank=True, default="")
    town = models.CharField(max_length=35, blank=True, default="")
    remittance = models.CharField(max_length=140)
    mandate_reference = models.CharField(max_length=35, blank=True, default="")
    signed_on = models.DateField(null=True, blank=True)
    original_reference = models.CharField(max_length=35, blank=True, default="")
    original_creditor_id = models.CharField(max_length=35, blank=True, default="")
    has_new_account = models.BooleanField(default=False)
    state = models.CharField(max_length=8, choices=State, default=State.OPEN)
    payment = reference("payments.Payment", null=True, blank=True)
    disbursement = reference("payments.Disbursement", null=True, blank=True)
    code = models.CharField(max_length=4, blank=True, default="")  # why it was refused
    told_on = models.DateField(null=True, blank=True)
    trouble = models.CharField(max_length=200, blank=True, default="")  # why it is not booked

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="sepa_item_above_zero"),
            models.CheckConstraint(
                condition=Q(
                    invoice__isnull=False,
                    mandate__isnull=False,
                    bill__isnull=True,
                    refund__isnull=True,
                )
                | Q(
                    invoice__isnull=True,
                    mandate__isnull=True,
                    bill__isnull=False,
                    refund__isnull=True,
                )
                | Q(
                    invoice__isnull=True,
                    mandate__isnull=True,
                    bill__isnull=True,
                    refund__isnull=False,
                ),
                name="sepa_item_of_one_kind",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("booked", "returned"))
                | Q(payment__isnull=False)
                | Q(disbursement__isnull=False)
                | Q(refund__isnull=False),
                name="sepa_item_booked_with_its_money",
            ),
            models.UniqueConstraint(
                fields=["organization", "end_to_end"], name="sepa_end_to_end_once"
            ),
            models.UniqueConstraint(
                fields=["organization", "invoice"],
                condition=Q(state="open"),
                name="sepa_invoice_collected_once",
            ),
            models.UniqueConstraint(
                fields=["organization", "bill"],
                condition=Q(state="open"),
                name="sepa_bill_transferred_once",
            ),
            models.UniqueConstraint(
                fields=["organization", "refund"],
                condition=Q(refund__isnull=False) & ~Q(state="dropped"),
                name="sepa_refund_transferred_once",
            ),
            models.UniqueConstraint(
                fields=["organization", "payment"], name="sepa_item_of_payment"
            ),
            models.UniqueConstraint(
                fields=["organization", "disbursement"], name="sepa_item_of_disbursement"
            ),
        ]
        indexes = [
            models.Index("organization", "batch", "id", name="sepa_items_of_batch"),
            models.Index("organization", "group", name="sepa_items_of_group"),
            models.Index("organization", "mandate", name="sepa_items_of_mandate"),
            models.Index("organization", "invoice", name="sepa_items_of_invoice"),
            models.Index("organization", "bill", name="sepa_items_of_bill"),
        ]

    def __str__(self) -> str:
        return self.end_to_end


class Answer(OrganizationModel):
    """A status report (pain.002) as it came; read once."""

    app_may = ("SELECT", "INSERT")

    batch = reference("sepa.Batch")
    file = reference("files.StoredFile")
    message_id = models.CharField(max_length=35)
    status = models.CharField(max_length=4, blank=True, default="")
    refused_count = models.PositiveIntegerField(default=0)
    received_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "batch", "message_id"], name="sepa_answer_once"
            ),
        ]

    def __str__(self) -> str:
        return self.message_id


class Policy(OrganizationModel):
    """How an organization collects; a row appears with the first wish."""

    app_may = ("SELECT", "INSERT", "UPDATE")

    # Days between telling a client (the invoice does) and taking the money.
    notice_days = models.PositiveSmallIntegerField(default=14)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization"], name="one_sepa_policy"),
        ]

    def __str__(self) -> str:
        return str(self.notice_days)
