"""Reading returned mail: delivery status notifications (RFC 3464), and the ones without form."""

import email
import email.policy
import re
from dataclasses import dataclass
from email.message import EmailMessage, Message

MESSAGE_ID = re.compile(r"<[^<>\s@]{1,200}@[^<>\s@]{1,200}>")
STATUS = re.compile(r"^\s*([245])\.(\d{1,3})\.(\d{1,3})")
LOOSE_STATUS = re.compile(r"\b(5\d\d)[ -]|\b(5\.\d{1,3}\.\d{1,3})\b")
MOST_BYTES = 10 * 1024 * 1024
MOST_PARTS = 200
MOST_HEADERS = 20_000
SENDERS = ("mailer-daemon", "postmaster")


@dataclass(frozen=True, slots=True)
class Return:
    """What a returned mail says: which of ours it is about, to whom, and whether for good."""

    message_ids: tuple[str, ...]
    recipient: str
    status: str
    is_permanent: bool
    reason: str


def read_return(data: bytes) -> Return | None:
    """The return in a raw mail, None when it is none (an answer, a newsletter, no mail at all)."""
    if len(data) > MOST_BYTES:
        return None
    try:
        message = email.message_from_bytes(data, policy=email.policy.default)
        return formal_return(message) or loose_return(message)
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return None  # the standard parser stumbles over some hostile headers


def may_be_return(headers: bytes) -> bool:
    """Whether a mail with these headers (From, Content-Type) is worth fetching whole."""
    text = headers[:MOST_HEADERS].decode("ascii", errors="replace").lower()
    return "multipart/report" in text or any(name in text for name in SENDERS)


def formal_return(message: EmailMessage | Message) -> Return | None:
    """A multipart/report with a message/delivery-status part."""
    if message.get_content_type() != "multipart/report":
        return None
    for part in parts_of(message):
        if part.get_content_type() == "message/delivery-status":
            return return_of(message, worst(recipients_in(part)))
    return None


def return_of(message: Message, fields: dict[str, str]) -> Return | None:
    """What the fields of one recipient say; None when it was neither failed nor delayed."""
    action = fields.get("action", "").lower()
    status = STATUS.match(fields.get("status", ""))
    if action not in {"failed", "delayed"} or status is None:
        return None
    return Return(
        message_ids=original_ids(message),
        recipient=one_line(address_in(fields.get("final-recipient", "")))[:254],
        status=status[0].strip(),
        is_permanent=action == "failed" and status[1] == "5",
        reason=one_line(address_in(fields.get("diagnostic-code", ""))),
    )


def loose_return(message: EmailMessage | Message) -> Return | None:
    """A mail from the mail system itself that quotes ours, without the form."""
    sender = str(message.get("From", "")).lower()
    if not any(name in sender for name in SENDERS):
        return None
    text = text_of(message)
    status = LOOSE_STATUS.search(text)
    ids = original_ids(message) or tuple(MESSAGE_ID.findall(text)[:20])
    if status is None or not ids:
        return None
    line = next((line for line in text.splitlines() if status[0].strip() in line), "")
    return Return(
        message_ids=ids,
        recipient="",
        status=status[1] or status[2],
        is_permanent=True,
        reason=one_line(line),
    )


def parts_of(message: EmailMessage | Message) -> list[Message]:
    """The parts, at most MOST_PARTS of them."""
    found = []
    for part in message.walk():
        found.append(part)
        if len(found) >= MOST_PARTS:
            break
    return found


def recipients_in(part: Message) -> list[dict[str, str]]:
    """The fields of each block of a delivery-status part, names in lower case."""
    blocks = part.get_payload()
    return [
        {name.lower(): str(value) for name, value in block.items()}
        for block in (blocks if isinstance(blocks, list) else [])[:MOST_PARTS]
        if isinstance(block, Message)
    ]


def worst(recipients: list[dict[str, str]]) -> dict[str, str]:
    """The recipient that failed, else the one that is delayed: others may have been reached."""
    for action in ("failed", "delayed"):
        for fields in recipients:
            if fields.get("action", "").lower() == action:
                return fields
    return {}


def original_ids(message: EmailMessage | Message) -> tuple[str, ...]:
    """Message-IDs of the mail that came back: from its enclosed headers, else In-Reply-To."""
    found: list[str] = []
    for part in parts_of(message):
        if part.get_content_type() in {"message/rfc822", "text/rfc822-headers"}:
            enclosed = part.get_payload()
            if isinstance(enclosed, list):
                messages = [one for one in enclosed if isinstance(one, Message)]
                found += [str(one.get("Message-ID", "")) for one in messages]
            else:
                found += MESSAGE_ID.findall(text_of(part))
    for name in ("In-Reply-To", "References", "X-Failed-Message-ID", "Original-Message-ID"):
        found += MESSAGE_ID.findall(str(message.get(name, "")))
    clean = [match[0] for one in found if (match := MESSAGE_ID.search(one))]
    return tuple(dict.fromkeys(clean))


def text_of(message: Message) -> str:
    """The plain text of a mail, however broken its encoding."""
    texts = []
    for part in parts_of(message):
        if part.get_content_maintype() == "text":
            payload = part.get_payload(decode=True)
            if isinstance(payload, bytes):
                texts.append(payload[:200_000].decode("utf-8", errors="replace"))
    return "\n".join(texts)


def address_in(field: str) -> str:
    """The value behind `rfc822;` or `smtp;`."""
    return field.partition(";")[2].strip() or field.strip()


def one_line(text: str) -> str:
    """At most 300 printable characters."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:300]
