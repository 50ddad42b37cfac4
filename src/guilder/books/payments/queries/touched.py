"""Which papers a payment has to do with."""

from collections import defaultdict
from collections.abc import Iterable
from uuid import UUID

from guilder.foundation.tenancy.hot import cursor
from guilder.foundation.tenancy.transaction import transaction

TOUCHED = """
SELECT DISTINCT payment_id, invoice_id FROM payments_allocation
WHERE organization_id = %(organization)s::uuid AND payment_id = ANY(%(ids)s::uuid[])
"""


def invoices_of_payments(
    organization_id: UUID, payment_ids: Iterable[UUID]
) -> dict[UUID, tuple[UUID, ...]]:
    """Payment → the invoices that it pays, or has paid."""
    values = {"organization": organization_id, "ids": list(payment_ids)}
    found: defaultdict[UUID, list[UUID]] = defaultdict(list)
    with transaction(organization_id):
        for payment_id, invoice_id in cursor().execute(TOUCHED, values, prepare=True).fetchall():
            found[payment_id].append(invoice_id)
    return {payment_id: tuple(ids) for payment_id, ids in found.items()}
