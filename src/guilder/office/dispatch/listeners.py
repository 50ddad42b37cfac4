"""What dispatch does when it hears of something."""

from typing import Any
from uuid import UUID

from guilder.foundation.jobs.queue import enqueue
from guilder.office.dispatch import tasks
from guilder.office.dispatch.events import MailQueued
from guilder.office.dispatch.models import Mail


def on_mail_queued(event: MailQueued, *, organization_id: UUID, **_: Any) -> None:
    """A mail waits: have it delivered, after its hold."""
    mail = Mail.objects.of(organization_id).filter(id=event.mail_id).first()
    if mail is not None and mail.state == Mail.State.QUEUED:
        enqueue(
            tasks.deliver,
            organization_id=organization_id,
            run_at=mail.next_attempt_at,
            mail_id=event.mail_id,
        )
