"""Many invoices at once: judged and calculated one by one, written set by set."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from hashlib import sha256
from itertools import islice
from typing import Any, cast
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from guilder.books.invoicing.building import Built, InvalidDraft, Lookup, build
from guilder.books.invoicing.events import InvoiceIssued
from guilder.books.invoicing.operations.issue import (
    ONE,
    TABLE,
    Draft,
    check_issuable,
    check_rates,
    completed,
    posted,
)
from guilder.books.invoicing.writes import amounts, reference_of
from guilder.books.ledger import operations as ledger
from guilder.books.ledger import queries as accounts_of
from guilder.foundation.audit import operations as audit
from guilder.foundation.events import bus
from guilder.foundation.tenancy.hot import cursor, insert_many
from guilder.foundation.tenancy.ids import uuid7
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel import canonical
from guilder.kernel.actor import Actor
from guilder.kernel.document import Document, Totals
from guilder.kernel.errors import GuilderError, Problem
from guilder.registers.currencies import queries as currencies
from guilder.registers.numbering import operations as numbering
from guilder.registers.numbering.queries import SeriesChoice, default_series

CHUNK = 1_000
LINES = {
    "organization_id": "uuid", "id": "uuid", "invoice_id": "uuid", "position": "integer",
    "item_id": "uuid", "name": "text", "description": "text", "quantity": "numeric",
    "unit": "text", "unit_price": "numeric", "base_quantity": "numeric", "tax_code": "text",
    "tax_category": "text", "tax_rate": "numeric", "tax_reason": "text", "net_amount": "bigint",
}  # fmt: skip
TAXES = {
    "organization_id": "uuid", "id": "uuid", "invoice_id": "uuid", "position": "smallint",
    "category": "text", "rate": "numeric", "taxable_amount": "bigint", "tax_amount": "bigint",
    "exemption_code": "text", "exemption_reason": "text",
}  # fmt: skip
INVOICES = {
    "organization_id": "uuid", "id": "uuid", "kind": "text", "status": "text",
    "draft_reference": "text", "series_id": "uuid", "number": "text", "sequence": "bigint",
    "period": "text", "issued_on": "date", "due_on": "date", "partner_id": "uuid",
    "currency": "text", "base_currency": "text", "base_rate": "numeric", "rate_source": "text",
    "language": "text", "tax_rounding": "text", "line_net_amount": "bigint",
    "allowances_amount": "bigint", "charges_amount": "bigint", "net_amount": "bigint",
    "tax_amount": "bigint", "gross_amount": "bigint", "prepaid_amount": "bigint",
    "rounding_amount": "bigint", "due_amount": "bigint", "withheld_amount": "bigint",
    "payable_amount": "bigint", "base_net_amount": "bigint", "base_tax_amount": "bigint",
    "base_payable_amount": "bigint", "prior_amount": "bigint", "allocated_amount": "bigint",
    "credited_amount": "bigint", "written_off_amount": "bigint", "open_amount": "bigint",
    "settled_on": "date", "terms": "jsonb", "custom_fields": "jsonb", "is_history": "boolean",
    "created_by_id": "uuid", "created_at": "timestamptz", "updated_at": "timestamptz",
    "version": "integer",
}  # fmt: skip
PAPERS = {
    "organization_id": "uuid", "id": "uuid", "invoice_id": "uuid", "series_id": "uuid",
    "series_code": "text", "period": "text", "sequence": "bigint", "number": "text",
    "issued_on": "date", "document": "bytea", "content_hash": "bytea", "previous_hash": "bytea",
    "chain_hash": "bytea", "issued_at": "timestamptz", "issued_by_id": "uuid",
}  # fmt: skip
ENTRIES = {
    "organization_id": "uuid", "id": "uuid", "booked_on": "date", "source": "text",
    "source_id": "uuid", "memo": "text", "base_currency": "text", "posting_count": "smallint",
    "created_by_id": "uuid", "created_at": "timestamptz",
}  # fmt: skip
POSTINGS = {
    "organization_id": "uuid", "id": "uuid", "entry_id": "uuid", "position": "smallint",
    "account_id": "uuid",
    "booked_on": "date", "partner_id": "uuid", "amount": "bigint", "currency": "text",
    "base_amount": "bigint", "rate": "numeric", "rate_source": "text", "tax_category": "text",
    "tax_rate": "numeric",
}  # fmt: skip
# Lines come before their invoices, which are issued from the first moment on.
DEFER = (
    "SET CONSTRAINTS invoicing_invoiceline_invoice_within, invoicing_invoicetax_invoice_within"
    " DEFERRED"
)
_json = msgspec.json.Encoder().encode


@dataclass(slots=True)
class Ready:
    """One invoice of a bulk run, calculated and hashed, waiting for its number."""

    id: UUID
    built: Built
    draft: Draft
    document: Document
    content: bytes
    content_hash: bytes
    legs: tuple[ledger.Leg, ...]
    bases: tuple[int, int, int]
    rate: Decimal
    rate_source: str


@dataclass(frozen=True, slots=True)
class Numbered:
    """What became of one of many."""

    id: UUID
    number: str


def create_and_issue_many(
    drafts: Iterable[Mapping[str, Any]],
    *,
    by: Actor,
    at: datetime,
    on: date | None = None,
    chunk: int = CHUNK,
) -> list[Numbered]:
    """Make and issue invoices (kind "invoice" only) from raw values, in their order.

    Each chunk is one transaction: its numbers are one block, taken just before it is written. What
    went before a refused chunk stays. Raises InvalidDraft with pointers that begin with the index
    of the draft, NoRate, numbering's IssuedBeforeLast, ledger's PeriodIsLocked.
    """
    by.require("invoice.create")
    by.require("invoice.issue")
    waiting = iter(drafts)
    done: list[Numbered] = []
    while part := list(islice(waiting, chunk)):
        with transaction(by.organization_id):
            done += issue_chunk(part, by=by, at=at, on=on, first=len(done))
    return done


def issue_chunk(
    part: Sequence[Mapping[str, Any]], *, by: Actor, at: datetime, on: date | None, first: int
) -> list[Numbered]:
    """One transaction's worth."""
    lookup = Lookup(by.organization_id)
    accounts = accounts_of.account_map(by.organization_id)
    series = default_series(by.organization_id, kind="invoice")
    ready, problems, day = [], list[Problem](), on
    for index, data in enumerate(part, start=first):
        try:
            one = made_ready(data, lookup=lookup, by=by, at=at, on=on, series=series)
        except GuilderError as error:
            problems += pointed(error, index)
            continue
        day = cast("date", one.document.issued_on)
        ready.append(one)
    if problems:
        raise InvalidDraft(problems=problems)
    if not ready or day is None:
        return []
    return write_chunk(ready, by=by, at=at, on=day, series=series, accounts=accounts)


def pointed(error: GuilderError, index: int) -> list[Problem]:
    """The problems of one draft, under its index."""
    if not error.problems:
        return [Problem(f"/{index}", error.code, error.detail)]
    return [Problem(f"/{index}{one.pointer}", one.code, one.detail) for one in error.problems]


def made_ready(
    data: Mapping[str, Any],
    *,
    lookup: Lookup,
    by: Actor,
    at: datetime,
    on: date | None,
    series: SeriesChoice,
) -> Ready:
    """One invoice, judged, calculated, hashed."""
    if data.get("deducts") or data.get("corrects") or data.get("kind", "invoice") != "invoice":
        problem = Problem("/kind", "invoicing.not_in_bulk", "Make this one by itself.")
        raise InvalidDraft(problems=[problem])
    built = build(data, lookup=lookup, at=at)
    context = built.context
    day = on or at.astimezone(ZoneInfo(context.time_zone)).date()
    rate, source = ONE, ""
    if built.document.currency != context.base_currency:
        found = currencies.rate_on(
            by.organization_id, base=built.document.currency, quote=context.base_currency, on=day
        )
        rate, source = found.rate, f"{found.source} {found.on}"[:80]
    invoice_id = uuid7()
    draft = Draft(
        id=invoice_id,
        kind="invoice",
        partner_id=context.partner_id,
        partner_name=context.buyer.name,
        currency=built.document.currency,
        base_currency=context.base_currency,
        terms=built.terms,
        document=built.document,
        version=1,
        updated_at=at,
        quote_id=None,
        corrects_id=None,
        reference=reference_of(invoice_id),
        created_by_id=by.user_id,
        created_at=at,
        series=series,
        accounts={},
        deducts=False,
    )
    document = completed(draft, context, day=day, rate=rate)
    check_issuable(document, draft=draft, corrected=None, deposits=())
    check_rates(document, lookup, day, resolved_on=built.on)
    content = canonical.canonical_bytes(document)
    booked = posted(draft, document, rate=rate, deposits=(), corrected=None)
    return Ready(
        id=invoice_id,
        built=built,
        draft=draft,
        document=document,
        content=content,
        content_hash=sha256(content).digest(),
        legs=booked.legs,
        bases=(booked.base_net, booked.base_tax, booked.base_payable),
        rate=rate,
        rate_source=source,
    )


def write_chunk(
    ready: Sequence[Ready],
    *,
    by: Actor,
    at: datetime,
    on: date,
    series: SeriesChoice,
    accounts: Mapping[str, UUID],
) -> list[Numbered]:
    """Take the numbers and write everything; the counter is locked from here to the commit."""
    organization_id = by.organization_id
    cursor().execute(DEFER)
    insert_many("invoicing_invoiceline", LINES, line_rows(ready, organization_id))
    insert_many("invoicing_invoicetax", TAXES, tax_rows(ready, organization_id))
    last, head = numbering.lock_counter(organization_id, series, on=on)
    shape, period = series.shape_on(on), series.period_on(on)
    numbers: list[str] = []
    links: list[tuple[bytes, bytes]] = []
    for place, one in enumerate(ready, start=last + 1):
        numbers.append(shape.text(place))
        link = canonical.chain_hash(
            head,
            series=series.code,
            number=numbers[-1],
            issued_on=on,
            content_hash=one.content_hash,
        )
        links.append((head, link))
        head = link
    invoices, papers = [], []
    for place, (one, number, (previous, link)) in enumerate(
        zip(ready, numbers, links, strict=True), start=last + 1
    ):
        invoices.append(invoice_row(one, by=by, at=at, number=number, place=place, period=period))
        papers.append(
            (
                organization_id,
                uuid7(),
                one.id,
                series.id,
                series.code,
                period,
                place,
                number,
                on,
                one.content,
                one.content_hash,
                previous,
                link,
                at,
                by.user_id,
            )
        )
    insert_many("invoicing_invoice", INVOICES, invoices)
    insert_many("invoicing_issueddocument", PAPERS, papers)
    with ledger.refusals():
        write_books(ready, numbers, by=by, at=at, on=on, accounts=accounts)
    write_trail(ready, numbers, by=by, on=on)
    numbering.move_counter(
        organization_id,
        series,
        on=on,
        last_value=last + len(ready),
        chain_hash=head,
        previous_hash=links[-1][0],
    )
    return [Numbered(one.id, number) for one, number in zip(ready, numbers, strict=True)]


def line_rows(ready: Sequence[Ready], organization_id: UUID) -> list[tuple[Any, ...]]:
    """The lines of all invoices."""
    return [
        (
            organization_id,
            uuid7(),
            one.id,
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
        for one in ready
        for position, (line, item, reason) in enumerate(
            zip(one.document.lines, one.built.items, one.built.reasons, strict=True), start=1
        )
    ]


def tax_rows(ready: Sequence[Ready], organization_id: UUID) -> list[tuple[Any, ...]]:
    """The tax rows of all invoices."""
    return [
        (
            organization_id,
            uuid7(),
            one.id,
            position,
            row.category,
            row.rate,
            row.taxable.minor,
            row.tax.minor,
            row.exemption_code,
            row.exemption_reason,
        )
        for one in ready
        for position, row in enumerate(one.document.taxes, start=1)
    ]


def invoice_row(
    one: Ready, *, by: Actor, at: datetime, number: str, place: int, period: str
) -> tuple[Any, ...]:
    """An issued invoice's row."""
    document, draft = one.document, one.draft
    sums = amounts(document)
    payable = sums["payable"]
    return (
        by.organization_id, one.id, "invoice", "issued", draft.reference, draft.series.id, number,
        place, period, document.issued_on, document.due_on, draft.partner_id, draft.currency,
        draft.base_currency, one.rate, one.rate_source, document.language,
        document.rounding.value, sums["line_net"], sums["allowances"], sums["charges"],
        sums["net"], sums["tax"], sums["gross"], sums["prepaid"], sums["rounded"], sums["due"],
        sums["withheld"], payable, *one.bases, 0, 0, 0, 0, payable,
        None if payable else document.issued_on, _json(draft.terms).decode(),
        _json(dict(document.custom_fields)).decode(), False, by.user_id, at, at, 2,
    )  # fmt: skip


def write_books(
    ready: Sequence[Ready],
    numbers: Sequence[str],
    *,
    by: Actor,
    at: datetime,
    on: date,
    accounts: Mapping[str, UUID],
) -> None:
    """The entries and postings of all invoices."""
    entries, postings = [], []
    for one, number in zip(ready, numbers, strict=True):
        booking = ledger.Booking(
            legs=one.legs,
            on=on,
            source="invoice.issue",
            source_id=one.id,
            currency=one.draft.currency,
            base_currency=one.draft.base_currency,
            rate=one.rate,
            rate_source=one.rate_source,
            partner_id=one.draft.partner_id,
            memo=number,
        )
        if booking.is_empty:
            continue
        entry, rows = ledger.entry_rows(
            booking, organization_id=by.organization_id, accounts=accounts, by_id=by.user_id, at=at
        )
        entries.append(entry)
        postings += rows
    insert_many("ledger_entry", ENTRIES, entries)
    insert_many("ledger_posting", POSTINGS, postings)


def write_trail(ready: Sequence[Ready], numbers: Sequence[str], *, by: Actor, on: date) -> None:
    """The events and audit rows of all invoices."""
    told, noted = [], []
    for one, number in zip(ready, numbers, strict=True):
        totals = cast("Totals", one.document.totals)
        event = InvoiceIssued(
            invoice_id=one.id,
            kind="invoice",
            partner_id=one.draft.partner_id,
            number=number,
            issued_on=on,
            due_on=one.document.due_on,
            currency=one.draft.currency,
            due=str(totals.due),
        )
        told.append(bus.row_of(event, by))
        noted.append(
            audit.row_of(
                by=by,
                action="invoice.create_and_issue",
                table=TABLE,
                row_id=one.id,
                before=None,
                after={
                    "status": "issued",
                    "number": number,
                    "issued_on": on.isoformat(),
                    "content_hash": one.content_hash.hex(),
                    "open": str(totals.receivable or totals.due),
                },
            )
        )
    insert_many("events_event", bus.COLUMNS, told)
    insert_many("audit_entry", audit.COLUMNS, noted)
