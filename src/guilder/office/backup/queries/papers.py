"""Reading the issued documents for their proof, a few hundred at a time."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import psycopg
from psycopg import sql
from psycopg.rows import namedtuple_row

from guilder.office.backup.calc import PAPERS, Breach, PaperProver, StoredPaper

AT_ONCE = 500
COLUMNS = (
    *("kind", "currency", "issued_on", "due_on", "payable_amount", "line_net_amount"),
    *("allowances_amount", "charges_amount", "net_amount", "tax_amount", "gross_amount"),
    *("prepaid_amount", "rounding_amount", "due_amount"),
)
READ = sql.SQL("""
SELECT d.organization_id, d.id, d.series_id, d.series_code, d.period, d.number, d.issued_on,
  d.document, d.content_hash, d.previous_hash, d.chain_hash, c.chain_hash AS head,
  i.id AS invoice, {columns}, l.*, t.*
FROM invoicing_issueddocument d
LEFT JOIN invoicing_invoice i ON i.organization_id = d.organization_id AND i.id = d.invoice_id
LEFT JOIN numbering_counter c ON c.organization_id = d.organization_id
  AND c.series_id = d.series_id AND c.period = d.period
LEFT JOIN LATERAL (
  SELECT array_agg(net_amount ORDER BY position) AS nets,
    array_agg(quantity ORDER BY position) AS quantities,
    array_agg(unit_price ORDER BY position) AS prices,
    array_agg(tax_category ORDER BY position) AS categories,
    array_agg(tax_rate ORDER BY position) AS rates
  FROM invoicing_invoiceline x
  WHERE x.organization_id = d.organization_id AND x.invoice_id = d.invoice_id) l ON true
LEFT JOIN LATERAL (
  SELECT array_agg(taxable_amount ORDER BY position) AS tax_bases,
    array_agg(tax_amount ORDER BY position) AS tax_amounts,
    array_agg(category ORDER BY position) AS tax_categories,
    array_agg(rate ORDER BY position) AS tax_rates
  FROM invoicing_invoicetax x
  WHERE x.organization_id = d.organization_id AND x.invoice_id = d.invoice_id) t ON true
WHERE %(organization)s::uuid IS NULL OR d.organization_id = %(organization)s::uuid
ORDER BY d.organization_id, d.series_id, d.period, d.sequence
""").format(
    columns=sql.SQL(", ").join(
        sql.SQL("i.{} AS {}").format(sql.Identifier(one), sql.Identifier(f"row_{one}"))
        for one in COLUMNS
    )
)


def prove_papers(
    connection: psycopg.Connection[Any], *, organization_id: UUID | None
) -> tuple[int, list[Breach]]:
    """(how many papers were read, what was found); in the caller's transaction."""
    prover, count, found = PaperProver(), 0, list[Breach]()
    for paper in stored_papers(connection, organization_id):
        count += 1
        last = prover.before
        for invariant, fault in prover.faults(paper):
            # What is said of the head of a chain is said of the last paper in it.
            row = last if "counter" in fault and last is not None else paper
            found.append(Breach(invariant, row.organization_id, row.id, fault))
    for invariant, fault in prover.head_faults(prover.before):
        last = prover.before
        if last is not None:
            found.append(Breach(invariant, last.organization_id, last.id, fault))
    return count, found


def invariants() -> tuple[tuple[str, str], ...]:
    """(invariant, what holds) of all that prove_papers proves."""
    return PAPERS


def stored_papers(
    connection: psycopg.Connection[Any], organization_id: UUID | None
) -> Iterator[StoredPaper]:
    """Every issued document, chain by chain."""
    with connection.cursor("papers", row_factory=namedtuple_row, scrollable=False) as cursor:
        cursor.itersize = AT_ONCE
        cursor.execute(READ, {"organization": organization_id})
        for row in cursor:
            yield stored(row)


def stored(row: Any) -> StoredPaper:
    """One row as the pure proof takes it."""
    return StoredPaper(
        organization_id=row.organization_id,
        id=row.id,
        series_id=row.series_id,
        series_code=row.series_code,
        period=row.period,
        number=row.number,
        issued_on=row.issued_on,
        document=bytes(row.document),
        content_hash=bytes(row.content_hash),
        previous_hash=as_bytes(row.previous_hash),
        chain_hash=as_bytes(row.chain_hash),
        head=as_bytes(row.head),
        row=None
        if row.invoice is None
        else {name: getattr(row, f"row_{name}") for name in COLUMNS},
        lines=tuple(
            zip(
                *(row.nets or (), row.quantities or (), row.prices or ()),
                *(row.categories or (), row.rates or ()),
                strict=True,
            )
        ),
        taxes=tuple(
            zip(
                *(row.tax_bases or (), row.tax_amounts or ()),
                *(row.tax_categories or (), row.tax_rates or ()),
                strict=True,
            )
        ),
    )


def columns_of(row: Any) -> dict[str, Any]:
    """What the invoice's own row says."""
    return {name: getattr(row, f"row_{name}") for name in COLUMNS}


def as_bytes(value: Any) -> bytes | None:
    """A bytea that may be null."""
    return None if value is None else bytes(value)
