"""A mail to oneself, to see whether the settings work."""

from datetime import datetime
from email.utils import parseaddr
from uuid import uuid4

from django.conf import settings

from guilder.foundation.identity import queries as identity
from guilder.kernel.actor import Actor
from guilder.kernel.errors import Conflict
from guilder.kernel.wire import Wire
from guilder.office.dispatch import queries, texts
from guilder.office.dispatch.mail import Letter, all_refused, deliver
from guilder.office.dispatch.wording import domain_of

SUBJECT = "A test from Guilder"
TEXT = """Hello,

this mail shows that {organization} can send mail through {host}.

Nothing has to be done.
"""


class NoServer(Conflict):
    """There is no mail server to try."""

    code = "mail.no_server"


def send_test(*, by: Actor, to: str, at: datetime) -> None:
    """Send a short mail to `to` through the organization's server now, and wait for the answer.

    Raises NoServer, Invalid, NotDelivered with what the server said, secrets.CannotOpen. Call it
    outside transactions: it may take as long as the server does.
    """
    by.require("settings.edit")
    wire = Wire({"to": to})
    recipient = wire.email("to", required=True)
    wire.done()
    chosen = queries.mail_settings(by.organization_id)
    server = queries.server_of(chosen)
    if server is None:
        raise NoServer("No mail server is set. Enter one, or set EMAIL_HOST for all.")
    organization = identity.get_organization(by.organization_id)
    default_name, default_address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    text = TEXT.format(organization=organization.name, host=server.host)
    letter = Letter(
        sender_name=chosen.sender_name or default_name or organization.name,
        sender_email=chosen.sender_email or default_address,
        to=(recipient,),
        copy_to=(),
        reply_to=chosen.reply_to,
        subject=SUBJECT,
        text=text,
        html=texts.html_of(text, subject=SUBJECT, language="en"),
        message_id=f"<test-{uuid4().hex}@{domain_of(chosen)}>",
        at=at,
    )
    refusals = deliver(letter, to=[recipient], through=server, timeout=settings.EMAIL_TIMEOUT)
    if refusals:
        raise all_refused(refusals)
