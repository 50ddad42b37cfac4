"""Mail that comes back: fetched by IMAP, matched by Message-ID, told to a person."""

import imaplib
import logging
import ssl
from datetime import datetime
from uuid import UUID

from guilder.foundation.edges import secrets
from guilder.foundation.events import bus
from guilder.foundation.identity import operations as identity
from guilder.foundation.identity import queries as organizations
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.office.dispatch.events import MailReturned
from guilder.office.dispatch.models import Mail, MailSettings
from guilder.office.dispatch.operations.delivery import tell_person
from guilder.office.dispatch.queries import IMAP_PASSWORD
from guilder.office.dispatch.returns import read_return

logger = logging.getLogger("guilder.mail")

TIMEOUT = 30
AT_ONCE = 50


def collect_returns(*, at: datetime) -> int:
    """Look for returned mail in every organization that named a mailbox; how many were ours."""
    found = 0
    for organization in organizations.organizations().values_list("id", flat=True):
        found += collect_of(organization, at=at)
    return found


def collect_of(organization_id: UUID, *, at: datetime) -> int:
    """One organization's mailbox: what is unseen is read once, and left there as seen."""
    by = identity.system_actor(organization_id, "job")
    with transaction(organization_id):
        chosen = MailSettings.objects.of(organization_id).exclude(imap_host="").first()
        if chosen is None:
            return 0
        password = (
            secrets.open(
                chosen.sealed_imap_password,
                organization_id=organization_id,
                purpose=IMAP_PASSWORD,
            )
            if chosen.sealed_imap_password
            else ""
        )
    found = 0
    try:
        with connect(chosen) as mailbox:
            mailbox.login(chosen.imap_user, password)
            mailbox.select(chosen.imap_folder)
            for number in unseen(mailbox):
                _, parts = mailbox.fetch(number, "(BODY.PEEK[])")
                for part in parts:
                    if isinstance(part, tuple):
                        found += take_return(part[1], by=by, at=at)
                mailbox.store(number, "+FLAGS", "(\\Seen)")
    except (imaplib.IMAP4.error, OSError) as error:
        logger.warning("mailbox not reachable", extra={"why": str(error)[:200]})
    return found


def connect(chosen: MailSettings) -> imaplib.IMAP4:
    """A connection to the mailbox's server."""
    if chosen.imap_security == MailSettings.Security.TLS:
        return imaplib.IMAP4_SSL(
            chosen.imap_host,
            chosen.imap_port,
            ssl_context=ssl.create_default_context(),
            timeout=TIMEOUT,
        )
    mailbox = imaplib.IMAP4(chosen.imap_host, chosen.imap_port, timeout=TIMEOUT)
    if chosen.imap_security == MailSettings.Security.STARTTLS:
        mailbox.starttls(ssl.create_default_context())
    return mailbox


def unseen(mailbox: imaplib.IMAP4) -> list[str]:
    """Numbers of mails that nobody has read, at most AT_ONCE."""
    _, answer = mailbox.search(None, "UNSEEN")
    numbers = answer[0].split() if answer and answer[0] else []
    return [number.decode() for number in numbers[:AT_ONCE]]


def take_return(data: bytes, *, by: Actor, at: datetime) -> bool:
    """Note one raw mail if it says that one of ours came back for good; twice is once."""
    told = read_return(data)
    if told is None or not told.is_permanent or not told.message_ids:
        return False
    with transaction(by.organization_id):
        mail = (
            Mail.objects.of(by.organization_id)
            .lock()
            .filter(message_id__in=told.message_ids, state=Mail.State.SENT)
            .first()
        )
        if mail is None:
            return False
        mail.state, mail.failure = Mail.State.RETURNED, "permanent"
        mail.problem = (told.reason or told.status)[:500]
        mail.save()
        tell_person(mail, by=by, at=at, kind="mail.returned")
        bus.publish(
            MailReturned(
                mail_id=mail.id, invoice_id=mail.invoice_id, to=mail.to, reason=mail.problem
            ),
            by=by,
        )
        return True
