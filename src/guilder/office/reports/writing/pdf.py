"""PDF: the table as it is shown, in the reader's own writing of figures and days."""

from collections.abc import Callable
from datetime import datetime

from guilder.office.reports.schemas import Section, Table, Value
from guilder.papers.rendering import operations as rendering

Written = Callable[[Value, str], str]


def write_pdf(
    table: Table,
    *,
    written: Written,
    organization: str,
    made: str,
    page: str,
    language: str,
    at: datetime,
) -> bytes:
    """A report as PDF/A; `written` puts a value of a kind into words, `page` holds {n} and {m}."""
    kinds = [column.kind for column in table.columns]

    def texts(row: tuple[object, ...]) -> list[str]:
        return [
            written(cell.value, kind)  # type: ignore[attr-defined]
            for cell, kind in zip(row, kinds, strict=True)
        ]

    def section(one: Section) -> rendering.PrintedSection:
        rows = [texts(row) for row in one.rows]
        return rendering.PrintedSection(one.title, rows, texts(one.total) if one.total else [])

    return rendering.render_table(
        rendering.PrintedTable(
            title=table.title,
            period=table.period,
            organization=organization,
            made=made,
            page=page,
            language=language,
            columns=[(column.label, column.at_end) for column in table.columns],
            sections=[section(one) for one in table.sections],
            notes=table.notes,
        ),
        at=at,
    )
