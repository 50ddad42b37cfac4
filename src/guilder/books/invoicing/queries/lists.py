"""Lists of invoices: keyset-paged, filtered, each page one statement."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from guilder.books.invoicing.queries.records import COLUMNS, FROM, InvoiceRecord, owner_of
from guilder.foundation.tenancy.hot import cursor
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.kernel.errors import Invalid

# The words of DESIGN 4, as calc.status_word says them.
WORD = """CASE
  WHEN i.status = 'draft' THEN 'draft'
  WHEN i.kind = 'pro_forma' THEN CASE WHEN i.viewed_at IS NOT NULL THEN 'viewed'
    WHEN i.sent_at IS NOT NULL THEN 'sent' ELSE 'issued' END
  WHEN i.kind = 'credit_note' AND i.open_amount = 0 THEN 'credited'
  WHEN i.kind <> 'credit_note' AND i.open_amount = 0 AND i.written_off_amount > 0 THEN 'written_off'
  WHEN i.kind <> 'credit_note' AND i.open_amount = 0 AND i.credited_amount > 0
    AND i.allocated_amount = 0 THEN 'credited'
  WHEN i.kind <> 'credit_note' AND i.open_amount > 0 AND i.disputed_at IS NOT NULL THEN 'disputed'
  WHEN i.kind <> 'credit_note' AND i.open_amount > 0 AND i.due_on < %(today)s::date THEN 'overdue'
  WHEN i.open_amount = 0 THEN 'paid'
  WHEN i.allocated_amount > 0 THEN 'partially_paid'
  WHEN i.viewed_at IS NOT NULL THEN 'viewed'
  WHEN i.sent_at IS NOT NULL THEN 'sent'
  ELSE 'issued' END"""
OPEN_WORDS = frozenset({"overdue", "disputed", "partially_paid"})
# Sort key → (column, its type); every order ends in the id, so it is total.
SORTS = {
    "created_at": ("", ""),
    "issued_on": ("i.issued_on", "date"),
    "due_on": ("i.due_on", "date"),
    "number": ("i.number", "text"),
    "gross": ("i.gross_amount", "bigint"),
    "open": ("i.open_amount", "bigint"),
}
CAP = 10_000


class NotASort(Invalid):
    """The list cannot be sorted by that."""

    code = "invoice.sort"


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceFilter:
    """What narrows a list; None and empty narrow nothing. `today` is for the words."""

    today: date
    kinds: Sequence[str] = ()
    words: Sequence[str] = ()
    partner_id: UUID | None = None
    currency: str = ""
    issued_from: date | None = None
    issued_to: date | None = None
    due_from: date | None = None
    due_to: date | None = None
    created_from: datetime | None = None
    created_to: datetime | None = None
    updated_from: datetime | None = None
    updated_to: datetime | None = None
    number: str = ""
    quote_id: UUID | None = None
    corrects_id: UUID | None = None
    is_open: bool | None = None
    q: str = ""


CONDITIONS = (
    ("kinds", "i.kind = ANY(%(kinds)s::text[])"),
    ("partner_id", "i.partner_id = %(partner_id)s::uuid"),
    ("currency", "i.currency = %(currency)s::text"),
    ("issued_from", "i.issued_on >= %(issued_from)s::date"),
    ("issued_to", "i.issued_on <= %(issued_to)s::date"),
    ("due_from", "i.due_on >= %(due_from)s::date"),
    ("due_to", "i.due_on <= %(due_to)s::date"),
    ("created_from", "i.created_at >= %(created_from)s::timestamptz"),
    ("created_to", "i.created_at <= %(created_to)s::timestamptz"),
    ("updated_from", "i.updated_at >= %(updated_from)s::timestamptz"),
    ("updated_to", "i.updated_at <= %(updated_to)s::timestamptz"),
    ("number", "i.number = %(number)s::text"),
    ("quote_id", "i.quote_id = %(quote_id)s::uuid"),
    ("corrects_id", "i.corrects_id = %(corrects_id)s::uuid"),
)

SEARCH = """(i.number ILIKE %({q})s OR i.draft_reference ILIKE %({q})s OR i.partner_id IN (
  SELECT x.id FROM parties_partner x
  WHERE x.organization_id = %(organization)s::uuid AND x.name ILIKE %({q})s))"""


def conditions(by: Actor, narrowed: InvoiceFilter) -> tuple[list[str], dict[str, Any]]:
    """The WHERE of a filter and what it binds."""
    values: dict[str, Any] = {"organization": by.organization_id, "today": narrowed.today}
    where = ["i.organization_id = %(organization)s::uuid"]
    owner = owner_of(by)
    if owner is not None:
        values["owner"] = owner
        where.append("i.created_by_id = %(owner)s::uuid")
    for name, condition in CONDITIONS:
        value = getattr(narrowed, name)
        if value not in (None, "", (), []):
            values[name] = list(value) if name == "kinds" else value
            where.append(condition)
    if narrowed.is_open is not None:
        where.append("i.open_amount > 0" if narrowed.is_open else "i.open_amount = 0")
    if narrowed.words:
        words = set(narrowed.words)
        if words == {"draft"}:
            where.append("i.status = 'draft'")
        else:
            if words <= OPEN_WORDS:
                where.append("i.open_amount > 0")
            values["words"] = list(words)
            where.append(f"({WORD}) = ANY(%(words)s::text[])")
    for index, word in enumerate(narrowed.q.split()[:5]):
        values[f"q{index}"] = f"%{escaped(word)}%"
        where.append(SEARCH.replace("{q}", f"q{index}"))
    return where, values


def escaped(word: str) -> str:
    """A word for ILIKE, its own wildcards taken literally."""
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


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
    order = ordering(sort, after, where, values)
    sql = f"SELECT {COLUMNS} {FROM} WHERE {' AND '.join(where)} ORDER BY {order} LIMIT %(limit)s"
    with transaction(by.organization_id):
        rows = cursor(binary=True).execute(sql, values, prepare=True).fetchall()
    return [InvoiceRecord(*row) for row in rows]


def ordering(
    sort: str, after: tuple[Any, UUID] | None, where: list[str], values: dict[str, Any]
) -> str:
    """ORDER BY; adds the keyset's condition to `where`. Nulls come first downward, last upward."""
    down = sort.startswith("-")
    column, kind = SORTS.get(sort.lstrip("-"), (None, ""))
    if column is None:
        raise NotASort(f"Sort by one of: {', '.join(SORTS)}; “-” before it turns it round.")
    way, beyond = ("DESC", "<") if down else ("ASC", ">")
    if after is not None:
        values["after_id"] = after[1]
        same = f"i.id {beyond} %(after_id)s::uuid"
        if not column:
            where.append(same)
        elif after[0] is None:
            where.append(f"({column} IS NULL AND {same}{f' OR {column} IS NOT NULL' * down})")
        else:
            values["after"] = after[0]
            pair = f"({column}, i.id) {beyond} (%(after)s::{kind}, %(after_id)s::uuid)"
            where.append(pair if down else f"({pair} OR {column} IS NULL)")
    # The organization leads, so that the composite indexes give this order.
    return f"i.id {way}" if not column else f"{column} {way}, i.id {way}"


def sort_value(record: InvoiceRecord, sort: str) -> tuple[Any, UUID]:
    """What `after` is for the page that follows `record`."""
    columns = {"gross": "gross_amount", "open": "open_amount"}
    name = sort.lstrip("-")
    value = None if name == "created_at" else getattr(record, columns.get(name, name))
    return value, record.id


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
