"""A mail, as the API shows it beside its document."""

from datetime import datetime
from uuid import UUID

import msgspec

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
