"""Tax codes and their dated rates."""

from django.db import models
from django.db.models import F, Q

from guilder.foundation.tenancy.models import OrganizationModel, reference


class TaxCode(OrganizationModel):
    """The organization's own code for a category of EN 16931 (UNTDID 5305), such as `standard`."""

    rates: "models.Manager[TaxRate]"

    code = models.CharField(max_length=40)
    name = models.CharField(max_length=120)
    category = models.CharField(max_length=2)  # BT-151
    exemption_code = models.CharField(max_length=40, blank=True, default="")  # BT-121, VATEX
    exemption_reason = models.CharField(max_length=400, blank=True, default="")  # BT-120
    is_active = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "code"], name="tax_code_once"),
            models.CheckConstraint(
                condition=Q(category__in=["S", "Z", "E", "AE", "K", "G", "O", "L", "M"]),
                name="tax_category_known",
            ),
        ]

    def __str__(self) -> str:
        return self.code


class TaxRate(OrganizationModel):
    """The percentage of a code from a day on, and who says so."""

    tax_code = reference("tax.TaxCode", on_delete=models.CASCADE, related_name="rates")
    percent = models.DecimalField(max_digits=9, decimal_places=6)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=300)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "tax_code", "valid_from"], name="one_rate_from_a_day"
            ),
            models.CheckConstraint(
                condition=Q(percent__gte=0, percent__lte=100), name="rate_is_a_percentage"
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="rate_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.percent} % from {self.valid_from}"
