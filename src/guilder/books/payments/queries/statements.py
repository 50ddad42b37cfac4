"""A client's account over a period: what it opened with, what moved, what it closed with."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from guilder.foundation.tenancy.hot import cursor
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.kernel.money import Money
from guilder.registers.parties.queries import reach_of

MOVED = """
SELECT "on", currency, kind, name, amount, id FROM (
  SELECT issued_on AS "on", currency, kind::text, number AS name,
    CASE kind WHEN 'credit_note' THEN prior_amount - payable_amount
      ELSE payable_amount - prior_amount END AS amount, id
  FROM invoicing_invoice
  WHERE organization_id = %(organization)s::uuid AND partner_id = %(partner)s::uuid
    AND status = 'issued' AND kind <> 'pro_forma'
    AND guilder_sees(%(owner)s, %(drafts)s, created_by_id, partner_id, status)
  UNION ALL
  SELECT received_on, currency, 'payment', reference, -amount, id
  FROM payments_payment
  WHERE organization_id = %(organization)s::uuid AND partner_id = %(partner)s::uuid
    AND guilder_sees(%(owner)s, %(drafts)s, created_by_id, partner_id, 'recorded')
  UNION ALL
  SELECT reversed_on, currency, 'payment_reversed', reference, amount, id
  FROM payments_payment
  WHERE organization_id = %(organization)s::uuid AND partner_id = %(partner)s::uuid
    AND guilder_sees(%(owner)s, %(drafts)s, created_by_id, partner_id, 'recorded')
    AND reversed_on IS NOT NULL
  UNION ALL
  SELECT w.written_off_on, i.currency, 'write_off', i.number, -w.amount, i.id
  FROM invoicing_invoice i
  JOIN invoicing_writeoff w ON w.organization_id = i.organization_id AND w.invoice_id = i.id
  WHERE i.organization_id = %(organization)s::uuid AND i.partner_id = %(partner)s::uuid
    AND i.written_off_amount > 0
    AND guilder_sees(%(owner)s, %(drafts)s, i.created_by_id, i.partner_id, i.status)
  UNION ALL
  SELECT x.on, i.currency, x.kind, i.number, x.amount, i.id
  FROM invoicing_discount d
  JOIN invoicing_invoice i ON i.organization_id = d.organization_id AND i.id = d.invoice_id
  CROSS JOIN LATERAL (VALUES (d.taken_on, 'discount', -d.amount),
    (d.reversed_on, 'discount_reversed', d.amount)) AS x("on", kind, amount)
  WHERE d.organization_id = %(organization)s::uuid AND i.partner_id = %(partner)s::uuid
    AND x.on IS NOT NULL
    AND guilder_sees(%(owner)s, %(drafts)s, i.created_by_id, i.partner_id, i.status)) AS moved
WHERE "on" <= %(to)s::date AND amount <> 0
ORDER BY currency, "on", id, amount DESC
"""


@dataclass(frozen=True, slots=True)
class StatementEntry:
    """One movement: "invoice" and its kin, "payment", "payment_reversed", "write_off", "discount"
    or "discount_reversed"; more owed is above zero. `id` is the document's or the payment's,
    `balance` what is owed after it."""

    on: date
    kind: str
    name: str
    amount: Money
    balance: Money
    id: UUID


@dataclass(frozen=True, slots=True)
class StatementAccount:
    """One currency of a client over a period; below zero the client has credit."""

    opening: Money
    entries: tuple[StatementEntry, ...]
    closing: Money

    @property
    def currency(self) -> str:
        """The account's currency."""
        return self.closing.currency


def statement(
    partner_id: UUID, *, by: Actor, start_on: date, end_on: date
) -> list[StatementAccount]:
    """The accounts of a client between two days, both included, one for each currency that ever
    moved; those that are empty throughout are left out."""
    by.require("invoice.view")
    by.require("payment.view")
    values = {
        "organization": by.organization_id,
        "partner": partner_id,
        "to": end_on,
        **reach_of(by),
    }
    with transaction(by.organization_id):
        rows = cursor().execute(MOVED, values, prepare=True).fetchall()
    found: dict[str, list[tuple[date, str, str, int, UUID]]] = {}
    for on, currency, kind, name, amount, id_ in rows:
        found.setdefault(currency, []).append((on, kind, name or "", amount, id_))
    accounts = [account(currency, moved, start_on) for currency, moved in found.items()]
    return [one for one in accounts if one.entries or one.opening or one.closing]


def account(
    currency: str, moved: list[tuple[date, str, str, int, UUID]], start_on: date
) -> StatementAccount:
    """Movements in their order as one account."""
    balance = sum(amount for on, _, _, amount, _ in moved if on < start_on)
    opening = Money(balance, currency)
    entries = []
    for on, kind, name, amount, id_ in moved:
        if on < start_on:
            continue
        balance += amount
        entries.append(
            StatementEntry(on, kind, name, Money(amount, currency), Money(balance, currency), id_)
        )
    return StatementAccount(opening, tuple(entries), Money(balance, currency))
