"""Proving one frozen paper: its hash, its link in the chain, its sums, and what its row says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from hashlib import sha256
from typing import Any
from uuid import UUID

import msgspec

from guilder.kernel.canonical import GENESIS, chain_hash, from_dict
from guilder.kernel.document import Document
from guilder.kernel.errors import GuilderError
from guilder.kernel.totals import calculate

PAPERS = (
    ("INV-N4", "The content hash of every issued document is that of its paper"),
    ("INV-N5", "The hash chain of every series is unbroken, and its head is the counter's"),
    ("INV-R1", "Every line net is quantity × price less allowances, plus charges, rounded once"),
    ("INV-R2", "Every tax row is the sum of its lines and its rate of it (BR-CO-17)"),
    ("INV-R3", "Every total is the sum of its parts, to the cent (BR-CO-10 to BR-CO-16)"),
    ("INV-R6", "The columns of an issued document, its lines and taxes say what its paper says"),
)
TOTALS = (
    ("line_net", "line_net_amount"),
    ("allowances", "allowances_amount"),
    ("charges", "charges_amount"),
    ("net", "net_amount"),
    ("tax", "tax_amount"),
    ("gross", "gross_amount"),
    ("prepaid", "prepaid_amount"),
    ("rounding", "rounding_amount"),
    ("due", "due_amount"),
)


@dataclass(frozen=True, slots=True)
class Breach:
    """A row that breaks an invariant."""

    invariant: str
    organization_id: UUID | None
    row_id: UUID | None
    fault: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredPaper:
    """An issued document as it stands in the database, with what its row says."""

    organization_id: UUID
    id: UUID
    series_id: UUID | None
    series_code: str
    period: str
    number: str
    issued_on: date
    document: bytes
    content_hash: bytes
    previous_hash: bytes | None
    chain_hash: bytes | None
    head: bytes | None  # the counter's chain hash
    row: Mapping[str, Any] | None  # columns of the invoice
    lines: tuple[tuple[Any, ...], ...]  # net, quantity, price, category, rate by position
    taxes: tuple[tuple[Any, ...], ...]  # taxable, tax, category, rate by position


class PaperProver:
    """Takes the papers in the order of organization, series, period and sequence."""

    def __init__(self) -> None:
        self.before: StoredPaper | None = None
        self.link_held = True

    def faults(self, paper: StoredPaper) -> Iterator[tuple[str, str]]:
        """(invariant, what is wrong) of one paper. A paper that is not the one that was hashed is
        not looked into any further."""
        is_whole = sha256(paper.document).digest() == paper.content_hash
        yield from self.chain_faults(paper, is_whole=is_whole)
        if not is_whole:
            yield "INV-N4", f"{paper.number}: the paper is not the one that was hashed"
            return
        try:
            document = from_dict(msgspec.json.decode(paper.document))
        except (GuilderError, msgspec.DecodeError):
            yield "INV-N4", f"{paper.number}: the paper cannot be read"
            return
        yield from sum_faults(document, paper.number)
        if paper.row is not None:
            yield from row_faults(document, paper)

    def chain_faults(self, paper: StoredPaper, *, is_whole: bool) -> Iterator[tuple[str, str]]:
        """Whether the link holds, and follows the one before."""
        before, self.before = self.before, paper
        if paper.series_id is None or paper.previous_hash is None or paper.chain_hash is None:
            return
        same = before is not None and place(before) == place(paper)
        if before is not None and not same:
            yield from self.head_faults(before)
        found = chain_hash(
            paper.previous_hash,
            series=paper.series_code,
            number=paper.number,
            issued_on=paper.issued_on,
            content_hash=paper.content_hash,
        )
        follows = before.chain_hash if same and before is not None else GENESIS
        held, self.link_held = self.link_held or not same, found == paper.chain_hash
        if found != paper.chain_hash:
            if is_whole:
                yield "INV-N5", f"{paper.number}: its link is not made of what it links"
        elif held and paper.previous_hash != follows:
            yield "INV-N5", f"{paper.number}: it is not linked to the document before it"

    def head_faults(self, last: StoredPaper | None) -> Iterator[tuple[str, str]]:
        """Whether the counter knows the last link of a series; call it for the last paper too."""
        if last is None or last.series_id is None or not self.link_held:
            return
        if last.head is not None and last.head != last.chain_hash:
            yield "INV-N5", f"{last.number}: the counter has another head of the chain"


def place(paper: StoredPaper) -> tuple[UUID, UUID | None, str]:
    """Which chain a paper belongs to."""
    return paper.organization_id, paper.series_id, paper.period


def sum_faults(document: Document, number: str) -> Iterator[tuple[str, str]]:
    """What a paper states, against what its lines give when nothing that it states comes in."""
    bare = replace(
        document,
        lines=tuple(replace(line, net=None) for line in document.lines),
        taxes=(),
        totals=None,
    )
    try:
        computed = calculate(bare)
    except GuilderError as error:
        yield "INV-R1", f"{number}: its lines cannot be summed up: {error.detail}"
        return
    for stated, line in zip(document.lines, computed.lines, strict=True):
        if stated.net != line.net:
            yield "INV-R1", f"{number}, line {line.id}: states {stated.net}, gives {line.net}"
    if document.taxes != computed.taxes:
        yield "INV-R2", f"{number}: the tax rows are not those of its lines"
    if document.totals != computed.totals:
        yield "INV-R3", f"{number}: the totals are not those of its lines"


def row_faults(document: Document, paper: StoredPaper) -> Iterator[tuple[str, str]]:
    """Where the columns of the invoice and its parts say something else than the paper."""
    row, totals = paper.row or {}, document.totals
    if totals is None:
        yield "INV-R6", f"{paper.number}: the paper has no totals"
        return
    payable = totals.due if totals.receivable is None else totals.receivable
    said: dict[str, Any] = {
        "kind": document.kind.value,
        "currency": document.currency,
        "issued_on": document.issued_on,
        "due_on": document.due_on,
        "payable_amount": payable.minor,
        **{column: getattr(totals, name).minor for name, column in TOTALS},
    }
    wrong = [name for name, value in said.items() if row[name] != value]
    if wrong:
        yield "INV-R6", f"{paper.number}: {', '.join(wrong)} differ from the paper"
    lines = tuple(
        (net.minor if (net := line.net) is not None else None, line.quantity, line.price.amount,
         line.tax.category, rate_of(line.tax.rate))
        for line in document.lines
    )  # fmt: skip
    if lines != tuple((*one[:4], rate_of(one[4])) for one in paper.lines):
        yield "INV-R6", f"{paper.number}: its lines differ from the paper"
    taxes = tuple(
        (one.taxable.minor, one.tax.minor, one.category, rate_of(one.rate))
        for one in document.taxes
    )
    if taxes != tuple((*one[:3], rate_of(one[3])) for one in paper.taxes):
        yield "INV-R6", f"{paper.number}: its tax rows differ from the paper"


def rate_of(rate: Decimal | None) -> Decimal:
    """A rate for comparison: none is nothing."""
    return rate or Decimal(0)
