"""The index's background doors: one thing, or what is amiss; running them twice does no harm."""

from datetime import datetime
from uuid import UUID

from guilder.foundation.identity import queries as identities
from guilder.foundation.jobs.queue import periodic
from guilder.office.search import operations


def index(source: str, thing_id: UUID, *, organization_id: UUID) -> None:
    """Write one thing as it is now."""
    operations.index(source, [thing_id], organization_id=organization_id)


def rename(partner_id: UUID, name: str, *, organization_id: UUID) -> None:
    """Have a partner's papers bear its new name."""
    operations.rename(partner_id, name, organization_id=organization_id)


@periodic(cron="*/10 * * * *", name="search.repair")
def repair(at: datetime) -> None:
    """Bring every organization's index up to what is there; an installation's first fill too."""
    del at
    for organization in identities.organizations():
        operations.repair(organization.id)
