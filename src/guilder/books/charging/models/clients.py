"""How a client may pay on their page."""

from uuid import UUID

from django.db import models
from django.db.models import Q

from guilder.foundation.tenancy.models import OrganizationModel, reference


class ClientMethods(OrganizationModel):
    """By which methods one client may pay on their page, and up to which amount."""

    app_may = ("SELECT", "INSERT", "UPDATE")

    partner_id: UUID

    partner = reference("parties.Partner")
    methods = models.JSONField(default=list, blank=True)  # empty: all that there are
    # In major units of whatever is asked for; none: as much as the gateways take.
    most = models.DecimalField(max_digits=15, decimal_places=4, null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "partner"], name="methods_of_a_client_once"
            ),
            models.CheckConstraint(
                condition=Q(most__isnull=True) | Q(most__gt=0), name="client_methods_above_zero"
            ),
        ]

    def __str__(self) -> str:
        return ", ".join(self.methods)
