"""What the overview draws: days of invoicing and collecting, what is expected, drafts, last steps.

Amounts are minor units of the base currency, each document and payment at the rate that it was
booked with, so that they may be added; what is named per currency is not converted.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from guilder.foundation.tenancy.hot import cursor
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.kernel.money import Money
from guilder.registers.parties.queries import reach_of

INVOICED = """
SELECT i.issued_on,
  sum(CASE WHEN i.kind = 'credit_note' THEN -i.base_payable_amount
    ELSE i.base_payable_amount END)::bigint
FROM invoicing_invoice i
WHERE i.organization_id = %(organization)s::uuid AND i.status = 'issued'
  AND i.issued_on >= %(from)s::date AND i.issued_on < %(to)s::date
  AND i.kind IN ('invoice', 'debit_note', 'deposit', 'credit_note')
  AND guilder_sees(%(owner)s, %(drafts)s, i.created_by_id, i.partner_id, i.status)
GROUP BY i.issued_on
"""
# As the report of payments: what came in counts on its day, and goes again on the day it bounced.
COLLECTED = """
SELECT moved.day, moved.currency, sum(moved.amount)::bigint, sum(moved.base_amount)::bigint
FROM (SELECT p.received_on AS day, p.currency, p.amount, p.base_amount
  FROM payments_payment p
  WHERE p.organization_id = %(organization)s::uuid
    AND p.received_on >= %(from)s::date AND p.received_on < %(to)s::date
    AND guilder_sees(%(owner)s, %(drafts)s, p.created_by_id, p.partner_id, 'recorded')
  UNION ALL
  SELECT p.reversed_on, p.currency, -p.amount, -p.base_amount
  FROM payments_payment p
  WHERE p.organization_id = %(organization)s::uuid AND p.reversed_on IS NOT NULL
    AND p.reversed_on >= %(from)s::date AND p.reversed_on < %(to)s::date
    AND guilder_sees(%(owner)s, %(drafts)s, p.created_by_id, p.partner_id, 'recorded')) AS moved
GROUP BY moved.day, moved.currency
"""
# How long money took: from issue to the day it came in, each part by its weight.
TAKEN = """
SELECT p.received_on, sum(a.amount * greatest(p.received_on - i.issued_on, 0))::numeric,
  sum(a.amount)::numeric
FROM payments_payment p
JOIN payments_allocation a ON a.organization_id = p.organization_id AND a.payment_id = p.id
  AND a.is_active
JOIN invoicing_invoice i ON i.organization_id = a.organization_id AND i.id = a.invoice_id
WHERE p.organization_id = %(organization)s::uuid AND p.reversed_on IS NULL
  AND p.received_on >= %(from)s::date AND p.received_on < %(to)s::date
  AND guilder_sees(%(owner)s, %(drafts)s, p.created_by_id, p.partner_id, 'recorded')
  AND p.currency = p.base_currency
GROUP BY p.received_on
"""
EXPECTED = """
SELECT coalesce(sum(round(i.open_amount::numeric * i.base_payable_amount
  / nullif(i.payable_amount, 0))), 0)::bigint
FROM invoicing_invoice i
WHERE i.organization_id = %(organization)s::uuid AND i.open_amount > 0
  AND i.due_on >= %(from)s::date AND i.due_on < %(to)s::date
  AND i.kind IN ('invoice', 'debit_note', 'deposit')
  AND guilder_sees(%(owner)s, %(drafts)s, i.created_by_id, i.partner_id, i.status)
"""
DRAFTS = """
SELECT i.currency, count(*)::int, sum(i.payable_amount)::bigint
FROM (SELECT currency, payable_amount FROM invoicing_invoice
  WHERE organization_id = %(organization)s::uuid AND status = 'draft'
    AND guilder_sees(%(owner)s, %(drafts)s, created_by_id, partner_id, status)
  LIMIT 10001) AS i
GROUP BY i.currency ORDER BY i.currency
"""
# The last mail that went out for each of some papers, and how many of its kind did.
LAST_MAILS = """
SELECT DISTINCT ON (m.invoice_id) m.invoice_id, m.kind, m.state, coalesce(m.sent_at, m.queued_at),
  count(*) FILTER (WHERE m.kind = 'reminder') OVER (PARTITION BY m.invoice_id)
FROM dispatch_mail m
WHERE m.organization_id = %(organization)s::uuid AND m.invoice_id = ANY(%(ids)s::uuid[])
  AND m.state IN ('queued', 'sending', 'sent', 'returned', 'failed')
ORDER BY m.invoice_id, m.queued_at DESC
"""


@dataclass(frozen=True, slots=True)
class Days:
    """Figures by day from `start` on, `end` not included; amounts in the base currency's minor
    units. `taken` is (amount × days, amount) of what came in that day."""

    start: date
    end: date
    invoiced: dict[date, int] = field(default_factory=dict)
    collected: dict[date, int] = field(default_factory=dict)
    received: dict[date, tuple[Money, ...]] = field(default_factory=dict)
    taken: dict[date, tuple[int, int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LastMail:
    """The last mail of a paper; `reminders` is how many reminders there were."""

    kind: str
    state: str
    at: datetime
    reminders: int


def days(*, by: Actor, start: date, end: date) -> Days:
    """What was invoiced and what came in on each day; money only for who may see payments."""
    by.require("invoice.view")
    values = {"organization": by.organization_id, **reach_of(by), "from": start, "to": end}
    found = Days(start, end)
    with transaction(by.organization_id):
        found.invoiced.update(cursor().execute(INVOICED, values, prepare=True).fetchall())
        if not by.may("payment.view"):
            return found
        for day, currency, amount, base in cursor().execute(COLLECTED, values, prepare=True):
            found.collected[day] = found.collected.get(day, 0) + base
            found.received[day] = (*found.received.get(day, ()), Money(amount, currency))
        for day, weighted, amount in cursor().execute(TAKEN, values, prepare=True):
            found.taken[day] = (int(weighted), int(amount))
    return found


def joined(first: Days, second: Days) -> Days:
    """Two neighbouring spans as one."""
    return Days(
        first.start,
        second.end,
        first.invoiced | second.invoiced,
        first.collected | second.collected,
        first.received | second.received,
        first.taken | second.taken,
    )


def expected(*, by: Actor, start: date, end: date) -> int:
    """What is open and falls due from `start` on, before `end`; base currency, minor units."""
    by.require("invoice.view")
    values = {"organization": by.organization_id, **reach_of(by), "from": start, "to": end}
    with transaction(by.organization_id):
        row = cursor().execute(EXPECTED, values, prepare=True).fetchone()
    return row[0] if row else 0


def drafts(*, by: Actor) -> list[tuple[int, Money]]:
    """(how many, their sum) of the drafts in each currency; at most 10,001 are counted."""
    by.require("invoice.view")
    values = {"organization": by.organization_id, **reach_of(by)}
    with transaction(by.organization_id):
        rows = cursor().execute(DRAFTS, values, prepare=True).fetchall()
    return [(count, Money(amount, currency)) for currency, count, amount in rows]


def last_mails(invoice_ids: Sequence[UUID], *, by: Actor) -> dict[UUID, LastMail]:
    """The last mail of each of some papers; who had none is absent."""
    by.require("invoice.view")
    values = {"organization": by.organization_id, "ids": list(invoice_ids)}
    with transaction(by.organization_id):
        rows = cursor().execute(LAST_MAILS, values, prepare=True).fetchall()
    return {row[0]: LastMail(*row[1:]) for row in rows}


# Names of things, as far as somebody sees them; {owner} narrows to their own.
NAMED_PAPERS = """
SELECT i.id, coalesce(i.number, i.draft_reference), p.name FROM {table} i
JOIN parties_partner p ON p.organization_id = i.organization_id AND p.id = i.partner_id
WHERE i.organization_id = %(organization)s::uuid AND i.id = ANY(%(ids)s::uuid[])
  AND guilder_sees(%(owner)s, %(drafts)s, i.created_by_id, i.partner_id, i.{state})
"""
NAMED_INVOICES = NAMED_PAPERS.format(table="invoicing_invoice", state="status")
NAMED_QUOTES = NAMED_PAPERS.format(table="invoicing_quote", state="state")
NAMED_PAYMENTS = """
SELECT m.id, c.name, a.invoice_id, i.number
FROM payments_payment m
JOIN parties_partner c ON c.organization_id = m.organization_id AND c.id = m.partner_id
LEFT JOIN LATERAL (SELECT x.invoice_id FROM payments_allocation x
  WHERE x.organization_id = m.organization_id AND x.payment_id = m.id ORDER BY x.id LIMIT 1) a
  ON true
LEFT JOIN invoicing_invoice i ON i.organization_id = m.organization_id AND i.id = a.invoice_id
WHERE m.organization_id = %(organization)s::uuid AND m.id = ANY(%(ids)s::uuid[])
  AND guilder_sees(%(owner)s, %(drafts)s, m.created_by_id, m.partner_id, 'recorded')
"""
NAMED_PEOPLE = """
SELECT u.id, coalesce(nullif(u.name, ''), u.email) FROM identity_user u
JOIN identity_membership m ON m.user_id = u.id
WHERE m.organization_id = %(organization)s::uuid AND u.id = ANY(%(ids)s::uuid[])
"""
MAIL_KINDS = """
SELECT id, kind FROM dispatch_mail
WHERE organization_id = %(organization)s::uuid AND id = ANY(%(ids)s::uuid[])
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Ids of the things whose names are asked for."""

    invoices: tuple[UUID, ...] = ()
    quotes: tuple[UUID, ...] = ()
    payments: tuple[UUID, ...] = ()
    people: tuple[UUID, ...] = ()
    mails: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class Named:
    """What a thing is called; of a payment, the first invoice that it pays."""

    number: str
    client: str
    invoice_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Names:
    """Names by id; what somebody may not see, or is gone, is absent."""

    invoices: dict[UUID, Named]
    quotes: dict[UUID, Named]
    payments: dict[UUID, Named]
    people: dict[UUID, str]
    mails: dict[UUID, str]


def names_of(wanted: Wanted, *, by: Actor) -> Names:
    """What the things are called that this person may see; a statement for each kind asked for."""
    by.require("invoice.view")
    with transaction(by.organization_id):
        invoices = rows_of(NAMED_INVOICES, wanted.invoices, by)
        quotes = rows_of(NAMED_QUOTES, wanted.quotes, by) if by.may("quote.view") else []
        payments = rows_of(NAMED_PAYMENTS, wanted.payments, by) if by.may("payment.view") else []
        people = rows_of(NAMED_PEOPLE, wanted.people, by)
        mails = rows_of(MAIL_KINDS, wanted.mails, by)
    return Names(
        {row[0]: Named(row[1], row[2]) for row in invoices},
        {row[0]: Named(row[1], row[2]) for row in quotes},
        {row[0]: Named(row[3] or "", row[1], row[2]) for row in payments},
        dict(people),
        dict(mails),
    )


def rows_of(sql: str, ids: Sequence[UUID], by: Actor) -> list[tuple[Any, ...]]:
    """The rows of a statement about some ids; none are asked for when there are none."""
    if not ids:
        return []
    values = {"organization": by.organization_id, **reach_of(by), "ids": list(ids)}
    return cursor().execute(sql, values, prepare=True).fetchall()
