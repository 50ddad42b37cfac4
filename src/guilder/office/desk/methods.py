"""Tasks about ways to pay that payment services keep."""

from uuid import UUID

from guilder.books.charging import queries as charging
from guilder.office.desk import operations
from guilder.office.desk.tasks import now, system
from guilder.registers.parties import queries as parties


def put_kept_method(
    organization_id: UUID,
    saved_method_id: UUID,
    *,
    partner_id: UUID,
    gateway_id: UUID,
    label: str,
    failure: str,
) -> None:
    """A payment service keeps a method that was ended here."""
    by = system(organization_id)
    operations.add_task(
        by=by,
        kind="method_kept",
        mark=f"method_kept:{saved_method_id}",
        permission="payment.record",
        data={
            "partner_id": str(partner_id),
            "client": parties.get_partner(organization_id, partner_id).name,
            "service": charging.get_gateway(gateway_id, by=by).name,
            "label": label,
            "failure": failure,
        },
        at=now(),
    )
