"""Bills of suppliers, their lines with the accounts they go to, and their taxes."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db import models
from django.db.models import F, Q

from guilder.foundation.tenancy.models import OrganizationModel, reference


class Bill(OrganizationModel):
    """What a supplier asks for, under the supplier's number; amounts in minor units of `currency`.

    A booked bill never changes but in what is paid of it and in being cancelled. A credit note's
    amounts are above zero too; it stands on the other side of the books.
    """

    class Kind(models.TextChoices):
        BILL = "bill"
        CREDIT_NOTE = "credit_note"

    class Status(models.TextChoices):
        DRAFT = "draft"
        BOOKED = "booked"
        CANCELLED = "cancelled"

    partner_id: UUID
    file_id: UUID | None
    lines: "models.Manager[BillLine]"
    taxes: "models.Manager[BillTax]"

    partner = reference("parties.Partner")
    kind = models.CharField(max_length=11, choices=Kind, default=Kind.BILL)
    status = models.CharField(max_length=9, choices=Status, default=Status.DRAFT)
    number = models.CharField(max_length=120)
    number_key = models.CharField(max_length=120)  # the number as it is compared
    issued_on = models.DateField()
    due_on = models.DateField(null=True, blank=True)
    supplied_on = models.DateField(null=True, blank=True)
    booked_on = models.DateField(null=True, blank=True)
    cancelled_on = models.DateField(null=True, blank=True)
    cancelled_reason = models.CharField(max_length=200, blank=True, default="")
    currency = models.CharField(max_length=3)
    net_amount = models.BigIntegerField()
    tax_amount = models.BigIntegerField()
    gross_amount = models.BigIntegerField()
    prepaid_amount = models.BigIntegerField(default=0)
    rounding_amount = models.BigIntegerField(default=0)
    payable_amount = models.BigIntegerField()
    allocated_amount = models.BigIntegerField(default=0)
    credited_amount = models.BigIntegerField(default=0)  # of a credit note: what was applied
    base_currency = models.CharField(max_length=3)
    base_rate = models.DecimalField(max_digits=20, decimal_places=10, null=True, blank=True)
    rate_source = models.CharField(max_length=80, blank=True, default="")
    base_payable_amount = models.BigIntegerField(null=True, blank=True)
    supplier_name = models.CharField(max_length=200)
    iban = models.CharField(max_length=60, blank=True, default="")
    bic = models.CharField(max_length=11, blank=True, default="")
    remittance = models.CharField(max_length=140, blank=True, default="")
    order_reference = models.CharField(max_length=120, blank=True, default="")
    notes = models.TextField(blank=True, default="")
    document = models.JSONField(default=dict)  # kernel.canonical
    is_read = models.BooleanField(default=False)  # its figures are an e-invoice's and stay so
    file = reference("files.StoredFile", null=True, blank=True)
    sha256 = models.CharField(max_length=64, blank=True, default="")  # of the paper's bytes
    place = models.PositiveIntegerField(default=0)  # among the papers of one file
    created_by_id = models.UUIDField(null=True, editable=False)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "partner", "number_key", "kind"],
                name="bill_number_once_for_a_supplier",
                condition=~Q(status="cancelled"),
            ),
            models.UniqueConstraint(
                fields=["organization", "sha256", "place"],
                name="bill_paper_once",
                condition=~Q(status="cancelled") & ~Q(sha256=""),
            ),
            models.CheckConstraint(condition=~Q(number_key=""), name="bill_has_a_number"),
            models.CheckConstraint(condition=Q(payable_amount__gte=0), name="bill_asks_for_money"),
            models.CheckConstraint(
                condition=Q(
                    gross_amount=F("net_amount") + F("tax_amount"),
                    payable_amount=F("gross_amount") - F("prepaid_amount") + F("rounding_amount"),
                ),
                name="bill_adds_up",
            ),
            models.CheckConstraint(
                condition=Q(
                    allocated_amount__gte=0,
                    credited_amount__gte=0,
                    payable_amount__gte=F("allocated_amount") + F("credited_amount"),
                ),
                name="bill_never_overpaid",
            ),
            models.CheckConstraint(
                condition=Q(status="booked") | Q(allocated_amount=0, credited_amount=0),
                name="bill_paid_when_booked",
            ),
            models.CheckConstraint(
                condition=Q(
                    status="draft",
                    booked_on__isnull=True,
                    base_rate__isnull=True,
                    base_payable_amount__isnull=True,
                )
                | Q(status="cancelled")
                | Q(
                    status="booked",
                    booked_on__isnull=False,
                    base_rate__isnull=False,
                    base_payable_amount__isnull=False,
                ),
                name="bill_booked_on_a_day",
            ),
            models.CheckConstraint(
                condition=Q(status="cancelled", cancelled_on__isnull=False)
                | (~Q(status="cancelled") & Q(cancelled_on__isnull=True)),
                name="bill_cancelled_on_a_day",
            ),
        ]
        indexes = [
            models.Index("organization", "partner", "id", name="bill_by_supplier"),
            models.Index("organization", "issued_on", "id", name="bill_by_day"),
            models.Index(
                "organization",
                "due_on",
                "id",
                name="bill_open_by_due",
                condition=Q(
                    status="booked",
                    payable_amount__gt=F("allocated_amount") + F("credited_amount"),
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} of {self.supplier_name}"

    @property
    def open_amount(self) -> int:
        """What is still to be paid of a booked bill, or left of a booked credit note."""
        if self.status != self.Status.BOOKED:
            return 0
        return self.payable_amount - self.allocated_amount - self.credited_amount

    def status_word(self, *, on: date) -> str:
        """One word for people: the last of these that is true."""
        if self.status != self.Status.BOOKED:
            return self.status
        if not self.open_amount:
            return "settled" if self.kind == self.Kind.CREDIT_NOTE else "paid"
        if self.kind == self.Kind.CREDIT_NOTE:
            return "booked"
        if self.due_on is not None and self.due_on < on:
            return "overdue"
        return "partially_paid" if self.allocated_amount + self.credited_amount else "booked"


class BillLine(OrganizationModel):
    """One amount of a bill and where it goes: a line, or an allowance (below zero) or charge."""

    bill_id: UUID
    account_id: UUID | None

    bill = reference("bills.Bill", on_delete=models.CASCADE, related_name="lines")
    position = models.PositiveIntegerField()
    kind = models.CharField(max_length=9, default="line")  # line, allowance, charge
    name = models.CharField(max_length=400)
    description = models.TextField(blank=True, default="")
    quantity = models.DecimalField(max_digits=18, decimal_places=6, default=Decimal(1))
    unit = models.CharField(max_length=12, blank=True, default="C62")
    unit_price = models.DecimalField(max_digits=18, decimal_places=6, default=Decimal(0))
    net_amount = models.BigIntegerField()
    tax_category = models.CharField(max_length=2)
    tax_rate = models.DecimalField(max_digits=9, decimal_places=6, null=True, blank=True)
    account = reference("ledger.Account", null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "bill", "position"], name="one_bill_line_at_a_place"
            ),
        ]
        indexes = [models.Index("organization", "account", name="bill_line_by_account")]

    def __str__(self) -> str:
        return self.name


class BillTax(OrganizationModel):
    """One row of a bill's taxes (BG-23). `own_rate` is what the buyer owes under reverse charge."""

    bill_id: UUID

    bill = reference("bills.Bill", on_delete=models.CASCADE, related_name="taxes")
    category = models.CharField(max_length=2)
    rate = models.DecimalField(max_digits=9, decimal_places=6, null=True, blank=True)
    taxable_amount = models.BigIntegerField()
    tax_amount = models.BigIntegerField()
    own_rate = models.DecimalField(max_digits=9, decimal_places=6, null=True, blank=True)
    own_amount = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "bill", "category", "rate"],
                name="one_tax_row_of_a_bill",
                nulls_distinct=False,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.category} {self.rate}"


class BillCredit(OrganizationModel):
    """The part of a supplier's credit note that pays a bill; undoing sets `is_active` to false."""

    app_may = ("SELECT", "INSERT", "UPDATE")

    credit_note_id: UUID
    bill_id: UUID

    credit_note = reference("bills.Bill")
    bill = reference("bills.Bill")
    amount = models.BigIntegerField()
    applied_on = models.DateField()
    is_active = models.BooleanField(default=True)
    created_by_id = models.UUIDField(null=True, editable=False)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="bill_credit_above_zero"),
            models.CheckConstraint(
                condition=~Q(bill=F("credit_note")), name="bill_credit_of_another"
            ),
        ]
        indexes = [
            models.Index("organization", "bill", name="bill_credit_of_bill"),
            models.Index("organization", "credit_note", name="bill_credit_of_note"),
        ]

    def __str__(self) -> str:
        return str(self.amount)
