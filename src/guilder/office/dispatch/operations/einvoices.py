"""An issued paper as an e-invoice, alone or inside its PDF, and what the format cannot carry."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from guilder.books.invoicing import queries as invoicing
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.kernel.document import Document
from guilder.kernel.errors import Conflict, Invalid
from guilder.office.dispatch.operations.papers import Printed, filename_of, print_paper
from guilder.papers.exchange.formats.targets import TARGETS, Target, target_of
from guilder.papers.exchange.formats.writing import write
from guilder.papers.exchange.roundtrip import Difference, written
from guilder.papers.rendering.hybrid import Enclosure, enclose


class NotIssued(Conflict):
    """A draft has no e-invoice: it has no number yet."""

    code = "exchange.not_issued"


class NoHybrid(Invalid):
    """The format does not stand inside a PDF."""

    code = "exchange.no_hybrid"


@dataclass(frozen=True, slots=True)
class EInvoice:
    """A file, the name it is saved under, and its media type."""

    data: bytes
    filename: str
    media_type: str


@dataclass(frozen=True, slots=True)
class Suitability:
    """How well one format fits one paper: what is lost, or why it cannot be written at all."""

    target: Target
    differences: tuple[Difference, ...] = ()
    refusal: str = ""
    losses: tuple[Difference, ...] = field(default=())


def write_einvoice(paper_id: UUID, *, by: Actor, at: datetime, name: str) -> EInvoice:
    """An issued paper in the format `name`.

    Raises NoSuchInvoice, NotIssued, UnknownFormat, and the refusals of the writers, all Invalid.
    """
    target = target_of(name)
    document = _issued(paper_id, by=by, at=at)
    data = write(document, name)
    stem = filename_of(document).removesuffix(".pdf")
    return EInvoice(data, f"{stem}{target.extension}", target.media_type)


def print_hybrid(paper_id: UUID, *, by: Actor, at: datetime, name: str) -> Printed:
    """The PDF of an issued paper with the e-invoice `name` inside; raises as `write_einvoice` does,
    NoHybrid, and RenderFailed. Call it outside transactions."""
    target = target_of(name)
    if not target.profile:
        raise NoHybrid(f"{target.title} does not stand inside a PDF. Choose a Factur-X profile.")
    document = _issued(paper_id, by=by, at=at)
    data = write(document, name)
    printed = print_paper(paper_id, by=by, at=at)
    enclosure = Enclosure(xml=data, filename=target.attachment, profile=target.profile)
    return Printed(enclose(printed.pdf, enclosure, at=at), printed.filename)


def suitability(paper_id: UUID, *, by: Actor, at: datetime, name: str) -> Suitability:
    """The round-trip report of a paper, draft or issued, in the format `name`.

    Raises NoSuchInvoice and UnknownFormat.
    """
    target = target_of(name)
    with transaction(by.organization_id):
        document = invoicing.get_document(paper_id, by=by, at=at)
    return _judged(document, target)


def suitabilities(paper_id: UUID, *, by: Actor, at: datetime) -> tuple[Suitability, ...]:
    """The round-trip report of a paper in every format. Raises NoSuchInvoice."""
    with transaction(by.organization_id):
        document = invoicing.get_document(paper_id, by=by, at=at)
    return tuple(_judged(document, target) for target in TARGETS.values())


def _judged(document: Document, target: Target) -> Suitability:
    try:
        found = written(document, target.name)
    except Invalid as error:
        problem = error.problems[0].detail if error.problems else error.detail
        return Suitability(target, refusal=problem)
    return Suitability(target, found.differences, losses=found.losses)


def _issued(paper_id: UUID, *, by: Actor, at: datetime) -> Document:
    with transaction(by.organization_id):
        document = invoicing.get_document(paper_id, by=by, at=at)
    if not document.number:
        raise NotIssued("A draft has no e-invoice. Issue it first.")
    return document
