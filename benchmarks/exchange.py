"""E-invoices out: ten lines, how ten thousand compare with ten, and a hybrid PDF with a plain one.

All in this process but the typesetter, which is the limited process of every PDF.
"""

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

from benchmarks.pdf import paper
from benchmarks.record import Result, result
from guilder.kernel.document import Document
from guilder.kernel.totals import calculate
from guilder.papers.exchange.formats.targets import TARGETS
from guilder.papers.exchange.formats.writing import write
from guilder.papers.rendering import printing
from guilder.papers.rendering.hybrid import Enclosure, enclose

RUNS, LONG_RUNS, PRINTED = 200, 5, 40
LONG, SHORT = 10_000, 10
LIMIT = 2.0  # milliseconds
AT = datetime(2026, 3, 1, tzinfo=UTC)
FACTURX = TARGETS["facturx"]


def measure() -> list[Result]:
    """Writing in both syntaxes, how it grows, and the hybrid PDF."""
    return [*(ten_lines(name) for name in ("ubl", "cii")), growing(), hybrid()]


def ten_lines(name: str) -> Result:
    """One invoice of ten lines, complete as an issued one is."""
    document = lines_of(SHORT)
    ours = [timed(lambda: write(document, name)) for _ in range(RUNS)]
    return result(
        f"exchange.write_{name}",
        ours=ours,
        reference=[LIMIT] * RUNS,
        reference_is="two milliseconds",
        target="≤ 1",
    )


def growing() -> Result:
    """What a line costs among ten thousand and among ten: the same."""
    short, long = lines_of(SHORT), lines_of(LONG)
    ours = [timed(lambda: write(long, "ubl")) / LONG for _ in range(LONG_RUNS)]
    few = [
        sum(timed(lambda: write(short, "ubl")) for _ in range(50)) / 50 / SHORT
        for _ in range(LONG_RUNS)
    ]
    return result(
        "exchange.line_of_ten_thousand",
        ours=ours,
        reference=few,
        reference_is="a line among ten, its share of the head included",
        target="≤ 1.5",
    )


def hybrid() -> Result:
    """Rendered, written and enclosed, against rendered; runs alternate."""
    whole: list[float] = []
    plain: list[float] = []
    for run in range(-5, PRINTED):
        document = paper(f"INV-2026-{run + 5:05}")
        other = paper(f"REF-2026-{run + 5:05}")
        mine = timed(lambda d=document: hybrid_of(d))
        bare = timed(lambda d=other: printing.render_pdf(d))
        if run >= 0:
            whole.append(mine)
            plain.append(bare)
    return result(
        "exchange.hybrid_pdf",
        ours=whole,
        reference=plain,
        reference_is="the same PDF without the e-invoice",
        target="≤ 1.3",
    )


def hybrid_of(document: Document) -> bytes:
    """A PDF with its e-invoice inside."""
    enclosure = Enclosure(
        xml=write(document, FACTURX.name), filename=FACTURX.attachment, profile=FACTURX.profile
    )
    return enclose(printing.render_pdf(document), enclosure, at=AT)


def lines_of(count: int) -> Document:
    """A complete paper of so many lines."""
    line = paper("INV-1").lines[0]
    lines = tuple(
        replace(line, id=str(index), quantity=Decimal(index % 9 + 1), net=None)
        for index in range(1, count + 1)
    )
    return calculate(replace(paper("INV-1"), lines=lines, taxes=(), totals=None))


def timed(work: Callable[[], bytes]) -> float:
    """Milliseconds that `work` takes; it must give something."""
    begun = time.perf_counter()
    made = work()
    taken = (time.perf_counter() - begun) * 1000
    assert made
    return taken
