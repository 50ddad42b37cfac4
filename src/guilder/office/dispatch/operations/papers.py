"""The PDF of a paper: printed once after issue, the same bytes for ever; a draft's made anew."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from guilder.books.invoicing import queries as invoicing
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.kernel.document import Document
from guilder.papers.rendering import operations as rendering
from guilder.papers.rendering import queries as looks


@dataclass(frozen=True, slots=True)
class Printed:
    """A PDF and the name it is saved under."""

    pdf: bytes
    filename: str


def print_paper(paper_id: UUID, *, by: Actor, at: datetime, is_quote: bool = False) -> Printed:
    """The PDF of an invoice (or its kin) or quote; NoSuchInvoice, NoSuchQuote, RenderFailed.

    Rendering takes tens of milliseconds: call it outside transactions.
    """
    with transaction(by.organization_id):
        if is_quote:
            document = invoicing.get_quote_document(paper_id, by=by)
        else:
            document = invoicing.get_document(paper_id, by=by, at=at)
        kept = looks.printed(paper_id, by=by) if document.number else None
        look = looks.look_of(by=by)
    name = filename_of(document)
    if kept is not None:
        return Printed(kept, name)
    code = None
    if look.tax_code and document.number and not is_quote:
        issued_at, rate = invoicing.issue_of(paper_id, by=by)
        code = rendering.tax_code_of(document, issued_at=issued_at, rate=rate)
    pdf = rendering.render_pdf(document, look=look, tax_code=code)
    if document.number:
        pdf = rendering.keep_printed(paper_id, pdf, by=by, filename=name, at=at)
    return Printed(pdf, name)


def filename_of(document: Document) -> str:
    """`INV-2026-00001.pdf`; what file systems dislike becomes an underscore."""
    stem = document.number or f"{document.kind.value}-draft"
    return "".join(c if c.isalnum() or c in "-_." else "_" for c in stem) + ".pdf"
