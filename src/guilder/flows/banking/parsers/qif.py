"""QIF, the oldest one: lines of one letter and a value, entries ended by ^."""

from collections.abc import Iterator

from guilder.flows.banking.parsers.record import (
    Entry,
    Statement,
    StatementFile,
    UnreadableStatement,
    squeezed,
)
from guilder.flows.banking.parsers.values import amount_of, any_day, is_month_first

REGISTERS = ("bank", "cash", "ccard", "oth a", "oth l", "invoice")
MOST_ENTRIES = 200_000


def read_qif(content: str) -> StatementFile:
    """The registers of a QIF file. Raises UnreadableStatement."""
    registers: dict[str, list[dict[str, str]]] = {}
    count = 0
    for account, values in records(content):
        count += 1
        if count > MOST_ENTRIES:
            raise UnreadableStatement(f"A file has at most {MOST_ENTRIES:,} entries.")
        registers.setdefault(account, []).append(values)
    days = [one.get("D", "") for rows in registers.values() for one in rows]
    month_first = is_month_first(one.replace("'", "/").replace(" ", "") for one in days)
    statements: list[Statement] = []
    unread = 0
    for account, rows in registers.items():
        entries = [entry_of(one, month_first=month_first) for one in rows]
        unread += sum(one is None for one in entries)
        known = tuple(one for one in entries if one is not None)
        statements.append(Statement(account=account, entries=known))
    headers = content.count("\n^") + content.startswith("^") - count
    problems = (f"{unread} entries have no readable amount.",) if unread else ()
    return StatementFile(
        format="QIF", statements=tuple(statements), problems=problems, headers=headers
    )


def records(content: str) -> Iterator[tuple[str, dict[str, str]]]:
    """(account, letter → value) of each transaction; lists of categories and accounts are left."""
    account, kind = "", "bank"
    values: dict[str, str] = {}
    for line in content.splitlines():
        line = line.strip("\ufeff\r\n")
        if not line.strip():
            continue
        if line.startswith("!"):
            kind = line[1:].strip().lower().removeprefix("type:").strip()
            values = {}
        elif line.startswith("^"):
            if kind == "account":
                account = values.get("N", "")
            elif kind in REGISTERS and ("T" in values or "U" in values):
                yield account, values
            values = {}
        else:
            values.setdefault(line[0], line[1:].strip())


def entry_of(values: dict[str, str], *, month_first: bool) -> Entry | None:
    """One transaction; None where it has no amount."""
    amount = amount_of(values.get("T") or values.get("U") or "")
    if amount is None:
        return None
    day = values.get("D", "").replace("'", "/").replace(" ", "")
    return Entry(
        amount=amount,
        booked_on=any_day(day, month_first=month_first),
        name=squeezed(values.get("P", "")),
        text=squeezed(values.get("M", "")),
        bank_reference=values.get("N", ""),
        is_pending=False,
    )
