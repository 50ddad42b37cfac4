"""One invoice with its paper."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

from guilder.books.invoicing import paper
from guilder.books.invoicing.models import IssuedDocument
from guilder.books.invoicing.queries.records import (
    COLUMNS,
    FROM,
    InvoiceRecord,
    NoSuchInvoice,
)
from guilder.books.invoicing.queries.sketches import NOT_DUE, with_due_dates
from guilder.foundation.tenancy.hot import cursor
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.kernel.document import Document
from guilder.kernel.period import terms_of
from guilder.kernel.references import referenced
from guilder.kernel.totals import calculate
from guilder.registers.parties import queries as parties
from guilder.registers.parties.queries import reach_of

GET = f"""
SELECT {COLUMNS}, coalesce(i.content, d.document), i.terms, d.content_hash, d.chain_hash,
  (SELECT array_agg(l.item_id ORDER BY l.position) FROM invoicing_invoiceline l
    WHERE l.organization_id = i.organization_id AND l.invoice_id = i.id AND l.position > 0),
  (SELECT array_agg(l.tax_reason ORDER BY l.position) FROM invoicing_invoiceline l
    WHERE l.organization_id = i.organization_id AND l.invoice_id = i.id AND l.position > 0)
{FROM}
LEFT JOIN invoicing_issueddocument d
  ON d.organization_id = i.organization_id AND d.invoice_id = i.id
WHERE i.organization_id = %(organization)s AND i.id = %(id)s
  AND guilder_sees(%(owner)s, %(drafts)s, i.created_by_id, i.partner_id, i.status)
"""  # noqa: S608 (our own text)
ISSUED = """
SELECT d.number, d.issued_on, d.document, d.content_hash, d.previous_hash, d.chain_hash,
  d.series_code, d.period, d.sequence
FROM invoicing_issueddocument d
JOIN invoicing_invoice i ON i.organization_id = d.organization_id AND i.id = d.invoice_id
WHERE d.organization_id = %(organization)s AND d.invoice_id = %(id)s
  AND guilder_sees(%(owner)s, %(drafts)s, i.created_by_id, i.partner_id, i.status)
"""
CREDITS = f"""
SELECT {COLUMNS} {FROM}
WHERE i.organization_id = %(organization)s AND i.corrects_id = %(id)s
  AND guilder_sees(%(owner)s, %(drafts)s, i.created_by_id, i.partner_id, i.status) ORDER BY i.id
"""
WIDTH = len(COLUMNS.split(","))


@dataclass(frozen=True, slots=True)
class Frozen:
    """An issued document's frozen paper: canonical bytes without the number, and its hashes."""

    number: str
    issued_on: date
    document: bytes
    content_hash: bytes
    previous_hash: bytes | None
    chain_hash: bytes | None
    series_code: str
    period: str
    sequence: int | None


def get_invoice(invoice_id: UUID, *, by: Actor) -> InvoiceRecord:
    """One invoice with its paper; NoSuchInvoice also for what this actor may not see."""
    by.require("invoice.view")
    with transaction(by.organization_id):
        row = (
            cursor(binary=True)
            .execute(
                GET,
                {"organization": by.organization_id, "id": invoice_id, **reach_of(by)},
                prepare=True,
            )
            .fetchone()
        )
    if row is None:
        raise NoSuchInvoice("There is no such invoice.")
    content, terms, content_hash, chain_hash, items, reasons = row[WIDTH:]
    return InvoiceRecord(
        *row[:WIDTH],
        paper=paper.data_of(content),
        items=tuple(items or ()),
        tax_reasons=tuple(reasons or ()),
        terms=terms,
        content_hash=content_hash,
        chain_hash=chain_hash,
    )


def get_issued(invoice_id: UUID, *, by: Actor) -> Frozen:
    """The frozen paper; NoSuchInvoice while it is a draft."""
    by.require("invoice.view")
    with transaction(by.organization_id):
        row = (
            cursor(binary=True)
            .execute(
                ISSUED,
                {"organization": by.organization_id, "id": invoice_id, **reach_of(by)},
                prepare=True,
            )
            .fetchone()
        )
    if row is None:
        raise NoSuchInvoice("There is no such issued document.")
    return Frozen(*row)


def issue_of(invoice_id: UUID, *, by: Actor) -> tuple[datetime, Decimal | None]:
    """(the instant a document was issued, what one unit of its currency is in the books);
    NoSuchInvoice while it is a draft."""
    by.require("invoice.view")
    found = IssuedDocument.objects.of(by.organization_id).filter(invoice_id=invoice_id)
    with transaction(by.organization_id):
        row = found.values_list("issued_at", "invoice__base_rate").first()
    if row is None:
        raise NoSuchInvoice("There is no such issued document.")
    return row


def get_document(invoice_id: UUID, *, by: Actor, at: datetime | None = None) -> Document:
    """The paper as a whole: of an issued invoice the frozen one with its number; of a draft a
    preview with today's parties and dates (`at` is needed then for the dates)."""
    record = get_invoice(invoice_id, by=by)
    if record.status == "issued":
        frozen = get_issued(invoice_id, by=by)
        return referenced(replace(paper.document_of(frozen.document), number=frozen.number))
    return preview(record, by=by, at=at)


def preview(record: InvoiceRecord, *, by: Actor, at: datetime | None = None) -> Document:
    """A draft's paper with the parties, payment means, due dates and early discounts that it would
    be issued with."""
    with transaction(by.organization_id):
        context = parties.invoicing_context(by.organization_id, record.partner_id)
        row = cursor().execute(
            "SELECT content FROM invoicing_invoice WHERE organization_id = %s AND id = %s",
            [by.organization_id, record.id],
        )
        (content,) = row.fetchone() or (None,)
    if content is None:
        raise NoSuchInvoice("There is no such draft.")
    document = paper.document_of(bytes(content))
    changes: dict[str, object] = {
        "seller": context.seller,
        "buyer": context.buyer,
        "payment": context.payment_of(document, None),
    }
    if at is None:
        return calculate(replace(document, **changes))  # type: ignore[arg-type]
    today = at.astimezone(ZoneInfo(context.time_zone)).date()
    terms = terms_of(record.terms) if record.terms else context.terms
    changes["issued_on"] = today
    changes["payment"] = context.payment_of(document, today)
    changes["early_discounts"] = document.early_discounts or terms.discounts
    whole = calculate(replace(document, **changes))  # type: ignore[arg-type]
    if whole.kind in NOT_DUE or whole.due_on is not None:
        return whole
    return with_due_dates(whole, terms, issued_on=today)


def list_credits(invoice_id: UUID, *, by: Actor) -> list[InvoiceRecord]:
    """The credit and debit notes that correct an invoice, drafts included."""
    by.require("invoice.view")
    with transaction(by.organization_id):
        rows = cursor(binary=True).execute(
            CREDITS,
            {"organization": by.organization_id, "id": invoice_id, **reach_of(by)},
            prepare=True,
        )
        return [InvoiceRecord(*row) for row in rows.fetchall()]
