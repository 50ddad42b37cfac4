"""Stopping mails that no server has yet, and trying others again."""

from datetime import datetime
from uuid import UUID

from guilder.foundation.audit import operations as audit
from guilder.foundation.events import bus
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.office.dispatch import queries
from guilder.office.dispatch.events import MailQueued
from guilder.office.dispatch.models import Mail
from guilder.office.dispatch.operations.sending import NotSendable


def cancel_mail(mail_id: UUID, *, by: Actor) -> Mail:
    """Stop a mail that no server has yet; NotSendable when it is too late. Twice is once."""
    by.require("invoice.send")
    with transaction(by.organization_id):
        mail = locked(mail_id, by=by)
        if mail.state == Mail.State.STOPPED:
            return mail
        if mail.state != Mail.State.QUEUED or mail.attempts:
            raise NotSendable("It is too late to stop this mail: it is already on its way.")
        mail.state, mail.next_attempt_at = Mail.State.STOPPED, None
        mail.problem = "Stopped before it was sent."
        mail.save()
        audit.record(
            by=by,
            action="mail.cancel",
            table="dispatch_mail",
            row_id=mail.id,
            before={"state": "queued"},
            after={"state": "stopped", "to": mail.to},
        )
        return mail


def retry_mail(mail_id: UUID, *, by: Actor, at: datetime) -> Mail:
    """Try a failed, stopped, held or returned mail again, now; NotSendable in any other state.

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
