"""Mail that comes back: fetched by IMAP, matched by Message-ID, told to a person."""

import imaplib
import logging
import re
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from typing import Any

from guilder.foundation.edges import secrets
from guilder.foundation.events import bus
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.kernel.errors import GuilderError
from guilder.office.dispatch import sockets
from guilder.office.dispatch.events import MailReturned
from guilder.office.dispatch.models import Mail, MailSettings
from guilder.office.dispatch.operations.delivery import note_attempt, tell_person
from guilder.office.dispatch.queries import IMAP_PASSWORD
from guilder.office.dispatch.returns import MOST_BYTES, may_be_return, read_return

logger = logging.getLogger("guilder.mail")

TIMEOUT = 30  # seconds for each answer
MOST = 300  # seconds for one look at a mailbox
AT_ONCE = 200
FIRST_LOOK = timedelta(days=14)
MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
HEADERS = "(RFC822.SIZE BODY.PEEK[HEADER.FIELDS (FROM CONTENT-TYPE)])"
SIZE = re.compile(rb"RFC822\.SIZE (\d{1,19})")


def collect_returns(*, by: Actor, at: datetime) -> int:
    """Look for returned mail in the organization's mailbox; how many were ours.

    Only mails that may be returns are fetched, and only ours are marked as read: a mailbox that
    people read too stays as it is. A mailbox that cannot be read is logged and tried again later.
    """
    by.require("invoice.send")
    with transaction(by.organization_id):
        chosen = MailSettings.objects.of(by.organization_id).exclude(imap_host="").first()
    if chosen is None:
        return 0
    try:
        with mailbox_of(chosen) as mailbox:
            return look_through(mailbox, chosen, by=by, at=at)
    except (imaplib.IMAP4.error, OSError, UnicodeError, GuilderError) as error:
        why = str(error)[:200] or type(error).__name__
        logger.warning(
            "mailbox not readable", extra={"organization": str(by.organization_id), "why": why}
        )
        return 0


def look_through(mailbox: imaplib.IMAP4, chosen: MailSettings, *, by: Actor, at: datetime) -> int:
    """Read what came since the last look, and remember how far that is."""
    folder = chosen.imap_folder.replace("\\", "\\\\").replace('"', '\\"')
    answer, words = mailbox.select(f'"{folder}"')
    if answer != "OK":
        raise imaplib.IMAP4.error(f"folder {chosen.imap_folder}: {words[0]!r}")
    validity = number_in(mailbox.response("UIDVALIDITY"))
    read = chosen.imap_read if validity == chosen.imap_validity else 0
    found = 0
    for uid in new_mails(mailbox, after=read, at=at):
        data = possible_return(mailbox, uid)
        if data is not None and take_return(data, by=by, at=at):
            found += 1
            mailbox.uid("STORE", str(uid), "+FLAGS.SILENT", "(\\Seen)")
        read = uid
    with transaction(by.organization_id):
        MailSettings.objects.of(by.organization_id).filter(id=chosen.id).update(
            imap_validity=validity, imap_read=read
        )
    return found


@contextmanager
def mailbox_of(chosen: MailSettings) -> Iterator[imaplib.IMAP4]:
    """The mailbox's server, signed in to. Raises IMAP4.error, OSError, GuilderError."""
    password = (
        secrets.open(
            chosen.sealed_imap_password,
            organization_id=chosen.organization_id,
            purpose=IMAP_PASSWORD,
        )
        if chosen.sealed_imap_password
        else ""
    )
    mailbox = Mailbox(chosen)
    with sockets.ends_after(MOST, lambda: mailbox.sock):
        try:
            if chosen.imap_security == MailSettings.Security.STARTTLS:
                mailbox.starttls(ssl.create_default_context())
            mailbox.login(chosen.imap_user, password)
            yield mailbox
        finally:
            with suppress(imaplib.IMAP4.error, OSError):
                mailbox.logout()


class Mailbox(imaplib.IMAP4):
    """An IMAP conversation over a judged socket, encrypted from the start where that is wanted."""

    sock: socket.socket

    def __init__(self, chosen: MailSettings) -> None:
        self.security = chosen.imap_security
        super().__init__(chosen.imap_host, chosen.imap_port, timeout=TIMEOUT)

    def _create_socket(self, timeout: float | None) -> socket.socket:
        plain = sockets.connect(self.host, self.port, timeout=timeout, is_trusted=False)
        if self.security != MailSettings.Security.TLS:
            return plain
        return ssl.create_default_context().wrap_socket(plain, server_hostname=self.host)


def new_mails(mailbox: imaplib.IMAP4, *, after: int, at: datetime) -> list[int]:
    """Ids of mails behind `after`, oldest first, at most AT_ONCE; those of two weeks at first."""
    if after:
        _, answer = mailbox.uid("SEARCH", f"UID {after + 1}:*")
    else:
        since = at - FIRST_LOOK
        day = f"{since.day:02d}-{MONTHS[since.month - 1]}-{since.year}"
        _, answer = mailbox.uid("SEARCH", f"SINCE {day}")
    words = (answer[0] or b"").split() if answer else []
    # “7:*” names the last mail even where that is mail 5.
    return sorted(uid for uid in map(int, words) if uid > after)[:AT_ONCE]


def possible_return(mailbox: imaplib.IMAP4, uid: int) -> bytes | None:
    """The raw mail, if its size and its headers say that it may be a return."""
    _, parts = mailbox.uid("FETCH", str(uid), HEADERS)
    found = literal_of(parts)
    if found is None or not may_be_return(found[1]):
        return None
    size = SIZE.search(found[0])
    if size is not None and int(size[1]) > MOST_BYTES:
        return None
    whole = literal_of(mailbox.uid("FETCH", str(uid), "(BODY.PEEK[])")[1])
    return whole[1] if whole else None


def literal_of(parts: list[Any]) -> tuple[bytes, bytes] | None:
    """(what the server says of it, the bytes) of a fetched part."""
    return next(((part[0], part[1]) for part in parts if isinstance(part, tuple)), None)


def number_in(response: tuple[str, list[Any]]) -> int:
    """The number of a response code such as UIDVALIDITY; 0 when the server told none."""
    value = response[1][0] if response[1] else None
    return int(value) if value else 0


def take_return(data: bytes, *, by: Actor, at: datetime) -> bool:
    """Note one raw mail if it says that one of ours came back for good; twice is once."""
    by.require("invoice.send")
    told = read_return(data)
    if told is None or not told.is_permanent or not told.message_ids:
        return False
    with transaction(by.organization_id):
        rows = Mail.objects.of(by.organization_id).filter(
            message_id__in=told.message_ids, attempts__gt=0
        )
        mail = rows.exclude(state=Mail.State.RETURNED).lock().first()
        if mail is None:
            return False
        reason = told.reason or told.status
        mail.state, mail.failure, mail.next_attempt_at = Mail.State.RETURNED, "permanent", None
        mail.problem = f"{told.recipient}: {reason}"[:500] if told.recipient else reason[:500]
        mail.save(update_fields=["state", "failure", "next_attempt_at", "problem"])
        note_attempt(mail, at=at)
        tell_person(mail, by=by, at=at, kind="mail.returned")
        bus.publish(
            MailReturned(
                mail_id=mail.id, invoice_id=mail.invoice_id, to=mail.to, reason=mail.problem
            ),
            by=by,
        )
        return True
