"""What was earned: the ledger's income by the documents that caused it."""

# ruff: noqa: S608 (our own text)

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from guilder.foundation.tenancy.hot import cursor
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.kernel.period import Span
from guilder.office.reports import calc
from guilder.registers.parties.queries import reach_of

# Income that issuing booked: such postings carry a tax category; rounding differences do not.
# Deposits are no income until a final invoice takes them up, pro forma invoices never.
EARNED = """
WITH earned AS (
  SELECT i.id, i.number, i.kind, i.partner_id, i.currency, e.booked_on AS day,
    -sum(CASE WHEN %(currency)s::text = '' THEN p.base_amount ELSE p.amount END)::bigint AS net
  FROM ledger_account a
  JOIN ledger_posting p ON p.organization_id = a.organization_id AND p.account_id = a.id
    AND p.booked_on BETWEEN %(from)s::date AND %(to)s::date AND p.tax_category <> ''
    AND (%(currency)s::text = '' OR p.currency = %(currency)s::text)
    AND (%(partner)s::uuid IS NULL OR p.partner_id = %(partner)s::uuid)
  JOIN ledger_entry e ON e.organization_id = p.organization_id AND e.id = p.entry_id
    AND e.source = 'invoice.issue'
  JOIN invoicing_invoice i ON i.organization_id = e.organization_id AND i.id = e.source_id
    AND guilder_sees(%(owner)s, %(drafts)s, i.created_by_id, i.partner_id, i.status)
  WHERE a.organization_id = %(organization)s::uuid AND a.kind = 'income'
  GROUP BY i.id, i.number, i.kind, i.partner_id, i.currency, e.booked_on
)"""
SUMS = """count(*) FILTER (WHERE kind <> 'credit_note')::int,
  count(*) FILTER (WHERE kind = 'credit_note')::int,
  coalesce(sum(net) FILTER (WHERE kind <> 'credit_note'), 0)::bigint,
  coalesce(sum(net) FILTER (WHERE kind = 'credit_note'), 0)::bigint"""
BY_TIME = f"""{EARNED}
SELECT date_trunc(%(unit)s::text, day)::date, '', {SUMS} FROM earned GROUP BY 1 ORDER BY 1
"""
BY_CLIENT = f"""{EARNED}
SELECT e.partner_id, p.name, {SUMS} FROM (SELECT * FROM earned) e
JOIN parties_partner p ON p.organization_id = %(organization)s::uuid AND p.id = e.partner_id
GROUP BY e.partner_id, p.name ORDER BY sum(net) DESC, lower(p.name), e.partner_id
""".replace("(WHERE kind", "(WHERE e.kind")
WHOLE = f"{EARNED} SELECT NULL, '', {SUMS} FROM earned"
DOCUMENTS = f"""{EARNED}
SELECT e.id, e.number, e.kind, e.partner_id, p.name, e.day, e.currency, e.net
FROM earned e
JOIN parties_partner p ON p.organization_id = %(organization)s::uuid AND p.id = e.partner_id
ORDER BY e.day, e.id
"""
# Lines in the base currency at the rate of their document; what stands on no line (discounts and
# charges of the document, roundings) is what is missing to the whole.
LINES = """
FROM invoicing_invoice i
JOIN invoicing_invoiceline l ON l.organization_id = i.organization_id AND l.invoice_id = i.id
  AND l.position > 0
JOIN unnest(%(codes)s::text[], %(factors)s::numeric[]) AS f(code, factor) ON f.code = i.currency
LEFT JOIN catalogue_item c ON c.organization_id = l.organization_id AND c.id = l.item_id
CROSS JOIN LATERAL (SELECT CASE WHEN i.kind = 'credit_note' THEN -1 ELSE 1 END
  * CASE WHEN %(currency)s::text = '' THEN round(l.net_amount * i.base_rate * f.factor)
    ELSE l.net_amount END AS net) n
WHERE i.organization_id = %(organization)s::uuid AND i.status = 'issued' AND NOT i.is_history
  AND i.kind IN ('invoice', 'debit_note', 'credit_note')
  AND i.issued_on BETWEEN %(from)s::date AND %(to)s::date
  AND (%(currency)s::text = '' OR i.currency = %(currency)s::text)
  AND guilder_sees(%(owner)s, %(drafts)s, i.created_by_id, i.partner_id, i.status)"""
BY_ITEM = f"""
SELECT l.item_id, coalesce(c.name, ''), count(DISTINCT i.id) FILTER
    (WHERE i.kind <> 'credit_note')::int,
  count(DISTINCT i.id) FILTER (WHERE i.kind = 'credit_note')::int,
  coalesce(sum(n.net) FILTER (WHERE i.kind <> 'credit_note'), 0)::bigint,
  coalesce(sum(n.net) FILTER (WHERE i.kind = 'credit_note'), 0)::bigint,
  sum(CASE WHEN i.kind = 'credit_note' THEN -l.quantity ELSE l.quantity END)
{LINES}
GROUP BY l.item_id, c.name ORDER BY sum(n.net) DESC, c.name, l.item_id
"""
ITEM_DOCUMENTS = f"""
SELECT i.id, i.number, i.kind, i.partner_id, p.name, i.issued_on, i.currency, sum(n.net)::bigint
{
    LINES.replace(
        "WHERE i.organization_id",
        '''JOIN parties_partner p
  ON p.organization_id = i.organization_id AND p.id = i.partner_id
WHERE i.organization_id''',
    )
}
  AND l.item_id IS NOT DISTINCT FROM %(item)s::uuid
GROUP BY i.id, i.number, i.kind, i.partner_id, p.name, i.issued_on, i.currency
ORDER BY i.issued_on, i.id
"""
CURRENCIES_USED = """
SELECT DISTINCT currency FROM invoicing_invoice
WHERE organization_id = %(organization)s::uuid AND status = 'issued'
  AND issued_on BETWEEN %(from)s::date AND %(to)s::date ORDER BY currency
"""


@dataclass(frozen=True, slots=True)
class Revenue:
    """What was invoiced and credited under one `key`: the first day of a bucket, or an id.

    Minor units of the currency that was asked for; `credited` is negative. `quantity` is of items.
    """

    key: Any
    name: str
    invoice_count: int
    credit_count: int
    invoiced: int
    credited: int
    quantity: Decimal | None = None

    @property
    def net(self) -> int:
        """What is left of it."""
        return self.invoiced + self.credited


@dataclass(frozen=True, slots=True)
class EarnedDocument:
    """A document and what it earned; a credit note's is negative."""

    id: UUID
    number: str
    kind: str
    partner_id: UUID
    partner_name: str
    day: date
    currency: str
    net: int


def revenue(*, by: Actor, span: Span, group: str, base: str, currency: str = "") -> list[Revenue]:
    """What was earned by `group`: month, quarter, year, client or item.

    In the base currency `base`, or of documents in `currency` in that one. By item a row of key
    None and name "" stands for lines without an item; what stands on no line is left to the caller.
    """
    by.require("report.view")
    values = bound(by, span=span, currency=currency)
    if group == "item":
        codes, factors = calc.base_factors(base)
        values |= {"codes": codes, "factors": factors}
        statement = BY_ITEM
    elif group == "client":
        statement = BY_CLIENT
    else:
        values["unit"] = group
        statement = BY_TIME
    with transaction(by.organization_id):
        return [Revenue(*row) for row in cursor().execute(statement, values).fetchall()]


def revenue_total(*, by: Actor, span: Span, currency: str = "") -> Revenue:
    """All that was earned in a span."""
    by.require("report.view")
    with transaction(by.organization_id):
        row: Any = cursor().execute(WHOLE, bound(by, span=span, currency=currency)).fetchone()
    return Revenue(*row)


def earned_documents(
    *,
    by: Actor,
    span: Span,
    base: str,
    currency: str = "",
    partner_id: UUID | None = None,
    item_id: UUID | None = None,
    of_item: bool = False,
) -> Sequence[EarnedDocument]:
    """The documents behind a figure, oldest first; `of_item` gives what their lines over an item
    (None: over no item) earned."""
    by.require("report.view")
    values = bound(by, span=span, currency=currency, partner_id=partner_id)
    statement = DOCUMENTS
    if of_item:
        codes, factors = calc.base_factors(base)
        values |= {"codes": codes, "factors": factors, "item": item_id}
        statement = ITEM_DOCUMENTS
    with transaction(by.organization_id):
        return [EarnedDocument(*row) for row in cursor().execute(statement, values).fetchall()]


def currencies_used(*, by: Actor, span: Span) -> list[str]:
    """The currencies of what was issued in a span."""
    by.require("report.view")
    with transaction(by.organization_id):
        rows = cursor().execute(CURRENCIES_USED, bound(by, span=span))
        return [row[0] for row in rows.fetchall()]


def bound(
    by: Actor, *, span: Span, currency: str = "", partner_id: UUID | None = None
) -> dict[str, Any]:
    """What the statements bind."""
    return {
        "organization": by.organization_id,
        **reach_of(by),
        "from": span.start_on,
        "to": span.end_on,
        "currency": currency,
        "partner": partner_id,
    }
