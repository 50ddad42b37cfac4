"""Ways to pay that clients are leaving with a service, without paying anything."""

from uuid import UUID

from django.db import models
from django.db.models import Q

from guilder.books.charging.models.charges import State
from guilder.foundation.tenancy.models import OrganizationModel, reference


class MethodSetup(OrganizationModel):
    """One attempt to have a way to pay kept; written before the service is called."""

    app_may = ("SELECT", "INSERT", "UPDATE")

    class Origin(models.TextChoices):
        PORTAL = "portal"  # the client, signed in
        LINK = "link"  # whoever opened a link that was sent
        DESK = "desk"  # somebody of the house, or a program

    partner_id: UUID
    gateway_id: UUID
    saved_id: UUID | None
    replaces_id: UUID | None

    partner = reference("parties.Partner")
    gateway = reference("charging.Gateway")
    is_live = models.BooleanField()
    attempt = models.CharField(max_length=120)  # the same one is never made twice
    origin = models.CharField(max_length=6, choices=Origin)
    method = models.CharField(max_length=13)
    currency = models.CharField(max_length=3)  # what will be charged by it
    consent = models.TextField()  # the words that the client agrees to
    collects = models.BooleanField()  # what falls due will be taken by itself
    # What is ended when this one is kept.
    replaces = reference("charging.SavedMethod", null=True, blank=True)
    state = models.CharField(max_length=9, choices=State, default=State.PENDING)
    provider_id = models.CharField(max_length=200, blank=True, default="")
    url = models.TextField(blank=True, default="")  # where the client leaves it
    back_url = models.TextField(blank=True, default="")
    failure = models.CharField(max_length=80, blank=True, default="")
    saved = reference("charging.SavedMethod", null=True, blank=True)
    checks = models.PositiveIntegerField(default=0)
    next_check_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    created_by_id = models.UUIDField(null=True, editable=False)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="succeeded", saved__isnull=False)
                | (~Q(state="succeeded") & Q(saved__isnull=True)),
                name="method_setup_succeeds_with_its_method",
            ),
            models.CheckConstraint(
                condition=Q(state__in=("succeeded", "failed"), decided_at__isnull=False)
                | Q(state__in=("pending", "unknown"), next_check_at__isnull=False),
                name="method_setup_decided_or_asked_about",
            ),
            models.UniqueConstraint(
                fields=["organization", "attempt"], name="method_setup_attempt_once"
            ),
            models.UniqueConstraint(
                fields=["organization", "gateway", "provider_id"],
                condition=~Q(provider_id=""),
                name="method_setup_at_gateway_once",
            ),
        ]
        indexes = [
            models.Index("organization", "partner", "id", name="method_setup_by_partner"),
            models.Index(
                "organization",
                "next_check_at",
                name="method_setup_to_ask_about",
                condition=Q(state__in=("pending", "unknown")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.method} ({self.state})"
