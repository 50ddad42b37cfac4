"""Mails of the demo: as they would have gone out, without going anywhere."""

from datetime import datetime, timedelta
from uuid import UUID

from guilder.foundation.events import bus
from guilder.foundation.identity import queries as identity
from guilder.foundation.tenancy import story
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.kernel.errors import Conflict
from guilder.office.dispatch.events import MailReturned
from guilder.office.dispatch.models import Mail
from guilder.office.dispatch.operations.delivery import note_attempt
from guilder.office.dispatch.operations.sending import compose_paper

CAME_BACK = timedelta(minutes=3)


class NotInADemo(Conflict):
    """A mail that never went out is kept in a demo only."""

    code = "mail.not_in_a_demo"


def keep_past_mail(invoice_id: UUID, *, by: Actor, at: datetime, problem: str = "") -> Mail:
    """Keep the mail of a document as sent at `at`, or as returned for `problem`; nothing leaves.

    Raises NotInADemo, and as compose_paper does.
    """
    by.require("invoice.send")
    if not identity.get_organization(by.organization_id).is_demo:
        raise NotInADemo("Only a demo has mails that never went out.")
    mail = compose_paper(invoice_id, by=by, at=at)
    mail.state = Mail.State.RETURNED if problem else Mail.State.SENT
    mail.queued_at, mail.sent_at, mail.attempts = at, at, 1
    mail.accepted, mail.problem = mail.to, problem
    with transaction(by.organization_id), story.told():
        story.turn_to(at + CAME_BACK)
        mail.save(force_insert=True)
        note_attempt(mail, at=at)
        if problem:
            bus.publish(
                MailReturned(mail_id=mail.id, invoice_id=invoice_id, to=mail.to, reason=problem),
                by=by,
            )
    return mail
