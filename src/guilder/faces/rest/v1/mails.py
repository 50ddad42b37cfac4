"""A mail, as the API shows it beside its document."""

from datetime import datetime
from uuid import UUID

import msgspec

from guilder.office.channels.operations import Sending
from guilder.office.dispatch.models import Mail


class MailOut(msgspec.Struct):
    """One mail: where it goes, what became of it."""

    id: UUID
    to: list[str]
    subject: str
    state: str
    attempts: int
    problem: str
    queued_at: datetime
    sent_at: datetime | None


class SentOut(MailOut, kw_only=True):
    """What was queued: a mail, or a transmission by the client's channel; `id` is that one's."""

    mail: UUID | None
    transmission: UUID | None


class MailsOut(msgspec.Struct):
    """The newest hundred mails."""

    data: list[MailOut]
    next: str | None


def mail_out(row: Mail) -> MailOut:
    """The shape of one mail."""
    return MailOut(
        id=row.id,
        to=row.to.split(", "),
        subject=row.subject,
        state=row.state,
        attempts=row.attempts,
        problem=row.problem,
        queued_at=row.queued_at,
        sent_at=row.sent_at,
    )


def sent_out(sending: Sending) -> SentOut:
    """The shape of what was queued."""
    if (mail := sending.mail) is not None:
        shown = msgspec.structs.asdict(mail_out(mail))
        return SentOut(**shown, mail=mail.id, transmission=None)
    row = sending.transmission
    if row is None:
        raise ValueError("nothing was queued")
    return SentOut(
        id=row.id,
        to=[sending.to],
        subject="",
        state=row.state,
        attempts=row.attempts,
        problem=row.problem,
        queued_at=row.created_at,
        sent_at=row.sent_at,
        mail=None,
        transmission=row.id,
    )
