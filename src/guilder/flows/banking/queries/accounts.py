"""Bank accounts and how they stand: what the bank says, what the books say, what is to match."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from guilder.flows.banking.models import BankAccount, StatementLine
from guilder.foundation.tenancy.hot import cursor
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.kernel.errors import NotFound

FIGURES = """
SELECT
  (SELECT coalesce(sum(p.amount), 0)::bigint FROM ledger_posting p
    WHERE p.organization_id = %(organization)s AND p.account_id = %(ledger)s
      AND p.currency = %(currency)s),
  count(*) FILTER (WHERE l.state = 'open'),
  count(*),
  coalesce(sum(l.amount) FILTER (WHERE l.state = 'open'), 0)::bigint,
  min(l.booked_on) FILTER (WHERE l.state = 'open')
FROM banking_statementline l
WHERE l.organization_id = %(organization)s AND l.account_id = %(account)s
  AND l.booked_on >= %(since)s
"""


class NoSuchBankAccount(NotFound):
    """No bank account of that id."""

    code = "banking.no_account"


@dataclass(frozen=True, slots=True)
class AccountFigures:
    """How an account stands, in minor units of its currency."""

    bank_amount: int | None
    books_amount: int
    open_count: int
    total_count: int
    open_amount: int

    @property
    def done_count(self) -> int:
        """Lines that are explained."""
        return self.total_count - self.open_count

    @property
    def to_match(self) -> int:
        """What bank and books differ by; without a bank balance, what the open lines move."""
        if self.bank_amount is None:
            return self.open_amount
        return self.bank_amount - self.books_amount


def list_accounts(*, by: Actor, with_closed: bool = False) -> list[BankAccount]:
    """The accounts, by name."""
    by.require("bank.view")
    with transaction(by.organization_id):
        rows = BankAccount.objects.of(by.organization_id).select_related("ledger_account")
        if not with_closed:
            rows = rows.filter(is_active=True)
        return list(rows.order_by("name", "id"))


def get_account(account_id: UUID, *, by: Actor) -> BankAccount:
    """One account; NoSuchBankAccount."""
    by.require("bank.view")
    with transaction(by.organization_id):
        rows = BankAccount.objects.of(by.organization_id).select_related("ledger_account")
        found = rows.filter(id=account_id).first()
    if found is None:
        raise NoSuchBankAccount("There is no such bank account.")
    return found


def figures(account: BankAccount, *, by: Actor, since: Any) -> AccountFigures:
    """How an account stands; lines are counted from `since` on."""
    by.require("bank.view")
    with transaction(by.organization_id):
        row: Any = (
            cursor()
            .execute(
                FIGURES,
                {
                    "organization": by.organization_id,
                    "account": account.id,
                    "ledger": account.ledger_account_id,
                    "currency": account.currency,
                    "since": since,
                },
                prepare=True,
            )
            .fetchone()
        )
    return AccountFigures(account.bank_amount, row[0], row[1], row[2], row[3])


def open_counts(*, by: Actor) -> int:
    """How many lines wait to be matched, over all accounts."""
    with transaction(by.organization_id):
        return StatementLine.objects.of(by.organization_id).filter(state="open").count()
