"""What a client may be told of everything that is open: only of papers that went out to them."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from guilder.foundation.tenancy.hot import cursor
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.kernel.money import Money
from guilder.registers.parties.queries import reach_of

MOST = 100
OPEN = """
SELECT i.id, i.kind, i.number, i.issued_on, i.due_on, i.open_amount, i.currency
FROM invoicing_invoice i
WHERE i.organization_id = %(organization)s::uuid AND i.partner_id = %(partner)s::uuid
  AND i.status = 'issued' AND i.open_amount > 0 AND i.kind IN ('invoice', 'debit_note', 'deposit')
  AND guilder_sees(%(owner)s, %(drafts)s, i.created_by_id, i.partner_id, i.status)
  AND (i.sent_at IS NOT NULL OR i.id = %(shown)s::uuid)
ORDER BY i.due_on NULLS LAST, i.id LIMIT %(most)s
"""


@dataclass(frozen=True, slots=True)
class OpenPaper:
    """One open document as its client knows it."""

    id: UUID
    kind: str
    number: str
    issued_on: date
    due_on: date | None
    open: Money


def open_for_client(partner_id: UUID, *, shown: UUID, by: Actor) -> list[OpenPaper]:
    """The client's open documents that were sent, and `shown`, the one that they look at.

    The longest due first, at most 100.
    """
    by.require("invoice.view")
    values = {
        "organization": by.organization_id,
        "partner": partner_id,
        "shown": shown,
        "most": MOST,
        **reach_of(by),
    }
    with transaction(by.organization_id):
        rows: list[Any] = cursor().execute(OPEN, values, prepare=True).fetchall()
    return [OpenPaper(*head, open=Money(minor, currency)) for *head, minor, currency in rows]
