"""Early payment discounts that were taken, and how strictly their days are kept."""

from decimal import Decimal
from uuid import UUID

from django.db import models
from django.db.models import Q

from guilder.foundation.tenancy.models import OrganizationModel, reference


class Discount(OrganizationModel):
    """What a client kept back of an invoice for paying early; reversing sets `is_active` false.

    It counts among what was allocated. `parts` say what it takes off for each category and rate:
    [{"category", "rate", "net", "tax"}], minor units; together they are `amount`.
    """

    app_may = ("SELECT", "INSERT", "UPDATE")

    invoice_id: UUID

    invoice = reference("invoicing.Invoice")
    payment_id = models.UUIDField()  # the payment that was early, of the room above
    amount = models.BigIntegerField()
    base_amount = models.BigIntegerField()
    parts = models.JSONField()
    corrects_tax = models.BooleanField()  # whether its parts are declared, by the seller's regime
    until = models.DateField()  # the last day on which it was offered
    taken_on = models.DateField()
    is_granted = models.BooleanField(default=False)  # by a person, though it was late or too much
    reason = models.CharField(max_length=200, blank=True, default="")
    is_active = models.BooleanField(default=True)
    reversed_on = models.DateField(null=True, blank=True)
    created_by_id = models.UUIDField(null=True, editable=False)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="discount_above_zero"),
            models.CheckConstraint(
                condition=Q(is_active=True, reversed_on__isnull=True)
                | Q(is_active=False, reversed_on__isnull=False),
                name="discount_active_or_reversed",
            ),
            models.UniqueConstraint(
                fields=["organization", "invoice"],
                condition=Q(is_active=True),
                name="one_discount_an_invoice",
            ),
        ]
        indexes = [
            models.Index("organization", "invoice", name="discount_of_invoice"),
            models.Index("organization", "taken_on", name="discount_by_day"),
        ]

    def __str__(self) -> str:
        return str(self.amount)


class DiscountPolicy(OrganizationModel):
    """How late, and by how much more than the discount, a payment may fall short of all."""

    app_may = ("SELECT", "INSERT", "UPDATE")

    grace_days = models.PositiveSmallIntegerField(default=0)
    # In major units of whatever currency is paid.
    tolerance = models.DecimalField(max_digits=15, decimal_places=4, default=Decimal(0))
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization"], name="one_discount_policy"),
            models.CheckConstraint(
                condition=Q(tolerance__gte=0, grace_days__lte=30), name="discount_policy_in_bounds"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.grace_days}, {self.tolerance}"
