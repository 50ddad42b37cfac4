"""One invoice as it is read: the row's values, and the paper where it was asked for."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from guilder.books.invoicing.calc import Standing, status_word
from guilder.kernel.errors import NotFound
from guilder.kernel.money import Money

COLUMNS = """i.id, i.kind, i.status, i.draft_reference, i.number, i.issued_on, i.due_on,
  i.partner_id, p.name, i.currency, i.base_currency, i.base_rate, i.language, i.tax_rounding,
  i.line_net_amount, i.allowances_amount, i.charges_amount, i.net_amount, i.tax_amount,
  i.gross_amount, i.prepaid_amount, i.rounding_amount, i.due_amount, i.withheld_amount,
  i.payable_amount, i.base_payable_amount, i.allocated_amount, i.credited_amount,
  i.written_off_amount, i.open_amount, i.settled_on, i.sent_at, i.viewed_at, i.disputed_at,
  i.quote_id, i.corrects_id, i.is_history, i.created_by_id, i.created_at, i.updated_at, i.version,
  (i.status = 'draft' AND EXISTS (SELECT FROM workflow_approval v
    WHERE v.organization_id = i.organization_id AND v.subject_id = i.id
      AND v.subject_version = i.version AND v.state = 'pending'))"""
FROM = """FROM invoicing_invoice i JOIN parties_partner p
  ON p.organization_id = i.organization_id AND p.id = i.partner_id"""


class NoSuchInvoice(NotFound):
    """No invoice of that id that this actor may see."""

    code = "invoice.not_found"


class NoSuchQuote(NotFound):
    """No quote of that id that this actor may see."""

    code = "quote.not_found"


@dataclass(frozen=True, slots=True)
class InvoiceRecord:
    """An invoice or its kin; amounts are minor units of `currency`.

    `paper` is the document in the kernel's canonical shape (None in lists), without its number;
    of a draft it is without the parties, which are copied in at issue.
    """

    id: UUID
    kind: str
    status: str
    draft_reference: str
    number: str | None
    issued_on: date | None
    due_on: date | None
    partner_id: UUID
    partner_name: str
    currency: str
    base_currency: str
    base_rate: Decimal | None
    language: str
    tax_rounding: str
    line_net_amount: int
    allowances_amount: int
    charges_amount: int
    net_amount: int
    tax_amount: int
    gross_amount: int
    prepaid_amount: int
    rounding_amount: int
    due_amount: int
    withheld_amount: int
    payable_amount: int
    base_payable_amount: int | None
    allocated_amount: int
    credited_amount: int
    written_off_amount: int
    open_amount: int
    settled_on: date | None
    sent_at: datetime | None
    viewed_at: datetime | None
    disputed_at: datetime | None
    quote_id: UUID | None
    corrects_id: UUID | None
    is_history: bool
    created_by_id: UUID | None
    created_at: datetime
    updated_at: datetime
    version: int
    is_pending: bool = False  # somebody was asked to approve it, as it stands
    paper: dict[str, Any] | None = None
    items: tuple[UUID | None, ...] = ()
    tax_reasons: tuple[str, ...] = ()
    terms: dict[str, Any] | None = None
    content_hash: bytes | None = None
    chain_hash: bytes | None = None
    warnings: tuple[str, ...] = ()

    def word(self, *, on: date) -> str:
        """The one word for its state on a day (DESIGN 4)."""
        return status_word(
            Standing(
                status=self.status,
                kind=self.kind,
                due_on=self.due_on,
                payable=self.payable_amount,
                allocated=self.allocated_amount,
                credited=self.credited_amount,
                written_off=self.written_off_amount,
                left=self.open_amount,
                sent_at=self.sent_at,
                viewed_at=self.viewed_at,
                disputed_at=self.disputed_at,
                is_pending=self.is_pending,
            ),
            on=on,
        )

    def money(self, amount: int) -> Money:
        """One of its amounts."""
        return Money(amount, self.currency)
