"""Tasks about what could not be written down: a tax office's records, and events nobody heard."""

from uuid import UUID

from guilder.office.desk import operations
from guilder.office.desk.models import Subject
from guilder.office.desk.tasks import now, system


def put_unrecorded(organization_id: UUID, invoice_id: UUID, *, number: str, reason: str) -> None:
    """A document was issued whose billing record cannot be made yet: an admin mends it."""
    operations.add_task(
        by=system(organization_id),
        kind="record_waiting",
        mark=f"record:{invoice_id}",
        permission="settings.edit",
        subject=(Subject.INVOICE, invoice_id),
        data={"number": number, "reason": reason},
        at=now(),
    )


def put_parked(organization_id: UUID, event_id: UUID, *, event_type: str) -> None:
    """Somebody failed to hear of something for good: an admin looks at it."""
    operations.add_task(
        by=system(organization_id),
        kind="event_parked",
        mark=f"parked:{event_id}",
        permission="settings.edit",
        data={"type": event_type},
        at=now(),
    )
