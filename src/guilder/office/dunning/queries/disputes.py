"""Reading disputes."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from guilder.foundation.tenancy.hot import cursor
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.kernel.errors import NotFound

DISPUTES = """
SELECT d.id, d.invoice_id, i.number, i.open_amount, i.currency, d.partner_id, c.name, d.category,
  d.reason, d.opened_on, d.deadline_on, d.settled_on, d.outcome, d.note, d.created_by_id,
  d.created_at, d.updated_at, d.version
FROM dunning_dispute d
JOIN invoicing_invoice i ON i.organization_id = d.organization_id AND i.id = d.invoice_id
JOIN parties_partner c ON c.organization_id = d.organization_id AND c.id = d.partner_id
WHERE d.organization_id = %(organization)s::uuid"""
STATES = {
    "": "",
    "open": " AND d.settled_on IS NULL",
    "late": " AND d.settled_on IS NULL AND d.deadline_on < %(today)s::date",
    "settled": " AND d.settled_on IS NOT NULL",
}


class NoSuchDispute(NotFound):
    """No dispute of that id in this organization."""

    code = "dispute.not_found"


@dataclass(frozen=True, slots=True)
class DisputeRecord:
    """A client's objection to an invoice; `open_amount` is what is open of it now."""

    id: UUID
    invoice_id: UUID
    number: str
    open_amount: int
    currency: str
    partner_id: UUID
    partner_name: str
    category: str
    reason: str
    opened_on: date
    deadline_on: date | None
    settled_on: date | None
    outcome: str
    note: str
    created_by_id: UUID | None
    created_at: datetime
    updated_at: datetime
    version: int

    @property
    def status(self) -> str:
        """One word: open or settled."""
        return "open" if self.settled_on is None else "settled"


def get_dispute(dispute_id: UUID, *, by: Actor) -> DisputeRecord:
    """One dispute; NoSuchDispute."""
    by.require("reminder.view")
    values = {"organization": by.organization_id, "id": dispute_id}
    found = read(f"{DISPUTES} AND d.id = %(id)s::uuid", values, by=by)
    if not found:
        raise NoSuchDispute("There is no such dispute.")
    return found[0]


def open_dispute_of(invoice_id: UUID, *, by: Actor) -> DisputeRecord | None:
    """The dispute of an invoice that nobody has settled yet."""
    found = list_disputes(by=by, invoice_id=invoice_id, state="open", limit=1)
    return found[0] if found else None


def list_disputes(
    *,
    by: Actor,
    partner_id: UUID | None = None,
    invoice_id: UUID | None = None,
    state: str = "",
    today: date | None = None,
    limit: int = 50,
    after: UUID | None = None,
) -> list[DisputeRecord]:
    """A page, newest first; the state "late" needs `today`."""
    by.require("reminder.view")
    values: dict[str, Any] = {"organization": by.organization_id, "today": today}
    where = STATES.get(state, "")
    if partner_id is not None:
        values["partner"] = partner_id
        where += " AND d.partner_id = %(partner)s::uuid"
    if invoice_id is not None:
        values["invoice"] = invoice_id
        where += " AND d.invoice_id = %(invoice)s::uuid"
    if after is not None:
        values["after"] = after
        where += " AND d.id < %(after)s::uuid"
    return read(f"{DISPUTES}{where} ORDER BY d.id DESC LIMIT {int(limit)}", values, by=by)


def read(statement: str, values: dict[str, Any], *, by: Actor) -> list[DisputeRecord]:
    """Disputes."""
    with transaction(by.organization_id):
        rows = cursor(binary=True).execute(statement, values)
        return [DisputeRecord(*row) for row in rows.fetchall()]
