"""What bank lines are known by: the identifiers of orders and of what the bank books as one."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from guilder.foundation.tenancy.hot import array, cursor

# By its own identifier, by that of its group, by that of its file.
AWAITED = """
SELECT t.token, i.id, i.payment_id, i.disbursement_id, i.refund_id, p.name, i.amount, b.due_on,
  i.state, coalesce(v.number, w.number, i.remittance)
FROM unnest(%(tokens)s::text[]) AS t(token)
CROSS JOIN LATERAL (
  SELECT * FROM sepa_item i WHERE i.organization_id = %(organization)s::uuid
    AND i.end_to_end = t.token
  UNION
  SELECT * FROM sepa_item i WHERE i.organization_id = %(organization)s::uuid AND i.group = t.token
  UNION
  SELECT i.* FROM sepa_batch x JOIN sepa_item i ON i.organization_id = x.organization_id
    AND i.batch_id = x.id
  WHERE x.organization_id = %(organization)s::uuid AND x.message_id = t.token) i
JOIN sepa_batch b ON b.organization_id = i.organization_id AND b.id = i.batch_id
JOIN parties_partner p ON p.organization_id = i.organization_id AND p.id = i.partner_id
LEFT JOIN invoicing_invoice v ON v.organization_id = i.organization_id AND v.id = i.invoice_id
LEFT JOIN bills_bill w ON w.organization_id = i.organization_id AND w.id = i.bill_id
WHERE i.state = 'booked' ORDER BY i.group, i.id LIMIT 20000
"""


@dataclass(frozen=True, slots=True)
class Awaited:
    """An order that is booked, as money on its way; `token` is what it was asked for by."""

    token: str
    order_id: UUID
    payment_id: UUID | None
    disbursement_id: UUID | None
    refund_id: UUID | None
    partner_name: str
    amount: int
    due_on: date
    state: str
    number: str


def awaited(tokens: Iterable[str], *, organization_id: UUID) -> list[Awaited]:
    """Booked orders by identifiers that bank lines carry, in the open transaction."""
    wanted = sorted({one for one in tokens if one})
    if not wanted:
        return []
    values: dict[str, Any] = {"organization": organization_id, "tokens": array(wanted, "text")}
    rows = cursor(binary=True).execute(AWAITED, values).fetchall()
    return [Awaited(*row) for row in rows]
