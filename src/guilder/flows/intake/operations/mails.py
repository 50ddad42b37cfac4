"""Papers that come by mail: every attachment that may be one is taken in."""

import email
import email.policy
from datetime import datetime
from email.message import EmailMessage
from email.utils import parseaddr
from pathlib import PurePosixPath
from typing import cast

from guilder.flows.intake.operations.archives import Outcome, receive_all
from guilder.kernel.actor import Actor
from guilder.kernel.errors import Invalid

LARGEST_MAIL = 48 << 20  # bytes, as it travels
MOST_FILES = 50
DEEPEST = 8  # mails within mails
# What a paper may be in; pictures in a mail are mostly logos, so only those that are attached.
ENDINGS = frozenset((".xml", ".pdf", ".zip", ".json", ".csv"))
PICTURES = frozenset((".png", ".jpg", ".jpeg", ".tif", ".tiff"))
KINDS = {"application/pdf": ".pdf", "application/xml": ".xml", "text/xml": ".xml",
         "application/zip": ".zip"}  # fmt: skip


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
    message = cast("EmailMessage", email.message_from_bytes(data, policy=email.policy.default))
    files = enclosed(message)
    if not files:
        raise NothingEnclosed("No paper is enclosed in this mail. Enclose it as a file.")
    whose = sender or parseaddr(str(message.get("From", "")))[1]
    found: list[Outcome] = []
    for name, content in files:
        found += receive_all(content, name=name, channel=channel, by=by, at=at, sender=whose)
    return found


def enclosed(message: EmailMessage) -> list[tuple[str, bytes]]:
    """(name, bytes) of what may be a paper, in the order of the mail."""
    found: list[tuple[str, bytes]] = []
    waiting: list[tuple[EmailMessage, int]] = [(message, 0)]
    while waiting and len(found) < MOST_FILES:
        part, depth = waiting.pop(0)
        if part.is_multipart() or part.get_content_type() == "message/rfc822":
            inner = part.get_payload()
            if depth < DEEPEST and isinstance(inner, list):
                below = [(cast("EmailMessage", one), depth + 1) for one in inner]
                waiting = [*below, *waiting]
            continue
        if name := name_of(part):
            found.append((name, cast("bytes", part.get_payload(decode=True) or b"")))
    return found


def name_of(part: EmailMessage) -> str:
    """What an enclosed file is called, "" where it is no paper: the words of the mail, a logo."""
    try:
        name = str(part.get_filename() or "")
    except (ValueError, LookupError, UnicodeError):
        name = ""
    kind = part.get_content_type()
    ending = PurePosixPath(name.lower()).suffix
    if ending in ENDINGS:
        return name
    if ending in PICTURES:
        return name if part.get_content_disposition() == "attachment" else ""
    if kind in KINDS:
        return f"{PurePosixPath(name).stem or 'document'}{KINDS[kind]}"
    return ""
