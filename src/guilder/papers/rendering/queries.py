"""Reading an organization's look, and papers that were printed before."""

from uuid import UUID

from guilder.foundation.files import queries as files
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.papers.rendering.look import Look
from guilder.papers.rendering.models import PrintedPaper, Style

TEXTS = ("style", "color", "accent", "paper", "header", "intro", "closing", "footer")


def style_of(organization_id: UUID) -> Style | None:
    """The stored look; None until somebody chose one."""
    return Style.objects.of(organization_id).first()


def look_of(*, by: Actor) -> Look:
    """The organization's look, the default one until somebody chose."""
    with transaction(by.organization_id):
        style = style_of(by.organization_id)
        if style is None:
            return Look()
        logo = files.read(style.logo_id, by=by) if style.logo_id else b""
        return Look(
            **{name: getattr(style, name) for name in TEXTS},
            payment_code=style.payment_code,
            tax_code=style.tax_code,
            logo=logo,
        )


def printed(subject_id: UUID, *, by: Actor) -> bytes | None:
    """The PDF that was printed of an issued paper, None when none was yet."""
    with transaction(by.organization_id):
        row = PrintedPaper.objects.of(by.organization_id).filter(subject_id=subject_id).first()
        return files.read(row.file_id, by=by) if row else None
