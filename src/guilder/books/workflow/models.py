"""Rules of approval, limits of those who approve, and approvals asked for and given."""

from django.db import models
from django.db.models import F, Q

from guilder.foundation.tenancy.models import OrganizationModel


class ApprovalRule(OrganizationModel):
    """Above `amount` (minor units of the base currency) a document is issued when somebody agreed.

    `roles` are the built-in roles that may agree; empty is everybody with the permission. The
    database asks this table itself when a draft is issued.
    """

    amount = models.BigIntegerField(default=0)
    currency = models.CharField(max_length=3)
    roles = models.JSONField(default=list)
    is_active = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization"], name="one_approval_rule"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="approval_amount_above_zero"),
        ]

    def __str__(self) -> str:
        return f"above {self.amount} {self.currency}"


class ApprovalLimit(OrganizationModel):
    """Up to how much a role, or one person, may agree to; the person's own counts before the
    role's. Minor units of the base currency."""

    role = models.CharField(max_length=20, blank=True, default="")
    user_id = models.UUIDField(null=True, blank=True)
    amount = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "role"],
                name="one_limit_of_a_role",
                condition=Q(user_id__isnull=True),
            ),
            models.UniqueConstraint(
                fields=["organization", "user_id"],
                name="one_limit_of_a_person",
                condition=Q(user_id__isnull=False),
            ),
            models.CheckConstraint(
                condition=(Q(user_id__isnull=True) & ~Q(role=""))
                | Q(user_id__isnull=False, role=""),
                name="a_limit_is_of_one",
            ),
            models.CheckConstraint(condition=Q(amount__gte=0), name="limit_never_below_zero"),
        ]

    def __str__(self) -> str:
        return f"{self.role or self.user_id} up to {self.amount}"


class Approval(OrganizationModel):
    """One question whether a document may be issued as it stands in one version, and its answer.

    A changed document has another version: what was said of the one before does not hold for it.
    """

    app_may = ("SELECT", "INSERT", "UPDATE")

    class State(models.TextChoices):
        PENDING = "pending"
        APPROVED = "approved"
        REJECTED = "rejected"
        WITHDRAWN = "withdrawn"

    subject_kind = models.CharField(max_length=12)
    subject_id = models.UUIDField()
    subject_version = models.PositiveIntegerField()
    made_by_id = models.UUIDField(null=True, blank=True)
    amount = models.BigIntegerField()  # in the base currency
    currency = models.CharField(max_length=3)
    state = models.CharField(max_length=9, choices=State, default=State.PENDING)
    note = models.CharField(max_length=1000, blank=True, default="")
    requested_by_id = models.UUIDField(null=True, blank=True)
    requested_at = models.DateTimeField()
    decided_by_id = models.UUIDField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    comment = models.CharField(max_length=1000, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "subject_id"],
                name="one_question_at_a_time",
                condition=Q(state="pending"),
            ),
            models.CheckConstraint(
                condition=Q(state="pending", decided_at__isnull=True)
                | (~Q(state="pending") & Q(decided_at__isnull=False)),
                name="approval_decided_when",
            ),
            models.CheckConstraint(
                condition=~Q(state="approved")
                | (
                    Q(decided_by_id__isnull=False)
                    & ~Q(decided_by_id=F("requested_by_id"))
                    & (Q(made_by_id__isnull=True) | ~Q(decided_by_id=F("made_by_id")))
                ),
                name="nobody_approves_their_own",
            ),
        ]
        indexes = [models.Index("organization", "subject_id", "id", name="approvals_of_subject")]

    def __str__(self) -> str:
        return f"{self.state} of {self.subject_id}"
