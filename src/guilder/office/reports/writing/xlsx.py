"""XLSX: real numbers and dates, text that is never a formula, written row by row to disk."""

import io
from datetime import date
from decimal import Decimal
from typing import Any

import xlsxwriter

from guilder.kernel.currencies import minor_digits
from guilder.kernel.money import Money
from guilder.office.reports.schemas import Table, heads, lines

# Texts stay texts, whatever they look like; a row leaves memory when the next one begins.
OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "in_memory": False,
}
WIDTHS = {"text": 28, "day": 12, "count": 10, "percent": 10, "change": 10}


def write_xlsx(table: Table) -> bytes:
    """A report as one sheet; money in its own column with the currency beside it."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, OPTIONS) as book:
        Sheet(book, table).fill()
    return target.getvalue()


class Sheet:
    """One sheet being filled."""

    def __init__(self, book: Any, table: Table) -> None:
        self.book = book
        self.table = table
        self.sheet = book.add_worksheet()
        self.kinds = [kind for _label, kind in heads(table)]
        self.formats: dict[tuple[str, bool], Any] = {}

    def fill(self) -> None:
        """Title, heads that stay in view and repeat in print, rows."""
        self.set_widths()
        self.sheet.write_string(0, 0, self.table.title, self.shape("", is_bold=True))
        self.sheet.write_string(1, 0, self.table.period)
        self.sheet.freeze_panes(4, 1)
        self.sheet.repeat_rows(3)
        place = 0
        for label, kind in heads(self.table):
            self.sheet.write_string(3, place, label, self.shape("", is_bold=True))
            place += 2 if kind == "money" else 1
        for number, (values, is_total) in enumerate(lines(self.table), start=4):
            place = 0
            for value, kind in zip(values, self.kinds, strict=True):
                self.put(number, place, value, is_total=is_total)
                if kind == "money" and isinstance(value, Money):
                    self.sheet.write_string(number, place + 1, value.currency)
                place += 2 if kind == "money" else 1

    def set_widths(self) -> None:
        """Columns wide enough for what they hold."""
        place = 0
        for kind in self.kinds:
            self.sheet.set_column(place, place, WIDTHS.get(kind, 16))
            place += 2 if kind == "money" else 1

    def put(self, row: int, place: int, value: Any, *, is_total: bool) -> None:
        """One value with the shape of its kind."""
        if value is None:
            return
        if isinstance(value, Money):
            digits = minor_digits(value.currency)
            shape = self.shape(f"#,##0{'.' * bool(digits)}{'0' * digits}", is_bold=is_total)
            self.sheet.write_number(row, place, value.amount, shape)
        elif isinstance(value, date):
            self.sheet.write_datetime(row, place, value, self.shape("yyyy-mm-dd"))
        elif isinstance(value, int | Decimal):
            self.sheet.write_number(row, place, value, self.shape("", is_bold=is_total))
        else:
            self.sheet.write_string(row, place, value, self.shape("", is_bold=is_total))

    def shape(self, pattern: str, *, is_bold: bool = False) -> Any:
        """The format of a pattern, made once."""
        key = (pattern, is_bold)
        if key not in self.formats:
            values = {"num_format": pattern} if pattern else {}
            self.formats[key] = self.book.add_format(values | {"bold": is_bold})
        return self.formats[key]
