"""Writing what an accountant takes away: the papers of a period in one archive."""

# ruff: noqa: S608 (our own text)

import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from guilder.foundation.tenancy.hot import cursor
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.kernel.errors import GuilderError
from guilder.kernel.period import Span
from guilder.office.reports.writing import write_csv, write_journal, write_pdf, write_xlsx
from guilder.registers.parties.queries import reach_of

__all__ = (
    "Written",
    "count_papers",
    "write_csv",
    "write_journal",
    "write_papers",
    "write_pdf",
    "write_xlsx",
)
AT_ONCE = 200
PAPERS = """
SELECT i.issued_on, i.id, i.number FROM invoicing_invoice i
WHERE i.organization_id = %(organization)s::uuid AND i.status = 'issued'
  AND i.issued_on BETWEEN %(from)s::date AND %(to)s::date
  AND guilder_sees(%(owner)s, %(drafts)s, i.created_by_id, i.partner_id, i.status)"""
SOME = f"{PAPERS} AND (i.issued_on, i.id) > (%(day)s::date, %(id)s::uuid) ORDER BY 1, 2 LIMIT %(n)s"
COUNT = f"SELECT count(*) FROM ({PAPERS}) AS papers"
# (name in the archive, bytes) of one document.
Printer = Callable[[UUID], tuple[str, bytes]]
# Called after each document with what went wrong with it ("" for nothing); False asks to stop.
Step = Callable[[str, str], bool]


@dataclass(frozen=True, slots=True)
class Written:
    """How an archive ended: its documents, those that could not be set, whether it was stopped."""

    count: int
    failed: int
    is_stopped: bool


def count_papers(*, by: Actor, span: Span) -> int:
    """How many issued documents of a span this actor sees."""
    by.require("invoice.view")
    with transaction(by.organization_id):
        row: Any = cursor().execute(COUNT, bound(by, span)).fetchone()
    return row[0]


def write_papers(target: Path, *, by: Actor, span: Span, printed: Printer, step: Step) -> Written:
    """Write the PDF of every issued document of a span into a ZIP at `target`, one at a time.

    A document that cannot be set is left out and told; nothing but one document is held in memory.
    """
    by.require("invoice.view")
    count = failed = 0
    # PDF is packed already; storing it costs no time and next to no space.
    with zipfile.ZipFile(target, "w", compression=zipfile.ZIP_STORED) as archive:
        for paper_id, number in papers(by, span):
            problem = ""
            try:
                name, data = printed(paper_id)
                archive.writestr(zipfile.ZipInfo(name), data)
                count += 1
            except GuilderError as error:
                problem, failed = error.detail, failed + 1
            if not step(number, problem):
                return Written(count, failed, is_stopped=True)
    return Written(count, failed, is_stopped=False)


def papers(by: Actor, span: Span) -> Iterator[tuple[UUID, str]]:
    """(id, number) of the documents by day, read AT_ONCE at a time."""
    values = bound(by, span) | {"day": span.start_on, "id": UUID(int=0), "n": AT_ONCE}
    while True:
        with transaction(by.organization_id):
            rows = cursor().execute(SOME, values).fetchall()
        yield from ((row[1], row[2]) for row in rows)
        if len(rows) < AT_ONCE:
            return
        values |= {"day": rows[-1][0], "id": rows[-1][1]}


def bound(by: Actor, span: Span) -> dict[str, Any]:
    """What the statements bind."""
    return {
        "organization": by.organization_id,
        **reach_of(by),
        "from": span.start_on,
        "to": span.end_on,
    }
