"""Statement lines, and what they probably are: computed when asked, so never out of date."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from guilder.flows.banking import calc
from guilder.flows.banking.models import BankAccount, StatementLine
from guilder.flows.banking.queries.gathering import gather, line_fact
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.kernel.errors import NotFound


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
