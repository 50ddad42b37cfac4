"""Accounts, entries with their postings, and periods that can be locked."""

from decimal import Decimal
from uuid import UUID

from django.db import models
from django.db.models import F, Q

from guilder.foundation.tenancy.models import OrganizationModel, reference


class Account(OrganizationModel):
    """A place in the chart of accounts; `role` is what the program books there, empty for none."""

    class Kind(models.TextChoices):
        ASSET = "asset"
        LIABILITY = "liability"
        EQUITY = "equity"
        INCOME = "income"
        EXPENSE = "expense"

    code = models.CharField(max_length=20)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=9, choices=Kind)
    role = models.CharField(max_length=40, blank=True, default="")
    is_active = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "code"], name="account_code_once"),
            models.UniqueConstraint(
                fields=["organization", "role"],
                name="one_account_for_a_role",
                condition=~Q(role=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class Entry(OrganizationModel):
    """One booking: at least two postings that balance. Append-only.

    `source` and `source_id` name what caused it, such as ("invoice.issue", the invoice's id); each
    cause is booked at most once. `posting_count` is fixed, so nothing can be added to it later.
    """

    app_may = ("SELECT", "INSERT")
    postings: "models.Manager[Posting]"

    booked_on = models.DateField()
    source = models.CharField(max_length=40)
    source_id = models.UUIDField()
    memo = models.CharField(max_length=200, blank=True, default="")
    base_currency = models.CharField(max_length=3)
    posting_count = models.PositiveSmallIntegerField()
    created_by_id = models.UUIDField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "source", "source_id"], name="each_cause_booked_once"
            ),
            models.CheckConstraint(
                condition=Q(posting_count__gte=2), name="entry_has_two_postings"
            ),
        ]
        indexes = [models.Index("organization", "booked_on", "id", name="entry_by_day")]

    def __str__(self) -> str:
        return f"{self.booked_on} {self.source}"


class Posting(OrganizationModel):
    """An amount on an account: debit above zero, credit below. Append-only.

    `amount` is minor units of `currency`, `base_amount` of the entry's base currency at `rate`.
    """

    app_may = ("SELECT", "INSERT")

    account_id: UUID

    entry = reference("ledger.Entry", related_name="postings")
    position = models.PositiveSmallIntegerField()
    account = reference("ledger.Account")
    booked_on = models.DateField()  # the entry's, for balances without a join
    partner_id = models.UUIDField(null=True)
    amount = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    base_amount = models.BigIntegerField()
    rate = models.DecimalField(max_digits=20, decimal_places=10, default=Decimal(1))
    rate_source = models.CharField(max_length=80, blank=True, default="")
    tax_category = models.CharField(max_length=2, blank=True, default="")
    tax_rate = models.DecimalField(max_digits=9, decimal_places=6, null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "entry", "position"], name="one_posting_at_a_position"
            ),
            models.CheckConstraint(
                condition=Q(position__gte=1), name="positions_are_counted_from_1"
            ),
        ]
        indexes = [
            models.Index("organization", "account", "booked_on", name="posting_by_account"),
        ]

    def __str__(self) -> str:
        return f"{self.amount} {self.currency}"


class Period(OrganizationModel):
    """A stretch of days of the books; once locked it takes no entry."""

    app_may = ("SELECT", "INSERT", "UPDATE")

    starts_on = models.DateField()
    ends_on = models.DateField()
    locked_at = models.DateTimeField(null=True, blank=True)
    locked_by_id = models.UUIDField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "starts_on"], name="period_starts_once"
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="period_ends_after_it_starts"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.starts_on} to {self.ends_on}"
