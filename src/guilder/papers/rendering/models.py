"""How an organization's papers look, as it was chosen."""

from typing import TYPE_CHECKING
from uuid import UUID

from django.db import models

from guilder.foundation.tenancy.models import OrganizationModel, reference


class Style(OrganizationModel):
    """The organization's look: design, colours, paper, texts and logo (look.Look)."""

    style = models.CharField(max_length=20, default="meridian")
    color = models.CharField(max_length=7, default="#0e5a4a")
    accent = models.CharField(max_length=7, default="#f2b84b")
    paper = models.CharField(max_length=10, default="a4")
    header = models.TextField(blank=True, default="")
    intro = models.TextField(blank=True, default="")
    closing = models.TextField(blank=True, default="")
    footer = models.TextField(blank=True, default="")
    payment_code = models.BooleanField(default=True)
    tax_code = models.BooleanField(default=False)
    logo = reference("files.StoredFile", null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    if TYPE_CHECKING:
        logo_id: UUID | None

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization"], name="one_style"),
        ]

    def __str__(self) -> str:
        return self.style


class PrintedPaper(OrganizationModel):
    """The one PDF of an issued paper: its first rendering, served for ever. Append-only.

    `subject_id` is the invoice or quote; this room does not know their tables.
    """

    app_may = ("SELECT", "INSERT")

    subject_id = models.UUIDField()
    file = reference("files.StoredFile")
    printed_at = models.DateTimeField()

    if TYPE_CHECKING:
        file_id: UUID

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "subject_id"], name="printed_once"),
        ]

    def __str__(self) -> str:
        return str(self.subject_id)
