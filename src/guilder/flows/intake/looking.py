"""Looking into a file that came from outside; `in_child` runs in the limited process only."""

from __future__ import annotations

from dataclasses import asdict, replace
from functools import cache
from typing import Any

import pypdfium2

from guilder.flows.intake import calc
from guilder.foundation.edges.child import ChildDied, ChildTimedOut, JobFailed, Limits, Pool
from guilder.kernel import canonical
from guilder.kernel.document import Document
from guilder.kernel.errors import Invalid, Problem
from guilder.papers.exchange import check, leeway
from guilder.papers.exchange.formats.pdf import PdfWithoutXml
from guilder.papers.exchange.formats.record import Reading
from guilder.papers.exchange.reading import read_all

LIMITS = Limits(cpu_seconds=20, wall_seconds=25, file_bytes=32 << 20, result_bytes=64 << 20)
MOST_PAGES = 30
MOST_TEXT = 200_000  # characters
PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"RIFF", b"II*\x00", b"MM\x00*")


class NotTaken(Invalid):
    """The file is nothing that can be taken in; `problems` say why."""

    code = "document.not_taken"


class TooHard(Invalid):
    """Looking into the file took more time or memory than any paper needs."""

    code = "document.too_hard"


def look_into(data: bytes, *, name: str) -> list[dict[str, Any]]:
    """Each paper in a file; none where it is for people only.

    Raises NotTaken, TooHard, and ChildBusy when every process is at work.
    """
    try:
        found = pool().call({"data": data, "name": name})
    except (ChildTimedOut, ChildDied):
        raise TooHard("This file is too large or too deep to be read. Ask for another.") from None
    except JobFailed as error:
        raise NotTaken(f"This file cannot be read ({error.kind}). Ask for it again.") from None
    if found["problems"]:
        raise NotTaken(problems=[Problem(**one) for one in found["problems"]])
    return found["papers"]


@cache
def pool() -> Pool:
    """The process of this program, started with its first file."""
    return Pool("guilder.flows.intake.looking:in_child", size=1, limits=LIMITS)


def in_child(job: dict[str, Any]) -> dict[str, Any]:
    """What the child does: {"papers", "problems"} as plain data."""
    data: bytes = job["data"]
    if data.startswith(PICTURES):
        return {"papers": [], "problems": []}
    try:
        readings = read_all(data, job["name"])
    except PdfWithoutXml:
        return {"papers": [], "problems": []}
    except Invalid as error:
        problems = error.problems or (Problem("", error.code, error.detail),)
        return {"papers": [], "problems": [asdict(one) for one in problems]}
    text = text_of(data) if b"%PDF-" in data[:1024] else ""
    return {"papers": [told(one, text) for one in readings], "problems": []}


def told(reading: Reading, text: str) -> dict[str, Any]:
    """One paper: the document with its sums, what contradicts them, and what is doubtful."""
    verdict = check.verdict(reading)
    document, faults = check.completed(leeway.settled(reading))
    if document is not None:
        document, _ = leeway.as_stated(document, reading)
    shown = document or reading.document
    stated = reading.stated
    unlike = calc.disagreements(shown, text, due=stated.due, gross=stated.gross)
    due = document.totals.due if document is not None and document.totals is not None else None
    return {
        "format": reading.format,
        "profile": reading.profile,
        "document": canonical.to_dict(without_content(shown)),
        "is_whole": document is not None and not faults,
        "due": None if due is None else due.minor,
        "stated": verdict.stated,
        "problems": [asdict(one) for one in verdict.problems],
        "remarks": [asdict(one) for one in verdict.remarks],
        "doubts": [one.as_plain() for one in unlike],
    }


def without_content(document: Document) -> Document:
    """The paper without the bytes of what is enclosed: those stay in the file."""
    bare = tuple(replace(one, content=None) for one in document.attachments)
    return replace(document, attachments=bare)


def text_of(data: bytes) -> str:
    """The text layer of the first pages; nothing where the PDF cannot be opened."""
    parts: list[str] = []
    size = 0
    try:
        with pypdfium2.PdfDocument(data) as pdf:
            for page in list(range(len(pdf)))[:MOST_PAGES]:
                parts.append(pdf[page].get_textpage().get_text_range())
                size += len(parts[-1])
                if size > MOST_TEXT:
                    break
    except pypdfium2.PdfiumError:
        return ""
    return "\n".join(parts)[:MOST_TEXT]
