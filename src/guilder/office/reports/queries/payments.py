"""Money that came in, and how long clients take."""

# ruff: noqa: S608 (our own text)

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from guilder.foundation.tenancy.hot import cursor
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.kernel.period import Span
from guilder.registers.parties.queries import reach_of

# A payment counts on the day it came in, a reversal on the day it was taken back: as it is booked.
MOVED = """
WITH moved AS (
  SELECT p.id, p.partner_id, p.method, p.account_id, p.currency, p.received_on AS day,
    p.amount AS received, p.base_amount AS base_received, 0 AS reversed, 0 AS base_reversed
  FROM payments_payment p
  WHERE p.organization_id = %(organization)s::uuid
    AND p.received_on BETWEEN %(from)s::date AND %(to)s::date
    AND guilder_sees(%(owner)s, %(drafts)s, p.created_by_id, p.partner_id, 'recorded')
  UNION ALL
  SELECT p.id, p.partner_id, p.method, p.account_id, p.currency, p.reversed_on, 0, 0, -p.amount,
    -p.base_amount
  FROM payments_payment p
  WHERE p.organization_id = %(organization)s::uuid
    AND p.reversed_on BETWEEN %(from)s::date AND %(to)s::date
    AND guilder_sees(%(owner)s, %(drafts)s, p.created_by_id, p.partner_id, 'recorded')
), chosen AS (
  SELECT id, partner_id, method, account_id, day,
    CASE WHEN %(currency)s::text = '' THEN base_received ELSE received END AS received,
    CASE WHEN %(currency)s::text = '' THEN base_reversed ELSE reversed END AS reversed
  FROM moved WHERE %(currency)s::text = '' OR currency = %(currency)s::text
)"""
SUMS = """count(*) FILTER (WHERE received <> 0)::int, coalesce(sum(received), 0)::bigint,
  coalesce(sum(reversed), 0)::bigint"""
BY = {
    "method": f"SELECT method, '', {SUMS} FROM chosen GROUP BY method ORDER BY sum(received) DESC",
    "client": f"SELECT c.partner_id, p.name, {SUMS} FROM chosen c"
    " JOIN parties_partner p ON p.organization_id = %(organization)s::uuid AND p.id = c.partner_id"
    " GROUP BY c.partner_id, p.name ORDER BY sum(received) DESC, lower(p.name), c.partner_id",
    "account": f"SELECT c.account_id, a.code || ' ' || a.name, {SUMS} FROM chosen c"
    " JOIN ledger_account a ON a.organization_id = %(organization)s::uuid AND a.id = c.account_id"
    " GROUP BY c.account_id, a.code, a.name ORDER BY a.code",
}
BY_TIME = (
    f"SELECT date_trunc(%(unit)s::text, day)::date, '', {SUMS} FROM chosen GROUP BY 1 ORDER BY 1"
)
DOCUMENTS = f"""{MOVED}
SELECT m.id, m.partner_id, p.name, m.day, m.method, m.currency, m.received + m.reversed,
  m.base_received + m.base_reversed
FROM moved m
JOIN parties_partner p ON p.organization_id = %(organization)s::uuid AND p.id = m.partner_id
WHERE (%(currency)s::text = '' OR m.currency = %(currency)s::text)
  AND (%(partner)s::uuid IS NULL OR m.partner_id = %(partner)s::uuid)
  AND (%(method)s::text = '' OR m.method = %(method)s::text)
  AND (%(account)s::uuid IS NULL OR m.account_id = %(account)s::uuid)
ORDER BY m.day, m.id
"""
# Documents that payments settled; those that credit notes or write-offs closed say nothing of how
# fast somebody pays.
SETTLED = """
FROM invoicing_invoice i
JOIN parties_partner p ON p.organization_id = i.organization_id AND p.id = i.partner_id
WHERE i.organization_id = %(organization)s::uuid AND i.status = 'issued' AND NOT i.is_history
  AND i.kind IN ('invoice', 'debit_note', 'deposit') AND i.allocated_amount > 0
  AND i.written_off_amount = 0 AND i.settled_on BETWEEN %(from)s::date AND %(to)s::date
  AND (%(partner)s::uuid IS NULL OR i.partner_id = %(partner)s::uuid)
  AND guilder_sees(%(owner)s, %(drafts)s, i.created_by_id, i.partner_id, i.status)"""
PACE = """count(*)::int, coalesce(avg(i.settled_on - i.issued_on), 0),
  coalesce(avg(greatest(i.settled_on - i.due_on, 0)), 0),
  count(*) FILTER (WHERE i.settled_on > i.due_on)::int,
  coalesce(max(i.settled_on - i.issued_on), 0)::int"""
BY_PAYER = f"""
SELECT i.partner_id, p.name, {PACE} {SETTLED}
GROUP BY i.partner_id, p.name ORDER BY avg(i.settled_on - i.issued_on) DESC, lower(p.name),
  i.partner_id
"""
PACE_OF_ALL = f"SELECT NULL, '', {PACE} {SETTLED}"
SETTLED_DOCUMENTS = f"""
SELECT i.id, i.number, i.partner_id, p.name, i.issued_on, i.due_on, i.settled_on, i.currency,
  i.payable_amount {SETTLED} ORDER BY i.settled_on, i.id
"""


@dataclass(frozen=True, slots=True)
class MoneyIn:
    """What came in and was taken back under one key (first day of a bucket, method, id); minor
    units of the currency that was asked for, `reversed` is negative."""

    key: Any
    name: str
    count: int
    received: int
    reversed: int

    @property
    def net(self) -> int:
        """What stayed."""
        return self.received + self.reversed


@dataclass(frozen=True, slots=True)
class MovedPayment:
    """A payment on the day that it came in, or (negative) on the day of its reversal."""

    id: UUID
    partner_id: UUID
    partner_name: str
    day: date
    method: str
    currency: str
    amount: int
    base_amount: int


@dataclass(frozen=True, slots=True)
class Pace:
    """How long payers took: days from issue to the last cent, and days beyond the due date."""

    partner_id: UUID | None
    partner_name: str
    count: int
    days: Decimal
    days_late: Decimal
    late_count: int
    slowest: int


@dataclass(frozen=True, slots=True)
class SettledDocument:
    """A document that payments settled."""

    id: UUID
    number: str
    partner_id: UUID
    partner_name: str
    issued_on: date
    due_on: date | None
    settled_on: date
    currency: str
    amount: int


def money_in(*, by: Actor, span: Span, group: str, currency: str = "") -> list[MoneyIn]:
    """What came in by `group`: month, quarter, year, method, client or account; in the base
    currency, or of payments in `currency` in that one."""
    by.require("report.view")
    by.require("payment.view")
    statement = f"{MOVED} {BY.get(group, BY_TIME)}"
    values = bound(by, span=span) | {"currency": currency, "unit": group}
    with transaction(by.organization_id):
        return [MoneyIn(*row) for row in cursor().execute(statement, values).fetchall()]


def moved_payments(
    *,
    by: Actor,
    span: Span,
    currency: str = "",
    partner_id: UUID | None = None,
    method: str = "",
    account_id: UUID | None = None,
) -> list[MovedPayment]:
    """The payments behind a figure of `money_in`, oldest first."""
    by.require("report.view")
    by.require("payment.view")
    values = bound(by, span=span, partner_id=partner_id)
    values |= {"currency": currency, "method": method, "account": account_id}
    with transaction(by.organization_id):
        return [MovedPayment(*row) for row in cursor().execute(DOCUMENTS, values).fetchall()]


def pace(*, by: Actor, span: Span) -> list[Pace]:
    """How long each client took for what was settled in a span, the slowest first."""
    by.require("report.view")
    with transaction(by.organization_id):
        return [Pace(*row) for row in cursor().execute(BY_PAYER, bound(by, span=span)).fetchall()]


def pace_of_all(*, by: Actor, span: Span) -> Pace:
    """How long clients took on average; `count` 0 where nothing was settled."""
    by.require("report.view")
    with transaction(by.organization_id):
        row: Any = cursor().execute(PACE_OF_ALL, bound(by, span=span)).fetchone()
    return Pace(*row)


def settled_documents(
    *, by: Actor, span: Span, partner_id: UUID | None = None
) -> list[SettledDocument]:
    """The documents behind `pace`, in the order in which they were settled."""
    by.require("report.view")
    values = bound(by, span=span, partner_id=partner_id)
    with transaction(by.organization_id):
        rows = cursor().execute(SETTLED_DOCUMENTS, values)
        return [SettledDocument(*row) for row in rows.fetchall()]


def bound(by: Actor, *, span: Span, partner_id: UUID | None = None) -> dict[str, Any]:
    """What the statements bind."""
    return {
        "organization": by.organization_id,
        **reach_of(by),
        "from": span.start_on,
        "to": span.end_on,
        "partner": partner_id,
    }
