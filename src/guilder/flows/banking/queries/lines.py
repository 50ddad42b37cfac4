"""Statement lines, and what they probably are: computed when asked, so never out of date."""

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from guilder.flows.banking import calc
from guilder.flows.banking.models import BankAccount, StatementLine
from guilder.flows.banking.queries.gathering import (
    Directory,
    gather_named,
    gather_rest,
    line_fact,
)
from guilder.foundation.tenancy.hot import array, cursor
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.kernel.errors import NotFound

# Lines that entries may be: of their days and amounts. Within one family of formats a line with
# another bank reference is another entry, so it is not even read.
LIKE = """
SELECT l.id, l.amount, l.currency, l.booked_on, l.name, l.counter_account, l.text, l.reference,
  l.end_to_end, l.bank_reference, l.original_amount, l.original_currency, l.charges_amount,
  l.is_reversal, l.details, l.code, split_part(s.format, '.', 1) = %(family)s::text,
  l.fingerprint, l.occurrence
FROM banking_statementline l
JOIN banking_statement s ON s.organization_id = l.organization_id AND s.id = l.statement_id
WHERE l.organization_id = %(organization)s::uuid AND l.account_id = %(account)s::uuid
  AND l.booked_on BETWEEN %(start)s::date AND %(end)s::date
  AND l.amount = ANY(%(amounts)s::bigint[])
  AND (%(any)s::boolean OR l.bank_reference = '' OR l.bank_reference = ANY(%(references)s::text[])
    OR split_part(s.format, '.', 1) <> %(family)s::text)
ORDER BY l.booked_on DESC, l.id DESC
"""
OPEN = """
SELECT l.id, l.amount, l.currency, l.booked_on, l.name, l.counter_account, l.text, l.reference,
  l.end_to_end, l.bank_reference, l.original_amount, l.original_currency, l.charges_amount,
  l.is_reversal, l.details, l.code
FROM banking_statementline l
WHERE l.organization_id = %(organization)s::uuid AND l.account_id = %(account)s::uuid
  AND l.state = 'open'
ORDER BY l.booked_on DESC, l.id DESC LIMIT %(limit)s
"""
FIELDS = calc.Line.__struct_fields__


class There(NamedTuple):
    """A line that an entry may be."""

    line: calc.Line
    is_alike: bool  # whether it came in the same family of formats
    fingerprint: str
    occurrence: int


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
) -> list[There]:
    """The lines of an account that some entries may be, all that have the fingerprint of one of
    them included. In the open transaction."""
    if not facts:
        return []
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
    return [There(line_of(row), *row[len(FIELDS) :]) for row in rows]


def line_of(row: tuple[Any, ...]) -> calc.Line:
    """A row that begins with the fields of a line, as matching sees it."""
    return calc.Line(*row[: len(FIELDS)])


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


def open_facts(account_id: UUID, *, by: Actor, limit: int) -> list[calc.Line]:
    """Lines that wait as matching sees them, the newest first."""
    by.require("bank.view")
    values = {"organization": by.organization_id, "account": account_id, "limit": limit}
    with transaction(by.organization_id):
        rows = cursor(binary=True).execute(OPEN, values, prepare=True).fetchall()
    return [line_of(row) for row in rows]


def proposals(
    lines: Sequence[StatementLine], account: BankAccount, *, by: Actor
) -> dict[UUID, calc.Proposal]:
    """What open lines of one account probably are, by line."""
    return proposals_of([line_fact(one) for one in lines], account, by=by)


def proposals_of(
    facts: Sequence[calc.Line],
    account: BankAccount,
    *,
    by: Actor,
    directory: Directory | None = None,
) -> dict[UUID, calc.Proposal]:
    """What open lines of one account probably are, by line.

    What a number or a recorded payment explains for sure needs no more; all else that may be known
    is looked up for the other lines alone.
    """
    by.require("bank.view")
    if not facts:
        return {}
    known = calc.Known()
    with transaction(by.organization_id):
        gather_named(facts, account, known, organization_id=by.organization_id)
        sure = calc.settled_by_name(facts, known)
        rest = [one for one in facts if one.id not in sure]
        if rest:
            gather_rest(
                rest,
                account,
                known,
                directory or Directory(),
                organization_id=by.organization_id,
            )
    return calc.propose_all(facts, known, sure=sure)
