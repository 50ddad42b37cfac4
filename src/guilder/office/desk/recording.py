"""Tasks about records that a tax office wants of issued documents."""

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
