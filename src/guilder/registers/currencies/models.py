"""Dated exchange rates."""

from django.db import models
from django.db.models import F, Q

from guilder.foundation.tenancy.models import OrganizationModel


class Rate(OrganizationModel):
    """One unit of `base` cost `rate` units of `quote` on a day, by a source."""

    base = models.CharField(max_length=3)
    quote = models.CharField(max_length=3)
    on = models.DateField()
    rate = models.DecimalField(max_digits=20, decimal_places=10)
    source = models.CharField(max_length=80)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "base", "quote", "on"], name="one_rate_a_day"
            ),
            models.CheckConstraint(condition=Q(rate__gt=0), name="rate_above_zero"),
            models.CheckConstraint(condition=~Q(base=F("quote")), name="rate_of_two_currencies"),
        ]

    def __str__(self) -> str:
        return f"1 {self.base} = {self.rate} {self.quote} on {self.on}"
