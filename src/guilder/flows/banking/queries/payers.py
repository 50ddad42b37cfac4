"""Which accounts payments came from, as bank lines tell."""

from uuid import UUID

from guilder.foundation.tenancy.hot import array, cursor

CAME_FROM = """
SELECT m.payment_id, l.counter_account, l.name FROM banking_match m
JOIN banking_statementline l ON l.organization_id = m.organization_id AND l.id = m.line_id
WHERE m.organization_id = %(organization)s::uuid AND m.payment_id = ANY(%(payments)s::uuid[])
  AND m.is_active AND m.kind IN ('invoice', 'recorded') AND l.counter_account <> ''
"""


def payer_accounts(payment_ids: list[UUID], organization_id: UUID) -> dict[UUID, tuple[str, str]]:
    """Payment → (account, holder) of the line that brought it, in the open transaction."""
    values = {"organization": organization_id, "payments": array(payment_ids, "uuid")}
    rows = cursor(binary=True).execute(CAME_FROM, values, prepare=True).fetchall()
    return {payment_id: (account, name) for payment_id, account, name in rows}
