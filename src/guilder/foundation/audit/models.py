"""Audit entries, what is not sealed yet, and the seals."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now

from guilder.foundation.tenancy.ids import uuid7
from guilder.foundation.tenancy.models import OrganizationModel


class AuditEntry(OrganizationModel):
    """Who did what, when, from where, to which row, before and after.

    Ids only, no foreign keys: it outlives what it speaks of. `values_hash` commits to before and
    after with `salt`, `content_hash` to everything else and to `values_hash`; so personal values
    can be erased, with their salt, and the seal still holds.
    """

    app_may: ClassVar[tuple[str, ...]] = ("SELECT", "INSERT")

    at = models.DateTimeField()
    actor_id = models.UUIDField(null=True)
    actor_name = models.CharField(max_length=200, blank=True)
    key_id = models.UUIDField(null=True)
    source = models.CharField(max_length=10)
    address = models.CharField(max_length=45, blank=True)
    request_id = models.CharField(max_length=64, blank=True)
    action = models.CharField(max_length=60)
    table_name = models.CharField(max_length=63)
    row_id = models.UUIDField(null=True)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    salt = models.BinaryField(max_length=16, null=True)
    values_hash = models.BinaryField(max_length=32)
    content_hash = models.BinaryField(max_length=32)

    class Meta:
        db_table = "audit_entry"
        indexes = [models.Index(fields=["organization", "row_id"], name="audit_of_row")]


class UnsealedEntry(models.Model):
    """An entry that no seal covers yet; a trigger writes it, the sealer takes it.

    No row level security, like the job queue: the sealer looks in all organizations.
    """

    entry_id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organization_id = models.UUIDField()

    class Meta:
        db_table = "audit_unsealed"


class Seal(OrganizationModel):
    """A Merkle root over entries (`entries` in leaf order), linked to the seal before it."""

    raises_generation: ClassVar[bool] = False  # no read of the books shows it

    app_may: ClassVar[tuple[str, ...]] = ("SELECT", "INSERT")

    number = models.BigIntegerField()
    entries = ArrayField(models.UUIDField())
    root = models.BinaryField(max_length=32)
    previous_link = models.BinaryField(max_length=32)
    link = models.BinaryField(max_length=32)
    sealed_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "number"], name="audit_seal_number")
        ]
