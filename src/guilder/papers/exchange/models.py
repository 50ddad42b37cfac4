"""Official verdicts on papers, with the rule packs that gave them."""

from django.db import models
from django.db.models import Q

from guilder.foundation.tenancy.models import OrganizationModel


class Judgement(OrganizationModel):
    """One verdict of the official rules on one paper in one format. Append-only.

    `subject_id` is the invoice; this room does not know its table. `sha256` is of the bytes that
    were judged, and `packs` names the rules ("name version") that judged them.
    """

    app_may = ("SELECT", "INSERT")

    subject_id = models.UUIDField()
    format = models.CharField(max_length=40)
    sha256 = models.CharField(max_length=64)
    scenario = models.CharField(max_length=60, blank=True, default="")
    is_valid = models.BooleanField(null=True)
    packs = models.JSONField(default=list)
    missing = models.JSONField(default=list)
    fired = models.JSONField(default=list)
    judged_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(sha256__regex=r"^[0-9a-f]{64}$"), name="judgement_of_bytes"
            ),
            models.CheckConstraint(
                condition=Q(is_valid__isnull=True) | ~Q(packs=[]) | Q(is_valid=False),
                name="judgement_by_packs",
            ),
        ]
        indexes = [
            models.Index(
                fields=["organization", "subject_id", "-judged_at"], name="judgement_newest"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.format} {self.subject_id}"
