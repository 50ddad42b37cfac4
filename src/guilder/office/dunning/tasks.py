"""The background door of dunning: each organization's due letters, by its own calendar."""

from datetime import UTC, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from guilder.foundation.identity import operations as identity
from guilder.foundation.identity import queries as identities
from guilder.foundation.jobs.queue import enqueue, periodic, task
from guilder.office.dunning import operations, queries

BEGINS, ENDS = 8, 18  # hours of the organization's day in which letters go out by themselves


@task(name="dunning.remind_due")
def remind_due(organization_id: UUID) -> None:
    """Give up small differences, and send what is due and needs nobody."""
    at = datetime.now(UTC)
    zone = identities.get_organization(organization_id).time_zone
    by, on = identity.system_actor(organization_id, "job"), at.astimezone(ZoneInfo(zone)).date()
    operations.forgive_small(by=by, on=on, at=at)
    operations.remind_due(by=by, on=on, at=at)


@task(name="dunning.furnish_demo")
def furnish_demo(organization_id: UUID) -> None:
    """A ladder for a demo, and two letters; they go by post, since its people are invented."""
    at = datetime.now(UTC)
    zone = identities.get_organization(organization_id).time_zone
    by = identity.system_actor(organization_id, "job")
    operations.furnish_demo(by=by, on=at.astimezone(ZoneInfo(zone)).date(), at=at)


@periodic(cron="7 * * * *", name="dunning.look")
def look(at: datetime) -> None:
    """Every hour a job for each organization that reminds by itself, while its day lasts."""
    known = {one.id: one for one in identities.organizations()}
    for organization_id in queries.organizations_with_ladders(list(known)):
        organization = known[organization_id]
        hour = at.astimezone(ZoneInfo(organization.time_zone)).hour
        if BEGINS <= hour < ENDS and not organization.is_demo:
            mark = f"dunning:{organization_id}"
            enqueue(remind_due, organization_id=organization_id, lock=mark, once=mark)
