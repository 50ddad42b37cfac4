"""Papers that come by mail: every attachment that may be one is taken in."""

from datetime import datetime

from guilder.flows.intake.enclosures import enclosed, opened, sender_of
from guilder.flows.intake.operations.archives import Outcome, receive_all
from guilder.kernel.actor import Actor
from guilder.kernel.errors import Invalid

LARGEST_MAIL = 48 << 20  # bytes, as it travels


class MailTooLarge(Invalid):
    """The mail is larger than is taken."""

    code = "document.mail_too_large"


class NothingEnclosed(Invalid):
    """No paper is enclosed in the mail."""

    code = "document.nothing_enclosed"


def receive_mail(
    data: bytes, *, by: Actor, at: datetime, channel: str = "mail", sender: str = ""
) -> list[Outcome]:
    """Take in what is enclosed in one raw mail (RFC 5322); the same mail twice is once.

    The sender is the envelope's where it is known, else the mail's own From. Raises MailTooLarge,
    NothingEnclosed, and Unavailable: offer it again then.
    """
    by.require("document.upload")
    if len(data) > LARGEST_MAIL:
        raise MailTooLarge(f"This mail has {len(data):,} bytes; {LARGEST_MAIL:,} are taken.")
    message = opened(data)
    files = enclosed(message)
    if not files:
        raise NothingEnclosed("No paper is enclosed in this mail. Enclose it as a file.")
    whose = sender or sender_of(message)
    found: list[Outcome] = []
    for name, content in files:
        found += receive_all(content, name=name, channel=channel, by=by, at=at, sender=whose)
    return found
