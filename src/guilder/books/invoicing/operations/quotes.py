"""Quotes: drafted, sent under a number, answered, and turned into one or several invoices."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from hashlib import sha256
from typing import Any, cast
from uuid import UUID
from zoneinfo import ZoneInfo

from guilder.books.invoicing import paper
from guilder.books.invoicing.building import Built, InvalidDraft, build
from guilder.books.invoicing.events import (
    QuoteAccepted,
    QuoteChanged,
    QuoteCreated,
    QuoteDeclined,
    QuoteDeleted,
    QuoteSent,
)
from guilder.books.invoicing.lookup import Lookup
from guilder.books.invoicing.models import Quote, QuoteLine
from guilder.books.invoicing.operations.drafts import create_draft
from guilder.books.invoicing.operations.quoted import part_of, take
from guilder.books.invoicing.queries.quotes import QuoteRecord, get_quote, record_of
from guilder.books.invoicing.queries.records import InvoiceRecord, NoSuchQuote
from guilder.books.invoicing.writes import reference_of
from guilder.foundation.audit import operations as audit
from guilder.foundation.events import bus
from guilder.foundation.identity.permissions import require_own
from guilder.foundation.tenancy.ids import uuid7
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.kernel.document import Kind, Totals
from guilder.kernel.errors import Conflict, Problem, Stale
from guilder.kernel.money import Money
from guilder.kernel.wire import Wire
from guilder.registers.numbering import operations as numbering
from guilder.registers.numbering import queries as series_of
from guilder.registers.parties.queries import seen_by

TABLE = "invoicing_quote"
NUMBERED = """
sent AS (
  UPDATE invoicing_quote SET number = numbered.number, sequence = numbered.sequence,
    period = %(period)s::text, series_id = %(series_id)s::uuid, quoted_on = %(issued_on)s::date,
    state = 'sent', content = %(content)s::bytea, version = version + 1,
    updated_at = %(at)s::timestamptz
  FROM numbered
  WHERE organization_id = %(organization)s::uuid AND id = %(id)s::uuid AND state = 'draft'
  RETURNING id
)"""


class QuoteStateForbids(Conflict):
    """The quote is not in a state that allows this."""

    code = "quote.state"


def create_quote(*, by: Actor, data: Mapping[str, Any], at: datetime) -> QuoteRecord:
    """Draft a quote from raw values: those of an invoice and `valid_until`. InvalidDraft."""
    by.require("quote.edit")
    with transaction(by.organization_id):
        built = built_quote(data, by=by, at=at)
        quote_id = uuid7()
        row = Quote.objects.create(
            organization_id=by.organization_id,
            id=quote_id,
            draft_reference=reference_of(quote_id),
            created_by_id=by.user_id,
            created_at=at,
            updated_at=at,
            **columns(built),
        )
        put_lines(row, built)
        note(row, by=by, action="quote.create", before=None, after=paper.data_of(built.content))
        bus.publish(event(QuoteCreated, row), by=by)
        return record_of(row)


def built_quote(data: Mapping[str, Any], *, by: Actor, at: datetime) -> Built:
    """The paper of a quote; what only invoices have is refused."""
    wrong = [name for name in ("deducts", "corrects", "kind", "prepaid") if data.get(name)]
    if wrong:
        raise InvalidDraft(
            problems=[
                Problem(f"/{name}", "unknown_field", "A quote has no such field. Remove it.")
                for name in wrong
            ]
        )
    return build(data, lookup=Lookup(by.organization_id), at=at, kind=Kind.QUOTE)


def columns(built: Built) -> dict[str, Any]:
    """The columns of a quote's row."""
    totals = cast("Totals", built.document.totals)
    return {
        "valid_until": built.read.valid_until,
        "partner_id": built.context.partner_id,
        "currency": built.document.currency,
        "language": built.document.language,
        "net_amount": totals.net.minor,
        "tax_amount": totals.tax.minor,
        "gross_amount": totals.gross.minor,
        "content": built.content,
        "terms": built.terms,
        "custom_fields": dict(built.document.custom_fields),
    }


def put_lines(row: Quote, built: Built) -> None:
    """The lines as rows, in place of those that were there."""
    QuoteLine.objects.of(row.organization_id).filter(quote_id=row.id).delete()
    QuoteLine.objects.bulk_create(
        QuoteLine(
            organization_id=row.organization_id,
            quote_id=row.id,
            position=position,
            item_id=item,
            name=line.item.name,
            quantity=line.quantity,
            net_amount=cast("Money", line.net).minor,
        )
        for position, (line, item) in enumerate(
            zip(built.document.lines, built.items, strict=True), start=1
        )
    )


def update_quote(
    quote_id: UUID,
    *,
    by: Actor,
    data: Mapping[str, Any],
    at: datetime,
    version: int | None = None,
) -> QuoteRecord:
    """Change what `data` names of a drafted quote.

    Raises NoSuchQuote, QuoteStateForbids, Stale, InvalidDraft.
    """
    by.require("quote.edit")
    with transaction(by.organization_id):
        row = locked(quote_id, by=by, version=version, permission="quote.edit")
        expect(row, "draft")
        before = record_of(row)
        old = paper.document_of(bytes(row.content))
        items = {i: str(item) for i, item in enumerate(before.items) if item is not None}
        wire = paper.wire_of(old, items=items, chosen={})
        wire.pop("kind", None)
        wire |= {"client": str(row.partner_id), "terms": row.terms}
        if row.valid_until is not None:
            wire["valid_until"] = row.valid_until.isoformat()
        built = built_quote({**wire, **data}, by=by, at=at)
        for name, value in columns(built).items():
            setattr(row, name, value)
        row.version += 1
        row.updated_at = at
        row.save()
        put_lines(row, built)
        note(
            row,
            by=by,
            action="quote.update",
            before=before.paper,
            after=paper.data_of(built.content),
        )
        bus.publish(event(QuoteChanged, row), by=by)
        return get_quote(quote_id, by=by)


def delete_quote(quote_id: UUID, *, by: Actor, version: int | None = None) -> None:
    """Throw a drafted quote away. Raises NoSuchQuote, QuoteStateForbids, Stale."""
    by.require("quote.delete")
    with transaction(by.organization_id):
        row = locked(quote_id, by=by, version=version, permission="quote.delete")
        expect(row, "draft")
        before = paper.data_of(bytes(row.content))
        QuoteLine.objects.of(by.organization_id).filter(quote_id=row.id).delete()
        Quote.objects.of(by.organization_id).filter(id=row.id).delete()
        note(row, by=by, action="quote.delete", before=before, after=None)
        bus.publish(event(QuoteDeleted, row), by=by)


def send_quote(quote_id: UUID, *, by: Actor, at: datetime, on: date | None = None) -> QuoteRecord:
    """Give a drafted quote its number and freeze it as it goes out.

    Raises NoSuchQuote, QuoteStateForbids, InvalidDraft (no lines), numbering's NoSeries and
    IssuedBeforeLast.
    """
    by.require("quote.send")
    with transaction(by.organization_id):
        row = locked(quote_id, by=by, version=None, permission="quote.send")
        expect(row, "draft")
        context = Lookup(by.organization_id).context(row.partner_id, at=at)
        day = on or at.astimezone(ZoneInfo(context.time_zone)).date()
        document = paper.document_of(bytes(row.content))
        if not document.lines:
            problem = Problem("/lines", "invoicing.no_lines", "Add at least one line.")
            raise InvalidDraft(problems=[problem])
        content = paper.content_of(
            replace(document, seller=context.seller, buyer=context.buyer, issued_on=day)
        )
        numbering.issue_in_series(
            series_of.default_series(by.organization_id, kind="quote"),
            organization_id=by.organization_id,
            on=day,
            content_hash=sha256(content).digest(),
            writes=NUMBERED,
            result="numbered.number FROM numbered, sent",
            parameters={"id": row.id, "content": content, "at": at},
        )
        row.refresh_from_db()
        note(row, by=by, action="quote.send", before={"state": "draft"}, after={"state": "sent"})
        bus.publish(event(QuoteSent, row), by=by)
        return get_quote(quote_id, by=by)


def accept_quote(quote_id: UUID, *, by: Actor, at: datetime, name: str = "") -> QuoteRecord:
    """The client agrees; `name` says who did. Raises NoSuchQuote, QuoteStateForbids."""
    by.require("quote.edit")
    with transaction(by.organization_id):
        row = locked(quote_id, by=by, version=None, permission="quote.edit")
        expect(row, "sent", "declined")
        row.state = "accepted"
        row.accepted_at, row.accepted_by = at, name.strip()[:200]
        row.declined_at, row.declined_reason = None, ""
        answer(row, by=by, at=at, action="quote.accept")
        bus.publish(event(QuoteAccepted, row), by=by)
        return get_quote(quote_id, by=by)


def decline_quote(quote_id: UUID, *, by: Actor, at: datetime, reason: str = "") -> QuoteRecord:
    """The client refuses. Raises NoSuchQuote, QuoteStateForbids."""
    by.require("quote.edit")
    with transaction(by.organization_id):
        row = locked(quote_id, by=by, version=None, permission="quote.edit")
        expect(row, "sent")
        row.state = "declined"
        row.declined_at, row.declined_reason = at, reason.strip()[:200]
        answer(row, by=by, at=at, action="quote.decline")
        bus.publish(event(QuoteDeclined, row), by=by)
        return get_quote(quote_id, by=by)


def answer(row: Quote, *, by: Actor, at: datetime, action: str) -> None:
    """Store the client's answer."""
    row.version += 1
    row.updated_at = at
    row.save(
        update_fields=[
            "state",
            "accepted_at",
            "accepted_by",
            "declined_at",
            "declined_reason",
            "version",
            "updated_at",
        ]
    )
    note(row, by=by, action=action, before={"state": "sent"}, after={"state": row.state})


def invoice_quote(
    quote_id: UUID,
    *,
    by: Actor,
    at: datetime,
    lines: Sequence[Mapping[str, Any]] | None = None,
    kind: str = "invoice",
) -> InvoiceRecord:
    """Draft an invoice (or a `deposit`) of what is left of a sent or accepted quote, or of some
    lines: {"line": position from 1, "quantity": …}. Several invoices may follow one quote.

    Raises NoSuchQuote, QuoteStateForbids, InvalidDraft.
    """
    by.require("invoice.create")
    with transaction(by.organization_id):
        row = locked(quote_id, by=by, version=None, permission="quote.view")
        expect(row, "sent", "accepted")
        record = record_of(row)
        document = paper.document_of(bytes(row.content))
        wanted = wanted_lines(lines, record)
        part = part_of(document, wanted, record)
        items = {
            place: str(record.items[index])
            for place, index in enumerate(wanted)
            if record.items[index] is not None
        }
        wire = paper.wire_of(part, items=items, chosen={})
        for name in ("due_on", "tax_currency", "tax_rate_to_tax_currency"):
            wire.pop(name, None)
        wire |= {"client": str(row.partner_id), "kind": kind, "terms": row.terms}
        draft = create_draft(
            by=by,
            data=wire,
            at=at,
            quote_id=row.id,
            sources=[index + 1 for index in wanted],
        )
        take(row.id, {index + 1: quantity for index, quantity in wanted.items()}, by=by)
        return draft


def wanted_lines(
    lines: Sequence[Mapping[str, Any]] | None, record: QuoteRecord
) -> dict[int, Decimal]:
    """Index → quantity to be invoiced; InvalidDraft, QuoteStateForbids when nothing is left."""
    left = [quoted - invoiced for quoted, invoiced in record.quantities]
    if lines is None:
        found = {index: one for index, one in enumerate(left) if one}
        if not found:
            raise QuoteStateForbids("All of this quote has been invoiced already.")
        return found
    problems: list[Problem] = []
    wanted: dict[int, Decimal] = {}
    for index, raw in enumerate(lines):
        wire = Wire(raw, at=f"/lines/{index}", problems=problems)
        wire.known(("line", "quantity"))
        position = wire.whole("line", least=1, most=len(left))
        quantity = wire.decimal("quantity")
        if position is None:
            if wire.data.get("line") is None:
                wire.fault("line", "required", "Say which line, counted from 1.")
            continue
        whole = left[position - 1]
        asked = whole if quantity is None else quantity
        if not asked or (asked > 0) != (whole > 0) or abs(asked) > abs(whole):
            wire.fault("quantity", "invoicing.too_much", f"At most {whole:f} are left.")
        elif position - 1 in wanted:
            wire.fault("line", "invoicing.line_twice", "Name each line once.")
        wanted[position - 1] = asked
    if not wanted and not problems:
        problems.append(Problem("/lines", "required", "Name at least one line."))
    if problems:
        raise InvalidDraft(problems=problems)
    return wanted


def locked(quote_id: UUID, *, by: Actor, version: int | None, permission: str) -> Quote:
    """The row under lock; NoSuchQuote, NotYours, Stale."""
    rows = Quote.objects.of(by.organization_id).select_related("partner")
    rows = rows.filter(seen_by(by, state="state"))
    row = rows.lock().filter(id=quote_id).first()
    if row is None:
        raise NoSuchQuote("There is no such quote.")
    require_own(by, permission, created_by_id=row.created_by_id)
    if version is not None and version != row.version:
        raise Stale("This quote was changed in the meantime. Read it again.")
    return row


def expect(row: Quote, *states: str) -> None:
    """QuoteStateForbids unless the quote is in one of `states`."""
    if row.state not in states:
        raise QuoteStateForbids(
            f"This quote is {row.state}; this needs one that is {' or '.join(states)}."
        )


def event(kind: Any, row: Quote) -> Any:
    """A fact about a quote."""
    return kind(quote_id=row.id, partner_id=row.partner_id, number=row.number or "")


def note(row: Quote, *, by: Actor, action: str, before: Any, after: Any) -> None:
    """Audit a change of a quote."""
    audit.record(by=by, action=action, table=TABLE, row_id=row.id, before=before, after=after)
