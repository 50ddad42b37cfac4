"""Refunds that a payment order can transfer, and where an order of a refund stands."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from guilder.books.sepa import calc
from guilder.books.sepa.models import Batch, Item
from guilder.foundation.tenancy.hot import cursor
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel import identifiers
from guilder.kernel.actor import Actor
from guilder.kernel.errors import Invalid

# Payment → (IBAN, holder) of the account that it came from, in the open transaction.
Told = Callable[[list[UUID], UUID], Mapping[UUID, tuple[str, str]]]
_tellers: list[Told] = []
MOST = 5_000
# Paid as money on its way, and neither an order, a gateway nor a bank line has moved it. What a
# credit note gives back goes where the client last paid from.
REFUNDABLE = """
SELECT r.id, coalesce(nullif(r.reference, ''), n.number, paid.number, p.code, ''), r.partner_id,
  p.name, r.amount, r.refunded_on, coalesce(c.iban, a.iban, ''), coalesce(c.bic, a.bic, ''),
  coalesce(nullif(c.name, ''), nullif(a.holder, ''), p.name), y.id, c.iban IS NOT NULL
FROM payments_refund r
JOIN ledger_account l ON l.organization_id = r.organization_id AND l.id = r.account_id
JOIN parties_partner p ON p.organization_id = r.organization_id AND p.id = r.partner_id
LEFT JOIN invoicing_invoice n ON n.organization_id = r.organization_id AND n.id = r.credit_note_id
LEFT JOIN LATERAL (
  SELECT i.number FROM payments_allocation x
  JOIN invoicing_invoice i ON i.organization_id = x.organization_id AND i.id = x.invoice_id
  WHERE x.organization_id = r.organization_id AND x.payment_id = r.payment_id
  ORDER BY x.id DESC LIMIT 1) paid ON true
LEFT JOIN LATERAL (
  SELECT q.id FROM payments_payment q
  WHERE q.organization_id = r.organization_id AND q.partner_id = r.partner_id
    AND q.reversed_on IS NULL AND (q.id = r.payment_id OR r.payment_id IS NULL)
  ORDER BY q.id DESC LIMIT 1) y ON true
LEFT JOIN LATERAL (
  SELECT o.iban, o.bic, o.name FROM sepa_item o
  WHERE o.organization_id = r.organization_id AND o.payment_id = y.id LIMIT 1) c ON true
LEFT JOIN LATERAL (
  SELECT * FROM parties_partnerbankaccount b
  WHERE b.organization_id = r.organization_id AND b.partner_id = r.partner_id AND b.iban <> ''
  ORDER BY b.is_default DESC, b.id LIMIT 1) a ON true
WHERE r.organization_id = %(organization)s::uuid AND r.status = 'paid' AND r.currency = 'EUR'
  AND r.method = 'bank_transfer' AND l.role = 'transit'
  AND (%(ids)s::uuid[] IS NULL OR r.id = ANY(%(ids)s::uuid[]))
  AND NOT EXISTS (SELECT FROM sepa_item s WHERE s.organization_id = r.organization_id
    AND s.refund_id = r.id AND s.state <> 'dropped')
  AND NOT EXISTS (SELECT FROM charging_givenback g WHERE g.organization_id = r.organization_id
    AND g.refund_id = r.id)
ORDER BY r.id LIMIT %(limit)s
"""


@dataclass(frozen=True, slots=True)
class Refundable:
    """A refund that waits for a payment order; without an IBAN nobody knows where it goes."""

    refund_id: UUID
    number: str
    partner_id: UUID
    partner_name: str
    amount: int
    refunded_on: date
    iban: str
    bic: str
    holder: str
    paid_by_id: UUID | None
    was_debited: bool

    @property
    def is_ready(self) -> bool:
        """Whether the money can reach its account."""
        return bool(self.iban) and calc.is_reached(self.iban)


def accounts_are_told_by(told: Told) -> None:
    """Have a room above say from which accounts payments came; twice is once."""
    if told not in _tellers:
        _tellers.append(told)


def refundable(*, by: Actor, ids: list[UUID] | None = None, limit: int = MOST) -> list[Refundable]:
    """Refunds that wait for a payment order, the oldest first: to the account that was debited or
    that the payment came from, else to the client's own."""
    by.require("sepa.view")
    values: dict[str, Any] = {"organization": by.organization_id, "ids": ids, "limit": limit}
    with transaction(by.organization_id):
        rows = cursor(binary=True).execute(REFUNDABLE, values).fetchall()
        found = [Refundable(*row) for row in rows]
        wanted = [one.paid_by_id for one in found if one.paid_by_id and not one.was_debited]
        known = payers(wanted, by.organization_id) if wanted else {}
    return [told_of(one, known) for one in found]


def told_of(one: Refundable, known: Mapping[UUID, tuple[str, str]]) -> Refundable:
    """A refund with the account that its payment came from, where that is known."""
    paid_by = known.get(one.paid_by_id) if one.paid_by_id else None
    return one if paid_by is None else replace(one, iban=paid_by[0], bic="", holder=paid_by[1])


def payers(payment_ids: Iterable[UUID], organization_id: UUID) -> dict[UUID, tuple[str, str]]:
    """Payment → (IBAN, holder), where the bank named an account that SEPA reaches."""
    ids, found = list(payment_ids), {}
    for told in _tellers:
        for payment_id, (account, holder) in told(ids, organization_id).items():
            try:
                iban = identifiers.iban(account)
            except Invalid:
                continue
            if calc.is_reached(iban):
                found[payment_id] = (iban, holder)
    return found


def order_of_refund(refund_id: UUID, *, by: Actor) -> Item | None:
    """The order that transfers a refund, with its batch; those that were taken out count not."""
    by.require("sepa.view")
    with transaction(by.organization_id):
        rows = Item.objects.of(by.organization_id).filter(refund_id=refund_id)
        return rows.exclude(state=Item.State.DROPPED).select_related("batch").first()


def is_on_its_way(refund_id: UUID, by: Actor) -> bool:
    """Whether the bank was, or is about to be, asked to transfer a refund, and it is not decided;
    in the open transaction."""
    out = (Batch.Status.CLOSED, Batch.Status.HANDED_OVER)
    rows = Item.objects.of(by.organization_id).filter(refund_id=refund_id, state="open")
    return rows.filter(batch__status__in=out).exists()
