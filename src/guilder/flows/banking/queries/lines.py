"""Statement lines, and what they probably are: computed when asked, so never out of date."""

from collections.abc import Sequence
from dataclasses import fields as dataclass_fields
from datetime import date
from typing import Any
from uuid import UUID

from guilder.flows.banking import calc
from guilder.flows.banking.models import BankAccount, StatementLine
from guilder.flows.banking.queries.gathering import gather, line_fact
from guilder.foundation.tenancy.hot import array, cursor
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.kernel.errors import NotFound

# Lines that entries may be: of their days and amounts. Within one family of formats a line with
# another bank reference is another entry, so it is not even read.
LIKE = """
SELECT l.id, l.amount, l.currency, l.booked_on, l.name, l.counter_account, l.text, l.reference,
  l.end_to_end, l.bank_reference, l.original_amount, l.original_currency, l.charges_amount,
  l.is_reversal, l.details, split_part(s.format, '.', 1) = %(family)s::text
FROM banking_statementline l
JOIN banking_statement s ON s.organization_id = l.organization_id AND s.id = l.statement_id
WHERE l.organization_id = %(organization)s::uuid AND l.account_id = %(account)s::uuid
  AND l.booked_on BETWEEN %(start)s::date AND %(end)s::date
  AND l.amount = ANY(%(amounts)s::bigint[])
  AND (%(any)s::boolean OR l.bank_reference = '' OR l.bank_reference = ANY(%(references)s::text[])
    OR split_part(s.format, '.', 1) <> %(family)s::text)
ORDER BY l.booked_on DESC, l.id DESC
"""


class NoSuchLine(NotFound):
    """No bank line of that id."""

    code = "banking.no_line"


def get_line(line_id: UUID, *, by: Actor) -> StatementLine:
    """One line with its matches; NoSuchLine."""
    by.require("bank.view")
    with transaction(by.organization_id):
        rows = StatementLine.objects.of(by.organization_id).select_related("account")
        found = rows.prefetch_related("matches").filter(id=line_id).first()
    if found is None:
        raise NoSuchLine("There is no such bank line.")
    return found


def lines_like(
    facts: Sequence[calc.Line], account_id: UUID, *, family: str, by: Actor
) -> list[tuple[calc.Line, bool]]:
    """The lines of an account that some entries may be, each with whether it came in the same
    family of formats. In the open transaction."""
    days = {one.booked_on for one in facts}
    values = {
        "organization": by.organization_id,
        "account": account_id,
        "family": family,
        "start": min(days),
        "end": max(days),
        "amounts": array({one.amount for one in facts}, "bigint"),
        "any": not all(one.bank_reference for one in facts),
        "references": array({one.bank_reference for one in facts}, "text"),
    }
    found = cursor(binary=True).execute(LIKE, values, prepare=True)
    rows: list[tuple[Any, ...]] = found.fetchall()
    names = [one.name for one in dataclass_fields(calc.Line)]
    return [(calc.Line(**dict(zip(names, row, strict=False))), row[-1]) for row in rows]


def list_lines(
    *,
    by: Actor,
    account_id: UUID | None = None,
    statement_id: UUID | None = None,
    state: str = "",
    booked_from: date | None = None,
    booked_to: date | None = None,
    limit: int = 50,
    after: UUID | None = None,
) -> list[StatementLine]:
    """Lines with their matches, the newest read first; `after` is the last id of the page
    before."""
    by.require("bank.view")
    wanted = {
        "account_id": account_id,
        "statement_id": statement_id,
        "state": state or None,
        "booked_on__gte": booked_from,
        "booked_on__lte": booked_to,
        "id__lt": after,
    }
    with transaction(by.organization_id):
        rows = StatementLine.objects.of(by.organization_id).prefetch_related("matches")
        rows = rows.filter(**{name: value for name, value in wanted.items() if value is not None})
        return list(rows.order_by("-id")[:limit])


def open_lines(account_id: UUID, *, by: Actor, limit: int = 500) -> list[StatementLine]:
    """Lines that wait, the newest first."""
    by.require("bank.view")
    with transaction(by.organization_id):
        rows = StatementLine.objects.of(by.organization_id)
        return list(
            rows.filter(account_id=account_id, state="open").order_by("-booked_on", "-id")[:limit]
        )


def proposals(
    lines: Sequence[StatementLine], account: BankAccount, *, by: Actor
) -> dict[UUID, calc.Proposal]:
    """What open lines of one account probably are, by line."""
    by.require("bank.view")
    facts = [line_fact(one) for one in lines]
    if not facts:
        return {}
    with transaction(by.organization_id):
        known = gather(facts, account, organization_id=by.organization_id)
    return calc.propose_all(facts, known)
