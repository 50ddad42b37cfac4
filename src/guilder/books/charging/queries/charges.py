"""Reading charges."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from guilder.books.charging.models import ChargeShare, State
from guilder.books.charging.queries.reading import rows_of
from guilder.kernel.actor import Actor
from guilder.kernel.errors import NotFound

STATEMENT = """
SELECT c.id, c.partner_id, p.name, c.gateway_id, g.name, g.kind, c.is_live, c.origin, c.amount,
  c.currency, c.method, c.state, c.provider_id, c.provider_payment, c.url, c.back_url, c.failure,
  c.is_hard, c.fee, c.payment_id, c.saved_id, c.next_check_at, c.decided_at, c.created_by_id,
  c.created_at, c.updated_at, c.version,
  coalesce((SELECT array_agg(s.invoice_id ORDER BY s.id) FROM charging_chargeshare s
    WHERE s.organization_id = c.organization_id AND s.charge_id = c.id), '{}'),
  coalesce((SELECT array_agg(coalesce(i.number, '') ORDER BY s.id) FROM charging_chargeshare s
    JOIN invoicing_invoice i ON i.organization_id = s.organization_id AND i.id = s.invoice_id
    WHERE s.organization_id = c.organization_id AND s.charge_id = c.id), '{}'),
  coalesce((SELECT array_agg(s.amount ORDER BY s.id) FROM charging_chargeshare s
    WHERE s.organization_id = c.organization_id AND s.charge_id = c.id), '{}'),
  coalesce((SELECT sum(b.amount) FROM charging_givenback b WHERE b.organization_id =
    c.organization_id AND b.charge_id = c.id AND b.state = 'succeeded'), 0)::bigint,
  c.fee_entry_id IS NOT NULL
FROM charging_charge c
JOIN parties_partner p ON p.organization_id = c.organization_id AND p.id = c.partner_id
JOIN charging_gateway g ON g.organization_id = c.organization_id AND g.id = c.gateway_id
WHERE c.organization_id = %(organization)s::uuid
  AND guilder_sees(%(owner)s, %(drafts)s, c.created_by_id, c.partner_id, 'recorded')"""


class NoSuchCharge(NotFound):
    """No charge of that id in this organization."""

    code = "charging.no_such_charge"


@dataclass(frozen=True, slots=True)
class ChargeRecord:
    """A charge; amounts are minor units of `currency`."""

    id: UUID
    partner_id: UUID
    partner_name: str
    gateway_id: UUID
    gateway_name: str
    gateway_kind: str
    is_live: bool
    origin: str
    amount: int
    currency: str
    method: str
    state: str
    provider_id: str
    provider_payment: str
    url: str
    back_url: str
    failure: str
    is_hard: bool
    fee: int | None
    payment_id: UUID | None
    saved_id: UUID | None
    next_check_at: datetime | None
    decided_at: datetime | None
    created_by_id: UUID | None
    created_at: datetime
    updated_at: datetime
    version: int
    invoice_ids: list[UUID]
    numbers: list[str]
    amounts: list[int]
    given_back: int
    is_fee_booked: bool


def get_charge(charge_id: UUID, *, by: Actor) -> ChargeRecord:
    """One charge; NoSuchCharge."""
    by.require("payment.view")
    found = rows_of(STATEMENT, by=by, given={"id": ("c.id = %(id)s::uuid", charge_id)}, limit=1)
    if not found:
        raise NoSuchCharge("There is no such charge.")
    return ChargeRecord(*found[0])


def list_charges(
    *,
    by: Actor,
    partner_id: UUID | None = None,
    invoice_id: UUID | None = None,
    gateway_id: UUID | None = None,
    state: str = "",
    limit: int = 50,
    after: UUID | None = None,
) -> list[ChargeRecord]:
    """A page, newest first; `after` is the last id of the page before."""
    by.require("payment.view")
    given = {
        "partner": ("c.partner_id = %(partner)s::uuid", partner_id),
        "gateway": ("c.gateway_id = %(gateway)s::uuid", gateway_id),
        "state": ("c.state = %(state)s::text", state),
        "invoice": (
            "EXISTS (SELECT FROM charging_chargeshare s WHERE s.organization_id ="
            " c.organization_id AND s.charge_id = c.id AND s.invoice_id = %(invoice)s::uuid)",
            invoice_id,
        ),
    }
    found = rows_of(STATEMENT, by=by, given=given, limit=limit, after=after)
    return [ChargeRecord(*one) for one in found]


def charges_of(invoice_id: UUID, *, by: Actor, limit: int = 20) -> list[ChargeRecord]:
    """What was tried for one invoice, the newest first."""
    return list_charges(by=by, invoice_id=invoice_id, limit=limit)


def of_payment(payment_id: UUID, *, by: Actor) -> ChargeRecord | None:
    """The charge that a payment came through."""
    by.require("payment.view")
    given = {"payment": ("c.payment_id = %(payment)s::uuid", payment_id)}
    found = rows_of(STATEMENT, by=by, given=given, limit=1)
    return ChargeRecord(*found[0]) if found else None


def is_under_way(invoice_id: UUID, *, by: Actor) -> bool:
    """Whether a charge for the invoice, whoever began it, is neither paid nor refused yet."""
    decided = (State.SUCCEEDED, State.FAILED)
    shares = ChargeShare.objects.of(by.organization_id).filter(invoice_id=invoice_id)
    return shares.exclude(charge__state__in=decided).exists()
