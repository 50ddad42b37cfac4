"""Statements that were read, gaps between them, and saved table profiles."""

from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any
from uuid import UUID

from guilder.flows.banking.models import Statement, TableProfile
from guilder.flows.banking.parsers import Profile
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.kernel.errors import NotFound


class NoSuchStatement(NotFound):
    """No statement of that id."""

    code = "banking.no_statement"


@dataclass(frozen=True, slots=True)
class Gap:
    """A statement opens with something else than the one before it closed with."""

    before_id: UUID
    after_id: UUID
    closed: int
    opened: int
    currency: str
    closed_on: date | None
    opened_on: date | None


def list_statements(
    *, by: Actor, account_id: UUID | None = None, limit: int = 50, after: UUID | None = None
) -> list[Statement]:
    """Statements, the newest read first; `after` is the last id of the page before."""
    by.require("bank.view")
    with transaction(by.organization_id):
        rows = Statement.objects.of(by.organization_id).select_related("account")
        if account_id is not None:
            rows = rows.filter(account_id=account_id)
        if after is not None:
            rows = rows.filter(id__lt=after)
        return list(rows.order_by("-id")[:limit])


def get_statement(statement_id: UUID, *, by: Actor) -> Statement:
    """One statement; NoSuchStatement."""
    by.require("bank.view")
    with transaction(by.organization_id):
        rows = Statement.objects.of(by.organization_id).select_related("account")
        found = rows.filter(id=statement_id).first()
    if found is None:
        raise NoSuchStatement("There is no such statement.")
    return found


def gaps(account_id: UUID, *, by: Actor) -> list[Gap]:
    """Where a statement does not go on where the one before it left off."""
    by.require("bank.view")
    with transaction(by.organization_id):
        rows: Any = (
            Statement.objects.of(by.organization_id)
            .select_related("account")
            .filter(account_id=account_id, is_interim=False)
            .exclude(opening_amount=None)
            .exclude(closing_amount=None)
            .exclude(ends_on=None)
            .order_by("ends_on", "starts_on", "id")
        )
        listed = list({(one.ends_on, one.opening_amount, one.closing_amount): one for one in rows}
                      .values())  # fmt: skip
    found = []
    for before, after in pairwise(listed):
        if before.closing_amount != after.opening_amount:
            found.append(
                Gap(
                    before.id,
                    after.id,
                    before.closing_amount,
                    after.opening_amount,
                    after.account.currency,
                    before.ends_on,
                    after.starts_on,
                )
            )
    return found


def profiles(*, by: Actor) -> list[Profile]:
    """The saved table profiles."""
    with transaction(by.organization_id):
        rows = TableProfile.objects.of(by.organization_id)
        return [Profile.of(one.data) for one in rows]
