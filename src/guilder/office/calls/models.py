"""One call of the API."""

from typing import ClassVar

from django.db import models

from guilder.foundation.tenancy.models import OrganizationModel


class ApiCall(OrganizationModel):
    """Who asked for what, and what was answered; the texts are empty unless the installation keeps
    bodies, which are redacted before they are kept."""

    raises_generation: ClassVar[bool] = False  # no read of the books shows it

    app_may: ClassVar[tuple[str, ...]] = ("SELECT", "INSERT", "DELETE")

    at = models.DateTimeField()
    method = models.CharField(max_length=7)
    route = models.CharField(max_length=120)
    path = models.CharField(max_length=500)
    status = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=60, blank=True, default="")
    microseconds = models.PositiveIntegerField()
    user_id = models.UUIDField(null=True)
    key_id = models.UUIDField(null=True)
    source = models.CharField(max_length=10)
    address = models.CharField(max_length=45, blank=True, default="")
    agent = models.CharField(max_length=120, blank=True, default="")
    request_id = models.CharField(max_length=64, blank=True, default="")
    request_text = models.TextField(blank=True, default="")
    response_text = models.TextField(blank=True, default="")

    class Meta:
        indexes = [
            models.Index(fields=["organization", "request_id"], name="calls_of_request"),
        ]

    def __str__(self) -> str:
        return f"{self.method} {self.path}: {self.status}"
