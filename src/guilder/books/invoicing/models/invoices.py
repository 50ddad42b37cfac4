"""Invoices and their kin, with their lines and taxes."""

from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import models
from django.db.models import F, Q

from guilder.foundation.tenancy.models import OrganizationModel, reference

if TYPE_CHECKING:
    from guilder.books.invoicing.models.after import Deduction


class Status(models.TextChoices):
    """The only two stored states; every other word is derived (calc.status_word)."""

    DRAFT = "draft"
    ISSUED = "issued"


class Invoice(OrganizationModel):
    """A commercial document. Amounts are minor units of `currency`.

    `content` is the draft's whole paper in canonical JSON (kernel.canonical); once issued
    it is null and the paper stands in IssuedDocument for good. After issue only the columns of
    migrations/sql/guards.sql may move.
    """

    class Kind(models.TextChoices):
        INVOICE = "invoice"
        CREDIT_NOTE = "credit_note"
        DEBIT_NOTE = "debit_note"
        DEPOSIT = "deposit"
        PRO_FORMA = "pro_forma"

    partner_id: UUID
    quote_id: UUID | None
    corrects_id: UUID | None
    replaces_id: UUID | None
    lines: "models.Manager[InvoiceLine]"
    taxes: "models.Manager[InvoiceTax]"
    deductions: "models.Manager[Deduction]"

    kind = models.CharField(max_length=12, choices=Kind, default=Kind.INVOICE)
    status = models.CharField(max_length=6, choices=Status, default=Status.DRAFT)
    draft_reference = models.CharField(max_length=16)
    series = reference("numbering.Series", null=True, blank=True)
    number = models.CharField(max_length=80, null=True, blank=True)  # noqa: DJ001
    # The digits of the number, kept by a trigger.
    number_key = models.CharField(max_length=80, null=True, blank=True, editable=False)  # noqa: DJ001
    sequence = models.BigIntegerField(null=True, blank=True)
    period = models.CharField(max_length=7, null=True, blank=True)  # noqa: DJ001
    issued_on = models.DateField(null=True, blank=True)
    due_on = models.DateField(null=True, blank=True)
    partner = reference("parties.Partner")
    currency = models.CharField(max_length=3)
    base_currency = models.CharField(max_length=3)
    base_rate = models.DecimalField(max_digits=20, decimal_places=10, null=True, blank=True)
    rate_source = models.CharField(max_length=80, blank=True, default="")
    language = models.CharField(max_length=16, blank=True, default="")
    tax_rounding = models.CharField(max_length=5, default="group")
    line_net_amount = models.BigIntegerField(default=0)  # BT-106
    allowances_amount = models.BigIntegerField(default=0)  # BT-107
    charges_amount = models.BigIntegerField(default=0)  # BT-108
    net_amount = models.BigIntegerField(default=0)  # BT-109
    tax_amount = models.BigIntegerField(default=0)  # BT-110
    gross_amount = models.BigIntegerField(default=0)  # BT-112
    prepaid_amount = models.BigIntegerField(default=0)  # BT-113
    rounding_amount = models.BigIntegerField(default=0)  # BT-114
    due_amount = models.BigIntegerField(default=0)  # BT-115
    withheld_amount = models.BigIntegerField(default=0)
    payable_amount = models.BigIntegerField(default=0)  # due − withheld: what is to be paid
    base_net_amount = models.BigIntegerField(null=True, blank=True)
    base_tax_amount = models.BigIntegerField(null=True, blank=True)
    base_payable_amount = models.BigIntegerField(null=True, blank=True)
    prior_amount = models.BigIntegerField(default=0)  # settled in an earlier system
    allocated_amount = models.BigIntegerField(default=0)
    credited_amount = models.BigIntegerField(default=0)
    written_off_amount = models.BigIntegerField(default=0)
    open_amount = models.BigIntegerField(default=0)
    settled_on = models.DateField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    viewed_at = models.DateTimeField(null=True, blank=True)
    disputed_at = models.DateTimeField(null=True, blank=True)
    content = models.BinaryField(null=True, blank=True)
    terms = models.JSONField(default=dict, blank=True)  # kernel.period.Terms as data
    custom_fields = models.JSONField(default=dict, blank=True)
    quote = reference("invoicing.Quote", null=True, blank=True)
    corrects = reference("invoicing.Invoice", null=True, blank=True)
    replaces = reference("invoicing.Invoice", null=True, blank=True)  # written anew after a credit
    is_history = models.BooleanField(default=False)  # of an earlier system: outside the chain
    created_by_id = models.UUIDField(null=True, editable=False)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            # In the database in the order of its signs, so that beginnings are found by it too.
            models.UniqueConstraint(
                fields=["organization", "number"],
                name="invoice_number_once",
                condition=Q(number__isnull=False),
            ),
            models.CheckConstraint(
                condition=Q(
                    status="draft",
                    number__isnull=True,
                    sequence__isnull=True,
                    content__isnull=False,
                    open_amount=0,
                )
                | Q(
                    status="issued",
                    number__isnull=False,
                    issued_on__isnull=False,
                    base_rate__isnull=False,
                    content__isnull=True,
                ),
                name="number_exactly_when_issued",
            ),
            models.CheckConstraint(
                condition=Q(status="draft")
                | Q(is_history=True, series__isnull=True, sequence__isnull=True)
                | Q(is_history=False, series__isnull=False, sequence__isnull=False),
                name="issued_in_a_series",
            ),
            models.CheckConstraint(
                condition=Q(
                    open_amount__gte=0,
                    prior_amount__gte=0,
                    allocated_amount__gte=0,
                    credited_amount__gte=0,
                    written_off_amount__gte=0,
                ),
                name="balances_never_below_zero",
            ),
            models.CheckConstraint(
                condition=Q(status="draft")
                | Q(kind="pro_forma", open_amount=0)
                | Q(
                    open_amount=F("payable_amount")
                    - F("prior_amount")
                    - F("allocated_amount")
                    - F("credited_amount")
                    - F("written_off_amount")
                ),
                name="open_is_what_is_left",
            ),
        ]
        indexes = [
            models.Index("organization", "partner", "id", name="invoice_by_partner"),
            models.Index("organization", "issued_on", "id", name="invoice_by_issue"),
            models.Index(
                "organization",
                "due_on",
                "id",
                name="invoice_open",
                condition=Q(open_amount__gt=0),
                include=["partner", "open_amount"],
            ),
            models.Index("organization", "id", name="invoice_drafts", condition=Q(status="draft")),
            models.Index(
                "organization",
                "corrects",
                name="invoice_corrections",
                condition=Q(corrects__isnull=False),
            ),
            models.Index(
                "organization",
                "replaces",
                name="invoice_replacements",
                condition=Q(replaces__isnull=False),
            ),
            models.Index(
                "organization", "quote", name="invoice_of_quote", condition=Q(quote__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return self.number or self.draft_reference


class InvoiceLine(OrganizationModel):
    """One line as a row, for reports and credit notes; the whole of it stands in the paper."""

    invoice = reference("invoicing.Invoice", related_name="lines")
    position = models.PositiveIntegerField()
    item = reference("catalogue.Item", null=True, blank=True)
    name = models.TextField()
    description = models.TextField(blank=True, default="")
    quantity = models.DecimalField(max_digits=18, decimal_places=6)
    unit = models.CharField(max_length=3)
    unit_price = models.DecimalField(max_digits=18, decimal_places=6)
    base_quantity = models.DecimalField(max_digits=18, decimal_places=6, default=Decimal(1))
    tax_code = models.CharField(max_length=40, blank=True, default="")
    tax_category = models.CharField(max_length=2)
    tax_rate = models.DecimalField(max_digits=9, decimal_places=6, null=True, blank=True)
    tax_reason = models.CharField(max_length=200, blank=True, default="")
    net_amount = models.BigIntegerField()
    # The line of the corrected invoice, or of the quote, that this one stands for.
    source_position = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "invoice", "position"], name="one_line_at_a_position"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position} {self.name}"


class InvoiceTax(OrganizationModel):
    """One row of the tax breakdown (BG-23)."""

    invoice = reference("invoicing.Invoice", related_name="taxes")
    position = models.PositiveSmallIntegerField()
    category = models.CharField(max_length=2)
    rate = models.DecimalField(max_digits=9, decimal_places=6, null=True, blank=True)
    taxable_amount = models.BigIntegerField()
    tax_amount = models.BigIntegerField()
    exemption_code = models.CharField(max_length=40, blank=True, default="")
    exemption_reason = models.TextField(blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "invoice", "position"], name="one_tax_at_a_position"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.category} {self.rate}"
