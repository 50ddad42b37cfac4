"""The round-trip report: what of a paper a format carries, found by writing it and reading it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from guilder.kernel.canonical.writing import decimal_text
from guilder.kernel.document import Document
from guilder.papers.exchange.formats import json
from guilder.papers.exchange.formats.codes import note_text
from guilder.papers.exchange.formats.record import Reading
from guilder.papers.exchange.formats.targets import Target, target_of
from guilder.papers.exchange.formats.terms import Leaves, leaves, pattern_of, term_of
from guilder.papers.exchange.formats.writing import ready, write_ready
from guilder.papers.exchange.reading import read

Change = Literal["lost", "changed", "added"]
LONGEST = 120


@dataclass(frozen=True, slots=True)
class Difference:
    """One value that does not come back as it went.

    `term` is the business term of EN 16931, "" for a field of our own; `place` points into the
    document; `read` is what a reader finds instead, "" where it finds nothing.
    """

    change: Change
    term: str
    place: str
    value: str
    read: str = ""


@dataclass(frozen=True, slots=True)
class Written:
    """A file, and what is not in it as the paper says it."""

    target: Target
    data: bytes
    differences: tuple[Difference, ...]

    @property
    def losses(self) -> tuple[Difference, ...]:
        """What is lost or changed; what was added takes nothing away."""
        return tuple(one for one in self.differences if one.change != "added")


def written(document: Document, name: str) -> Written:
    """`document` in the format `name`, with the report. Raises as `formats.writing.write` does."""
    target = target_of(name)
    complete = ready(document, target)
    data = write_ready(complete, target)
    return Written(target, data, differences(document, complete, read(data)))


def differences(document: Document, complete: Document, reading: Reading) -> tuple[Difference, ...]:
    """What `reading` says otherwise than `complete`, the prepared form of `document`."""
    ours, theirs = leaves(json.of_document(complete)), leaves(reading)
    if _notes(complete) == _notes(reading.document):  # Peppol has room for one, which has them all
        ours, theirs = _without_notes(ours), _without_notes(theirs)
    found: list[Difference] = []
    for place, value in ours.items():
        read_back = theirs.get(place, "")
        if read_back != value:
            change: Change = "changed" if read_back else "lost"
            found.append(_difference(change, place, value, read_back))
    for place, value in theirs.items():
        if place not in ours:
            found.append(_difference("added", place, "", value))
    for index, line in enumerate(document.lines):
        if line.price.tax_inclusive and not complete.lines[index].price.tax_inclusive:
            place = f"/lines/{index}/price/tax_inclusive"
            now = decimal_text(complete.lines[index].price.amount)
            typed = decimal_text(line.price.amount)
            found.append(Difference("changed", "", place, typed, now))
    return tuple(found)


def _notes(document: Document) -> str:
    return "\n".join(note_text(note) for note in document.notes)


def _without_notes(found: Leaves) -> Leaves:
    return {place: text for place, text in found.items() if not place.startswith("/notes/")}


def _difference(change: Change, place: str, value: str, read_back: str) -> Difference:
    term = term_of(pattern_of(place))
    return Difference(change, term, place, _short(value), _short(read_back))


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
