"""A list as a file: CSV and XLSX with the columns that are shown, harmless in every spreadsheet."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import xlsxwriter
from django.utils.translation import gettext as _

from guilder.faces.web.lists.state import State
from guilder.faces.web.lists.table import Column, Place, Row, Source
from guilder.faces.web.shell import Visit
from guilder.kernel.cells import harmless

STEP = 1_000
BOM = "\ufeff"  # without it Excel takes UTF-8 for the local code page
MEDIA = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def all_rows(source: Source, state: State, visit: Visit) -> Iterator[Row]:
    """Every row of a state in its order, read in steps."""
    after: Place | None = None
    while True:
        with visit.reading():
            found = source.rows(state, visit, sort=state.sort, limit=STEP, after=after)
            drawn = source.draw(found, state, visit)
        yield from drawn
        if len(found) < STEP:
            return
        after = source.key(found[-1], state.sort)


def heads(columns: Sequence[Column]) -> list[str]:
    """The first line: a column of money is followed by no code, one column names the currency."""
    names = [str(column.label) for column in columns]
    return [*names, _("Currency")] if any(column.money for column in columns) else names


def values(row: Row, columns: Sequence[Column]) -> list[Any]:
    """A row's values: text, days, decimals and whole numbers."""
    made = [plain(row, column) for column in columns]
    return [*made, row.currency] if any(column.money for column in columns) else made


def plain(row: Row, column: Column) -> Any:
    """One value; nothing for an empty cell."""
    cell = row.cells[column.key]
    if cell.kind == "money":
        return "" if cell.money is None or cell.plain is None else cell.money.amount
    if cell.kind == "moneys":
        return "; ".join(f"{one.amount:f} {one.currency}" for one in cell.many)
    if cell.kind in ("day", "linkday"):
        return cell.day or ""
    return cell.plain if cell.plain != "" else str(cell.text)


def csv_lines(rows: Iterable[Row], columns: Sequence[Column]) -> Iterator[str]:
    """The file line by line."""
    out = io.StringIO()
    writer = csv.writer(out)
    yield BOM
    for line in (heads(columns), *()):
        yield written(writer, out, line)
    for row in rows:
        yield written(writer, out, values(row, columns))


def written(writer: Any, out: io.StringIO, line: Sequence[Any]) -> str:
    """One line of CSV."""
    writer.writerow([cell(value) for value in line])
    text = out.getvalue()
    out.seek(0)
    out.truncate()
    return text


def cell(value: Any) -> str:
    """A value that no spreadsheet runs: text that begins like a formula gets an apostrophe;
    numbers and days stay what they are."""
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, date | datetime):
        return value.isoformat()
    return harmless(str(value))


def xlsx_bytes(rows: Iterable[Row], columns: Sequence[Column], *, title: str) -> bytes:
    """A workbook of one sheet: real numbers and days, text that stays text."""
    out = io.BytesIO()
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "default_date_format": "yyyy-mm-dd",
    }
    with xlsxwriter.Workbook(out, options) as book:
        sheet = book.add_worksheet(sheet_name(title))
        bold = book.add_format({"bold": True})
        number = book.add_format({"num_format": "#,##0.00####"})
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.freeze_panes(1, 0)
        for index, column in enumerate(columns):
            sheet.set_column(index, index, 14 if column.end else 24)
        for index, head in enumerate(heads(columns)):
            sheet.write_string(0, index, head, bold)
        for at, row in enumerate(rows, start=1):
            for index, value in enumerate(values(row, columns)):
                if isinstance(value, Decimal):
                    sheet.write(at, index, value, number)
                elif isinstance(value, date):
                    sheet.write(at, index, value, day)
                else:
                    sheet.write_string(at, index, str(value)[:32_000])
    return out.getvalue()


def sheet_name(title: str) -> str:
    """At most 31 characters, without those that a sheet's name may not have."""
    return "".join(one for one in title if one not in "[]:*?/\\'")[:31] or "Sheet1"


def filename(state: State, visit: Visit, kind: str) -> str:
    """`invoices-overdue-2026-11-20.csv`."""
    parts = [state.table.kind]
    if state.view.key and not state.view.saved:
        parts.append(state.view.key)
    return f"{'-'.join([*parts, visit.today.isoformat()])}.{kind}"
