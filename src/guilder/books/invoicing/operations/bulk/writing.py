"""Writing a chunk of invoices: each table in one statement, the numbers as one block."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast
from uuid import UUID

from guilder.books.invoicing.events import InvoiceIssued
from guilder.books.invoicing.operations.bulk import statements as sql
from guilder.books.invoicing.operations.bulk.shapes import Ready, Run, Shape, encoded
from guilder.books.invoicing.operations.issue import ONE, TABLE
from guilder.books.invoicing.writes import amounts, reference_of
from guilder.books.ledger import operations as ledger
from guilder.foundation.audit import operations as audit
from guilder.foundation.events import bus
from guilder.foundation.tenancy.hot import array, cursor, insert_many
from guilder.foundation.tenancy.ids import uuid7
from guilder.kernel import canonical
from guilder.kernel.actor import Actor
from guilder.kernel.document import Totals
from guilder.registers.numbering import operations as numbering
from guilder.registers.numbering.queries import SeriesChoice

Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Numbered:
    """What became of one of many."""

    id: UUID
    number: str


def put(
    statement: str,
    of: dict[str, str],
    rows: Sequence[Row],
    shape: dict[str, str],
    shapes: Sequence[Row],
    values: dict[str, Any],
) -> None:
    """Run a statement over `rows`, each of which names its shape by its last column."""
    if not rows:
        return
    bound: dict[str, Any] = dict(values)
    sources = {}
    for alias, columns, given in (("n", of, rows), ("s", shape, shapes)):
        arrays = []
        columns_of = zip(*given, strict=True) if given else ([] for _ in columns)
        for (name, kind), column in zip(columns.items(), columns_of, strict=True):
            bound[f"{alias}_{name}"] = array(column, kind)
            arrays.append(f"%({alias}_{name})s::{kind}[]")
        sources[alias] = f"unnest({', '.join(arrays)}) AS {alias} ({', '.join(columns)})"
    cursor().execute(
        statement.replace("{n}", sources["n"]).replace("{s}", sources["s"]), bound, prepare=True
    )


def write_chunk(
    ready: Sequence[Ready],
    run: Run,
    *,
    by: Actor,
    at: datetime,
    on: date,
    accounts: Mapping[str, UUID],
) -> list[Numbered]:
    """Take the numbers and write everything; the counter is locked from here to the commit."""
    series, shapes = run.series, list(run.shapes.values())
    values: dict[str, Any] = {
        "organization": by.organization_id,
        "series": series.id,
        "code": series.code,
        "period": series.period_on(on),
        "on": on,
        "at": at,
        "by": by.user_id,
    }
    # First, because its answer is waited for; all that follows travels without waiting.
    last, head = numbering.lock_counter(by.organization_id, series, on=on)
    cursor().execute(sql.DEFER)
    lines = parts(ready, [len(shape.document.lines) for shape in shapes])
    put(sql.LINES, sql.PART_OF, lines, sql.LINE_SHAPE, line_shapes(shapes), values)
    taxes = parts(ready, [len(shape.document.taxes) for shape in shapes])
    put(sql.TAXES, sql.PART_OF, taxes, sql.TAX_SHAPE, tax_shapes(shapes), values)
    numbers, links = chained(ready, last=last, head=head, series=series, on=on)
    put(
        sql.INVOICES,
        sql.INVOICE_OF,
        [
            (one.id, reference_of(one.id), number, sequence, one.partner_id, one.shape.place)
            for sequence, (one, number) in enumerate(
                zip(ready, numbers, strict=True), start=last + 1
            )
        ],
        sql.INVOICE_SHAPE,
        [invoice_shape(shape) for shape in shapes],
        values,
    )
    put(
        sql.PAPERS,
        sql.PAPER_OF,
        [
            (uuid7(), one.id, sequence, number, *link, one.paper.place)
            for sequence, (one, number, link) in enumerate(
                zip(ready, numbers, links, strict=True), start=last + 1
            )
        ],
        sql.PAPER_SHAPE,
        [(paper.place, paper.content, paper.content_hash) for paper in run.papers.values()],
        values,
    )
    write_books(ready, numbers, shapes, accounts, values)
    write_trail(ready, numbers, by=by, on=on)
    numbering.move_counter(
        by.organization_id,
        series,
        on=on,
        last_value=last + len(ready),
        chain_hash=links[-1][1],
        previous_hash=links[-1][0],
    )
    return [Numbered(one.id, number) for one, number in zip(ready, numbers, strict=True)]


def chained(
    ready: Sequence[Ready], *, last: int, head: bytes, series: SeriesChoice, on: date
) -> tuple[list[str], list[tuple[bytes, bytes]]]:
    """The numbers after `last`, and (previous, own) link of each after `head`."""
    form = series.shape_on(on)
    numbers, links = [], []
    for sequence, one in enumerate(ready, start=last + 1):
        number = form.text(sequence)
        link = canonical.chain_hash(
            head,
            series=series.code,
            number=number,
            issued_on=on,
            content_hash=one.paper.content_hash,
        )
        numbers.append(number)
        links.append((head, link))
        head = link
    return numbers, links


def parts(ready: Sequence[Ready], counts: Sequence[int]) -> list[Row]:
    """(id, invoice, shape, position) of every line or tax row."""
    return [
        (uuid7(), one.id, one.shape.place, position)
        for one in ready
        for position in range(1, counts[one.shape.place] + 1)
    ]


def tax_shapes(shapes: Sequence[Shape]) -> list[Row]:
    """The tax rows of every shape."""
    return [
        (
            shape.place,
            position,
            row.category,
            row.rate,
            row.taxable.minor,
            row.tax.minor,
            row.exemption_code,
            row.exemption_reason,
        )
        for shape in shapes
        for position, row in enumerate(shape.document.taxes, start=1)
    ]


def line_shapes(shapes: Sequence[Shape]) -> list[Row]:
    """The lines of every shape."""
    return [
        (
            shape.place,
            position,
            item,
            line.item.name,
            line.item.description,
            line.quantity,
            line.unit,
            line.price.amount,
            line.price.base_quantity or ONE,
            line.tax.code,
            line.tax.category,
            line.tax.rate,
            reason[:200],
            line.net.minor if line.net is not None else 0,
        )
        for shape in shapes
        for position, (line, item, reason) in enumerate(
            zip(shape.document.lines, shape.built.items, shape.built.reasons, strict=True), start=1
        )
    ]


def invoice_shape(shape: Shape) -> Row:
    """What the rows of all invoices of a shape have in common."""
    document, sums = shape.document, amounts(shape.document)
    return (
        shape.place, document.due_on, document.currency, shape.built.context.base_currency,
        shape.rate, shape.rate_source, document.language, document.rounding.value,
        sums["line_net"], sums["allowances"], sums["charges"], sums["net"], sums["tax"],
        sums["gross"], sums["prepaid"], sums["rounded"], sums["due"], sums["withheld"],
        sums["payable"], *shape.bases, encoded(shape.built.terms).decode(),
        encoded(dict(document.custom_fields)).decode(),
    )  # fmt: skip


def write_books(
    ready: Sequence[Ready],
    numbers: Sequence[str],
    shapes: Sequence[Shape],
    accounts: Mapping[str, UUID],
    values: dict[str, Any],
) -> None:
    """The entries and postings of all invoices; one that moves nothing has none."""
    entries, postings = [], []
    for one, number in zip(ready, numbers, strict=True):
        if one.shape.legs:
            entry_id = uuid7()
            entries.append((entry_id, one.id, number, one.shape.place))
            postings += [
                (uuid7(), entry_id, one.partner_id, one.shape.place, position)
                for position in range(1, len(one.shape.legs) + 1)
            ]
    moving = [shape for shape in shapes if shape.legs]
    put(
        sql.ENTRIES,
        sql.ENTRY_OF,
        entries,
        sql.ENTRY_SHAPE,
        [(one.place, one.built.context.base_currency, len(one.legs)) for one in moving],
        values,
    )
    legs = [
        (
            shape.place,
            position,
            account_id,
            leg.amount,
            shape.document.currency,
            leg.base_amount,
            shape.rate,
            shape.rate_source,
            leg.tax_category,
            leg.tax_rate,
        )
        for shape in moving
        for position, (leg, account_id) in enumerate(
            zip(shape.legs, ledger.account_ids(shape.legs, accounts), strict=True), start=1
        )
    ]
    put(sql.POSTINGS, sql.POSTING_OF, postings, sql.POSTING_SHAPE, legs, values)


def write_trail(ready: Sequence[Ready], numbers: Sequence[str], *, by: Actor, on: date) -> None:
    """The events and audit rows of all invoices."""
    told, noted = [], []
    for one, number in zip(ready, numbers, strict=True):
        event = InvoiceIssued(
            invoice_id=one.id,
            kind="invoice",
            partner_id=one.partner_id,
            number=number,
            issued_on=on,
            due_on=one.shape.document.due_on,
            currency=one.shape.document.currency,
            due=str(cast("Totals", one.shape.document.totals).due),
        )
        told.append(bus.row_of(event, by))
        noted.append(
            audit.row_of(
                by=by,
                action="invoice.issue",
                table=TABLE,
                row_id=one.id,
                before=None,
                after={
                    "status": "issued",
                    "number": number,
                    "issued_on": on.isoformat(),
                    "content_hash": one.paper.content_hash.hex(),
                    "open": one.shape.due,
                },
            )
        )
    insert_many("events_event", bus.COLUMNS, told)
    insert_many("audit_entry", audit.COLUMNS, noted)
