"""A bank file judged without a database: what it is, what it says, what is wrong with it."""

from decimal import Decimal
from typing import Any

from guilder.flows.banking.parsers import StatementFile, read_file
from guilder.kernel.errors import GuilderError


def check_file(data: bytes, name: str) -> dict[str, Any]:
    """{"file", "format", "account", "entries", "currency", "opening", "closing", "ok", "problems"}.

    Account, currency and balances are those of the last statement in the file. `entries` counts
    the records that the file has; `transactions` those of them that move money, which are fewer
    where a format puts its account heads in the same list (QIF).
    """
    try:
        return told(name, read_file(data))
    except GuilderError as refusal:
        return refused(name, refusal)


def told(name: str, file: StatementFile) -> dict[str, Any]:
    """The verdict on a file that was read."""
    last = file.last
    return {
        "file": name,
        "format": file.format,
        "account": last.account,
        "entries": file.entries + file.headers,
        "transactions": file.entries,
        "statements": len(file.statements),
        "currency": last.currency,
        "opening": text_of(last.opening),
        "closing": text_of(last.closing),
        "ok": not file.problems,
        "problems": list(file.problems),
    }


def refused(name: str, refusal: GuilderError) -> dict[str, Any]:
    """The verdict on a file that is none."""
    return {
        "file": name,
        "format": None,
        "account": "",
        "entries": 0,
        "transactions": 0,
        "statements": 0,
        "currency": "",
        "opening": None,
        "closing": None,
        "ok": False,
        "problems": [refusal.detail],
    }


def text_of(amount: Decimal | None) -> str | None:
    """A decimal as text without an exponent."""
    return None if amount is None else f"{amount:f}"
