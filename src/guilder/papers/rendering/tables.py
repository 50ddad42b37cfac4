"""A table of finished texts to PDF, for reports."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import msgspec

from guilder.papers.rendering.data import FALLBACK_FONTS
from guilder.papers.rendering.glyphs import printable
from guilder.papers.rendering.press import press

TEMPLATE = Path(__file__).parent / "templates" / "pdf" / "table" / "page.typ"
WIDE_FROM = 7  # columns from which the page lies on its side
RIGHT_TO_LEFT = {"ar", "he", "fa", "ur"}


@dataclass(frozen=True, slots=True)
class PrintedSection:
    """Rows of finished texts under a title; `total` may be empty."""

    title: str
    rows: Sequence[Sequence[str]]
    total: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedTable:
    """A report in words: `columns` are (head, whether it lines up at its end); `page` holds {n} and
    {m}; `made` says when."""

    title: str
    period: str
    organization: str
    made: str
    page: str
    language: str
    columns: Sequence[tuple[str, bool]]
    sections: Sequence[PrintedSection]
    notes: Sequence[str] = ()


def render_table(table: PrintedTable, *, at: datetime) -> bytes:
    """The table as PDF/A-3a and PDF/UA-1, A4, on its side where it is wide.

    Raises RenderFailed, or an Unavailable when the typesetter was stopped at a limit.
    """
    source = TEMPLATE.read_bytes()
    data = msgspec.json.encode(table_data(table)).decode()
    job = {"source": source, "data": data, "format": "pdf", "timestamp": int(at.timestamp())}
    return press(job)[0]


def table_data(table: PrintedTable) -> dict[str, object]:
    """What the template reads."""
    language = table.language.partition("-")[0]
    return {
        "title": printable(table.title),
        "period": printable(table.period),
        "organization": printable(table.organization),
        "made": printable(table.made),
        "page": table.page,
        "lang": language,
        "dir": "rtl" if language in RIGHT_TO_LEFT else "ltr",
        "fonts": list(FALLBACK_FONTS),
        "wide": len(table.columns) >= WIDE_FROM,
        "columns": [{"label": printable(label), "end": end} for label, end in table.columns],
        "sections": [
            {
                "title": printable(one.title),
                "rows": [[printable(cell) for cell in row] for row in one.rows],
                "total": [printable(cell) for cell in one.total],
            }
            for one in table.sections
        ],
        "notes": [printable(note) for note in table.notes],
    }
