"""The background door of billing: each organization's due periods, a job for each."""

from datetime import UTC, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from guilder.flows.billing import operations, queries
from guilder.foundation.identity import operations as identity
from guilder.foundation.identity import queries as identities
from guilder.foundation.jobs.queue import enqueue, periodic, task


@task(name="billing.invoice_due")
def invoice_due(organization_id: UUID) -> None:
    """Invoice what is due in one organization, by its own calendar."""
    at = datetime.now(UTC)
    zone = identities.get_organization(organization_id).time_zone
    by = identity.system_actor(organization_id, "job")
    operations.invoice_due(by=by, on=at.astimezone(ZoneInfo(zone)).date(), at=at)


@periodic(cron="*/15 * * * *", name="billing.look")
def look(at: datetime) -> None:
    """A job for each organization with something due; midnights are not the same everywhere."""
    for organization in identities.organizations():
        on = at.astimezone(ZoneInfo(organization.time_zone)).date()
        if queries.due_recurring(organization.id, on=on, limit=1):
            mark = f"billing:{organization.id}"
            enqueue(invoice_due, organization_id=organization.id, lock=mark, once=mark)
