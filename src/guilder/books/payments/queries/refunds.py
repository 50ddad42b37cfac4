"""Reading refunds, and what may be given back."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from guilder.books.payments.models import RefundPolicy
from guilder.foundation.tenancy.hot import cursor
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.kernel.errors import NotFound
from guilder.registers.parties.queries import reach_of

COLUMNS = """r.id, r.partner_id, c.name, r.payment_id, p.received_on, r.credit_note_id, i.number,
  r.status, r.amount, r.currency, r.base_amount, r.base_currency, r.method, r.account_id, r.reason,
  r.reference, r.takes_off, r.refunded_on, r.decided_by_id, r.decided_at, r.decision_note,
  r.reversed_on, r.reversed_reason, r.created_by_id, r.created_at, r.updated_at, r.version"""
FROM = """FROM payments_refund r
JOIN parties_partner c ON c.organization_id = r.organization_id AND c.id = r.partner_id
LEFT JOIN payments_payment p ON p.organization_id = r.organization_id AND p.id = r.payment_id
LEFT JOIN invoicing_invoice i ON i.organization_id = r.organization_id AND i.id = r.credit_note_id
WHERE r.organization_id = %(organization)s::uuid
  AND guilder_sees(%(owner)s, %(drafts)s, r.created_by_id, r.partner_id, 'recorded')"""


class NoSuchRefund(NotFound):
    """No refund of that id in this organization."""

    code = "refund.not_found"


@dataclass(frozen=True, slots=True)
class RefundRecord:
    """A refund; amounts are minor units of `currency`, `base_amount` of `base_currency`."""

    id: UUID
    partner_id: UUID
    partner_name: str
    payment_id: UUID | None
    payment_received_on: date | None
    credit_note_id: UUID | None
    credit_note_number: str | None
    status: str
    amount: int
    currency: str
    base_amount: int
    base_currency: str
    method: str
    account_id: UUID
    reason: str
    reference: str
    takes_off: bool
    refunded_on: date | None
    decided_by_id: UUID | None
    decided_at: datetime | None
    decision_note: str
    reversed_on: date | None
    reversed_reason: str
    created_by_id: UUID | None
    created_at: datetime
    updated_at: datetime
    version: int


def get_refund(refund_id: UUID, *, by: Actor) -> RefundRecord:
    """One refund; NoSuchRefund."""
    by.require("refund.view")
    with transaction(by.organization_id):
        row = (
            cursor(binary=True)
            .execute(
                f"SELECT {COLUMNS} {FROM} AND r.id = %(id)s::uuid",
                {"organization": by.organization_id, "id": refund_id, **reach_of(by)},
                prepare=True,
            )
            .fetchone()
        )
    if row is None:
        raise NoSuchRefund("There is no such refund.")
    return RefundRecord(*row)


def list_refunds(
    *,
    by: Actor,
    partner_id: UUID | None = None,
    payment_id: UUID | None = None,
    credit_note_id: UUID | None = None,
    status: str = "",
    currency: str = "",
    limit: int = 50,
    after: UUID | None = None,
    before: UUID | None = None,
) -> list[RefundRecord]:
    """A page, newest first; `after` is the last id of the page before. With `before`, what comes
    right before that id, nearest first."""
    by.require("refund.view")
    given: dict[str, tuple[str, Any]] = {
        "partner": ("r.partner_id = %(partner)s::uuid", partner_id),
        "payment": ("r.payment_id = %(payment)s::uuid", payment_id),
        "note": ("r.credit_note_id = %(note)s::uuid", credit_note_id),
        "status": ("r.status = %(status)s::text", status or None),
        "currency": ("r.currency = %(currency)s::text", currency or None),
        "after": ("r.id < %(after)s::uuid", after),
        "before": ("r.id > %(before)s::uuid", before),
    }
    held = {name: one for name, one in given.items() if one[1] is not None}
    where = "".join(f" AND {condition}" for condition, _ in held.values())
    way = "DESC" if before is None else "ASC"
    values = {name: value for name, (_, value) in held.items()}
    with transaction(by.organization_id):
        rows = cursor(binary=True).execute(
            f"SELECT {COLUMNS} {FROM}{where} ORDER BY r.id {way} LIMIT %(limit)s",
            {**values, "organization": by.organization_id, "limit": limit, **reach_of(by)},
            prepare=True,
        )
        return [RefundRecord(*row) for row in rows.fetchall()]


def waiting_count(*, by: Actor, cap: int = 100) -> int:
    """How many refunds wait for a decision, at most `cap`."""
    by.require("refund.view")
    with transaction(by.organization_id):
        found = cursor().execute(
            "SELECT count(*) FROM (SELECT FROM payments_refund WHERE organization_id ="
            " %(organization)s::uuid AND status = 'waiting' LIMIT %(cap)s) AS w",
            {"organization": by.organization_id, "cap": cap},
            prepare=True,
        )
        return found.fetchone()[0]


def refund_policy(*, by: Actor) -> tuple[int | None, int]:
    """Above which amount (minor units of the base currency) another must approve, None for never;
    and the version of that wish."""
    by.require("refund.view")
    with transaction(by.organization_id):
        row = RefundPolicy.objects.of(by.organization_id).first()
        return (None, 0) if row is None else (row.approval_above, row.version)
