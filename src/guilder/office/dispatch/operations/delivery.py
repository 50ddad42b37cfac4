"""Delivering queued mail: take it, hand it over outside any transaction, note the outcome."""

import logging
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import connections

from guilder.books.invoicing import operations as invoicing
from guilder.foundation.events import bus
from guilder.foundation.identity import operations as identity
from guilder.foundation.identity import queries as organizations
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.kernel.errors import GuilderError
from guilder.office.dispatch import queries, texts
from guilder.office.dispatch.calc import Failure, next_attempt
from guilder.office.dispatch.events import MailFailed, MailSent
from guilder.office.dispatch.mail import Letter, NotDelivered, Server, deliver
from guilder.office.dispatch.models import Mail, MailSettings, Notice
from guilder.office.dispatch.operations.papers import print_paper

logger = logging.getLogger("guilder.mail")

# A worker that died while sending is taken to have died after this.
LEASE = timedelta(minutes=10)
DUE = """
SELECT id FROM dispatch_mail
WHERE organization_id = %s AND state IN ('queued', 'sending') AND next_attempt_at <= %s
ORDER BY next_attempt_at LIMIT 100
"""


def deliver_due(*, at: datetime) -> int:
    """Deliver all mail that is due, in every organization; how many were tried."""
    tried = 0
    for organization in organizations.organizations().values_list("id", flat=True):
        with transaction(organization), connections["default"].cursor() as cursor:
            cursor.execute(DUE, [organization, at])
            waiting = [row[0] for row in cursor.fetchall()]
        for mail_id in waiting:
            tried += deliver_mail(mail_id, by=identity.system_actor(organization, "job"), at=at)
    return tried


def deliver_mail(mail_id: UUID, *, by: Actor, at: datetime) -> bool:
    """Try one mail that is due; False when there was nothing to do.

    Takes it (commit), talks to the server, notes the outcome (commit). Killed in between, it is
    tried again after LEASE with the same Message-ID, so that a double is known as one.
    """
    taken = take(mail_id, by=by, at=at)
    if taken is None:
        return False
    mail, chosen, server = taken
    if server is None:
        note_held(mail, by=by)
        return True
    try:
        deliver(letter_of(mail, chosen, by=by, at=at), through=server)
    except NotDelivered as error:
        note_failure(mail, by=by, at=at, error=error)
    except GuilderError as error:
        problem = NotDelivered(error.detail, failure=Failure.TEMPORARY)
        note_failure(mail, by=by, at=at, error=problem)
    else:
        note_sent(mail, by=by, at=at)
    return True


def take(
    mail_id: UUID, *, by: Actor, at: datetime
) -> tuple[Mail, MailSettings, Server | None] | None:
    """Claim a due mail for LEASE; None when it is not due or somebody else has it."""
    with transaction(by.organization_id):
        mail = Mail.objects.of(by.organization_id).lock().filter(id=mail_id).first()
        if mail is None or mail.state not in {Mail.State.QUEUED, Mail.State.SENDING}:
            return None
        if mail.next_attempt_at is None or mail.next_attempt_at > at:
            return None
        mail.state = Mail.State.SENDING
        mail.attempts += 1
        mail.next_attempt_at = at + LEASE
        mail.save(update_fields=["state", "attempts", "next_attempt_at"])
        chosen = queries.mail_settings(by.organization_id)
        return mail, chosen, queries.server_of(chosen)


def letter_of(mail: Mail, chosen: MailSettings, *, by: Actor, at: datetime) -> Letter:
    """The mail with its paper printed and attached."""
    sender = chosen.sender_email or settings.DEFAULT_FROM_EMAIL
    name, _, address = sender.rpartition("<")
    printed = None
    if mail.invoice_id or mail.quote_id:
        paper_id = mail.invoice_id or mail.quote_id
        printed = print_paper(paper_id, by=by, at=at, is_quote=mail.quote_id is not None)
    return Letter(
        sender_name=chosen.sender_name or name.strip(' "') or by.name,
        sender_email=address.strip("> "),
        to=tuple(mail.to.split(", ")),
        copy_to=tuple(part for part in mail.copy_to.split(", ") if part),
        reply_to=chosen.reply_to,
        subject=mail.subject,
        text=mail.text,
        html=texts.html_of(mail.text, subject=mail.subject, language=mail.language),
        message_id=mail.message_id,
        at=mail.queued_at,
        attachment=printed.pdf if printed else None,
        attachment_name=printed.filename if printed else "",
    )


def note_held(mail: Mail, *, by: Actor) -> None:
    """No server is set: the mail waits on the outbox page."""
    with transaction(by.organization_id):
        mail.state, mail.next_attempt_at = Mail.State.HELD, None
        mail.problem = "No mail server is set, so it was kept here."
        mail.save()


def note_sent(mail: Mail, *, by: Actor, at: datetime) -> None:
    """A server took it."""
    with transaction(by.organization_id):
        mail.state, mail.next_attempt_at, mail.sent_at = Mail.State.SENT, None, at
        mail.problem, mail.failure = "", ""
        mail.save()
        if mail.invoice_id:
            invoicing.mark_sent(mail.invoice_id, by=by, at=at)
        bus.publish(MailSent(mail_id=mail.id, invoice_id=mail.invoice_id, to=mail.to), by=by)


def note_failure(mail: Mail, *, by: Actor, at: datetime, error: NotDelivered) -> None:
    """Put it off, or give up and tell a person."""
    later = next_attempt(mail.attempts, at=at) if error.failure is Failure.TEMPORARY else None
    logger.warning("mail not delivered", extra={"mail": str(mail.id), "why": error.failure.value})
    with transaction(by.organization_id):
        mail.problem, mail.failure = error.detail[:500], error.failure.value
        mail.next_attempt_at = later
        mail.state = Mail.State.QUEUED if later else Mail.State.FAILED
        mail.save()
        if later is None:
            tell_person(mail, by=by, at=at, kind="mail.failed")
            bus.publish(
                MailFailed(
                    mail_id=mail.id,
                    invoice_id=mail.invoice_id,
                    to=mail.to,
                    reason=mail.problem,
                ),
                by=by,
            )


def tell_person(mail: Mail, *, by: Actor, at: datetime, kind: str) -> None:
    """A notice that somebody has to look at."""
    words = "came back" if kind == "mail.returned" else "could not be sent"
    Notice.objects.create(
        organization_id=by.organization_id,
        kind=kind,
        subject_id=mail.invoice_id or mail.id,
        text=f"“{mail.subject}” to {mail.to} {words}: {mail.problem}"[:500],
        created_at=at,
    )
