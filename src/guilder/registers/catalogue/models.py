"""Items and their prices."""

from decimal import Decimal

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from guilder.foundation.tenancy.models import OrganizationModel, reference


class Item(OrganizationModel):
    """Anything sold or bought."""

    class Kind(models.TextChoices):
        GOODS = "goods"
        SERVICE = "service"
        BUNDLE = "bundle"
        METERED = "metered"

    prices: "models.Manager[Price]"

    kind = models.CharField(max_length=8, choices=Kind, default=Kind.SERVICE)
    code = models.CharField(max_length=60)  # BT-155
    name = models.CharField(max_length=200)  # BT-153
    description = models.TextField(blank=True, default="")  # BT-154
    unit = models.CharField(max_length=3, default="C62")  # BT-130, UNECE Rec 20/21
    tax_code = reference("tax.TaxCode", null=True, blank=True)
    standard_id = models.CharField(max_length=40, blank=True, default="")  # BT-157
    standard_scheme = models.CharField(max_length=12, blank=True, default="")
    is_sold = models.BooleanField(default=True)
    is_bought = models.BooleanField(default=False)
    custom_fields = models.JSONField(default=dict, blank=True)
    archived_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "code"], name="item_code_once"),
            models.CheckConstraint(condition=~Q(name=""), name="item_has_a_name"),
        ]
        indexes = [
            models.Index("organization", Lower("name").asc(), "id", name="item_by_name"),
            models.Index(fields=["organization", "-created_at", "-id"], name="item_newest"),
            models.Index("organization", "tax_code", name="item_by_tax_code"),
        ]

    def __str__(self) -> str:
        return self.name


class Price(OrganizationModel):
    """What one unit costs: per currency, price list, quantity from which it holds, and dates."""

    item = reference("catalogue.Item", on_delete=models.CASCADE, related_name="prices")
    currency = models.CharField(max_length=3)
    price_list = models.CharField(max_length=40, blank=True, default="")
    from_quantity = models.DecimalField(max_digits=18, decimal_places=6, default=Decimal(0))
    amount = models.DecimalField(max_digits=18, decimal_places=6)
    tax_inclusive = models.BooleanField(default=False)
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=[
                    "organization",
                    "item",
                    "currency",
                    "price_list",
                    "from_quantity",
                    "valid_from",
                ],
                name="one_price_at_a_time",
                nulls_distinct=False,
            ),
            models.CheckConstraint(condition=Q(amount__gte=0), name="price_not_negative"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True)
                | Q(valid_from__isnull=True)
                | Q(valid_to__gte=F("valid_from")),
                name="price_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount} {self.currency}"
