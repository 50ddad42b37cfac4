"""What the room does when it hears of something."""

from uuid import UUID

from guilder.books.invoicing.events import InvoiceIssued
from guilder.office.verifactu import tasks


def on_issued(event: InvoiceIssued, *, organization_id: UUID, **_: object) -> None:
    """A document was issued: it gets its record in the same breath that hears of it."""
    tasks.record(event.invoice_id, organization_id=organization_id)
