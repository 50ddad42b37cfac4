"""Building one MIME message and handing it to an SMTP server; knows no table."""

import smtplib
import socket
import ssl
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from guilder.kernel.errors import Unavailable
from guilder.office.dispatch.calc import Failure, failure_of

TIMEOUT = 30  # seconds for each step of the conversation


class NotDelivered(Unavailable):
    """The server did not take the mail; `failure` says whether trying again may help."""

    code = "dispatch.not_delivered"

    def __init__(self, detail: str, *, failure: Failure) -> None:
        super().__init__(detail)
        self.failure = failure


@dataclass(frozen=True, slots=True)
class Server:
    """An SMTP server; `security` is "starttls", "tls" or "none"."""

    host: str
    port: int
    security: str
    user: str = ""
    password: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """What is sent."""

    sender_name: str
    sender_email: str
    to: tuple[str, ...]
    copy_to: tuple[str, ...]
    reply_to: str
    subject: str
    text: str
    html: str
    message_id: str
    at: datetime
    attachment: bytes | None = None
    attachment_name: str = ""


def message_of(letter: Letter) -> EmailMessage:
    """The MIME message: text and HTML as alternatives, the PDF attached."""
    message = EmailMessage(policy=SMTP)
    local, _, domain = letter.sender_email.rpartition("@")
    message["From"] = Address(letter.sender_name, local, domain)
    message["To"] = ", ".join(letter.to)
    if letter.copy_to:
        message["Cc"] = ", ".join(letter.copy_to)
    if letter.reply_to:
        message["Reply-To"] = letter.reply_to
    message["Subject"] = letter.subject
    message["Date"] = format_datetime(letter.at)
    message["Message-ID"] = letter.message_id
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.text)
    message.add_alternative(letter.html, subtype="html")
    if letter.attachment is not None:
        message.add_attachment(
            letter.attachment,
            maintype="application",
            subtype="pdf",
            filename=letter.attachment_name,
        )
    return message


def deliver(letter: Letter, *, through: Server, timeout: float = TIMEOUT) -> None:
    """Hand the letter over; NotDelivered unless the server took responsibility for it.

    Blocks for at most a few times `timeout` seconds; never call it inside a transaction.
    """
    message = message_of(letter)
    recipients = [*letter.to, *letter.copy_to]
    try:
        with connect(through, timeout=timeout) as server:
            if through.security == "starttls":
                server.starttls(context=ssl.create_default_context())
                server.ehlo()
            if through.user:
                server.login(through.user, through.password)
            refused = server.send_message(message, to_addrs=recipients)
    except smtplib.SMTPRecipientsRefused as error:
        raise recipients_refused(error.recipients) from error
    except smtplib.SMTPResponseException as error:
        raise NotDelivered(
            f"{error.smtp_code} {said(error.smtp_error)}", failure=failure_of(error.smtp_code)
        ) from error
    except smtplib.SMTPNotSupportedError as error:
        raise NotDelivered(
            f"The server cannot do that: {error}", failure=Failure.TEMPORARY
        ) from error
    except (smtplib.SMTPException, OSError) as error:
        problem = f"No mail server answers: {error}"
        raise NotDelivered(problem, failure=Failure.TEMPORARY) from error
    if refused:
        raise recipients_refused(refused)


def connect(server: Server, *, timeout: float) -> smtplib.SMTP:
    """A connection, encrypted from the start where `security` is "tls"."""
    name = socket.getfqdn() or "localhost"
    if server.security == "tls":
        return smtplib.SMTP_SSL(
            server.host,
            server.port,
            local_hostname=name,
            timeout=timeout,
            context=ssl.create_default_context(),
        )
    return smtplib.SMTP(server.host, server.port, local_hostname=name, timeout=timeout)


def recipients_refused(refused: dict[str, tuple[int, bytes]]) -> NotDelivered:
    """The worst answer among the refused recipients."""
    address, (code, words) = max(refused.items(), key=lambda item: item[1][0])
    return NotDelivered(f"{address}: {code} {said(words)}", failure=failure_of(code))


def said(words: bytes | str) -> str:
    """What a server said, on one printable line."""
    text = words.decode("utf-8", errors="replace") if isinstance(words, bytes) else words
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:300]
