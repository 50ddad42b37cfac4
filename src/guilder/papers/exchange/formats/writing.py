"""Writing a paper in any format."""

from __future__ import annotations

from collections.abc import Callable

from guilder.kernel.document import Document
from guilder.kernel.totals import calculate
from guilder.papers.exchange.formats import csv_writing, fatturapa, json, ksef
from guilder.papers.exchange.formats.cii import writing as cii
from guilder.papers.exchange.formats.prepared import prepared
from guilder.papers.exchange.formats.targets import Syntax, Target, target_of
from guilder.papers.exchange.formats.ubl import writing as ubl

Writer = Callable[[Document, Target], bytes]
WRITERS: dict[Syntax, Writer] = {
    "ubl": ubl.write,
    "cii": cii.write,
    "fatturapa": fatturapa.write,
    "ksef": ksef.write,
    "json": json.write,
    "csv": csv_writing.write,
}


def write(document: Document, name: str) -> bytes:
    """`document` in the format `name`.

    Raises UnknownFormat, NotAnInvoice, NoLines, NotWritable, ProfileTooNarrow and
    totals.Incalculable.
    """
    target = target_of(name)
    return write_ready(ready(document, target), target)


def ready(document: Document, target: Target) -> Document:
    """`document` as `write_ready` takes it: our own shape keeps all as it is."""
    if target.syntax == "json":
        return document if document.totals is not None else calculate(document)
    return prepared(document)


def write_ready(document: Document, target: Target) -> bytes:
    """`document`, which is ready, in the format `target`."""
    return WRITERS[target.syntax](document, target)
