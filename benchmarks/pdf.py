"""A ten-line invoice as PDF: our whole way against bare typst on the same template and data.

Ours formats every figure, makes the payment code, and crosses into the limited process and back.
The reference is `typst.Compiler.compile` alone, in this very process, with the finished data.
Each document has a number of its own; runs alternate.
"""

import json
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal

import typst

from benchmarks.record import Result, result
from guilder.kernel.document import (
    Address,
    CreditTransfer,
    Document,
    Item,
    Kind,
    Line,
    Party,
    PaymentMeans,
    Price,
    Tax,
)
from guilder.kernel.totals import calculate
from guilder.papers.rendering import printing
from guilder.papers.rendering.data import template_data
from guilder.papers.rendering.glyphs import font_folders
from guilder.papers.rendering.look import Look
from guilder.papers.rendering.render import template

RUNS = 60
LINES = 10
STYLE = "meridian"


def measure() -> list[Result]:
    """One record: the median of pairs."""
    compiler, source = bare_compiler(), template(STYLE)
    look = Look(style=STYLE)
    ours: list[float] = []
    reference: list[float] = []
    for run in range(-5, RUNS):
        document = paper(f"INV-2026-{run + 5:05}")
        other = json.dumps(template_data(replace(document, number=f"REF-{run + 5:05}"), look))
        mine = timed(lambda d=document: printing.render_pdf(d, look=look))
        bare = timed(lambda s=other: compile_bare(compiler, source, s))
        if run >= 0:
            ours.append(mine)
            reference.append(bare)
    return [
        result(
            "pdf.ten_lines",
            ours=ours,
            reference=reference,
            reference_is="typst alone, same template and data, no process between",
            target="≤ 1.5",
        )
    ]


def timed(work: Callable[[], bytes]) -> float:
    """Milliseconds that `work` takes; it must give a PDF."""
    begun = time.perf_counter()
    made = work()
    taken = (time.perf_counter() - begun) * 1000
    assert made.startswith(b"%PDF")
    return taken


def bare_compiler() -> typst.Compiler:
    """Typst with our fonts and an empty folder."""
    fonts = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=font_folders()
    )
    return typst.Compiler(root=tempfile.mkdtemp(), font_paths=fonts)


def compile_bare(compiler: typst.Compiler, source: bytes, data: str) -> bytes:
    """The PDF, with the same standards."""
    made = compiler.compile(
        source,
        format="pdf",
        sys_inputs={"data": data, "logo": ""},
        pdf_standards=["a-3a", "ua-1"],
        timestamp=0,
    )
    assert isinstance(made, bytes)
    return made


def paper(number: str) -> Document:
    """A ten-line invoice in euro with a bank account, so with a payment code."""
    place = Address(line1="Speicherstrasse 14", postal_code="20457", city="Hamburg", country="DE")
    account = CreditTransfer(account="DE89370400440532013000", bank="COBADEFFXXX")
    return calculate(
        Document(
            kind=Kind.INVOICE,
            currency="EUR",
            number=number,
            issued_on=date(2026, 11, 21),
            due_on=date(2026, 12, 21),
            language="en",
            seller=Party(name="Northlight Studio GmbH", vat_id="DE123456789", address=place),
            buyer=Party(name="Hotel Alpenglühn AG", address=place),
            lines=tuple(line(i) for i in range(LINES)),
            payment=(PaymentMeans(code="58", transfers=(account,)),),
        )
    )


def line(number: int) -> Line:
    """One of the lines."""
    return Line(
        id=str(number + 1),
        item=Item(name=f"Pendant {number}, hand-blown", description="Smoke grey, dimmable"),
        quantity=Decimal(number + 1),
        unit="H87",
        price=Price(amount=Decimal("412.50")),
        tax=Tax(category="S", rate=Decimal(7 if number % 4 == 0 else 19)),
    )
