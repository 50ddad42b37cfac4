"""Writing a paper in any format."""

from __future__ import annotations

from collections.abc import Callable

from guilder.kernel.document import Document
from guilder.papers.exchange.formats.cii import writing as cii
from guilder.papers.exchange.formats.prepared import prepared
from guilder.papers.exchange.formats.targets import Syntax, Target, target_of
from guilder.papers.exchange.formats.ubl import writing as ubl

Writer = Callable[[Document, Target], bytes]
WRITERS: dict[Syntax, Writer] = {"ubl": ubl.write, "cii": cii.write}


def write(document: Document, name: str) -> bytes:
    """`document` in the format `name`.

    Raises UnknownFormat, NotAnInvoice, NoLines, NotWritable and totals.Incalculable.
    """
    target = target_of(name)
    return write_prepared(prepared(document), target)


def write_prepared(document: Document, target: Target) -> bytes:
    """`document`, which is prepared, in the format `target`."""
    return WRITERS[target.syntax](document, target)
