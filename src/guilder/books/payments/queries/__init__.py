"""Reading payments, and what a client has in credit."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from guilder.books.payments.outgoing import PROOFS as OUTGOING
from guilder.books.payments.proofs import PROOFS
from guilder.foundation.tenancy.hot import cursor
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.kernel.errors import NotFound
from guilder.kernel.money import Money
from guilder.registers.parties.queries import reach_of

COLUMNS = """p.id, p.partner_id, c.name, p.amount, p.currency, p.base_amount, p.base_currency,
  p.base_rate, p.received_on, p.method, p.account_id, p.reference, p.notes, p.unallocated_amount,
  p.reversed_on, p.reversed_reason, p.created_by_id, p.created_at, p.updated_at, p.version,
  (SELECT coalesce(jsonb_agg(jsonb_build_array(a.id, a.invoice_id, i.number, a.amount,
      a.allocated_on, a.is_active, a.reversed_on) ORDER BY a.id), '[]')
    FROM payments_allocation a
    JOIN invoicing_invoice i ON i.organization_id = a.organization_id AND i.id = a.invoice_id
    WHERE a.organization_id = p.organization_id AND a.payment_id = p.id)"""
FROM = """FROM payments_payment p
JOIN parties_partner c ON c.organization_id = p.organization_id AND c.id = p.partner_id
WHERE p.organization_id = %(organization)s::uuid
  AND guilder_sees(%(owner)s, %(drafts)s, p.created_by_id, p.partner_id, 'recorded')"""
CREDIT = """
SELECT currency, sum(amount)::bigint FROM (
  SELECT currency, unallocated_amount AS amount FROM payments_payment
  WHERE organization_id = %(organization)s::uuid AND partner_id = %(partner)s::uuid
    AND unallocated_amount > 0
    AND guilder_sees(%(owner)s, %(drafts)s, created_by_id, partner_id, 'recorded')
  UNION ALL
  SELECT currency, open_amount FROM invoicing_invoice
  WHERE organization_id = %(organization)s::uuid AND partner_id = %(partner)s::uuid
    AND kind = 'credit_note' AND open_amount > 0
    AND guilder_sees(%(owner)s, %(drafts)s, created_by_id, partner_id, status)) AS credit
GROUP BY currency ORDER BY currency
"""


SEARCH = """(c.name ILIKE %({q})s OR p.reference ILIKE %({q})s OR EXISTS (
  SELECT FROM payments_allocation x
  JOIN invoicing_invoice i ON i.organization_id = x.organization_id AND i.id = x.invoice_id
  WHERE x.organization_id = p.organization_id AND x.payment_id = p.id
    AND i.number ILIKE %({q})s))"""
COLLECTED = """
SELECT currency, sum(amount)::bigint FROM payments_payment
WHERE organization_id = %(organization)s::uuid AND reversed_on IS NULL
  AND received_on BETWEEN %(from)s::date AND %(to)s::date
  AND guilder_sees(%(owner)s, %(drafts)s, created_by_id, partner_id, 'recorded')
GROUP BY currency ORDER BY currency
"""
LAST_PAID = """
SELECT w.id, x.received_on FROM unnest(%(partners)s::uuid[]) AS w (id)
CROSS JOIN LATERAL (
  SELECT p.received_on FROM payments_payment p
  WHERE p.organization_id = %(organization)s::uuid AND p.partner_id = w.id
    AND p.reversed_on IS NULL
    AND guilder_sees(%(owner)s, %(drafts)s, p.created_by_id, p.partner_id, 'recorded')
  ORDER BY p.received_on DESC LIMIT 1) AS x
"""


class NoSuchPayment(NotFound):
    """No payment of that id in this organization."""

    code = "payment.not_found"


@dataclass(frozen=True, slots=True)
class AllocationRecord:
    """A part of a payment on one invoice; `amount` in minor units of the payment's currency."""

    id: UUID
    invoice_id: UUID
    number: str | None
    amount: int
    allocated_on: date
    is_active: bool
    reversed_on: date | None


@dataclass(frozen=True, slots=True)
class PaymentRecord:
    """A payment with its allocations; amounts are minor units of `currency`."""

    id: UUID
    partner_id: UUID
    partner_name: str
    amount: int
    currency: str
    base_amount: int
    base_currency: str
    base_rate: Decimal
    received_on: date
    method: str
    account_id: UUID
    reference: str
    notes: str
    unallocated_amount: int
    reversed_on: date | None
    reversed_reason: str
    created_by_id: UUID | None
    created_at: datetime
    updated_at: datetime
    version: int
    allocations: tuple[AllocationRecord, ...]


def get_payment(payment_id: UUID, *, by: Actor) -> PaymentRecord:
    """One payment; NoSuchPayment."""
    by.require("payment.view")
    with transaction(by.organization_id):
        row = (
            cursor(binary=True)
            .execute(
                f"SELECT {COLUMNS} {FROM} AND p.id = %(id)s::uuid",
                {"organization": by.organization_id, "id": payment_id, **reach_of(by)},
                prepare=True,
            )
            .fetchone()
        )
    if row is None:
        raise NoSuchPayment("There is no such payment.")
    return record_of(row)


def list_payments(
    *,
    by: Actor,
    partner_id: UUID | None = None,
    invoice_id: UUID | None = None,
    currency: str = "",
    methods: Sequence[str] = (),
    received_from: date | None = None,
    received_to: date | None = None,
    is_unallocated: bool | None = None,
    q: str = "",
    limit: int = 50,
    after: UUID | None = None,
    before: UUID | None = None,
) -> list[PaymentRecord]:
    """A page, newest first; `after` is the last id of the page before. With `before`, what comes
    right before that id, nearest first. `q` narrows by words in client, reference or document."""
    by.require("payment.view")
    given: dict[str, tuple[str, Any]] = {
        "partner": ("p.partner_id = %(partner)s::uuid", partner_id),
        "currency": ("p.currency = %(currency)s::text", currency or None),
        "methods": ("p.method = ANY(%(methods)s::text[])", list(methods) or None),
        "from": ("p.received_on >= %(from)s::date", received_from),
        "to": ("p.received_on <= %(to)s::date", received_to),
        "after": ("p.id < %(after)s::uuid", after),
        "before": ("p.id > %(before)s::uuid", before),
        "invoice": (
            "EXISTS (SELECT FROM payments_allocation x WHERE x.organization_id ="
            " p.organization_id AND x.payment_id = p.id AND x.invoice_id = %(invoice)s::uuid)",
            invoice_id,
        ),
    }
    where = [condition for condition, value in given.values() if value is not None]
    if is_unallocated is not None:
        where.append(f"p.unallocated_amount {'>' if is_unallocated else '='} 0")
    values = {name: value for name, (_, value) in given.items() if value is not None}
    for index, word in enumerate(q.split()[:5]):
        values[f"q{index}"] = f"%{escaped(word)}%"
        where.append(SEARCH.replace("{q}", f"q{index}"))
    way = "DESC" if before is None else "ASC"
    sql = (
        f"SELECT {COLUMNS} {FROM}{''.join(f' AND {one}' for one in where)}"
        f" ORDER BY p.id {way} LIMIT %(limit)s"
    )
    with transaction(by.organization_id):
        rows = cursor(binary=True).execute(
            sql,
            {**values, "organization": by.organization_id, "limit": limit, **reach_of(by)},
            prepare=True,
        )
        return [record_of(row) for row in rows.fetchall()]


def record_of(row: tuple[Any, ...]) -> PaymentRecord:
    """A row of COLUMNS."""
    return PaymentRecord(
        *row[:-1],
        allocations=tuple(
            AllocationRecord(
                UUID(one[0]),
                UUID(one[1]),
                one[2],
                one[3],
                date.fromisoformat(one[4]),
                one[5],
                date.fromisoformat(one[6]) if one[6] else None,
            )
            for one in row[-1]
        ),
    )


def escaped(word: str) -> str:
    """A word for ILIKE, its own wildcards taken literally."""
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def collected(*, by: Actor, received_from: date, received_to: date) -> list[Money]:
    """What came in between two days, per currency."""
    by.require("payment.view")
    values = {
        "organization": by.organization_id,
        "from": received_from,
        "to": received_to,
        **reach_of(by),
    }
    with transaction(by.organization_id):
        rows = cursor().execute(COLLECTED, values, prepare=True)
        return [Money(amount, currency) for currency, amount in rows.fetchall()]


def last_paid(partner_ids: Sequence[UUID], *, by: Actor) -> dict[UUID, date]:
    """When each of some clients paid last; who never did is absent."""
    by.require("payment.view")
    values = {
        "organization": by.organization_id,
        "partners": list(partner_ids),
        **reach_of(by),
    }
    with transaction(by.organization_id):
        return dict(cursor().execute(LAST_PAID, values, prepare=True).fetchall())


def open_credit(*, by: Actor, partner_id: UUID) -> list[Money]:
    """What a client has in credit, per currency: unallocated payments and open credit notes."""
    by.require("payment.view")
    with transaction(by.organization_id):
        rows = cursor().execute(
            CREDIT,
            {"organization": by.organization_id, "partner": partner_id, **reach_of(by)},
            prepare=True,
        )
        return [Money(amount, currency) for currency, amount in rows.fetchall()]


def proofs() -> tuple[tuple[str, str, str], ...]:
    """(invariant, what holds, SQL that gives the rows breaking it)."""
    return (*PROOFS, *OUTGOING)
