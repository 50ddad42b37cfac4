"""Money that lines took out and that other lines may bring back."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from guilder.flows.banking import calc
from guilder.foundation.tenancy.hot import array, cursor

DEPARTED = """
SELECT l.id, CASE WHEN m.refund_id IS NULL THEN 'disbursement' ELSE 'refund' END,
  coalesce(m.refund_id, m.disbursement_id), p.name, -m.amount, l.currency, l.booked_on,
  l.end_to_end, concat_ws(' ', l.reference, l.text, l.end_to_end), l.name
FROM banking_statementline l
JOIN banking_match m ON m.organization_id = l.organization_id AND m.line_id = l.id
  AND m.is_active AND m.kind IN ('bill', 'spent', 'refund')
LEFT JOIN payments_disbursement d
  ON d.organization_id = m.organization_id AND d.id = m.disbursement_id
LEFT JOIN payments_refund r ON r.organization_id = m.organization_id AND r.id = m.refund_id
JOIN parties_partner p ON p.organization_id = m.organization_id
  AND p.id = coalesce(d.partner_id, r.partner_id)
WHERE l.organization_id = %(organization)s::uuid AND l.account_id = %(account)s::uuid
  AND l.state = 'matched' AND l.amount < 0 AND m.amount = ANY(%(amounts)s::bigint[])
  AND l.booked_on BETWEEN %(start)s AND %(end)s
  AND coalesce(d.reversed_on, r.reversed_on) IS NULL
ORDER BY l.booked_on DESC LIMIT 2000
"""
WITHIN = timedelta(days=400)


def add_departed(lines: Sequence[calc.Line], known: calc.Known, base: Mapping[str, Any]) -> None:
    """Matched payments of bills and refunds that may come back; looked for only where the bank says
    that something does."""
    told = [one for one in lines if calc.is_told_back(one)]
    if not told:
        return
    values = {
        **base,
        "amounts": array({-one.amount for one in told}, "bigint"),
        "start": min(one.booked_on for one in told) - WITHIN,
        "end": max(one.booked_on for one in told),
    }
    rows = cursor(binary=True).execute(DEPARTED, values, prepare=True).fetchall()
    known.departed = [calc.Departed(*row) for row in rows]
