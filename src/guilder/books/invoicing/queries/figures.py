"""How many invoices a list holds and what they sum up to, per currency."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from guilder.books.invoicing.queries.narrowing import InvoiceFilter, conditions
from guilder.foundation.tenancy.hot import cursor
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.kernel.money import Money

SUMS = """
SELECT currency, count(*), sum(gross_amount)::bigint, sum(open_amount)::bigint
FROM (SELECT i.currency, i.gross_amount, i.open_amount FROM invoicing_invoice i
  WHERE {where}{limit}) AS found
GROUP BY currency ORDER BY currency
"""


@dataclass(frozen=True, slots=True)
class InvoiceFigures:
    """The rows of a filter: how many, and their sums per currency, codes in order.

    `whole` says whether all were read; else `count` is the cap and the sums are of no use.
    """

    count: int
    gross: tuple[Money, ...]
    open: tuple[Money, ...]
    whole: bool = True


def figures(
    narrowed: InvoiceFilter, *, by: Actor, cap: int | None = None, seconds: int = 10
) -> InvoiceFigures:
    """Count and sums. With `cap`, at most so many rows are read, so that the cost is bounded;
    without it all are, for at most `seconds` (django.db's OperationalError beyond)."""
    by.require("invoice.view")
    where, values = conditions(by, narrowed)
    limit = "" if cap is None else f" LIMIT {int(cap) + 1}"
    sql = SUMS.replace("{where}", " AND ".join(where)).replace("{limit}", limit)
    with transaction(by.organization_id):
        if cap is None:
            cursor().execute(f"SET LOCAL statement_timeout = {int(seconds) * 1000}")
        rows = cursor().execute(sql, values, prepare=cap is not None).fetchall()
        if cap is None:
            cursor().execute("SET LOCAL statement_timeout = DEFAULT")
    count = sum(row[1] for row in rows)
    whole = cap is None or count <= cap
    return InvoiceFigures(
        count=count if whole or cap is None else cap,
        gross=tuple(Money(row[2], row[0]) for row in rows) if whole else (),
        open=tuple(Money(row[3], row[0]) for row in rows) if whole else (),
        whole=whole,
    )


def counts(filters: Sequence[InvoiceFilter], *, by: Actor, cap: int) -> list[int]:
    """How many each of some filters finds, at most cap + 1 each; one statement."""
    by.require("invoice.view")
    if not filters:
        return []
    values: dict[str, object] = {}
    parts = []
    for index, narrowed in enumerate(filters):
        where, bound = conditions(by, narrowed)
        text = " AND ".join(where)
        for name in sorted(bound, key=len, reverse=True):
            text = text.replace(f"%({name})s", f"%(f{index}_{name})s")
        values |= {f"f{index}_{name}": value for name, value in bound.items()}
        parts.append(
            "(SELECT count(*) FROM (SELECT 1 FROM invoicing_invoice i"  # noqa: S608
            f" WHERE {text} LIMIT {int(cap) + 1}) AS c{index})"
        )
    with transaction(by.organization_id):
        row = cursor().execute(f"SELECT {', '.join(parts)}", values, prepare=True).fetchone()
    return list(row)


def ids_of(narrowed: InvoiceFilter, *, by: Actor, limit: int) -> list[UUID]:
    """The ids of what a filter finds, newest first."""
    by.require("invoice.view")
    where, values = conditions(by, narrowed)
    sql = (
        f"SELECT i.id FROM invoicing_invoice i WHERE {' AND '.join(where)}"  # noqa: S608
        f" ORDER BY i.id DESC LIMIT {int(limit)}"
    )
    with transaction(by.organization_id):
        return [row[0] for row in cursor(binary=True).execute(sql, values).fetchall()]
