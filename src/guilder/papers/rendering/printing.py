"""One paper to PDF or picture, with nothing stored and no table known."""

import io
from datetime import UTC, datetime, time
from typing import Any

import msgspec
import pikepdf

from guilder.kernel.document import Document
from guilder.kernel.errors import NotFound
from guilder.kernel.totals import calculate
from guilder.papers.rendering.data import template_data
from guilder.papers.rendering.look import Look, check_look, logo_type
from guilder.papers.rendering.press import press
from guilder.papers.rendering.taxcodes import TaxCode

UNDATED = datetime(2000, 1, 1, tzinfo=UTC)


class NoSuchPage(NotFound):
    """The paper has fewer pages than that."""

    code = "rendering.no_such_page"


def render_pdf(
    document: Document, *, look: Look | None = None, tax_code: TaxCode | None = None
) -> bytes:
    """The paper as PDF/A-3a and PDF/UA-1. The same document, look and code of a tax office give
    the same bytes.

    Its creation date is the issue date. Raises LookUnusable, RenderFailed, totals.Incalculable,
    or an Unavailable when the typesetter was stopped at a limit.
    """
    return press(_job(document, look or Look(), tax_code) | {"format": "pdf"})[0]


def render_png(
    document: Document, *, look: Look | None = None, page: int = 1, ppi: int = 110
) -> bytes:
    """Page `page` (from 1) as PNG with `ppi` pixels per inch; raises as `render_pdf` does, and
    NoSuchPage."""
    pages = render_pages(document, look=look, ppi=ppi)
    if not 1 <= page <= len(pages):
        raise NoSuchPage(f"The paper has {len(pages)} pages. Ask for one of them.")
    return pages[page - 1]


def render_pages(document: Document, *, look: Look | None = None, ppi: int = 110) -> list[bytes]:
    """Every page as PNG, as `render_png` makes one."""
    return press(_job(document, look or Look()) | {"format": "png", "ppi": ppi})


def page_count(pdf: bytes) -> int:
    """How many pages a rendered PDF has."""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        return len(opened.pages)


def _job(document: Document, look: Look, tax_code: TaxCode | None = None) -> dict[str, Any]:
    check_look(look)
    complete = document if document.totals is not None else calculate(document)
    issued_on = complete.issued_on
    at = datetime.combine(issued_on, time(), tzinfo=UTC) if issued_on else UNDATED
    return {
        "style": look.style,
        "data": msgspec.json.encode(template_data(complete, look, tax_code=tax_code)).decode(),
        "logo": look.logo,
        "logo_type": logo_type(look.logo),
        "timestamp": int(at.timestamp()),
    }
