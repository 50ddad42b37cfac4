"""Reading pauses and promises."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from guilder.foundation.tenancy.hot import cursor
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.kernel.errors import NotFound

HOLDS = """
SELECT h.id, h.kind, h.partner_id, c.name, h.invoice_id, i.number, i.open_amount, i.currency,
  h.until_on, h.amount, h.reason, h.created_by_id, h.created_at, h.ended_at
FROM dunning_hold h
JOIN parties_partner c ON c.organization_id = h.organization_id AND c.id = h.partner_id
LEFT JOIN invoicing_invoice i ON i.organization_id = h.organization_id AND i.id = h.invoice_id
WHERE h.organization_id = %(organization)s::uuid"""
AT_WORK = " AND h.ended_at IS NULL AND (h.until_on IS NULL OR h.until_on >= %(on)s::date)"


class NoSuchHold(NotFound):
    """No pause or promise of that id in this organization."""

    code = "hold.not_found"


@dataclass(frozen=True, slots=True)
class HoldRecord:
    """A pause or a promise; `open_amount` is what is open of its invoice now."""

    id: UUID
    kind: str
    partner_id: UUID
    partner_name: str
    invoice_id: UUID | None
    number: str | None
    open_amount: int | None
    currency: str | None
    until_on: date | None
    amount: int | None
    reason: str
    created_by_id: UUID | None
    created_at: datetime
    ended_at: datetime | None

    def status(self, *, on: date) -> str:
        """One word: kept (paid), ended (by a person), rests, broken (promised, not paid), over."""
        if self.kind == "promise" and self.open_amount == 0:
            return "kept"
        if self.ended_at is not None:
            return "ended"
        if self.until_on is None or self.until_on >= on:
            return "rests"
        return "broken" if self.kind == "promise" else "over"


def get_hold(hold_id: UUID, *, by: Actor) -> HoldRecord:
    """One of them; NoSuchHold."""
    by.require("reminder.view")
    values = {"organization": by.organization_id, "id": hold_id}
    found = read(f"{HOLDS} AND h.id = %(id)s::uuid", values, by=by)
    if not found:
        raise NoSuchHold("There is no such pause or promise.")
    return found[0]


def list_holds(
    *,
    by: Actor,
    partner_id: UUID | None = None,
    invoice_id: UUID | None = None,
    at_work_on: date | None = None,
    limit: int = 50,
    after: UUID | None = None,
) -> list[HoldRecord]:
    """Newest first; with `invoice_id` also those of its whole client; with `at_work_on` only those
    that make reminders rest that day."""
    by.require("reminder.view")
    values: dict[str, Any] = {"organization": by.organization_id, "on": at_work_on}
    where = AT_WORK if at_work_on is not None else ""
    if partner_id is not None:
        values["partner"] = partner_id
        where += " AND h.partner_id = %(partner)s::uuid"
    if invoice_id is not None:
        values["invoice"] = invoice_id
        where += (
            " AND (h.invoice_id = %(invoice)s::uuid OR (h.invoice_id IS NULL AND h.partner_id ="
            " (SELECT x.partner_id FROM invoicing_invoice x WHERE x.organization_id ="
            " h.organization_id AND x.id = %(invoice)s::uuid)))"
        )
    if after is not None:
        values["after"] = after
        where += " AND h.id < %(after)s::uuid"
    return read(f"{HOLDS}{where} ORDER BY h.id DESC LIMIT {int(limit)}", values, by=by)


def read(statement: str, values: dict[str, Any], *, by: Actor) -> list[HoldRecord]:
    """Pauses and promises."""
    with transaction(by.organization_id):
        rows = cursor(binary=True).execute(statement, values)
        return [HoldRecord(*row) for row in rows.fetchall()]
