"""What a client says from outside: a question about a paper, yes or no to a quote."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from guilder.books.invoicing.events import InvoiceQuestioned, QuoteAnswered, QuoteQuestioned
from guilder.books.invoicing.operations.quotes import (
    TABLE,
    QuoteStateForbids,
    accept_quote,
    decline_quote,
)
from guilder.books.invoicing.queries.quotes import QuoteRecord, get_quote
from guilder.books.invoicing.queries.reads import get_invoice
from guilder.foundation.audit import operations as audit
from guilder.foundation.events import bus
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.kernel.errors import Conflict, Invalid
from guilder.kernel.wire import Wire

MOST_WORDS, MOST_NAME, MOST_REASON = 2000, 120, 200


class QuestionIncomplete(Invalid):
    """The question lacks its words, or an address to answer to."""

    code = "invoicing.question_incomplete"


class AnswerIncomplete(Invalid):
    """Whoever accepts a quote gives their name."""

    code = "quote.answer_incomplete"


class QuoteExpired(Conflict):
    """The day until which the quote was valid is over."""

    code = "quote.expired"


@dataclass(frozen=True, slots=True)
class Question:
    """A question as it was judged."""

    text: str
    name: str
    email: str


def question_of(data: dict[str, str]) -> Question:
    """The question in raw values. Raises QuestionIncomplete with every fault."""
    wire = Wire(data)
    text = wire.text("text", most=MOST_WORDS, lines=True)
    name = wire.text("name", most=MOST_NAME)
    email = wire.email("email")
    if not text and not wire.problems:
        wire.fault("text", "invoicing.question_empty", "Write your question.")
    if not email and not any(one.pointer == "/email" for one in wire.problems):
        wire.fault("email", "invoicing.no_answer_address", "Enter the address to answer to.")
    if wire.problems:
        raise QuestionIncomplete(problems=wire.problems)
    return Question(text, name, email)


def ask_question(invoice_id: UUID, *, by: Actor, data: dict[str, str]) -> None:
    """The client asks about an issued document: `data` has text, name and email.

    Raises NoSuchInvoice, QuestionIncomplete.
    """
    by.require("invoice.view")
    asked = question_of(data)
    with transaction(by.organization_id):
        record = get_invoice(invoice_id, by=by)
        note(by, "invoice.question", "invoicing_invoice", invoice_id, asked)
        bus.publish(
            InvoiceQuestioned(
                invoice_id=invoice_id,
                kind=record.kind,
                partner_id=record.partner_id,
                number=record.number or record.draft_reference,
                name=asked.name,
                email=asked.email,
                text=asked.text,
            ),
            by=by,
        )


def ask_about_quote(quote_id: UUID, *, by: Actor, data: dict[str, str]) -> None:
    """The client asks about a quote that went out. Raises NoSuchQuote, QuestionIncomplete."""
    by.require("quote.view")
    asked = question_of(data)
    with transaction(by.organization_id):
        record = get_quote(quote_id, by=by)
        note(by, "quote.question", TABLE, quote_id, asked)
        bus.publish(
            QuoteQuestioned(
                quote_id=quote_id,
                partner_id=record.partner_id,
                number=record.number or record.draft_reference,
                name=asked.name,
                email=asked.email,
                text=asked.text,
            ),
            by=by,
        )


def note(by: Actor, action: str, table: str, row_id: UUID, asked: Question) -> None:
    """Audit what was asked."""
    after = {"reason": asked.text, "name": asked.name, "email": asked.email}
    audit.record(by=by, action=action, table=table, row_id=row_id, before=None, after=after)


def accept_as_client(
    quote_id: UUID, *, by: Actor, at: datetime, on: date, name: str
) -> QuoteRecord:
    """The client takes the offer and gives their name; time and address stand in the audit trail.

    `on` is today where the organization is. Raises NoSuchQuote, AnswerIncomplete, QuoteExpired,
    QuoteStateForbids.
    """
    wire = Wire({"name": name})
    given = wire.text("name", most=MOST_NAME)
    if len(given) < 2 and not wire.problems:
        wire.fault("name", "quote.name_missing", "Enter your name.")
    if wire.problems:
        raise AnswerIncomplete(problems=wire.problems)
    with transaction(by.organization_id):
        refuse_unanswerable(get_quote(quote_id, by=by), on=on)
        record = accept_quote(quote_id, by=by, at=at, name=given)
        tell(record, by=by, answer="accepted", name=given)
    return record


def decline_as_client(
    quote_id: UUID, *, by: Actor, at: datetime, on: date, reason: str
) -> QuoteRecord:
    """The client refuses, for a reason or none. Raises NoSuchQuote, AnswerIncomplete, QuoteExpired,
    QuoteStateForbids."""
    wire = Wire({"reason": reason})
    given = wire.text("reason", most=MOST_REASON)
    if wire.problems:
        raise AnswerIncomplete(problems=wire.problems)
    with transaction(by.organization_id):
        refuse_unanswerable(get_quote(quote_id, by=by), on=on)
        record = decline_quote(quote_id, by=by, at=at, reason=given)
        tell(record, by=by, answer="declined", reason=given)
    return record


def refuse_unanswerable(record: QuoteRecord, *, on: date) -> None:
    """Raise QuoteExpired or QuoteStateForbids unless the quote waits for its answer."""
    word = record.word(on=on)
    if word == "expired":
        raise QuoteExpired("This quote has expired. Ask for a new one.")
    if word != "sent":
        raise QuoteStateForbids("This quote was answered already.")


def tell(record: QuoteRecord, *, by: Actor, answer: str, name: str = "", reason: str = "") -> None:
    """Tell that the answer came from outside."""
    bus.publish(
        QuoteAnswered(
            quote_id=record.id,
            partner_id=record.partner_id,
            number=record.number or "",
            answer=answer,
            name=name,
            reason=reason,
        ),
        by=by,
    )
