"""Bank accounts, their statements and lines, and what each line was matched with."""

from uuid import UUID

from django.db import models
from django.db.models import Q

from guilder.foundation.tenancy.models import OrganizationModel, reference


class BankAccount(OrganizationModel):
    """An account of the organization at a bank, and the account of the chart that mirrors it.

    Proposals of at least `automatic_from` percent are posted by themselves; None: never.
    """

    ledger_account_id: UUID
    difference_account_id: UUID | None

    name = models.CharField(max_length=80)
    iban = models.CharField(max_length=34, blank=True, default="")
    number = models.CharField(max_length=80, blank=True, default="")
    currency = models.CharField(max_length=3)
    ledger_account = reference("ledger.Account")
    difference_account = reference("ledger.Account", null=True, blank=True)
    automatic_from = models.PositiveSmallIntegerField(null=True, blank=True)
    bank_amount = models.BigIntegerField(null=True, blank=True)  # as the newest statement closes
    bank_on = models.DateField(null=True, blank=True)
    imported_at = models.DateTimeField(null=True, blank=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "iban"], name="bank_iban_once", condition=~Q(iban="")
            ),
            models.CheckConstraint(
                condition=Q(automatic_from__isnull=True)
                | Q(automatic_from__gte=80, automatic_from__lte=100),
                name="automatic_only_when_sure",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Statement(OrganizationModel):
    """One statement of one file: what it said, whatever of it was new. Balances in minor units."""

    account_id: UUID

    account = reference("banking.BankAccount")
    file = reference("files.StoredFile", null=True, blank=True)
    filename = models.CharField(max_length=255, blank=True, default="")
    sha256 = models.CharField(max_length=64)
    place = models.PositiveIntegerField(default=0)  # among the statements of its file
    format = models.CharField(max_length=20)
    number = models.CharField(max_length=80, blank=True, default="")
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    opening_amount = models.BigIntegerField(null=True, blank=True)
    closing_amount = models.BigIntegerField(null=True, blank=True)
    moved_amount = models.BigIntegerField(default=0)
    is_interim = models.BooleanField(default=False)
    entry_count = models.PositiveIntegerField(default=0)
    new_count = models.PositiveIntegerField(default=0)
    created_by_id = models.UUIDField(null=True, editable=False)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "account", "sha256", "place"], name="statement_read_once"
            ),
        ]
        indexes = [
            models.Index("organization", "account", "ends_on", "id", name="statement_by_day"),
        ]

    def __str__(self) -> str:
        return f"{self.format} {self.number}"


class StatementLine(OrganizationModel):
    """A movement as the bank told it; only its state moves. `amount` above zero came in."""

    class State(models.TextChoices):
        OPEN = "open"
        MATCHED = "matched"
        EXCLUDED = "excluded"

    account_id: UUID
    statement_id: UUID
    matches: "models.Manager[Match]"

    account = reference("banking.BankAccount")
    statement = reference("banking.Statement", related_name="lines")
    position = models.PositiveIntegerField()
    booked_on = models.DateField()
    valued_on = models.DateField(null=True, blank=True)
    amount = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    name = models.CharField(max_length=200, blank=True, default="")
    counter_account = models.CharField(max_length=80, blank=True, default="")
    text = models.TextField(blank=True, default="")
    reference = models.CharField(max_length=200, blank=True, default="")
    end_to_end = models.CharField(max_length=200, blank=True, default="")
    bank_reference = models.CharField(max_length=80, blank=True, default="")
    code = models.CharField(max_length=40, blank=True, default="")
    original_amount = models.BigIntegerField(null=True, blank=True)
    original_currency = models.CharField(max_length=3, blank=True, default="")
    charges_amount = models.BigIntegerField(null=True, blank=True)
    is_reversal = models.BooleanField(default=False)
    details = models.PositiveIntegerField(default=1)
    fingerprint = models.CharField(max_length=64)
    occurrence = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=8, choices=State, default=State.OPEN)
    note = models.CharField(max_length=200, blank=True, default="")
    changed_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "account", "fingerprint", "occurrence"],
                name="entry_booked_once",
            ),
        ]
        indexes = [
            models.Index("organization", "account", "booked_on", "id", name="line_by_day"),
            models.Index(
                "organization",
                "account",
                "booked_on",
                "id",
                name="line_open",
                condition=Q(state="open"),
            ),
            models.Index("organization", "statement", "position", name="line_of_statement"),
        ]

    def __str__(self) -> str:
        return f"{self.booked_on} {self.amount} {self.currency}"


class Match(OrganizationModel):
    """A share of a line and what it was: a payment, an entry of the ledger, or both.

    Never deleted; undoing sets `is_active` to false. The active shares of a matched line add up to
    its amount.
    """

    app_may = ("SELECT", "INSERT", "UPDATE")

    class Kind(models.TextChoices):
        INVOICE = "invoice"  # a payment recorded for this line
        RECORDED = "recorded"  # a payment that was there before
        BILL = "bill"  # a payment of bills recorded for this line
        SPENT = "spent"  # a payment of bills that was there before
        REFUND = "refund"  # a refund that was there before
        CARD = "card"  # a card payment that a payout brought
        RETURN = "return"  # a payment, a payment of bills or a refund that was taken back
        TRANSFER = "transfer"  # from or to an own account
        ACCOUNT = "account"  # posted to an account of the chart
        FEE = "fee"  # what somebody on the way kept

    line_id: UUID
    payment_id: UUID | None
    disbursement_id: UUID | None
    refund_id: UUID | None
    entry_id: UUID | None
    rule_id: UUID | None

    line = reference("banking.StatementLine", related_name="matches")
    kind = models.CharField(max_length=8, choices=Kind)
    amount = models.BigIntegerField()
    payment = reference("payments.Payment", null=True, blank=True)
    disbursement = reference("payments.Disbursement", null=True, blank=True)
    refund = reference("payments.Refund", null=True, blank=True)
    entry = reference("ledger.Entry", null=True, blank=True)
    rule = reference("banking.Rule", null=True, blank=True)
    label = models.CharField(max_length=200, blank=True, default="")
    score = models.PositiveSmallIntegerField(default=0)
    reasons = models.JSONField(default=list, blank=True)
    is_automatic = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    created_by_id = models.UUIDField(null=True, editable=False)
    created_at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "payment"],
                name="money_matched_once",
                condition=Q(is_active=True, payment__isnull=False) & ~Q(kind="return"),
            ),
            models.UniqueConstraint(
                fields=["organization", "payment", "kind"],
                name="money_returned_once",
                condition=Q(is_active=True, payment__isnull=False, kind="return"),
            ),
            models.UniqueConstraint(
                fields=["organization", "disbursement"],
                name="disbursement_matched_once",
                condition=Q(is_active=True, disbursement__isnull=False) & ~Q(kind="return"),
            ),
            models.UniqueConstraint(
                fields=["organization", "disbursement", "kind"],
                name="disbursement_returned_once",
                condition=Q(is_active=True, disbursement__isnull=False, kind="return"),
            ),
            models.UniqueConstraint(
                fields=["organization", "refund"],
                name="refund_matched_once",
                condition=Q(is_active=True, refund__isnull=False) & ~Q(kind="return"),
            ),
            models.UniqueConstraint(
                fields=["organization", "refund", "kind"],
                name="refund_returned_once",
                condition=Q(is_active=True, refund__isnull=False, kind="return"),
            ),
            models.CheckConstraint(
                condition=Q(is_active=True, undone_at__isnull=True)
                | Q(is_active=False, undone_at__isnull=False),
                name="match_active_or_undone",
            ),
        ]
        indexes = [models.Index("organization", "line", name="match_of_line")]

    def __str__(self) -> str:
        return f"{self.kind} {self.amount}"


class Rule(OrganizationModel):
    """What to post lines to that no document explains: all `conditions` must hold."""

    class Direction(models.TextChoices):
        IN = "in"
        OUT = "out"
        ANY = "any"

    account_id: UUID

    name = models.CharField(max_length=80)
    position = models.PositiveIntegerField(default=0)
    direction = models.CharField(max_length=3, choices=Direction, default=Direction.ANY)
    conditions = models.JSONField(default=list)
    account = reference("ledger.Account")
    is_automatic = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    used_count = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "name"], name="bank_rule_name_once"),
        ]

    def __str__(self) -> str:
        return self.name


class Payer(OrganizationModel):
    """What was learned: an account or a name on statements means this client."""

    partner_id: UUID

    key = models.CharField(max_length=120)  # "account:DE89…" or "name:POLDERFRESH"
    partner = reference("parties.Partner", on_delete=models.CASCADE)
    hits = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "key"], name="payer_known_once"),
        ]

    def __str__(self) -> str:
        return self.key


class TableProfile(OrganizationModel):
    """Where the tables of one bank say what, found again by their head row."""

    signature = models.CharField(max_length=1000)
    data = models.JSONField(default=dict)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "signature"], name="one_table_profile"),
        ]

    def __str__(self) -> str:
        return self.signature
