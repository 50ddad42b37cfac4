"""Delivering queued mail: take it, hand it over outside any transaction, note the outcome."""

import logging
from datetime import datetime, timedelta
from email.utils import parseaddr
from typing import Any
from uuid import UUID

from django.conf import settings

from guilder.books.invoicing import operations as invoicing
from guilder.foundation.events import bus
from guilder.foundation.files import queries as files
from guilder.foundation.identity import queries as identity
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.kernel.errors import GuilderError, Invalid
from guilder.office.dispatch import queries, texts
from guilder.office.dispatch.calc import STEPS, Failure, next_attempt
from guilder.office.dispatch.events import MailFailed, MailSent
from guilder.office.dispatch.mail import (
    Enclosure,
    Letter,
    NotDelivered,
    deliver,
    told,
    worth_of,
)
from guilder.office.dispatch.models import Attempt, Mail, MailSettings, Notice
from guilder.office.dispatch.operations.enclosing import with_einvoice
from guilder.office.dispatch.operations.papers import print_paper

logger = logging.getLogger("guilder.mail")

# A worker that died while sending is taken to have died after this; longer than mail.MOST.
LEASE = timedelta(minutes=10)


def deliver_mail(mail_id: UUID, *, by: Actor, at: datetime) -> bool:
    """Try one mail that is due; False when there was nothing to do.

    Takes it (commit), talks to the server, notes the outcome (commit). Killed in between, it is
    tried again after LEASE with the same Message-ID, so that a double is known as one.
    """
    by.require("invoice.send")
    taken = take(mail_id, by=by, at=at)
    if taken is None:
        return False
    mail, chosen = taken
    try:
        server = queries.server_of(chosen)
        if server is None:
            note_held(mail, by=by, at=at)
            return True
        with_einvoice(mail, by=by, at=at)
        letter = letter_of(mail, chosen, by=by, at=at)
        timeout = settings.EMAIL_TIMEOUT
        refusals = deliver(letter, to=mail.waiting, through=server, timeout=timeout)
    except NotDelivered as error:
        note_failure(mail, by=by, at=at, reason=error.detail, failure=error.failure)
        return True
    except GuilderError as error:
        # What the client's format does not take will not change by waiting.
        worth = Failure.PERMANENT if isinstance(error, Invalid) else Failure.TEMPORARY
        note_failure(mail, by=by, at=at, reason=error.detail, failure=worth)
        return True
    refused = {refusal.address for refusal in refusals}
    accepted = [address for address in mail.waiting if address not in refused]
    note_accepted(mail, accepted, by=by, at=at, is_all=not refusals)
    if refusals:
        note_failure(mail, by=by, at=at, reason=told(refusals), failure=worth_of(refusals))
    return True


def take(mail_id: UUID, *, by: Actor, at: datetime) -> tuple[Mail, MailSettings] | None:
    """Claim a due mail for LEASE; None when it is not due or somebody else has it."""
    with transaction(by.organization_id):
        mail = Mail.objects.of(by.organization_id).lock().filter(id=mail_id).first()
        if mail is None or mail.state not in {Mail.State.QUEUED, Mail.State.SENDING}:
            return None
        if mail.next_attempt_at is None or mail.next_attempt_at > at:
            return None
        if mail.attempts > len(STEPS):  # each of them ended without an outcome
            mail.state = Mail.State.SENDING
            mail.save(update_fields=["state"])
            reason = f"It was tried {mail.attempts} times, and no try came to an end."
            note_failure(mail, by=by, at=at, reason=reason, failure=Failure.PERMANENT)
            return None
        mail.state = Mail.State.SENDING
        mail.attempts += 1
        mail.next_attempt_at = at + LEASE
        mail.save(update_fields=["state", "attempts", "next_attempt_at"])
        return mail, queries.mail_settings(by.organization_id)


def letter_of(mail: Mail, chosen: MailSettings, *, by: Actor, at: datetime) -> Letter:
    """The mail with its paper printed and its files. Raises what printing and reading raise."""
    default_name, default_address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    organization = identity.get_organization(by.organization_id)
    return Letter(
        sender_name=chosen.sender_name or default_name or organization.name,
        sender_email=chosen.sender_email or default_address,
        to=tuple(mail.to.split(", ")),
        copy_to=tuple(mail.copy_to.split(", ")) if mail.copy_to else (),
        reply_to=mail.reply_to or chosen.reply_to,
        subject=mail.subject,
        text=mail.text,
        html=texts.html_of(mail.text, subject=mail.subject, language=mail.language),
        message_id=mail.message_id,
        at=mail.queued_at,
        enclosures=enclosures_of(mail, by=by, at=at),
    )


def enclosures_of(mail: Mail, *, by: Actor, at: datetime) -> tuple[Enclosure, ...]:
    """The PDF of the mail's paper, and the files that were chosen."""
    found: list[Enclosure] = []
    chosen = queries.files_of(mail, by=by)
    paper_id = mail.invoice_id or mail.quote_id
    if paper_id is not None and mail.has_paper:
        printed = print_paper(paper_id, by=by, at=at, is_quote=mail.quote_id is not None)
        if printed.filename not in {one.filename for one in chosen}:  # else the hybrid goes
            found.append(Enclosure(printed.filename, "application/pdf", printed.pdf))
    for file in chosen:
        found.append(Enclosure(file.filename, file.media_type, files.read(file.id, by=by)))
    return tuple(found)


def note_held(mail: Mail, *, by: Actor, at: datetime) -> None:
    """No server is set: the mail waits on the outbox page."""
    problem = "No mail server is set, so it was kept here."
    with transaction(by.organization_id):
        settle(mail, at=at, state=Mail.State.HELD, next_attempt_at=None, problem=problem)


def note_accepted(
    mail: Mail, accepted: list[str], *, by: Actor, at: datetime, is_all: bool
) -> None:
    """A server took it for some recipients, or for all that were left."""
    before = [mail.accepted] if mail.accepted else []
    changes: dict[str, Any] = {"accepted": ", ".join([*before, *accepted])}
    if is_all:
        changes |= {"state": Mail.State.SENT, "next_attempt_at": None, "sent_at": at}
        changes |= {"problem": "", "failure": ""}
    with transaction(by.organization_id):
        if not settle(mail, at=at, **changes):
            return
        if mail.invoice_id:
            invoicing.mark_sent(mail.invoice_id, by=by, at=at)
        if is_all:
            bus.publish(MailSent(mail_id=mail.id, invoice_id=mail.invoice_id, to=mail.to), by=by)


def note_failure(mail: Mail, *, by: Actor, at: datetime, reason: str, failure: Failure) -> None:
    """Put it off, or give up and tell a person."""
    later = next_attempt(mail.attempts, at=at) if failure is Failure.TEMPORARY else None
    logger.warning("mail not delivered", extra={"mail": str(mail.id), "why": failure.value})
    state = Mail.State.QUEUED if later else Mail.State.FAILED
    with transaction(by.organization_id):
        if not settle(
            mail,
            at=at,
            state=state,
            next_attempt_at=later,
            problem=reason[:500],
            failure=failure.value,
        ):
            return
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


def settle(mail: Mail, *, at: datetime, **changes: Any) -> bool:
    """Write an outcome, unless the mail came back or was taken again in the meantime."""
    for name, value in changes.items():
        setattr(mail, name, value)
    rows = Mail.objects.of(mail.organization_id).filter(
        id=mail.id, state=Mail.State.SENDING, attempts=mail.attempts
    )
    if rows.update(**changes) != 1:
        return False
    if "state" in changes:
        note_attempt(mail, at=at)
    return True


def note_attempt(mail: Mail, *, at: datetime) -> None:
    """Keep what became of one try."""
    Attempt.objects.create(
        organization_id=mail.organization_id,
        mail=mail,
        at=at,
        state=mail.state,
        problem=mail.problem,
    )


def tell_person(mail: Mail, *, by: Actor, at: datetime, kind: str) -> None:
    """A notice that somebody has to look at."""
    words = "came back" if kind == "mail.returned" else "could not be sent"
    Notice.objects.create(
        organization_id=by.organization_id,
        kind=kind,
        subject_id=mail.id,
        text=f"“{mail.subject[:150]}” to {mail.to[:100]} {words}: {mail.problem}"[:500],
        created_at=at,
    )
