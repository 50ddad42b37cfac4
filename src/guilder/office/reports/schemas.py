"""A report as a table: what pages draw and files hold, every value still exact; and its periods."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from guilder.kernel.money import Money
from guilder.kernel.period import Span, add_months, calendar_span
from guilder.office.reports.calc import (
    AGE_COUNT,
    PRESETS,
    TENTH,
    UNITS,
    buckets,
    change,
    preset_span,
    share,
    span_before,
    year_before,
)

__all__ = (
    "AGE_COUNT",
    "KINDS",
    "PRESETS",
    "TENTH",
    "UNITS",
    "Cell",
    "Column",
    "Section",
    "Span",
    "Table",
    "Value",
    "add_months",
    "buckets",
    "calendar_span",
    "cells",
    "change",
    "heads",
    "lines",
    "preset_span",
    "share",
    "span_before",
    "year_before",
)

# text; money (with its currency); figure (money whose column names the currency); count; number;
# percent; change (percent with a sign); day.
KINDS = ("text", "money", "figure", "count", "number", "percent", "change", "day")
Value = str | int | Decimal | Money | date | None


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its head and what its cells are (KINDS)."""

    label: str
    kind: str = "text"

    @property
    def at_end(self) -> bool:
        """Whether its cells line up at their end, as figures do."""
        return self.kind not in {"text", "day"}


@dataclass(frozen=True, slots=True)
class Cell:
    """One value, where it leads to, and how it is drawn: "", "muted" or "late"."""

    value: Value
    url: str = ""
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """Rows that belong together, such as those of one currency, with their total."""

    rows: Sequence[tuple[Cell, ...]]
    title: str = ""
    total: tuple[Cell, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A whole report; `period` says of which days it is, `notes` what one should know."""

    title: str
    period: str
    columns: tuple[Column, ...]
    sections: tuple[Section, ...]
    section_label: str = ""
    notes: tuple[str, ...] = ()

    @property
    def row_count(self) -> int:
        """How many rows it has, totals aside."""
        return sum(len(section.rows) for section in self.sections)

    @property
    def is_parted(self) -> bool:
        """Whether sections have names, which files then hold in a column of their own."""
        return any(section.title for section in self.sections)


def cells(*values: Value | Cell) -> tuple[Cell, ...]:
    """A row out of values and ready cells."""
    return tuple(one if isinstance(one, Cell) else Cell(one) for one in values)


def heads(table: Table) -> list[tuple[str, str]]:
    """(head, kind) of each column of a file; that of the sections comes first."""
    found = [(table.section_label, "text")] if table.is_parted else []
    for column in table.columns:
        found.append((column.label, column.kind))
    return found


def lines(table: Table) -> Iterator[tuple[list[Value], bool]]:
    """(values of a row, whether it is a total) as files hold them."""
    for section in table.sections:
        first: list[Value] = [section.title] if table.is_parted else []
        for row in section.rows:
            yield [*first, *(cell.value for cell in row)], False
        if section.total:
            yield [*first, *(cell.value for cell in section.total)], True
