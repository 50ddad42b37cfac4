"""The background door: the record of one document; running it twice does no harm."""

from datetime import UTC, datetime
from uuid import UUID

from guilder.foundation.identity import operations as identity
from guilder.foundation.jobs.queue import periodic
from guilder.office.verifactu import operations, queries


def record(invoice_id: UUID, *, organization_id: UUID) -> None:
    """Make the record of an issued document, where records are kept."""
    operations.record(invoice_id, organization_id=organization_id, at=datetime.now(UTC))


@periodic(cron="23 * * * *", name="verifactu.try_again")
def try_again(at: datetime) -> None:
    """What waits is tried again: what was missing may have been entered."""
    for organization_id in queries.waiting_counts():
        by = identity.system_actor(organization_id, "job")
        operations.try_all(by=by, at=at)
