"""What is known of a stored file; its bytes lie under its hash."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now

from guilder.foundation.tenancy.models import OrganizationModel


class StoredFile(OrganizationModel):
    """One name that one organization gave to some bytes; never changed, only added and removed."""

    app_may: ClassVar[tuple[str, ...]] = ("SELECT", "INSERT", "DELETE")

    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField()
    filename = models.CharField(max_length=255)
    media_type = models.CharField(max_length=127)
    created_by_id = models.UUIDField(null=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "sha256", "filename", "media_type"],
                name="files_storedfile_once",
            ),
            models.CheckConstraint(
                condition=models.Q(sha256__regex=r"^[0-9a-f]{64}$"), name="files_storedfile_sha256"
            ),
        ]
