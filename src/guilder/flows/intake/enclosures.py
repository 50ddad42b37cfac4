"""What a raw mail encloses, and who sent it. Pure."""

import email
import email.policy
from collections.abc import Callable
from email.message import EmailMessage
from email.utils import parseaddr
from pathlib import PurePosixPath
from typing import Any, cast

MOST_FILES = 50
DEEPEST = 8  # mails within mails
# What a paper may be in; pictures in a mail are mostly logos, so only those that are attached.
ENDINGS = frozenset((".xml", ".pdf", ".zip", ".json", ".csv"))
PICTURES = frozenset((".png", ".jpg", ".jpeg", ".tif", ".tiff"))
KINDS = {"application/pdf": ".pdf", "application/xml": ".xml", "text/xml": ".xml",
         "application/zip": ".zip"}  # fmt: skip

# What the standard library raises on headers that nobody should send.
STUMBLES = (AttributeError, LookupError, TypeError, ValueError)


def opened(data: bytes) -> EmailMessage:
    """A raw mail, taken apart; one over whose headers the parser stumbles, without reading them."""
    try:
        return cast("EmailMessage", email.message_from_bytes(data, policy=email.policy.default))
    except STUMBLES:
        plain = email.message_from_bytes(data, policy=email.policy.compat32)
        return cast("EmailMessage", plain)


def sender_of(message: EmailMessage) -> str:
    """The address in From; "" where it names none."""
    raw = next((str(text) for name, text in message.raw_items() if name.lower() == "from"), "")
    found = parseaddr(" ".join(raw.split()))[1]
    return found if "@" in found else ""


def heard(ask: Callable[[], Any], otherwise: Any) -> Any:
    """What a header says; `otherwise` where the parser of headers stumbles over it."""
    try:
        return ask()
    except STUMBLES:
        return otherwise


def enclosed(message: EmailMessage) -> list[tuple[str, bytes]]:
    """(name, bytes) of what may be a paper, in the order of the mail."""
    found: list[tuple[str, bytes]] = []
    waiting: list[tuple[EmailMessage, int]] = [(message, 0)]
    while waiting and len(found) < MOST_FILES:
        part, depth = waiting.pop(0)
        if part.is_multipart() or kind_of(part) == "message/rfc822":
            inner = part.get_payload()
            if depth < DEEPEST and isinstance(inner, list):
                below = [(cast("EmailMessage", one), depth + 1) for one in inner]
                waiting = [*below, *waiting]
            continue
        if name := name_of(part):
            found.append((name, heard(lambda part=part: part.get_payload(decode=True), b"") or b""))
    return found


def name_of(part: EmailMessage) -> str:
    """What an enclosed file is called, "" where it is no paper: the words of the mail, a logo."""
    name = str(heard(part.get_filename, "") or "")
    kind = kind_of(part)
    ending = PurePosixPath(name.lower()).suffix
    if ending in ENDINGS:
        return name
    if ending in PICTURES:
        return name if heard(part.get_content_disposition, "") == "attachment" else ""
    if kind in KINDS:
        return f"{PurePosixPath(name).stem or 'document'}{KINDS[kind]}"
    return ""


def kind_of(part: EmailMessage) -> str:
    """What a part says it is, in lower case; "" where that cannot be understood."""
    return str(heard(part.get_content_type, ""))
