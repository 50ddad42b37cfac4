"""Queueing the mail of a paper, and stopping or repeating it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from babel.dates import format_date
from babel.numbers import format_currency
from django.conf import settings

from guilder.books.invoicing import queries as invoicing
from guilder.foundation.audit import operations as audit
from guilder.foundation.events import bus
from guilder.foundation.identity import queries as identity
from guilder.foundation.tenancy.ids import uuid7
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.kernel.document import Document
from guilder.kernel.errors import Conflict, Invalid, Problem
from guilder.kernel.wire import Wire
from guilder.office.dispatch import placeholders, queries, texts
from guilder.office.dispatch.events import MailQueued
from guilder.office.dispatch.models import Mail, MailSettings

MOST_RECIPIENTS = 20
MOST_MESSAGE = 5000
MOST_SUBJECT = 300
LOCALES = {"en": "en_GB"}  # day before month, as in every other language here


class NotSendable(Conflict):
    """Only issued papers and numbered quotes leave the house."""

    code = "mail.not_sendable"


class NoAddress(Invalid):
    """Nobody is named to send to."""

    code = "mail.no_address"


def send_paper(
    invoice_id: UUID,
    *,
    by: Actor,
    at: datetime,
    to: Sequence[str] = (),
    message: str = "",
    hold: timedelta = timedelta(0),
) -> Mail:
    """Queue the mail with an issued document to the client's address, or to `to`.

    `message` is a few words of one's own; `hold` leaves time to undo. Raises NotSendable,
    NoAddress, Invalid, NoSuchInvoice. What is queued is sent by a worker.
    """
    by.require("invoice.send")
    with transaction(by.organization_id):
        record = invoicing.get_invoice(invoice_id, by=by)
        if record.status != "issued":
            raise NotSendable("A draft cannot be sent. Issue it first.")
        document = invoicing.get_document(invoice_id, by=by, at=at)
        mail = mail_of(document, by=by, at=at, to=to, message=message, partner_id=record.partner_id)
        mail.invoice_id = invoice_id
        return queued(mail, by=by, at=at + hold, table="invoicing_invoice", row_id=invoice_id)


def send_quote_paper(
    quote_id: UUID,
    *,
    by: Actor,
    at: datetime,
    to: Sequence[str] = (),
    message: str = "",
    hold: timedelta = timedelta(0),
) -> Mail:
    """Queue the mail with a numbered quote, as `send_paper` does. Raises NotSendable, NoAddress,
    Invalid, NoSuchQuote."""
    by.require("quote.send")
    with transaction(by.organization_id):
        record = invoicing.get_quote(quote_id, by=by)
        if not record.number:
            raise NotSendable("This quote has no number yet. Send it out first.")
        document = invoicing.get_quote_document(quote_id, by=by)
        mail = mail_of(document, by=by, at=at, to=to, message=message, partner_id=record.partner_id)
        mail.quote_id = quote_id
        return queued(mail, by=by, at=at + hold, table="invoicing_quote", row_id=quote_id)


def queued(mail: Mail, *, by: Actor, at: datetime, table: str, row_id: UUID) -> Mail:
    """Save a mail that may leave at `at`, audit it and tell of it."""
    mail.next_attempt_at = at
    mail.save(force_insert=True)
    audit.record(
        by=by,
        action=f"{mail.kind if mail.quote_id else 'invoice'}.send",
        table=table,
        row_id=row_id,
        before=None,
        after={"mail": str(mail.id), "to": mail.to, "subject": mail.subject},
    )
    bus.publish(MailQueued(mail_id=mail.id, invoice_id=mail.invoice_id, to=mail.to), by=by)
    return mail


def cancel_mail(mail_id: UUID, *, by: Actor) -> Mail:
    """Stop a mail that no server has yet; NotSendable when it is too late."""
    by.require("invoice.send")
    with transaction(by.organization_id):
        mail = locked(mail_id, by=by)
        if mail.state != Mail.State.QUEUED or mail.attempts:
            raise NotSendable("It is too late to stop this mail: it is already on its way.")
        mail.state, mail.next_attempt_at = Mail.State.FAILED, None
        mail.problem = "Stopped before it was sent."
        mail.save()
        audit.record(
            by=by,
            action="mail.cancel",
            table="dispatch_mail",
            row_id=mail.id,
            before={"state": "queued"},
            after={"state": "failed"},
        )
        return mail


def retry_mail(mail_id: UUID, *, by: Actor, at: datetime) -> Mail:
    """Try a failed, held or returned mail again, now; NotSendable when it is in any other state.

    It is the same mail: words, recipients and Message-ID stay. Who has it already is left out.
    """
    by.require("invoice.send")
    with transaction(by.organization_id):
        mail = locked(mail_id, by=by)
        if mail.state in {Mail.State.QUEUED, Mail.State.SENDING, Mail.State.SENT}:
            raise NotSendable("This mail is not waiting for another try.")
        before = mail.state
        if before == Mail.State.RETURNED:
            mail.accepted = ""
        mail.state, mail.sent_at, mail.attempts = Mail.State.QUEUED, None, 0
        mail.next_attempt_at, mail.problem, mail.failure = at, "", ""
        mail.save()
        audit.record(
            by=by,
            action="mail.retry",
            table="dispatch_mail",
            row_id=mail.id,
            before={"state": before},
            after={"state": "queued"},
        )
        bus.publish(MailQueued(mail_id=mail.id, invoice_id=mail.invoice_id, to=mail.to), by=by)
        return mail


def locked(mail_id: UUID, *, by: Actor) -> Mail:
    """The mail under lock; NoSuchMail."""
    queries.get_mail(mail_id, by=by)
    return Mail.objects.of(by.organization_id).lock().get(id=mail_id)


def recipients_of(to: Sequence[str], document: Document) -> list[str]:
    """The addresses to send to, judged; else the buyer's own."""
    if isinstance(to, str):
        to = [to]
    if not to:
        if not document.buyer.contact.email:
            raise NoAddress(
                f"{document.buyer.name} has no mail address. Add one, or name a recipient."
            )
        to = [document.buyer.contact.email]
    if len(to) > MOST_RECIPIENTS:
        raise NoAddress(f"Send to at most {MOST_RECIPIENTS} addresses at once.")
    problems: list[Problem] = []
    found: list[str] = []
    for index, address in enumerate(to):
        wire = Wire({str(index): address}, at="/to", problems=problems)
        address = wire.email(str(index))
        if not address and not problems:
            wire.fault(str(index), "required", "Enter a mail address.")
        found.append(address)
    if problems:
        raise Invalid(problems=problems)
    return list(dict.fromkeys(found))


def mail_of(
    document: Document,
    *,
    by: Actor,
    at: datetime,
    to: Sequence[str],
    message: str,
    partner_id: UUID,
) -> Mail:
    """The unsaved mail with its words fixed, in the document's language."""
    recipients = recipients_of(to, document)
    wire = Wire({"message": message})
    own_words = wire.text("message", most=MOST_MESSAGE, lines=True)
    wire.done()
    organization = identity.get_organization(by.organization_id)
    chosen = queries.mail_settings(by.organization_id)
    language = texts.language_of(document.language or organization.language)
    values = values_of(document, by=by, language=language, name=organization.name)
    values["message"] = own_words
    kind = document.kind.value
    subject, text = queries.words_of(by.organization_id, kind=kind, language=language)
    mail_id = uuid7()
    return Mail(
        id=mail_id,
        organization_id=by.organization_id,
        kind=kind,
        partner_id=partner_id,
        to=", ".join(recipients),
        copy_to=chosen.copy_to,
        language=language,
        subject=placeholders.fill_line(subject, values)[:MOST_SUBJECT],
        text=placeholders.fill(text, values),
        message_id=f"<{mail_id.hex}@{domain_of(chosen)}>",
        queued_at=at,
        created_by_id=by.user_id,
    )


def domain_of(chosen: MailSettings) -> str:
    """The right side of Message-IDs: the sender's domain."""
    address = chosen.sender_email or settings.DEFAULT_FROM_EMAIL
    domain = address.rpartition("@")[2].strip("> ")
    return domain if "." in domain else "guilder.invalid"


def values_of(document: Document, *, by: Actor, language: str, name: str) -> dict[str, str]:
    """Every placeholder's value as plain text."""
    locale = LOCALES.get(language, language)

    def day(value: Any) -> str:
        return format_date(value, format="long", locale=locale) if value else ""

    def money(value: Any) -> str:
        return format_currency(value.amount, value.currency, locale=locale) if value else ""

    totals = document.totals
    return {
        "client.name": document.buyer.name,
        "client.contact": document.buyer.contact.name or document.buyer.name,
        "document.kind": document.kind.value.replace("_", " "),
        "document.number": document.number,
        "document.issued_on": day(document.issued_on),
        "document.due_on": day(document.due_on),
        "document.total": money(totals.gross if totals else None),
        "document.due": money(totals.due if totals else None),
        "organization.name": document.seller.trading_name or document.seller.name or name,
        "organization.email": document.seller.contact.email,
        "organization.phone": document.seller.contact.phone,
        "sender.name": by.name if by.user_id else "",
    }
