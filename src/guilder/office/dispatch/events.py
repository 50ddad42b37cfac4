"""What happens to mails."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class MailEvent:
    """What all events of a mail carry; the paper's id is None for a mail of no paper."""

    mail_id: UUID
    invoice_id: UUID | None
    to: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MailQueued(MailEvent):
    """A mail is on its way."""

    type: ClassVar[str] = "mail.queued"


@dataclass(frozen=True, slots=True, kw_only=True)
class MailSent(MailEvent):
    """A server took the mail."""

    type: ClassVar[str] = "mail.sent"


@dataclass(frozen=True, slots=True, kw_only=True)
class MailFailed(MailEvent):
    """The mail could not be sent and is not tried again."""

    type: ClassVar[str] = "mail.failed"
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MailReturned(MailEvent):
    """The mail came back."""

    type: ClassVar[str] = "mail.returned"
    reason: str
