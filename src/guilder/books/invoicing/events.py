"""What happened to invoices, quotes and credits. Ids and values only."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceEvent:
    """What most events of an invoice carry."""

    invoice_id: UUID
    kind: str
    partner_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceCreated(InvoiceEvent):
    """A draft was made."""

    type: ClassVar[str] = "invoice.created"


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceChanged(InvoiceEvent):
    """A draft was changed."""

    type: ClassVar[str] = "invoice.changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceDeleted(InvoiceEvent):
    """A draft was thrown away."""

    type: ClassVar[str] = "invoice.deleted"


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceIssued(InvoiceEvent):
    """A document got its number and was frozen; amounts are decimal text."""

    type: ClassVar[str] = "invoice.issued"
    number: str
    issued_on: date
    due_on: date | None
    currency: str
    due: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceTakenOver(InvoiceEvent):
    """A document of an earlier system came in as history; `open` of it (decimal text) is unpaid."""

    type: ClassVar[str] = "invoice.taken_over"
    number: str
    issued_on: date
    currency: str
    open: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceSettled(InvoiceEvent):
    """Nothing is open any more."""

    type: ClassVar[str] = "invoice.settled"
    settled_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceReopened(InvoiceEvent):
    """Something is open again: an allocation was reversed."""

    type: ClassVar[str] = "invoice.reopened"


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditAllocated:
    """A credit note was applied to an invoice; the amount is decimal text."""

    type: ClassVar[str] = "credit.allocated"
    credit_note_id: UUID
    invoice_id: UUID
    amount: str
    currency: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditReversed:
    """A credit note was taken off an invoice again."""

    type: ClassVar[str] = "credit.reversed"
    credit_note_id: UUID
    invoice_id: UUID
    amount: str
    currency: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceWrittenOff(InvoiceEvent):
    """What was open has been given up; the amount is decimal text."""

    type: ClassVar[str] = "invoice.written_off"
    amount: str
    currency: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceMarked(InvoiceEvent):
    """It was sent or viewed, or a dispute began or ended: `mark` says which."""

    type: ClassVar[str] = "invoice.marked"
    mark: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceQuestioned(InvoiceEvent):
    """The client asked something about an issued document; `email` is where the answer goes."""

    type: ClassVar[str] = "invoice.questioned"
    number: str
    name: str
    email: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteEvent:
    """A quote reached a state; `number` is empty on a draft."""

    quote_id: UUID
    partner_id: UUID
    number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteCreated(QuoteEvent):
    """A quote was drafted."""

    type: ClassVar[str] = "quote.created"


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteChanged(QuoteEvent):
    """A quote's draft was changed."""

    type: ClassVar[str] = "quote.changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteSent(QuoteEvent):
    """A quote got its number and went out."""

    type: ClassVar[str] = "quote.sent"


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteAccepted(QuoteEvent):
    """The client agreed."""

    type: ClassVar[str] = "quote.accepted"


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteDeclined(QuoteEvent):
    """The client refused."""

    type: ClassVar[str] = "quote.declined"


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteDeleted(QuoteEvent):
    """A quote's draft was thrown away."""

    type: ClassVar[str] = "quote.deleted"


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteAnswered(QuoteEvent):
    """The client answered by link: `answer` is accepted (by `name`) or declined (`reason`)."""

    type: ClassVar[str] = "quote.answered"
    answer: str
    name: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteQuestioned(QuoteEvent):
    """The client asked something about a quote; `email` is where the answer goes."""

    type: ClassVar[str] = "quote.questioned"
    name: str
    email: str
    text: str
