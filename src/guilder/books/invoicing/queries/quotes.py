"""Reading quotes."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from guilder.books.invoicing import paper
from guilder.books.invoicing.models import Quote, QuoteLine
from guilder.books.invoicing.queries.records import NoSuchQuote
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.kernel.document import Document
from guilder.registers.parties import queries as parties
from guilder.registers.parties.queries import seen_by


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteRecord:
    """A quote; amounts are minor units. `lines` gives how much of each has been invoiced."""

    id: UUID
    state: str
    draft_reference: str
    number: str | None
    quoted_on: date | None
    valid_until: date | None
    partner_id: UUID
    partner_name: str
    currency: str
    language: str
    net_amount: int
    tax_amount: int
    gross_amount: int
    accepted_at: datetime | None
    accepted_by: str
    declined_at: datetime | None
    declined_reason: str
    created_by_id: UUID | None
    created_at: datetime
    updated_at: datetime
    version: int
    terms: dict[str, Any]
    paper: dict[str, Any]
    items: tuple[UUID | None, ...]
    quantities: tuple[tuple[Decimal, Decimal], ...]  # (quoted, invoiced) of each line

    def word(self, *, on: date) -> str:
        """draft, sent, accepted, declined, expired or invoiced."""
        done = bool(self.quantities) and all(
            abs(invoiced) >= abs(quoted) for quoted, invoiced in self.quantities
        )
        if self.state == "accepted" and done:
            return "invoiced"
        if self.state == "sent" and self.valid_until is not None and self.valid_until < on:
            return "expired"
        return self.state


def get_quote(quote_id: UUID, *, by: Actor) -> QuoteRecord:
    """One quote; NoSuchQuote also for what this actor may not see."""
    by.require("quote.view")
    with transaction(by.organization_id):
        rows = Quote.objects.of(by.organization_id).select_related("partner")
        row = rows.filter(seen_by(by, state="state"), id=quote_id).first()
        if row is None:
            raise NoSuchQuote("There is no such quote.")
        return record_of(row)


def list_quotes(
    *,
    by: Actor,
    partner_id: UUID | None = None,
    states: tuple[str, ...] = (),
    limit: int = 50,
    after: UUID | None = None,
) -> list[QuoteRecord]:
    """A page of quotes, newest first; `after` is the last id of the page before."""
    by.require("quote.view")
    with transaction(by.organization_id):
        rows = Quote.objects.of(by.organization_id).select_related("partner")
        rows = rows.filter(seen_by(by, state="state"))
        if partner_id is not None:
            rows = rows.filter(partner_id=partner_id)
        if states:
            rows = rows.filter(state__in=states)
        if after is not None:
            rows = rows.filter(id__lt=after)
        found = list(rows.prefetch_related("lines").order_by("-id")[:limit])
        return [record_of(row) for row in found]


def record_of(row: Quote) -> QuoteRecord:
    """The record of a row with its partner."""
    lines: list[QuoteLine] = sorted(row.lines.all(), key=lambda line: line.position)
    return QuoteRecord(
        id=row.id,
        state=row.state,
        draft_reference=row.draft_reference,
        number=row.number,
        quoted_on=row.quoted_on,
        valid_until=row.valid_until,
        partner_id=row.partner_id,
        partner_name=row.partner.name,
        currency=row.currency,
        language=row.language,
        net_amount=row.net_amount,
        tax_amount=row.tax_amount,
        gross_amount=row.gross_amount,
        accepted_at=row.accepted_at,
        accepted_by=row.accepted_by,
        declined_at=row.declined_at,
        declined_reason=row.declined_reason,
        created_by_id=row.created_by_id,
        created_at=row.created_at,
        updated_at=row.updated_at,
        version=row.version,
        terms=row.terms,
        paper=paper.data_of(bytes(row.content)),
        items=tuple(line.item_id for line in lines),
        quantities=tuple((line.quantity, line.invoiced_quantity) for line in lines),
    )


def get_quote_document(quote_id: UUID, *, by: Actor) -> Document:
    """The paper of a quote with both parties and its number."""
    record = get_quote(quote_id, by=by)
    with transaction(by.organization_id):
        context = parties.invoicing_context(by.organization_id, record.partner_id)
        row = Quote.objects.of(by.organization_id).get(id=quote_id)
    document = paper.document_of(bytes(row.content))
    if record.state == "draft":
        document = replace(document, seller=context.seller, buyer=context.buyer)
    # On a quote BT-9 is the day until which it holds; its rows keep that beside the paper.
    return replace(
        document,
        number=record.number or "",
        issued_on=record.quoted_on,
        due_on=record.valid_until or document.due_on,
    )
