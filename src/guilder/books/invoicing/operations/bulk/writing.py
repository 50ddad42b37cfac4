"""Writing a chunk of invoices: each table in one statement, the numbers as one block."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast
from uuid import UUID

from guilder.books.invoicing.events import InvoiceIssued
from guilder.books.invoicing.operations.bulk import statements as sql
from guilder.books.invoicing.operations.bulk.shapes import Ready, Run, Shape, encoded
from guilder.books.invoicing.operations.freezing import TABLE
from guilder.books.invoicing.operations.locking import ONE
from guilder.books.invoicing.writes import amounts, reference_of
from guilder.books.ledger import operations as ledger
from guilder.foundation.audit import operations as audit
from guilder.foundation.events import bus
from guilder.foundation.tenancy.hot import array, cursor, insert_many
from guilder.foundation.tenancy.ids import uuid7_texts
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


@dataclass(slots=True)
class Statement:
    """A statement with what it binds, but for what all statements of a chunk share."""

    text: str
    values: dict[str, Any]

    def run(self, shared: Mapping[str, Any]) -> None:
        """Send it."""
        cursor().execute(self.text, {**self.values, **shared}, prepare=True)


@dataclass(slots=True)
class Chunk:
    """A judged chunk with the statements that need no number."""

    run: Run
    ready: list[Ready]
    on: date
    unnumbered: list[Statement]


def statement(
    text: str,
    of: dict[str, str],
    rows: Sequence[Row],
    shape: dict[str, str],
    shapes: Sequence[Row],
) -> Statement | None:
    """A statement over `rows`, each of which names its shape by place; None over no rows."""
    if not rows:
        return None
    bound: dict[str, Any] = {}
    for alias, columns, given in (("n", of, rows), ("s", shape, shapes)):
        arrays = []
        for (name, kind), column in zip(columns.items(), zip(*given, strict=True), strict=True):
            bound[f"{alias}_{name}"] = array(column, kind)
            arrays.append(f"%({alias}_{name})s::{kind}[]")
        source = f"unnest({', '.join(arrays)}) AS {alias} ({', '.join(columns)})"
        text = text.replace(f"{{{alias}}}", source)
    return Statement(text, bound)


def prepared(run: Run, ready: list[Ready]) -> Chunk:
    """A chunk with its lines and taxes put together: they wait for no number."""
    shapes = list(run.shapes.values())
    lines = parts(ready, [len(shape.document.lines) for shape in shapes])
    taxes = parts(ready, [len(shape.document.taxes) for shape in shapes])
    statements = (
        statement(sql.LINES, sql.PART_OF, lines, sql.LINE_SHAPE, line_shapes(shapes)),
        statement(sql.TAXES, sql.PART_OF, taxes, sql.TAX_SHAPE, tax_shapes(shapes)),
    )
    return Chunk(run, ready, cast("date", run.day), [one for one in statements if one])


def write_chunk(
    chunk: Chunk, *, by: Actor, at: datetime, accounts: Mapping[str, UUID]
) -> list[Numbered]:
    """Take the numbers and write everything; the counter is locked from here to the commit."""
    run, ready, on = chunk.run, chunk.ready, chunk.on
    series, shapes = run.series, list(run.shapes.values())
    shared: dict[str, Any] = {
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
    for one in chunk.unnumbered:
        one.run(shared)
    numbers, links = chained(ready, last=last, head=head, series=series, on=on)
    for one in numbered(ready, run, shapes, numbers, links, first=last + 1):
        one.run(shared)
    for one in booked(ready, numbers, shapes, accounts):
        one.run(shared)
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


def numbered(
    ready: Sequence[Ready],
    run: Run,
    shapes: Sequence[Shape],
    numbers: Sequence[str],
    links: Sequence[tuple[bytes, bytes]],
    *,
    first: int,
) -> Iterator[Statement]:
    """The invoices and their frozen papers, each put together when the one before is on its way."""
    invoices = [
        (one.text, reference_of(one.id), number, sequence, one.client, one.shape.place)
        for sequence, (one, number) in enumerate(zip(ready, numbers, strict=True), start=first)
    ]
    shared = [invoice_shape(shape) for shape in shapes]
    made = statement(sql.INVOICES, sql.INVOICE_OF, invoices, sql.INVOICE_SHAPE, shared)
    if made:
        yield made
    papers = [
        (own_id, one.text, sequence, number, *link, one.paper.place)
        for sequence, (own_id, one, number, link) in enumerate(
            zip(uuid7_texts(len(ready)), ready, numbers, links, strict=True), start=first
        )
    ]
    contents = [(paper.place, paper.content, paper.content_hash) for paper in run.papers.values()]
    made = statement(sql.PAPERS, sql.PAPER_OF, papers, sql.PAPER_SHAPE, contents)
    if made:
        yield made


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
    ids = iter(uuid7_texts(sum(counts[one.shape.place] for one in ready)))
    return [
        (next(ids), one.text, one.shape.place, position)
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


def booked(
    ready: Sequence[Ready],
    numbers: Sequence[str],
    shapes: Sequence[Shape],
    accounts: Mapping[str, UUID],
) -> Iterator[Statement]:
    """The entries and postings of all invoices; one that moves nothing has none."""
    entries, postings = [], []
    ids = iter(uuid7_texts(sum(1 + len(one.shape.legs) for one in ready)))
    for one, number in zip(ready, numbers, strict=True):
        if one.shape.legs:
            entry_id = next(ids)
            entries.append((entry_id, one.text, number, one.shape.place))
            postings += [
                (next(ids), entry_id, one.client, one.shape.place, position)
                for position in range(1, len(one.shape.legs) + 1)
            ]
    moving = [shape for shape in shapes if shape.legs]
    shared = [(one.place, one.built.context.base_currency, len(one.legs)) for one in moving]
    made = statement(sql.ENTRIES, sql.ENTRY_OF, entries, sql.ENTRY_SHAPE, shared)
    if made:
        yield made
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
    made = statement(sql.POSTINGS, sql.POSTING_OF, postings, sql.POSTING_SHAPE, legs)
    if made:
        yield made


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
