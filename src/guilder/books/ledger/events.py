"""What happened in the ledger."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodLocked:
    """A stretch of days takes no entry any more."""

    type: ClassVar[str] = "period.locked"
    period_id: UUID
    starts_on: date
    ends_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodReopened:
    """A locked stretch of days takes entries again."""

    type: ClassVar[str] = "period.reopened"
    period_id: UUID
    starts_on: date
    ends_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountChanged:
    """An account was made or changed."""

    type: ClassVar[str] = "account.changed"
    account_id: UUID
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountsOpened:
    """What the accounts stood at in an earlier system was booked, once and for all."""

    type: ClassVar[str] = "account.opened"
    entry_id: UUID
    opened_on: date
