"""Proving one frozen paper: each thing that can be wrong with it is seen, and a right one passes."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from hashlib import sha256
from typing import Any
from uuid import UUID

import pytest

from guilder.kernel.canonical import GENESIS, canonical_bytes, chain_hash
from guilder.kernel.document import Document
from guilder.kernel.totals import calculate
from guilder.office.backup.calc import TOTALS, PaperProver, StoredPaper, rate_of, sum_faults
from tests.kernel.papers import REDUCED, eur, line, paper

ON = date(2026, 11, 20)


def done(*, on: date = ON) -> Document:
    """A calculated paper over two rates."""
    return calculate(replace(paper(line(), line(id="2", tax=REDUCED)), issued_on=on))


def stored(
    document: Document,
    *,
    number: str = "INV-1",
    previous: bytes = GENESIS,
    content: bytes | None = None,
    **changes: Any,
) -> StoredPaper:
    """`document` as an honest database would hold it."""
    raw = canonical_bytes(document) if content is None else content
    content_hash = sha256(raw).digest()
    link = chain_hash(
        previous, series="INV", number=number, issued_on=ON, content_hash=content_hash
    )
    totals = document.totals
    row = {
        "kind": document.kind.value,
        "currency": document.currency,
        "issued_on": document.issued_on,
        "due_on": document.due_on,
        "payable_amount": totals.due.minor if totals else 0,
        **{column: getattr(totals, name).minor if totals else 0 for name, column in TOTALS},
    }
    honest = StoredPaper(
        organization_id=UUID(int=1),
        id=UUID(int=2),
        series_id=UUID(int=3),
        series_code="INV",
        period="2026",
        number=number,
        issued_on=ON,
        document=raw,
        content_hash=content_hash,
        previous_hash=previous,
        chain_hash=link,
        head=link,
        row=row,
        lines=tuple(
            (one.net.minor, one.quantity, one.price.amount, one.tax.category, one.tax.rate)
            if one.net is not None
            else ()
            for one in document.lines
        ),
        taxes=tuple(
            (one.taxable.minor, one.tax.minor, one.category, one.rate) for one in document.taxes
        ),
    )
    return replace(honest, **changes)


def broken(*papers: StoredPaper) -> set[str]:
    """The invariants that a run over `papers` finds broken."""
    prover = PaperProver()
    found = {name for one in papers for name, _ in prover.faults(one)}
    return found | {name for name, _ in prover.head_faults(prover.before)}


def test_honest_papers_hold():
    first = stored(done())
    second = stored(done(), number="INV-2", previous=first.chain_hash or b"")
    other = replace(second, series_id=UUID(int=9), previous_hash=GENESIS)
    other = stored(done(), number="X-1", series_id=UUID(int=9))

    assert broken(replace(first, head=second.head), second, other) == set()


def test_history_stands_outside_the_chain():
    old = stored(done(), series_id=None, previous_hash=None, chain_hash=None)

    assert broken(old) == set()


@pytest.mark.parametrize(
    ("paper", "invariant"),
    [
        (stored(done(), content_hash=bytes(32)), "INV-N4"),
        (stored(done(), content=b"{}"), "INV-N4"),
        (stored(done(), content=b"no JSON"), "INV-N4"),
        (stored(done(), chain_hash=bytes(32)), "INV-N5"),
        (stored(done(), previous=bytes([1]) * 32), "INV-N5"),
        (stored(done(), head=bytes(32)), "INV-N5"),
        (stored(replace(done(), totals=None, taxes=())), "INV-R6"),
        (stored(done(), lines=()), "INV-R6"),
        (stored(done(), taxes=()), "INV-R6"),
    ],
    ids=["other bytes", "no paper", "no JSON", "link", "before", "head", "no totals", "lines",
         "taxes"],
)  # fmt: skip
def test_what_is_wrong_is_named(paper: StoredPaper, invariant: str):
    assert invariant in broken(paper)


def test_a_column_that_says_something_else_is_named():
    paper = stored(done())
    row = {**(paper.row or {}), "net_amount": 1}

    assert broken(replace(paper, row=row)) == {"INV-R6"}


def test_each_sum_is_proved_by_itself():
    right = done()
    line_moved = replace(right.lines[0], net=eur("99.00"))
    tax_moved = replace(right.taxes[0], tax=eur("1.00"))
    assert right.totals is not None

    def faults(document: Document) -> set[str]:
        return {name for name, _ in sum_faults(document, "INV-1")}

    assert faults(right) == set()
    assert faults(replace(right, lines=(line_moved, right.lines[1]))) == {"INV-R1"}
    assert faults(replace(right, taxes=(tax_moved, *right.taxes[1:]))) == {"INV-R2"}
    assert faults(replace(right, totals=replace(right.totals, due=eur("1.00")))) == {"INV-R3"}
    no_sum = replace(right.lines[0], price=replace(right.lines[0].price, base_quantity=Decimal(0)))
    assert faults(replace(right, lines=(no_sum,))) == {"INV-R1"}


def test_no_rate_is_compared_as_nothing():
    assert rate_of(None) == rate_of(Decimal("0.00"))


def test_a_paper_without_its_row_is_proved_by_itself():
    assert broken(stored(done(), row=None)) == set()
