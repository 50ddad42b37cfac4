"""The background door of SEPA: booking orders on their day."""

from datetime import UTC, datetime
from uuid import UUID

from guilder.books.sepa import operations
from guilder.foundation.identity import operations as identity
from guilder.foundation.identity import queries as identities
from guilder.foundation.jobs.queue import enqueue, periodic, task


@task(name="sepa.book")
def book(organization_id: UUID) -> None:
    """Book the orders whose day has come."""
    operations.book_due(by=identity.system_actor(organization_id, "job"), at=datetime.now(UTC))


@task(name="sepa.note_reversed")
def note_reversed(organization_id: UUID, payment_id: UUID) -> None:
    """A payment of an order was reversed by hand."""
    by = identity.system_actor(organization_id, "job")
    operations.note_reversed(payment_id, by=by, on=datetime.now(UTC).date())


@periodic(cron="40 * * * *", name="sepa.look")
def look(at: datetime) -> None:
    """A job for each organization; midnights are not the same everywhere."""
    del at
    for organization in identities.organizations():
        mark = f"sepa:{organization.id}"
        enqueue(book, organization_id=organization.id, lock=mark, once=mark)
