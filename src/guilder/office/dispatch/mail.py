"""Building one MIME message and handing it to an SMTP server; knows no table."""

import smtplib
import socket
import ssl
from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from guilder.foundation.edges.outbound import BadTarget, Unreachable
from guilder.kernel.errors import Unavailable
from guilder.office.dispatch import sockets
from guilder.office.dispatch.calc import Failure, failure_of

TIMEOUT = 30  # seconds for each answer
MOST = 240  # seconds for the whole conversation
READY = 220  # RFC 5321, 4.2.3


class NotDelivered(Unavailable):
    """The server did not take the mail; `failure` says whether trying again may help."""

    code = "dispatch.not_delivered"

    def __init__(self, detail: str, *, failure: Failure) -> None:
        super().__init__(detail)
        self.failure = failure


@dataclass(frozen=True, slots=True)
class Server:
    """An SMTP server; `security` is "starttls", "tls" or "none".

    `is_trusted` is the installation's own; only that one may stand on a private address.
    """

    host: str
    port: int
    security: str
    user: str = ""
    password: str = field(default="", repr=False)
    is_trusted: bool = False


@dataclass(frozen=True, slots=True)
class Refusal:
    """A recipient that the server did not take, with its answer."""

    address: str
    reason: str
    failure: Failure


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A file that goes with a letter."""

    name: str
    media_type: str
    data: bytes


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
    enclosures: tuple[Enclosure, ...] = ()


def message_of(letter: Letter) -> EmailMessage:
    """The MIME message: text and HTML as alternatives, the files attached."""
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
    for one in letter.enclosures:
        main, _, sub = one.media_type.partition("/")
        message.add_attachment(one.data, maintype=main, subtype=sub, filename=one.name)
    return message


def deliver(
    letter: Letter, *, to: Sequence[str], through: Server, timeout: float = TIMEOUT
) -> tuple[Refusal, ...]:
    """Hand the letter over for the recipients `to`; gives those that the server refused.

    Raises NotDelivered unless it took responsibility for at least one. Takes at most MOST seconds;
    never call it inside a transaction.
    """
    try:
        message = message_of(letter)
        with conversation(through, timeout=timeout) as server:
            refused = server.send_message(message, letter.sender_email, list(to))
    except smtplib.SMTPRecipientsRefused as error:
        raise all_refused(refusals_of(error.recipients)) from error
    except smtplib.SMTPResponseException as error:
        raise NotDelivered(
            f"{error.smtp_code} {said(error.smtp_error, through)}",
            failure=failure_of(error.smtp_code),
        ) from error
    except smtplib.SMTPNotSupportedError as error:
        detail = f"The mail server cannot do that: {said(str(error), through)}"
        raise NotDelivered(detail, failure=Failure.TEMPORARY) from error
    except UnicodeError as error:
        detail = "Use only unaccented letters, digits and signs in the mail server's sign-in."
        raise NotDelivered(detail, failure=Failure.TEMPORARY) from error
    except (smtplib.SMTPException, OSError, Unreachable, BadTarget) as error:
        detail = f"No mail server answers: {said(str(error) or 'it took too long', through)}"
        raise NotDelivered(detail, failure=Failure.TEMPORARY) from error
    return refusals_of(refused)


class Connection(smtplib.SMTP):
    """A conversation over a judged socket, encrypted from the start where the server wants that."""

    def __init__(self, through: Server, *, timeout: float) -> None:
        name = socket.gethostname()
        super().__init__(local_hostname=name if "." in name else "[127.0.0.1]", timeout=timeout)
        self.through = through
        self._host = through.host  # whose certificate STARTTLS asks for

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        plain = sockets.connect(host, port, timeout=timeout, is_trusted=self.through.is_trusted)
        if self.through.security != "tls":
            return plain
        return ssl.create_default_context().wrap_socket(plain, server_hostname=host)


@contextmanager
def conversation(through: Server, *, timeout: float) -> Iterator[smtplib.SMTP]:
    """A server that is greeted, encrypted and signed in to."""
    server = Connection(through, timeout=timeout)
    with sockets.ends_after(MOST, lambda: server.sock):
        try:
            code, words = server.connect(through.host, through.port)
            if code != READY:
                raise smtplib.SMTPConnectError(code, words)
            if through.security == "starttls":
                server.starttls(context=ssl.create_default_context())
            if through.user:
                server.login(through.user, through.password)
            yield server
            # What it took stays taken, however it says goodbye.
            with suppress(smtplib.SMTPException, OSError):
                server.quit()
        finally:
            server.close()


def refusals_of(refused: Mapping[str, tuple[int, bytes]]) -> tuple[Refusal, ...]:
    """The server's answers for each recipient that it did not take."""
    return tuple(
        Refusal(address, f"{code} {said(words)}", failure_of(code))
        for address, (code, words) in refused.items()
    )


def all_refused(refusals: Sequence[Refusal]) -> NotDelivered:
    """Nobody was taken; trying again helps while one of them may be taken later."""
    return NotDelivered(told(refusals), failure=worth_of(refusals))


def told(refusals: Sequence[Refusal]) -> str:
    """Who was refused and why, as one line."""
    return "; ".join(f"{refusal.address}: {refusal.reason}" for refusal in refusals)


def worth_of(refusals: Sequence[Refusal]) -> Failure:
    """Temporary while one of them is."""
    failures = {refusal.failure for refusal in refusals}
    return Failure.TEMPORARY if Failure.TEMPORARY in failures else Failure.PERMANENT


def said(words: bytes | str, through: Server | None = None) -> str:
    """What a server said, on one printable line, without the password that it may repeat."""
    text = words.decode("utf-8", errors="replace") if isinstance(words, bytes) else words
    if through is not None and through.password:
        user, password = through.user, through.password
        for secret in (
            password,
            b64encode(password.encode()).decode(),
            b64encode(f"\0{user}\0{password}".encode()).decode(),
        ):
            text = text.replace(secret, "…")
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:300]
