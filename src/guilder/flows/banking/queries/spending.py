"""What money that went out may be about: open bills, payments and refunds recorded before."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from guilder.flows.banking import calc
from guilder.flows.banking.models import BankAccount
from guilder.foundation.tenancy.hot import array, cursor

# Open bills, the longest due first: they are few beside invoices.
BILLS = """
SELECT b.id, b.number, ltrim(regexp_replace(b.number, '\\D', '', 'g'), '0'), b.partner_id, p.name,
  b.payable_amount - b.allocated_amount - b.credited_amount, b.currency, b.due_on,
  upper(replace(b.iban, ' ', ''))
FROM bills_bill b
JOIN parties_partner p ON p.organization_id = b.organization_id AND p.id = b.partner_id
WHERE b.organization_id = %(organization)s::uuid AND b.status = 'booked' AND b.kind = 'bill'
  AND b.payable_amount > b.allocated_amount + b.credited_amount
ORDER BY b.due_on, b.id LIMIT 5000
"""
SPENT = """
SELECT d.id, 'disbursement', d.partner_id, p.name, d.amount, d.currency, d.paid_on,
  coalesce((SELECT string_agg(b.number, ', ' ORDER BY b.number) FROM payments_allocation a
    JOIN bills_bill b ON b.organization_id = a.organization_id AND b.id = a.bill_id
    WHERE a.organization_id = d.organization_id AND a.disbursement_id = d.id AND a.is_active), ''),
  concat_ws(' ', d.reference, (SELECT string_agg(b.number, ' ') FROM payments_allocation a
    JOIN bills_bill b ON b.organization_id = a.organization_id AND b.id = a.bill_id
    WHERE a.organization_id = d.organization_id AND a.disbursement_id = d.id AND a.is_active))
FROM payments_disbursement d
JOIN parties_partner p ON p.organization_id = d.organization_id AND p.id = d.partner_id
WHERE d.organization_id = %(organization)s::uuid AND d.account_id = %(ledger)s::uuid
  AND d.reversed_on IS NULL AND d.paid_on BETWEEN %(start)s AND %(end)s
  AND d.amount = ANY(%(amounts)s::bigint[])
  AND (SELECT m.id FROM banking_match m WHERE m.organization_id = d.organization_id
    AND m.disbursement_id = d.id AND m.is_active LIMIT 1) IS NULL
UNION ALL
SELECT r.id, 'refund', r.partner_id, p.name, r.amount, r.currency, r.refunded_on,
  coalesce((SELECT i.number FROM invoicing_invoice i
    WHERE i.organization_id = r.organization_id AND i.id = r.credit_note_id), ''),
  concat_ws(' ', r.reference, r.reason, (SELECT i.number FROM invoicing_invoice i
    WHERE i.organization_id = r.organization_id AND i.id = r.credit_note_id))
FROM payments_refund r
JOIN parties_partner p ON p.organization_id = r.organization_id AND p.id = r.partner_id
WHERE r.organization_id = %(organization)s::uuid AND r.account_id = %(ledger)s::uuid
  AND r.status = 'paid' AND r.refunded_on BETWEEN %(start)s AND %(end)s
  AND r.amount = ANY(%(amounts)s::bigint[])
  AND (SELECT m.id FROM banking_match m WHERE m.organization_id = r.organization_id
    AND m.refund_id = r.id AND m.is_active LIMIT 1) IS NULL
LIMIT 5000
"""


def add_spending(
    lines: Sequence[calc.Line], account: BankAccount, known: calc.Known, base: Mapping[str, Any]
) -> None:
    """Open bills, and money out of this account that no line stands for yet."""
    known.bills = {row[0]: calc.Payable(*row) for row in run(BILLS, base)}
    days = [one.booked_on for one in lines]
    within = timedelta(days=10)
    values = {
        **base,
        "ledger": account.ledger_account_id,
        "start": min(days) - within,
        "end": max(days) + within,
        "amounts": array({-one.amount for one in lines}, "bigint"),
    }
    known.spent += [calc.Spent(*row) for row in run(SPENT, values)]


def run(statement: str, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """The rows of one of the statements above."""
    return cursor(binary=True).execute(statement, values, prepare=True).fetchall()
