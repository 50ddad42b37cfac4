"""CSV: UTF-8 with a mark for spreadsheets, plain decimals, ISO days, and no live formulas."""

import csv
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal

from guilder.kernel.cells import harmless
from guilder.kernel.money import Money
from guilder.office.reports.queries import JournalRow
from guilder.office.reports.schemas import Table, Value, heads, lines

MARK = "\ufeff"  # tells spreadsheets that it is UTF-8
JOURNAL = (
    "date", "entry", "position", "source", "document", "memo", "account", "account_name",
    "partner", "partner_name", "debit", "credit", "currency", "base_debit", "base_credit",
    "base_currency", "rate", "rate_source", "tax_category", "tax_rate",
)  # fmt: skip


class Line:
    """A file that gives back what was written to it: csv.writer without a buffer."""

    def write(self, text: str) -> str:
        """The text itself."""
        return text


def write_csv(table: Table) -> Iterator[bytes]:
    """A report, line by line; money in plain decimals with the currency in a column beside it."""
    writer = csv.writer(Line())
    kinds = [kind for _label, kind in heads(table)]
    first: list[str] = []
    for label, kind in heads(table):
        first += [label, "ISO 4217"] if kind == "money" else [label]
    yield (MARK + writer.writerow(first)).encode()
    for values, _is_total in lines(table):
        row: list[str] = []
        for value, kind in zip(values, kinds, strict=True):
            row.append(plain(value))
            if kind == "money":
                row.append(value.currency if isinstance(value, Money) else "")
        yield writer.writerow(row).encode()


def write_journal(rows: Iterable[JournalRow]) -> Iterator[bytes]:
    """The journal, a line for each posting, as other bookkeeping reads it; heads in English."""
    writer = csv.writer(Line())
    yield (MARK + writer.writerow(JOURNAL)).encode()
    for one in rows:
        yield writer.writerow(
            [
                one.booked_on.isoformat(),
                str(one.entry_id),
                str(one.position),
                one.source,
                harmless(one.number),
                harmless(one.memo),
                harmless(one.account_code),
                harmless(one.account_name),
                harmless(one.partner_code),
                harmless(one.partner_name),
                *sides(one.amount, one.currency),
                one.currency,
                *sides(one.base_amount, one.base_currency),
                one.base_currency,
                plain(one.rate),
                harmless(one.rate_source),
                one.tax_category,
                plain(one.tax_rate),
            ]
        ).encode()


def sides(minor: int, currency: str) -> tuple[str, str]:
    """(debit, credit) of a posting; the other side stays empty."""
    text = str(Money(abs(minor), currency))
    return (text, "") if minor >= 0 else ("", text)


def plain(value: Value) -> str:
    """A value as any program reads it."""
    if value is None:
        return ""
    if isinstance(value, Money):
        return str(value)
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, date):
        return value.isoformat()
    return harmless(value) if isinstance(value, str) else str(value)
