"""Small differences: what is left of a paid invoice and not worth a letter is given up by rule."""

from datetime import date, datetime
from uuid import UUID

from guilder.books.invoicing import operations as invoices
from guilder.foundation.tenancy.hot import cursor
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.kernel.errors import Conflict

REASON = "Small difference"
# Paid in part, due, in the base currency, no more left than the client's ladder lets go.
SMALL = """
SELECT i.id FROM invoicing_invoice i
LEFT JOIN dunning_reminderterms t
  ON t.organization_id = i.organization_id AND t.partner_id = i.partner_id
JOIN dunning_ladder l ON l.organization_id = i.organization_id
  AND (l.id = t.ladder_id OR (t.ladder_id IS NULL AND l.is_default))
WHERE i.organization_id = %(organization)s::uuid AND i.open_amount > 0
  AND i.open_amount <= l.forgive_amount AND i.allocated_amount > 0
  AND i.currency = i.base_currency AND i.due_on <= %(on)s::date AND i.disputed_at IS NULL
  AND i.kind IN ('invoice', 'debit_note', 'deposit')
ORDER BY i.id LIMIT 500
"""


def forgive_small(*, by: Actor, on: date, at: datetime) -> int:
    """Write off what is left of invoices that were paid but for a small difference; gives how many.

    Each ladder says up to how much; without an amount nothing is given up. Looking again gives up
    nothing again. An invoice that cannot be booked today (a locked period) stays open.
    """
    by.require("reminder.send")
    values = {"organization": by.organization_id, "on": on}
    with transaction(by.organization_id):
        found = [row[0] for row in cursor().execute(SMALL, values).fetchall()]
    return sum(forgiven(one, by=by, on=on, at=at) for one in found)


def forgiven(invoice_id: UUID, *, by: Actor, on: date, at: datetime) -> bool:
    """Give one up, if it still is small under its lock."""
    values = {"organization": by.organization_id, "on": on, "id": invoice_id}
    still = SMALL.replace("ORDER BY", "AND i.id = %(id)s::uuid ORDER BY")
    try:
        with transaction(by.organization_id):
            invoices.lock_debts([invoice_id], by=by)
            if cursor().execute(still, values).fetchone() is None:
                return False
            invoices.write_off(invoice_id, by=by, on=on, at=at, reason=REASON)
    except Conflict:
        return False
    return True
