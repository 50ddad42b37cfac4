"""Reading payouts."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from guilder.books.charging.queries.reading import rows_of
from guilder.kernel.actor import Actor
from guilder.kernel.errors import NotFound

STATEMENT = """
SELECT o.id, o.gateway_id, g.name, g.kind, o.provider_id, o.amount, o.currency, o.gross, o.fee,
  o.charge_count, o.stage, o.arrives_on, o.reference, o.created_at, o.updated_at
FROM charging_payout o
JOIN charging_gateway g ON g.organization_id = o.organization_id AND g.id = o.gateway_id
WHERE o.organization_id = %(organization)s::uuid AND (%(owner)s::text IS NOT NULL OR true)
  AND (%(drafts)s::text IS NOT NULL OR true)"""


class NoSuchPayout(NotFound):
    """No payout of that id in this organization."""

    code = "charging.no_such_payout"


@dataclass(frozen=True, slots=True)
class PayoutRecord:
    """A payout; amounts are minor units of `currency`, `gross` and `fee` where they were told."""

    id: UUID
    gateway_id: UUID
    gateway_name: str
    gateway_kind: str
    provider_id: str
    amount: int
    currency: str
    gross: int | None
    fee: int | None
    charge_count: int
    stage: str
    arrives_on: date | None
    reference: str
    created_at: datetime
    updated_at: datetime


def get_payout(payout_id: UUID, *, by: Actor) -> PayoutRecord:
    """One payout; NoSuchPayout."""
    by.require("bank.view")
    given = {"id": ("o.id = %(id)s::uuid", payout_id)}
    found = rows_of(STATEMENT, by=by, given=given, limit=1, letter="o")
    if not found:
        raise NoSuchPayout("There is no such payout.")
    return PayoutRecord(*found[0])


def list_payouts(
    *,
    by: Actor,
    gateway_id: UUID | None = None,
    stage: str = "",
    limit: int = 50,
    after: UUID | None = None,
) -> list[PayoutRecord]:
    """A page, newest first; `after` is the last id of the page before."""
    by.require("bank.view")
    given = {
        "gateway": ("o.gateway_id = %(gateway)s::uuid", gateway_id),
        "stage": ("o.stage = %(stage)s::text", stage),
    }
    found = rows_of(STATEMENT, by=by, given=given, limit=limit, after=after, letter="o")
    return [PayoutRecord(*one) for one in found]


def expected_payouts(
    *, by: Actor, currency: str, start_on: date, end_on: date, limit: int = 500
) -> list[PayoutRecord]:
    """Payouts that should reach the bank about these days; failed ones never do."""
    by.require("bank.view")
    given = {
        "currency": ("o.currency = %(currency)s::text", currency),
        "start": ("o.arrives_on >= %(start)s::date", start_on - timedelta(days=5)),
        "end": ("o.arrives_on <= %(end)s::date", end_on + timedelta(days=1)),
        "failed": ("o.stage <> %(failed)s::text", "failed"),
    }
    found = rows_of(STATEMENT, by=by, given=given, limit=limit, letter="o")
    return [PayoutRecord(*one) for one in found]
