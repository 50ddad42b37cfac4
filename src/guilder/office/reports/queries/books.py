"""The ledger's pages: an account's statement, the journal, what stands in the way of a close."""

# ruff: noqa: S608 (our own text)

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from guilder.books.ledger import queries as ledger
from guilder.foundation.tenancy.hot import cursor
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.kernel.period import Span

AT_ONCE = 2_000
CAUSE = """
LEFT JOIN invoicing_invoice i ON i.organization_id = e.organization_id AND i.id = e.source_id
LEFT JOIN parties_partner c ON c.organization_id = p.organization_id AND c.id = p.partner_id"""
STATEMENT = f"""
SELECT p.id, e.id, e.booked_on, e.source, e.source_id, coalesce(i.number, ''), e.memo,
  coalesce(c.name, ''), p.amount, p.currency, p.base_amount
FROM ledger_posting p
JOIN ledger_entry e ON e.organization_id = p.organization_id AND e.id = p.entry_id {CAUSE}
WHERE p.organization_id = %(organization)s::uuid AND p.account_id = %(account)s::uuid
  AND p.booked_on BETWEEN %(from)s::date AND %(to)s::date
ORDER BY p.booked_on, e.id, p.position LIMIT %(limit)s::int
"""
# Keyset over (day, entry, position), so that the whole journal is never held at once.
JOURNAL = f"""
SELECT e.booked_on, e.id, p.position, e.source, coalesce(i.number, ''), e.memo, a.code, a.name,
  coalesce(c.code, ''), coalesce(c.name, ''), p.amount, p.currency, p.base_amount,
  e.base_currency, p.rate, p.rate_source, p.tax_category, p.tax_rate
FROM ledger_entry e
JOIN ledger_posting p ON p.organization_id = e.organization_id AND p.entry_id = e.id
JOIN ledger_account a ON a.organization_id = p.organization_id AND a.id = p.account_id {CAUSE}
WHERE e.organization_id = %(organization)s::uuid
  AND e.booked_on BETWEEN %(from)s::date AND %(to)s::date
  AND (e.booked_on, e.id, p.position) > (%(day)s::date, %(entry)s::uuid, %(position)s::int)
ORDER BY e.booked_on, e.id, p.position LIMIT %(limit)s::int
"""
CLOSING = """
SELECT
  (SELECT count(*) FROM invoicing_invoice WHERE organization_id = %(organization)s::uuid
    AND status = 'draft' AND created_at < %(until)s::timestamptz)::int,
  (SELECT count(*) FROM payments_payment WHERE organization_id = %(organization)s::uuid
    AND unallocated_amount > 0 AND received_on <= %(to)s::date)::int,
  (SELECT count(*) FROM invoicing_invoice WHERE organization_id = %(organization)s::uuid
    AND status = 'issued' AND NOT is_history AND sent_at IS NULL AND kind <> 'pro_forma'
    AND issued_on BETWEEN %(from)s::date AND %(to)s::date)::int,
  (SELECT count(*) FROM dispatch_mail WHERE organization_id = %(organization)s::uuid
    AND state IN ('failed', 'returned') AND queued_at < %(until)s::timestamptz
    AND queued_at >= %(since)s::timestamptz)::int,
  (SELECT count(*) FROM (
    SELECT sequence - lag(sequence) OVER (PARTITION BY series_id, period ORDER BY sequence) AS step
    FROM invoicing_issueddocument WHERE organization_id = %(organization)s::uuid
      AND series_id IS NOT NULL AND issued_on BETWEEN %(from)s::date AND %(to)s::date) s
    WHERE step <> 1)::int,
  (SELECT count(*) FROM invoicing_issueddocument WHERE organization_id = %(organization)s::uuid
    AND series_id IS NOT NULL AND issued_on BETWEEN %(from)s::date AND %(to)s::date)::int,
  (SELECT min(booked_on) FROM ledger_entry WHERE organization_id = %(organization)s::uuid)
"""


@dataclass(frozen=True, slots=True)
class StatementRow:
    """One posting on an account; debit above zero. `number` is the document's that caused it."""

    id: UUID
    entry_id: UUID
    booked_on: date
    source: str
    source_id: UUID
    number: str
    memo: str
    partner_name: str
    amount: int
    currency: str
    base_amount: int


@dataclass(frozen=True, slots=True)
class JournalRow:
    """One posting of the journal; debit above zero, minor units."""

    booked_on: date
    entry_id: UUID
    position: int
    source: str
    number: str
    memo: str
    account_code: str
    account_name: str
    partner_code: str
    partner_name: str
    amount: int
    currency: str
    base_amount: int
    base_currency: str
    rate: Decimal
    rate_source: str
    tax_category: str
    tax_rate: Decimal | None


@dataclass(frozen=True, slots=True)
class Closing:
    """What one should see to before a month is locked."""

    drafts: int
    unallocated: int
    unsent: int
    returned: int
    gaps: int
    numbered: int
    first_booked_on: date | None


def balances(*, by: Actor, span: Span) -> list[ledger.AccountBalance]:
    """Every account over a span: the trial balance."""
    by.require("ledger.view")
    with transaction(by.organization_id):
        return ledger.trial_balance(by.organization_id, start_on=span.start_on, end_on=span.end_on)


def statement(*, by: Actor, account_id: UUID, span: Span, limit: int) -> list[StatementRow]:
    """The postings on an account in their order, at most `limit`."""
    by.require("ledger.view")
    values = bound(by, span) | {"account": account_id, "limit": limit}
    with transaction(by.organization_id):
        return [StatementRow(*row) for row in cursor().execute(STATEMENT, values).fetchall()]


def journal(*, by: Actor, span: Span) -> Iterator[JournalRow]:
    """Every posting of a span in the order of the books; AT_ONCE rows are held at a time, each
    stretch read in a transaction of its own."""
    by.require("ledger.view")
    values = bound(by, span) | {
        "day": date.min,
        "entry": UUID(int=0),
        "position": 0,
        "limit": AT_ONCE,
    }
    while True:
        with transaction(by.organization_id):
            rows = cursor(binary=True).execute(JOURNAL, values, prepare=True).fetchall()
        yield from (JournalRow(*row) for row in rows)
        if len(rows) < AT_ONCE:
            return
        values |= dict(zip(("day", "entry", "position"), rows[-1][:3], strict=True))


def closing(*, by: Actor, span: Span, since: datetime, until: datetime) -> Closing:
    """What there is to see to of a span; `since` and `until` are its first instant and the first
    one after it."""
    by.require("ledger.view")
    values = bound(by, span) | {"since": since, "until": until}
    with transaction(by.organization_id):
        row: Any = cursor().execute(CLOSING, values).fetchone()
    return Closing(*row)


def bound(by: Actor, span: Span) -> dict[str, Any]:
    """What the statements bind."""
    return {"organization": by.organization_id, "from": span.start_on, "to": span.end_on}
