"""Reading the ledger: accounts, balances, entries."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from guilder.books.ledger.models import Account, Entry, Period
from guilder.books.ledger.proofs import PROOFS
from guilder.foundation.tenancy.hot import cursor
from guilder.kernel.errors import NotFound

TRIAL_BALANCE = """
SELECT a.id, a.code, a.name, a.kind, a.role,
  coalesce(sum(p.base_amount) FILTER (WHERE p.booked_on < %(from)s), 0)::bigint,
  coalesce(sum(greatest(p.base_amount, 0)) FILTER (WHERE p.booked_on >= %(from)s), 0)::bigint,
  coalesce(sum(greatest(-p.base_amount, 0)) FILTER (WHERE p.booked_on >= %(from)s), 0)::bigint
FROM ledger_account a
LEFT JOIN ledger_posting p ON p.organization_id = a.organization_id AND p.account_id = a.id
  AND p.booked_on <= %(to)s
WHERE a.organization_id = %(organization)s
GROUP BY a.organization_id, a.id
ORDER BY a.code
"""


@dataclass(frozen=True, slots=True)
class AccountBalance:
    """One account over a stretch of days, in minor units of the base currency."""

    account_id: UUID
    code: str
    name: str
    kind: str
    role: str
    opening: int
    debit: int
    credit: int

    @property
    def closing(self) -> int:
        """What stands on it at the end: debit above zero."""
        return self.opening + self.debit - self.credit


def account_map(organization_id: UUID) -> dict[str, UUID]:
    """Role → account, for booking."""
    rows = cursor().execute(
        "SELECT role, id FROM ledger_account WHERE organization_id = %s AND role <> ''",
        [organization_id],
        prepare=True,
    )
    return dict(rows.fetchall())


def list_accounts(organization_id: UUID) -> list[Account]:
    """The chart, by code."""
    return list(Account.objects.of(organization_id).order_by("code"))


def get_account(organization_id: UUID, account_id: UUID) -> Account:
    """One account; NotFound."""
    found = Account.objects.of(organization_id).filter(id=account_id).first()
    if found is None:
        raise NotFound("There is no such account.")
    return found


def trial_balance(organization_id: UUID, *, start_on: date, end_on: date) -> list[AccountBalance]:
    """Every account with what it opened with, took and gave from `start_on` to `end_on`."""
    rows = cursor().execute(
        TRIAL_BALANCE, {"organization": organization_id, "from": start_on, "to": end_on}
    )
    return [AccountBalance(*row) for row in rows.fetchall()]


def balance_of(organization_id: UUID, role: str, *, on: date = date.max) -> int:
    """What stands on the account of `role` at the end of `on`, in base minor units."""
    row: Any = (
        cursor()
        .execute(
            "SELECT coalesce(sum(p.base_amount), 0)::bigint FROM ledger_posting p"
            " JOIN ledger_account a"
            " ON a.organization_id = p.organization_id AND a.id = p.account_id"
            " WHERE p.organization_id = %s AND a.role = %s AND p.booked_on <= %s",
            [organization_id, role, on],
        )
        .fetchone()
    )
    return row[0]


def entries_of(organization_id: UUID, source_id: UUID) -> list[Entry]:
    """The entries that one document or payment caused, with postings and accounts."""
    return list(
        Entry.objects.of(organization_id)
        .filter(source_id=source_id)
        .prefetch_related("postings__account")
        .order_by("booked_on", "id")
    )


def list_entries(organization_id: UUID, *, start_on: date, end_on: date) -> Any:
    """Entries of some days with their postings, oldest first, as a queryset."""
    return (
        Entry.objects.of(organization_id)
        .filter(booked_on__range=(start_on, end_on))
        .prefetch_related("postings__account")
        .order_by("booked_on", "id")
    )


def list_periods(organization_id: UUID) -> list[Period]:
    """All periods, oldest first."""
    return list(Period.objects.of(organization_id).order_by("starts_on"))


def proofs() -> tuple[tuple[str, str, str], ...]:
    """(invariant, what holds, SQL that gives the rows breaking it)."""
    return PROOFS
