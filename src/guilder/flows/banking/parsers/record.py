"""What a bank's file says, whatever its format: statements and their entries, exactly."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

import msgspec

from guilder.kernel.errors import Invalid


class UnreadableStatement(Invalid):
    """The bytes are no bank statement that can be read."""

    code = "banking.unreadable"


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One movement on the account: `amount` above zero came in, below went out.

    `amount` is in major units of the statement's currency, exactly as stated. `booked_on` is None
    only where the file gives no readable day; such an entry is never imported.
    """

    amount: Decimal
    booked_on: date | None
    valued_on: date | None = None
    currency: str = ""
    name: str = ""  # who paid, or was paid
    account: str = ""  # their IBAN or account number
    text: str = ""  # remittance information, as people read it
    reference: str = ""  # structured creditor reference
    end_to_end: str = ""
    bank_reference: str = ""
    code: str = ""  # the bank's transaction code
    original_amount: Decimal | None = None
    original_currency: str = ""
    charges: Decimal | None = None  # taken off by the banks on the way
    is_reversal: bool = False
    is_pending: bool = False
    details: int = 1  # how many transactions the bank booked in one sum


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What one statement says of one account; balances are None where it states none."""

    account: str = ""
    currency: str = ""
    number: str = ""
    opening: Decimal | None = None
    opening_on: date | None = None
    closing: Decimal | None = None
    closing_on: date | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    is_interim: bool = False
    is_continued: bool = False  # a page that follows on another one
    entries: tuple[Entry, ...] = ()

    @property
    def has_balance(self) -> bool:
        """Whether it states any balance."""
        return self.opening is not None or self.closing is not None

    @property
    def moved(self) -> Decimal:
        """The sum of what is booked."""
        return sum((one.amount for one in self.entries if not one.is_pending), Decimal(0))

    @property
    def is_balanced(self) -> bool | None:
        """Whether opening + entries = closing; None where a balance is not stated."""
        if self.opening is None or self.closing is None:
            return None
        return self.opening + self.moved == self.closing


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementFile:
    """A file as read: its format, such as "camt.053.001.08", its statements, what is wrong."""

    format: str
    statements: tuple[Statement, ...] = ()
    problems: tuple[str, ...] = ()
    headers: int = 0  # records of the file that move nothing, such as QIF's account records

    @property
    def entries(self) -> int:
        """How many entries it has, over all statements."""
        return sum(len(one.entries) for one in self.statements)

    @property
    def last(self) -> Statement:
        """The last statement, whose closing balance is the newest; an empty one for none."""
        return self.statements[-1] if self.statements else Statement()


def judged(file: StatementFile) -> StatementFile:
    """The file with what its own figures contradict added to its problems."""
    return replace(file, problems=(*file.problems, *contradictions(file.statements)))


def contradictions(statements: Iterable[Statement]) -> list[str]:
    """One sentence for each balance that does not add up and each day that is missing."""
    found: list[str] = []
    for one in statements:
        name = " ".join(part for part in ("Statement", one.number, one.account) if part)
        if one.is_balanced is False:
            found.append(
                f"{name}: {one.opening} and entries of {one.moved} do not come to {one.closing}."
            )
        undated = sum(entry.booked_on is None for entry in one.entries)
        if undated:
            found.append(f"{name}: {undated} entries have no readable day.")
    return found


def squeezed(text: str) -> str:
    """`text` with every run of white space as one blank."""
    return " ".join(text.split())
