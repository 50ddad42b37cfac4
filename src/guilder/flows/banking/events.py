"""What happened to bank statements and their lines. Ids and values only."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementImported:
    """A statement was read; `new` of its `entries` were not known before."""

    type: ClassVar[str] = "bank_statement.imported"
    statement_id: UUID
    account_id: UUID
    entries: int
    new: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LineMatched:
    """A bank line was explained; `amount` is decimal text, below zero for what went out."""

    type: ClassVar[str] = "bank_line.matched"
    line_id: UUID
    account_id: UUID
    kind: str
    amount: str
    currency: str
    is_automatic: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LineReopened:
    """A match was undone, or an excluded line is to be matched after all."""

    type: ClassVar[str] = "bank_line.reopened"
    line_id: UUID
    account_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class LineExcluded:
    """A bank line is none of the books' business."""

    type: ClassVar[str] = "bank_line.excluded"
    line_id: UUID
    account_id: UUID
