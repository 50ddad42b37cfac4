"""How a client may pay on their page, and what services keep of them."""

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


class SavedMethod(OrganizationModel):
    """A way to pay that a client let us keep: the gateway's names of it, never the number."""

    app_may = ("SELECT", "INSERT", "UPDATE")

    partner_id: UUID
    gateway_id: UUID

    partner = reference("parties.Partner")
    gateway = reference("charging.Gateway")
    customer = models.CharField(max_length=200)
    token = models.CharField(max_length=200)
    method = models.CharField(max_length=13)
    label = models.CharField(max_length=60, blank=True, default="")  # •••• 4242
    is_active = models.BooleanField(default=True)
    collects = models.BooleanField(default=False)  # what falls due is taken by itself
    agreed_at = models.DateTimeField()
    consent = models.TextField(blank=True, default="")  # the words that the client agreed to
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_reason = models.CharField(max_length=200, blank=True, default="")
    # Ended, it is ended at the service too: when that is done, or why it cannot be.
    forgotten_at = models.DateTimeField(null=True, blank=True)
    forget_failure = models.CharField(max_length=80, blank=True, default="")
    forget_checks = models.PositiveSmallIntegerField(default=0)
    next_forget_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(forgotten_at__isnull=True) | Q(is_active=False),
                name="saved_method_forgotten_is_ended",
            ),
            models.UniqueConstraint(
                fields=["organization", "gateway", "token"], name="saved_method_once"
            ),
            models.UniqueConstraint(
                fields=["organization", "partner"],
                condition=Q(is_active=True, collects=True),
                name="one_collecting_method_a_client",
            ),
            models.CheckConstraint(
                condition=Q(is_active=True, ended_at__isnull=True)
                | Q(is_active=False, ended_at__isnull=False),
                name="saved_method_active_or_ended",
            ),
        ]
        indexes = [models.Index("organization", "partner", name="saved_method_of_partner")]

    def __str__(self) -> str:
        return self.label
