"""The chain of an organization, its records, and the documents that wait for one."""

from typing import TYPE_CHECKING, ClassVar
from uuid import UUID

from django.db import models

from guilder.foundation.tenancy.models import OrganizationModel, reference


class Chain(OrganizationModel):
    """Whether an organization keeps records, who made its program, and the head of the chain."""

    is_on = models.BooleanField(default=False)
    producer = models.CharField(max_length=120)
    producer_nif = models.CharField(max_length=9)
    count = models.BigIntegerField(default=0)
    fingerprint = models.CharField(max_length=64, blank=True, default="")
    began_at = models.DateTimeField()
    on_since = models.DateTimeField(null=True)  # when it was turned on last
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization"], name="one_verifactu_chain"),
        ]

    def __str__(self) -> str:
        return str(self.count)


class Record(OrganizationModel):
    """One record: what was fingerprinted, as text, and the whole as XML. Append-only."""

    app_may: ClassVar[tuple[str, ...]] = ("SELECT", "INSERT")

    position = models.BigIntegerField()
    invoice = reference("invoicing.Invoice")
    nif = models.CharField(max_length=9)
    number = models.CharField(max_length=80)
    issued_on = models.CharField(max_length=10)  # 31-12-2026
    kind = models.CharField(max_length=2)
    tax = models.CharField(max_length=20)
    total = models.CharField(max_length=20)
    previous = models.CharField(max_length=64, blank=True)
    generated = models.CharField(max_length=25)  # 2027-01-01T19:20:30+01:00
    fingerprint = models.CharField(max_length=64)
    xml = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "position"], name="verifactu_position_once"
            ),
            models.UniqueConstraint(
                fields=["organization", "invoice"], name="verifactu_recorded_once"
            ),
        ]

    def __str__(self) -> str:
        return self.number


class Waiting(OrganizationModel):
    """An issued document whose record cannot be made yet, and why: gone as soon as it is made."""

    invoice = reference("invoicing.Invoice")
    number = models.CharField(max_length=80)
    issued_on = models.DateField()
    problems = models.JSONField(default=list)  # [{pointer, code, detail}]
    since_at = models.DateTimeField()
    tried_at = models.DateTimeField()

    if TYPE_CHECKING:
        invoice_id: UUID

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "invoice"], name="verifactu_waits_once"
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def reason(self) -> str:
        """Why, in sentences."""
        return " ".join(one["detail"] for one in self.problems)
