"""Queueing the mail of a paper: one, or many at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction as database

from guilder.books.invoicing import operations as papers
from guilder.books.invoicing import queries as invoicing
from guilder.foundation.audit import operations as audit
from guilder.foundation.events import bus
from guilder.foundation.files import queries as files
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.kernel.errors import Conflict, GuilderError, Invalid, Problem
from guilder.office.dispatch.events import MailQueued
from guilder.office.dispatch.models import Mail, MailFile
from guilder.office.dispatch.wording import About, Wish, about_document, mail_of

# What a person sends waits this long, so that an undo pressed in the toast's last moment counts.
HOLD = timedelta(seconds=10)
MOST_AT_ONCE = 500
MOST_BYTES = 20 * 1024 * 1024  # most mail servers take no more


class NotSendable(Conflict):
    """Only issued papers and numbered quotes leave the house."""

    code = "mail.not_sendable"


class TooLarge(Invalid):
    """The files are more than mail servers take."""

    code = "mail.too_large"


@dataclass(frozen=True, slots=True)
class SentMany:
    """What sending many came to: the mails, and for each that was refused its id and why."""

    mails: tuple[Mail, ...]
    refused: tuple[tuple[UUID, str], ...]


def send_paper(
    invoice_id: UUID,
    *,
    by: Actor,
    at: datetime,
    to: Sequence[str] = (),
    message: str = "",
    wish: Wish | None = None,
    hold: timedelta = timedelta(0),
) -> Mail:
    """Queue the mail with an issued document to the client's address, or to `to`.

    `message` is a few words of one's own, `wish` all that a person can choose; `hold` leaves time
    to undo. Raises NotSendable, NoAddress, TooLarge, Invalid, NoSuchInvoice, NoSuchFile. What is
    queued is sent by a worker.
    """
    by.require("invoice.send")
    with transaction(by.organization_id):
        about = about_invoice(invoice_id, by=by, at=at)
        wish = wish or Wish(to=to, message=message)
        mail = mail_of(about, wish, by=by, at=at)
        mail.invoice_id = invoice_id
        return queued(mail, wish, by=by, at=at + hold, table="invoicing_invoice", row_id=invoice_id)


def about_invoice(invoice_id: UUID, *, by: Actor, at: datetime) -> About:
    """What the mail of an issued document says. Raises NotSendable, NoSuchInvoice."""
    record = invoicing.get_invoice(invoice_id, by=by)
    if record.status != "issued":
        raise NotSendable("A draft cannot be sent. Issue it first.")
    document = invoicing.get_document(invoice_id, by=by, at=at)
    link = papers.pay_link(invoice_id, by=by)
    return about_document(document, by=by, partner_id=record.partner_id, link=link)


def send_papers(
    invoice_ids: Sequence[UUID], *, by: Actor, at: datetime, hold: timedelta = timedelta(0)
) -> SentMany:
    """Queue the usual mail of each of some issued documents; one that is refused stops no other.

    Raises Invalid for more than MOST_AT_ONCE.
    """
    by.require("invoice.send")
    if len(invoice_ids) > MOST_AT_ONCE:
        raise Invalid(f"Send at most {MOST_AT_ONCE} at once.")
    mails: list[Mail] = []
    refused: list[tuple[UUID, str]] = []
    with transaction(by.organization_id):
        for invoice_id in dict.fromkeys(invoice_ids):
            try:
                with database.atomic():  # what one of them wrote goes when it is refused
                    mails.append(send_paper(invoice_id, by=by, at=at, hold=hold))
            except GuilderError as error:
                refused.append((invoice_id, error.detail))
    return SentMany(tuple(mails), tuple(refused))


def compose_paper(invoice_id: UUID, *, by: Actor, at: datetime, wish: Wish | None = None) -> Mail:
    """The mail as `send_paper` would queue it, to be looked at: nothing is stored.

    Raises as `send_paper` does.
    """
    by.require("invoice.send")
    with transaction(by.organization_id):
        about = about_invoice(invoice_id, by=by, at=at)
        mail = mail_of(about, wish or Wish(), by=by, at=at)
        mail.invoice_id = invoice_id
        return mail


def send_quote_paper(
    quote_id: UUID,
    *,
    by: Actor,
    at: datetime,
    to: Sequence[str] = (),
    message: str = "",
    wish: Wish | None = None,
    hold: timedelta = timedelta(0),
) -> Mail:
    """Queue the mail with a numbered quote, as `send_paper` does. Raises NotSendable, NoAddress,
    TooLarge, Invalid, NoSuchQuote."""
    by.require("quote.send")
    with transaction(by.organization_id):
        about = about_quote(quote_id, by=by)
        wish = wish or Wish(to=to, message=message)
        mail = mail_of(about, wish, by=by, at=at)
        mail.quote_id = quote_id
        return queued(mail, wish, by=by, at=at + hold, table="invoicing_quote", row_id=quote_id)


def compose_quote_paper(
    quote_id: UUID, *, by: Actor, at: datetime, wish: Wish | None = None
) -> Mail:
    """The mail as `send_quote_paper` would queue it, to be looked at: nothing is stored."""
    by.require("quote.send")
    with transaction(by.organization_id):
        mail = mail_of(about_quote(quote_id, by=by), wish or Wish(), by=by, at=at)
        mail.quote_id = quote_id
        return mail


def about_quote(quote_id: UUID, *, by: Actor) -> About:
    """What the mail of a numbered quote says. Raises NotSendable, NoSuchQuote."""
    record = invoicing.get_quote(quote_id, by=by)
    if not record.number:
        raise NotSendable("This quote has no number yet. Send it out first.")
    document = invoicing.get_quote_document(quote_id, by=by)
    link = papers.quote_link(quote_id, by=by)
    return about_document(document, by=by, partner_id=record.partner_id, link=link)


def queued(mail: Mail, wish: Wish, *, by: Actor, at: datetime, table: str, row_id: UUID) -> Mail:
    """Save a mail that may leave at `at` with its files, audit it and tell of it."""
    mail.next_attempt_at = at
    mail.save(force_insert=True)
    enclose(mail, wish.files, by=by)
    audit.record(
        by=by,
        action=f"{mail.kind if not mail.invoice_id else 'invoice'}.send",
        table=table,
        row_id=row_id,
        before=None,
        after={"mail": str(mail.id), "to": mail.to, "subject": mail.subject},
    )
    bus.publish(MailQueued(mail_id=mail.id, invoice_id=mail.invoice_id, to=mail.to), by=by)
    return mail


def enclose(mail: Mail, file_ids: Sequence[UUID], *, by: Actor) -> None:
    """Put stored files into a mail. Raises NoSuchFile, TooLarge."""
    chosen = [files.get_file(one, by=by) for one in dict.fromkeys(file_ids)]
    if sum(one.size for one in chosen) > MOST_BYTES:
        detail = f"Attach at most {MOST_BYTES // 2**20} MB. Leave some files out."
        raise TooLarge(problems=[Problem("/files", "mail.too_large", detail)])
    MailFile.objects.bulk_create(
        MailFile(organization_id=by.organization_id, mail=mail, file=one, position=position)
        for position, one in enumerate(chosen)
    )
