"""What is owed: by client, by age, in all; each one statement over the open invoices' index."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from guilder.foundation.tenancy.hot import cursor
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.kernel.money import Money
from guilder.registers.parties.queries import reach_of

OPEN = """
FROM invoicing_invoice i
WHERE i.organization_id = %(organization)s::uuid AND i.open_amount > 0
  AND i.kind IN ('invoice', 'debit_note', 'deposit')
  AND guilder_sees(%(owner)s, %(drafts)s, i.created_by_id, i.partner_id, i.status)"""
BY_CLIENT = f"""
SELECT i.partner_id, i.currency, sum(i.open_amount)::bigint,
  coalesce(sum(i.open_amount) FILTER (WHERE i.due_on < %(today)s::date), 0)::bigint
{OPEN} AND i.partner_id = ANY(%(partners)s::uuid[])
GROUP BY i.partner_id, i.currency ORDER BY i.currency
"""
OWING = f"SELECT DISTINCT i.partner_id {OPEN} LIMIT 10000"
BY_AGE = f"""
SELECT i.currency,
  CASE WHEN i.due_on IS NULL OR i.due_on >= %(today)s::date THEN 0
    WHEN i.due_on >= %(today)s::date - 30 THEN 1 WHEN i.due_on >= %(today)s::date - 60 THEN 2
    WHEN i.due_on >= %(today)s::date - 90 THEN 3 ELSE 4 END AS age,
  sum(i.open_amount)::bigint, count(*)::int, coalesce(max(%(today)s::date - i.due_on), 0)
{OPEN}
GROUP BY 1, 2 ORDER BY 1, 2
"""


@dataclass(frozen=True, slots=True)
class Balance:
    """What a client owes in one currency, and how much of it is late."""

    open: Money
    overdue: Money


@dataclass(frozen=True, slots=True)
class Age:
    """What is open in one currency and age: 0 not due, 1 to 30 days late, 2 to 60, 3 to 90, 4."""

    age: int
    amount: Money
    count: int
    oldest_days: int


def balances(partner_ids: Sequence[UUID], *, by: Actor, today: date) -> dict[UUID, list[Balance]]:
    """What each of some clients owes, per currency; who owes nothing is absent."""
    by.require("invoice.view")
    values = {
        "organization": by.organization_id,
        **reach_of(by),
        "partners": list(partner_ids),
        "today": today,
    }
    found: dict[UUID, list[Balance]] = {}
    with transaction(by.organization_id):
        for partner_id, currency, open_, late in cursor().execute(BY_CLIENT, values, prepare=True):
            balance = Balance(Money(open_, currency), Money(late, currency))
            found.setdefault(partner_id, []).append(balance)
    return found


def owing(*, by: Actor) -> list[UUID]:
    """The clients who owe something, at most 10,000."""
    by.require("invoice.view")
    values = {"organization": by.organization_id, **reach_of(by)}
    with transaction(by.organization_id):
        return [row[0] for row in cursor().execute(OWING, values, prepare=True)]


def ageing(*, by: Actor, today: date) -> list[Age]:
    """What is open by currency and age."""
    by.require("invoice.view")
    values = {"organization": by.organization_id, **reach_of(by), "today": today}
    with transaction(by.organization_id):
        return [
            Age(age, Money(amount, currency), count, oldest)
            for currency, age, amount, count, oldest in cursor().execute(
                BY_AGE, values, prepare=True
            )
        ]
