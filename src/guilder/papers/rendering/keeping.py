"""Choosing a look, and keeping the first PDF of an issued paper."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from guilder.foundation.audit import operations as audit
from guilder.foundation.files import operations as files
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.kernel.errors import Stale
from guilder.kernel.wire import Wire
from guilder.papers.rendering.look import MAX_TEXT, PAPERS, STYLES, Look, check_look, logo_type
from guilder.papers.rendering.models import PrintedPaper, Style
from guilder.papers.rendering.queries import printed

LONG = ("header", "intro", "closing", "footer")
FIELDS = ("style", "color", "accent", "paper", "payment_code", "tax_code", *LONG)


def set_style(*, by: Actor, data: Mapping[str, Any], version: int | None = None) -> Style:
    """Change the look from raw values. Raises Invalid with every fault, LookUnusable, Stale."""
    by.require("settings.edit")
    wire = Wire(data)
    wire.known(FIELDS)
    columns: dict[str, Any] = {
        name: wire.text(name, most=MAX_TEXT, lines=True) for name in LONG if wire.has(name)
    }
    if wire.has("style"):
        columns["style"] = wire.choice("style", STYLES, required=True)
    if wire.has("paper"):
        columns["paper"] = wire.choice("paper", PAPERS, required=True)
    for name in ("color", "accent"):
        if wire.has(name):
            columns[name] = wire.text(name, most=7, required=True)
    for name in ("payment_code", "tax_code"):
        if wire.has(name):
            columns[name] = wire.flag(name)
    wire.done()
    check_look(Look(**columns))
    with transaction(by.organization_id):
        style = locked(by, version=version)
        before = {name: getattr(style, name) for name in columns}
        for name, value in columns.items():
            setattr(style, name, value)
        saved(style, by=by, action="style.update", before=before, after=columns)
        return style


def set_logo(*, by: Actor, data: bytes, filename: str) -> Style:
    """Put a logo (PNG, JPEG, GIF, WebP or SVG of at most 1 MiB) on the papers; b"" takes it away.

    Raises LookUnusable.
    """
    by.require("settings.edit")
    check_look(Look(logo=data))
    with transaction(by.organization_id):
        style = locked(by, version=None)
        style.logo = None
        if data:
            media_type = f"image/{logo_type(data)}".replace("jpg", "jpeg").replace("svg", "svg+xml")
            style.logo = files.store(data, by=by, filename=filename, media_type=media_type)
        saved(style, by=by, action="style.logo", before=None, after={"bytes": len(data)})
        return style


def locked(by: Actor, *, version: int | None) -> Style:
    """The organization's style under lock, made when there is none yet."""
    style = Style.objects.of(by.organization_id).lock().first()
    if style is None:
        style = Style.objects.create(organization_id=by.organization_id)
    if version is not None and version != style.version:
        raise Stale("The look was changed in the meantime. Read it again.")
    return style


def saved(style: Style, *, by: Actor, action: str, before: Any, after: dict[str, Any]) -> None:
    """Save with a new version, and audit."""
    style.version += 1
    style.save()
    audit.record(
        by=by,
        action=action,
        table="rendering_style",
        row_id=style.id,
        before=before,
        after=after,
    )


def keep_printed(subject_id: UUID, pdf: bytes, *, by: Actor, filename: str, at: datetime) -> bytes:
    """Keep the first PDF of an issued paper; the one that stands, which may be another's."""
    with transaction(by.organization_id):
        file = files.store(pdf, by=by, filename=filename, media_type="application/pdf")
        PrintedPaper.objects.bulk_create(
            [
                PrintedPaper(
                    organization_id=by.organization_id,
                    subject_id=subject_id,
                    file=file,
                    printed_at=at,
                )
            ],
            ignore_conflicts=True,
        )
    return printed(subject_id, by=by) or pdf
