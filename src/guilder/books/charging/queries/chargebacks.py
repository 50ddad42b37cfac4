"""Reading chargebacks."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from guilder.books.charging.queries.reading import rows_of
from guilder.kernel.actor import Actor
from guilder.kernel.errors import NotFound

STATEMENT = """
SELECT d.id, d.charge_id, c.partner_id, p.name, c.payment_id, c.gateway_id, g.name, g.kind,
  d.provider_id, d.amount, c.currency, d.stage, d.reason, d.answer_by, d.answer, d.answered_at,
  d.closed_at, d.refund_id, d.opened_at, d.updated_at, d.version,
  coalesce((SELECT array_agg(coalesce(i.number, '') ORDER BY s.id) FROM charging_chargeshare s
    JOIN invoicing_invoice i ON i.organization_id = s.organization_id AND i.id = s.invoice_id
    WHERE s.organization_id = c.organization_id AND s.charge_id = c.id), '{}')
FROM charging_chargeback d
JOIN charging_charge c ON c.organization_id = d.organization_id AND c.id = d.charge_id
JOIN parties_partner p ON p.organization_id = c.organization_id AND p.id = c.partner_id
JOIN charging_gateway g ON g.organization_id = c.organization_id AND g.id = c.gateway_id
WHERE d.organization_id = %(organization)s::uuid
  AND guilder_sees(%(owner)s, %(drafts)s, c.created_by_id, c.partner_id, 'recorded')"""


class NoSuchChargeback(NotFound):
    """No chargeback of that id in this organization."""

    code = "charging.no_such_chargeback"


@dataclass(frozen=True, slots=True)
class ChargebackRecord:
    """A chargeback; amounts are minor units of `currency`."""

    id: UUID
    charge_id: UUID
    partner_id: UUID
    partner_name: str
    payment_id: UUID | None
    gateway_id: UUID
    gateway_name: str
    gateway_kind: str
    provider_id: str
    amount: int
    currency: str
    stage: str
    reason: str
    answer_by: datetime | None
    answer: str
    answered_at: datetime | None
    closed_at: datetime | None
    refund_id: UUID | None
    opened_at: datetime
    updated_at: datetime
    version: int
    numbers: list[str]


def get_chargeback(chargeback_id: UUID, *, by: Actor) -> ChargebackRecord:
    """One chargeback; NoSuchChargeback."""
    by.require("payment.view")
    given = {"id": ("d.id = %(id)s::uuid", chargeback_id)}
    found = rows_of(STATEMENT, by=by, given=given, limit=1, letter="d")
    if not found:
        raise NoSuchChargeback("There is no such chargeback.")
    return ChargebackRecord(*found[0])


def list_chargebacks(
    *,
    by: Actor,
    charge_id: UUID | None = None,
    partner_id: UUID | None = None,
    stage: str = "",
    limit: int = 50,
    after: UUID | None = None,
) -> list[ChargebackRecord]:
    """A page, newest first; `after` is the last id of the page before."""
    by.require("payment.view")
    given = {
        "charge": ("d.charge_id = %(charge)s::uuid", charge_id),
        "partner": ("c.partner_id = %(partner)s::uuid", partner_id),
        "stage": ("d.stage = %(stage)s::text", stage),
    }
    found = rows_of(STATEMENT, by=by, given=given, limit=limit, after=after, letter="d")
    return [ChargebackRecord(*one) for one in found]


def waiting_chargebacks(*, by: Actor, limit: int = 100) -> list[ChargebackRecord]:
    """Chargebacks that want an answer, the most urgent first."""
    found = list_chargebacks(by=by, stage="open", limit=limit)
    return sorted(found, key=lambda one: (one.answer_by is None, one.answer_by, one.id))
