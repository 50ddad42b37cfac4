"""The public shapes of accounts and entries."""

from datetime import date
from uuid import UUID

import msgspec

from guilder.books.ledger.models import Account, Entry, Posting
from guilder.kernel.money import Money


class AccountOut(msgspec.Struct, kw_only=True):
    """An account."""

    id: UUID
    code: str
    name: str
    kind: str
    role: str
    is_active: bool
    version: int


class PostingOut(msgspec.Struct, kw_only=True):
    """One posting; debit above zero, credit below."""

    account: str
    account_name: str
    amount: str
    currency: str
    base_amount: str


class EntryOut(msgspec.Struct, kw_only=True):
    """One entry with its postings."""

    id: UUID
    booked_on: date
    source: str
    source_id: UUID
    memo: str
    base_currency: str
    postings: list[PostingOut]


def account_out(row: Account) -> AccountOut:
    """The shape of one account."""
    return AccountOut(
        id=row.id,
        code=row.code,
        name=row.name,
        kind=row.kind,
        role=row.role,
        is_active=row.is_active,
        version=row.version,
    )


def entry_out(row: Entry) -> EntryOut:
    """The shape of one entry; its postings and their accounts are loaded."""
    return EntryOut(
        id=row.id,
        booked_on=row.booked_on,
        source=row.source,
        source_id=row.source_id,
        memo=row.memo,
        base_currency=row.base_currency,
        postings=[posting_out(one, row.base_currency) for one in row.postings.all()],
    )


def posting_out(row: Posting, base_currency: str) -> PostingOut:
    """The shape of one posting."""
    return PostingOut(
        account=row.account.code,
        account_name=row.account.name,
        amount=str(Money(row.amount, row.currency)),
        currency=row.currency,
        base_amount=str(Money(row.base_amount, base_currency)),
    )
