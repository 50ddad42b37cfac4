"""The background door of dispatch: mail out, returns in."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from guilder.foundation.identity import operations as identity
from guilder.foundation.jobs.queue import periodic, task
from guilder.office.dispatch import operations


@task(name="dispatch.deliver")
def deliver(organization_id: UUID, mail_id: UUID) -> None:
    """Try one mail now."""
    # A hold or a server's clock may lie a moment ahead of the queue's.
    now = datetime.now(UTC) + timedelta(seconds=1)
    operations.deliver_mail(mail_id, by=identity.system_actor(organization_id, "job"), at=now)


@periodic(cron="* * * * *", name="dispatch.deliver_due")
def deliver_due(at: datetime) -> None:
    """Retries, and whatever a dead worker left."""
    operations.deliver_due(at=at)


@periodic(cron="*/5 * * * *", name="dispatch.collect_returns")
def collect_returns(at: datetime) -> None:
    """Look for mail that came back."""
    operations.collect_returns(at=at)
