"""Lists of invoices: keyset-paged, filtered, each page one statement."""

from datetime import date
from typing import Any
from uuid import UUID

from guilder.books.invoicing.queries.narrowing import WORD, InvoiceFilter, conditions, escaped
from guilder.books.invoicing.queries.records import COLUMNS, FROM, InvoiceRecord
from guilder.foundation.tenancy.hot import cursor
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.kernel.errors import Invalid

__all__ = (
    "CAP",
    "SORTS",
    "WORD",
    "InvoiceFilter",
    "NotASort",
    "conditions",
    "count_invoices",
    "escaped",
    "list_invoices",
    "open_invoices",
    "sort_value",
)

# Sort key → (column, its type, whether it may be null); every order ends in the id, so it is total.
SORTS = {
    "created_at": ("", "", False),
    "issued_on": ("issued_on", "date", True),
    "due_on": ("due_on", "date", True),
    "number": ("number", "text", True),
    "gross": ("gross_amount", "bigint", False),
    "open": ("open_amount", "bigint", False),
}
CAP = 10_000


class NotASort(Invalid):
    """The list cannot be sorted by that."""

    code = "invoice.sort"


def list_invoices(
    narrowed: InvoiceFilter,
    *,
    by: Actor,
    sort: str = "-created_at",
    limit: int = 50,
    after: tuple[Any, UUID] | None = None,
) -> list[InvoiceRecord]:
    """One page, without papers. `after` is (sort value, id) of the last row of the page before;
    sort_value gives it. Raises NotASort."""
    by.require("invoice.view")
    where, values = conditions(by, narrowed)
    values["limit"] = limit
    order, branches = ordering(sort, after, values)
    text = " AND ".join(where)
    parts = [
        f"SELECT {COLUMNS} {FROM} WHERE {text}{branch} ORDER BY {order} LIMIT %(limit)s"
        for branch in branches
    ]
    sql = parts[0] if len(parts) == 1 else united(parts, order)
    with transaction(by.organization_id):
        rows = cursor(binary=True).execute(sql, values, prepare=True).fetchall()
    return [InvoiceRecord(*row) for row in rows]


def united(parts: list[str], order: str) -> str:
    """Two runs of one index as one page: an OR between them would read the index from its start."""
    both = " UNION ALL ".join(f"({part})" for part in parts)
    return (
        f"SELECT * FROM ({both}) AS i"  # noqa: S608 (our own text)
        f" ORDER BY {order} LIMIT %(limit)s"
    )


def ordering(
    sort: str, after: tuple[Any, UUID] | None, values: dict[str, Any]
) -> tuple[str, list[str]]:
    """ORDER BY, and the keyset's conditions, one for each run of the index that the page needs.

    Nulls come first downward, last upward, which is what the indexes give.
    """
    down = sort.startswith("-")
    column, kind, nullable = SORTS.get(sort.removeprefix("-"), (None, "", False))
    if column is None:
        raise NotASort(f"Sort by one of: {', '.join(SORTS)}; “-” before it turns it round.")
    way, beyond = ("DESC", "<") if down else ("ASC", ">")
    order = f"i.{column} {way}, i.id {way}" if column else f"i.id {way}"
    if after is None:
        return order, [""]
    values["after_id"] = after[1]
    same = f"i.id {beyond} %(after_id)s::uuid"
    if not column:
        return order, [f" AND {same}"]
    if after[0] is None:
        unknown = f" AND i.{column} IS NULL AND {same}"
        return order, [unknown, f" AND i.{column} IS NOT NULL"] if down else [unknown]
    values["after"] = after[0]
    known = f" AND (i.{column}, i.id) {beyond} (%(after)s::{kind}, %(after_id)s::uuid)"
    return order, [known, f" AND i.{column} IS NULL"] if nullable and not down else [known]


def sort_value(record: InvoiceRecord, sort: str) -> tuple[Any, UUID]:
    """What `after` is for the page that follows `record`."""
    column = SORTS[sort.removeprefix("-")][0]
    return getattr(record, column) if column else None, record.id


def count_invoices(narrowed: InvoiceFilter, *, by: Actor) -> int:
    """How many there are, at most CAP + 1 ("10,000+")."""
    by.require("invoice.view")
    where, values = conditions(by, narrowed)
    sql = (
        "SELECT count(*) FROM (SELECT 1 FROM invoicing_invoice i"  # noqa: S608
        f" WHERE {' AND '.join(where)} LIMIT {CAP + 1}) AS capped"
    )
    with transaction(by.organization_id):
        row = cursor().execute(sql, values, prepare=True).fetchone()
    return row[0] if row else 0


def open_invoices(*, by: Actor, today: date, partner_id: UUID | None = None) -> list[InvoiceRecord]:
    """What is still to be paid, the longest due first; credit notes are not among it."""
    narrowed = InvoiceFilter(
        today=today,
        partner_id=partner_id,
        is_open=True,
        kinds=("invoice", "debit_note", "deposit"),
    )
    return list_invoices(narrowed, by=by, sort="due_on", limit=10_000)
