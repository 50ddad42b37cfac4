"""The background door: the record of one document; running it twice does no harm."""

from datetime import UTC, datetime
from uuid import UUID

from guilder.office.verifactu import operations


def record(invoice_id: UUID, *, organization_id: UUID) -> None:
    """Make the record of an issued document, where records are kept."""
    operations.record(invoice_id, organization_id=organization_id, at=datetime.now(UTC))
