"""What is owed on a day, by client and age: today's balances with later steps undone."""

# ruff: noqa: S608 (our own text)

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from guilder.foundation.tenancy.hot import cursor
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.registers.parties.queries import reach_of

# A step is the settling of a part: it stood on a day when it was made by then and not yet taken
# back. `later` is what today's column holds of it beyond what it held on the day.
STEPS = """
steps AS (
  SELECT a.invoice_id, a.amount * (a.is_active::int - {stood}) AS later
  FROM payments_allocation a
  WHERE a.organization_id = %(organization)s::uuid
    AND (a.allocated_on > %(on)s::date OR a.reversed_on > %(on)s::date)
  UNION ALL
  SELECT a.invoice_id, a.amount * (a.is_active::int - {stood})
  FROM invoicing_creditallocation a
  WHERE a.organization_id = %(organization)s::uuid
    AND (a.allocated_on > %(on)s::date OR a.reversed_on > %(on)s::date)
  UNION ALL
  SELECT w.invoice_id, w.amount FROM invoicing_writeoff w
  WHERE w.organization_id = %(organization)s::uuid AND w.written_off_on > %(on)s::date
)""".format(
    stood="(a.allocated_on <= %(on)s::date"
    " AND (a.reversed_on IS NULL OR a.reversed_on > %(on)s::date))::int"
)
OPEN = f"""
WITH {STEPS}, undone AS (
  SELECT invoice_id, sum(later) AS amount FROM steps GROUP BY invoice_id
), wanted AS (
  SELECT id FROM invoicing_invoice
  WHERE organization_id = %(organization)s::uuid AND open_amount > 0
  UNION
  SELECT invoice_id FROM undone
), owed AS (
  SELECT i.id, i.number, i.partner_id, i.currency, i.issued_on, i.due_on, o.amount,
    i.base_payable_amount - round(i.base_payable_amount::numeric
      * (i.payable_amount - o.amount) / nullif(i.payable_amount, 0)) AS base,
    CASE WHEN i.due_on IS NULL OR i.due_on >= %(on)s::date THEN 0
      WHEN i.due_on >= %(on)s::date - 30 THEN 1 WHEN i.due_on >= %(on)s::date - 60 THEN 2
      WHEN i.due_on >= %(on)s::date - 90 THEN 3 ELSE 4 END AS age
  FROM wanted w
  JOIN invoicing_invoice i ON i.organization_id = %(organization)s::uuid AND i.id = w.id
  LEFT JOIN undone u ON u.invoice_id = i.id
  CROSS JOIN LATERAL (SELECT i.open_amount + coalesce(u.amount, 0) AS amount) o
  WHERE i.status = 'issued' AND i.kind IN ('invoice', 'debit_note', 'deposit')
    AND i.issued_on <= %(on)s::date
    AND guilder_sees(%(owner)s, %(drafts)s, i.created_by_id, i.partner_id, i.status)
    AND (%(currency)s::text = '' OR i.currency = %(currency)s::text)
    AND (%(partner)s::uuid IS NULL OR i.partner_id = %(partner)s::uuid)
)"""
BY_CLIENT = f"""{OPEN}
SELECT o.partner_id, p.name, o.currency, o.age, count(*)::int, sum(o.amount)::bigint,
  sum(o.base)::bigint, coalesce(max(%(on)s::date - o.due_on), 0)::int
FROM owed o
JOIN parties_partner p ON p.organization_id = %(organization)s::uuid AND p.id = o.partner_id
WHERE o.amount > 0
GROUP BY o.partner_id, p.name, o.currency, o.age
ORDER BY o.currency, lower(p.name), o.partner_id, o.age
"""
DOCUMENTS = f"""{OPEN}
SELECT o.id, o.number, o.partner_id, p.name, o.currency, o.issued_on, o.due_on, o.age,
  o.amount::bigint, o.base::bigint
FROM owed o
JOIN parties_partner p ON p.organization_id = %(organization)s::uuid AND p.id = o.partner_id
WHERE o.amount > 0 AND (%(age)s::int IS NULL OR o.age = %(age)s::int)
ORDER BY o.due_on, o.id
"""
# What clients have in credit: credit notes and payments, less what was applied of them by then.
CREDIT = """
WITH used AS (
  SELECT 'note' AS source, a.credit_note_id AS id, a.amount, a.allocated_on, a.reversed_on
  FROM invoicing_creditallocation a WHERE a.organization_id = %(organization)s::uuid
  UNION ALL
  SELECT 'payment', a.payment_id, a.amount, a.allocated_on, a.reversed_on
  FROM payments_allocation a WHERE a.organization_id = %(organization)s::uuid
), taken AS (
  SELECT source, id, sum(amount) AS amount FROM used
  WHERE allocated_on <= %(on)s::date AND (reversed_on IS NULL OR reversed_on > %(on)s::date)
  GROUP BY source, id
), credit AS (
  SELECT i.partner_id, i.currency, i.payable_amount - i.prior_amount - coalesce(t.amount, 0)
    AS amount
  FROM invoicing_invoice i LEFT JOIN taken t ON t.source = 'note' AND t.id = i.id
  WHERE i.organization_id = %(organization)s::uuid AND i.kind = 'credit_note'
    AND i.status = 'issued' AND i.issued_on <= %(on)s::date
    AND guilder_sees(%(owner)s, %(drafts)s, i.created_by_id, i.partner_id, i.status)
  UNION ALL
  SELECT p.partner_id, p.currency, p.amount - coalesce(t.amount, 0)
  FROM payments_payment p LEFT JOIN taken t ON t.source = 'payment' AND t.id = p.id
  WHERE p.organization_id = %(organization)s::uuid AND p.received_on <= %(on)s::date
    AND (p.reversed_on IS NULL OR p.reversed_on > %(on)s::date)
    AND guilder_sees(%(owner)s, %(drafts)s, p.created_by_id, p.partner_id, 'recorded')
)
SELECT c.partner_id, p.name, c.currency, sum(c.amount)::bigint
FROM credit c
JOIN parties_partner p ON p.organization_id = %(organization)s::uuid AND p.id = c.partner_id
WHERE c.amount > 0 AND (%(currency)s::text = '' OR c.currency = %(currency)s::text)
GROUP BY c.partner_id, p.name, c.currency ORDER BY c.currency, lower(p.name), c.partner_id
"""


@dataclass(frozen=True, slots=True)
class OwedByAge:
    """What a client owes in one currency at one age (calc.age_of), in minor units; `base_amount`
    at the rates of the documents."""

    partner_id: UUID
    partner_name: str
    currency: str
    age: int
    count: int
    amount: int
    base_amount: int
    oldest_days: int


@dataclass(frozen=True, slots=True)
class OwedDocument:
    """One document with what was open of it on the day."""

    id: UUID
    number: str
    partner_id: UUID
    partner_name: str
    currency: str
    issued_on: date
    due_on: date | None
    age: int
    amount: int
    base_amount: int


@dataclass(frozen=True, slots=True)
class CreditOf:
    """What a client had in credit in one currency on the day."""

    partner_id: UUID
    partner_name: str
    currency: str
    amount: int


def ageing(*, by: Actor, on: date, currency: str = "") -> list[OwedByAge]:
    """What was open at the end of `on`, by currency, client and age."""
    by.require("report.view")
    with transaction(by.organization_id):
        rows = cursor().execute(BY_CLIENT, bound(by, on=on, currency=currency))
        return [OwedByAge(*row) for row in rows.fetchall()]


def owed_documents(
    *,
    by: Actor,
    on: date,
    currency: str = "",
    partner_id: UUID | None = None,
    age: int | None = None,
) -> Sequence[OwedDocument]:
    """The documents behind a figure of `ageing`, the longest due first."""
    by.require("report.view")
    values = bound(by, on=on, currency=currency, partner_id=partner_id) | {"age": age}
    with transaction(by.organization_id):
        return [OwedDocument(*row) for row in cursor().execute(DOCUMENTS, values).fetchall()]


def open_credits(*, by: Actor, on: date, currency: str = "") -> list[CreditOf]:
    """What clients had in credit at the end of `on`: open credit notes, payments not applied."""
    by.require("report.view")
    with transaction(by.organization_id):
        rows = cursor().execute(CREDIT, bound(by, on=on, currency=currency))
        return [CreditOf(*row) for row in rows.fetchall()]


def bound(
    by: Actor, *, on: date, currency: str = "", partner_id: UUID | None = None
) -> dict[str, object]:
    """What the statements bind."""
    return {
        "organization": by.organization_id,
        **reach_of(by),
        "on": on,
        "currency": currency,
        "partner": partner_id,
    }
