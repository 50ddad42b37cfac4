"""How a table of checks is written."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from guilder.kernel.document import Document, Tax

Places = Iterator[str]
Check = Callable[[Document], Places]


class Taxed(NamedTuple):
    """A tax, what it is of (line, allowance, charge), and where it stands."""

    level: str
    tax: Tax
    pointer: str


def taxed(document: Document) -> Iterator[Taxed]:
    """Every tax of the paper."""
    for index, line in enumerate(document.lines):
        yield Taxed("line", line.tax, f"/lines/{index}/tax")
    for index, one in enumerate(document.allowances):
        if one.tax is not None:
            yield Taxed("allowance", one.tax, f"/allowances/{index}/tax")
    for index, one in enumerate(document.charges):
        if one.tax is not None:
            yield Taxed("charge", one.tax, f"/charges/{index}/tax")


def where(wrong: bool, pointer: str) -> Places:
    """The one place, if something is wrong there."""
    if wrong:
        yield pointer
