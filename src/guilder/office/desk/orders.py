"""Tasks about payment orders: those that wait for approval, and those that the bank refused."""

from uuid import UUID

from guilder.kernel.money import Money
from guilder.office.desk import operations
from guilder.office.desk.tasks import now, system
from guilder.registers.parties import queries as parties


def put_refused(
    organization_id: UUID,
    order_id: UUID,
    *,
    batch_id: UUID,
    partner_id: UUID,
    amount: str,
    currency: str,
    reason: str,
) -> None:
    """An order was refused, came back or could not be booked: a person asks the partner."""
    operations.add_task(
        by=system(organization_id),
        kind="order_refused",
        mark=f"order:{order_id}",
        permission="sepa.edit",
        data={
            "batch_id": str(batch_id),
            "client": parties.get_partner(organization_id, partner_id).name,
            "minor": Money.of(amount, currency).minor,
            "currency": currency,
            "reason": reason,
        },
        at=now(),
    )


def put_waiting(
    organization_id: UUID, batch_id: UUID, *, amount: str, currency: str, count: int
) -> None:
    """Transfers wait for somebody who may approve them."""
    operations.add_task(
        by=system(organization_id),
        kind="order_waiting",
        mark=f"payment_order:{batch_id}",
        permission="sepa.approve",
        data={
            "batch_id": str(batch_id),
            "minor": Money.of(amount, currency).minor,
            "currency": currency,
            "count": count,
        },
        at=now(),
    )
