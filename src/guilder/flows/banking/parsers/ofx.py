"""OFX and QFX, 1.x (SGML, tags left open) and 2.x (XML): one reader for both.

The text is read tag by tag; an element that holds text ends with its line or its closing tag.
No SGML or XML parser is involved, so no entity is ever resolved but the five of XML.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from guilder.flows.banking.parsers.record import (
    Entry,
    Statement,
    StatementFile,
    UnreadableStatement,
    squeezed,
)
from guilder.flows.banking.parsers.values import amount_of, iso_day

TAG = re.compile(r"<(/?)([A-Z0-9.]{1,32})>([^<\r\n]*)", re.IGNORECASE)
VERSION = re.compile(r"VERSION[:=]\"?(\d{3})")
ENCODING = re.compile(rb"(?:CHARSET|ENCODING)[:=]\"?([A-Za-z0-9-]{1,20})")
ENTITIES = {"&lt;": "<", "&gt;": ">", "&quot;": '"', "&apos;": "'", "&nbsp;": " ", "&amp;": "&"}
STATEMENTS = ("STMTRS", "CCSTMTRS", "INVSTMTRS")
MOST_ENTRIES = 200_000


@dataclass(slots=True)
class Open:
    """A statement as it is being read; `values` are those of the entry or balance at hand."""

    currency: str = ""
    account: str = ""
    starts: str = ""
    ends: str = ""
    balance: str = ""
    balance_on: str = ""
    entries: list[dict[str, str]] = field(default_factory=list)


def read_ofx(data: bytes) -> StatementFile:
    """The statements of an OFX file. Raises UnreadableStatement."""
    content = decoded(data)
    start = content.upper().find("<OFX>")
    if start < 0:
        raise UnreadableStatement("This is no OFX file: it has no <OFX>.")
    version = VERSION.search(content[:start])
    name = f"OFX {version[1]}" if version else "OFX"
    found = [statement_of(one) for one in statements(content[start:])]
    problems = tuple(problem for _, problem in found if problem)
    return StatementFile(format=name, statements=tuple(one for one, _ in found), problems=problems)


def decoded(data: bytes) -> str:
    """The text: UTF-8 where it is, else what the header says, else Windows-1252."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def statements(content: str) -> Iterator[Open]:
    """The statements one after the other."""
    current: Open | None = None
    path: list[str] = []
    entry: dict[str, str] | None = None
    count = 0
    for closing, raw_name, raw_value in TAG.findall(content):
        name = raw_name.upper()
        if closing:
            if name in path:
                del path[len(path) - 1 - path[::-1].index(name) :]
            if name == "STMTTRN":
                entry = None
            if name in STATEMENTS and current is not None:
                yield current
                current = None
            continue
        value = raw_value.strip()
        if not value:
            path.append(name)
            if name in STATEMENTS:
                current = Open()
            elif name == "STMTTRN":
                count += 1
                if count > MOST_ENTRIES:
                    raise UnreadableStatement(f"A file has at most {MOST_ENTRIES:,} entries.")
                entry = {}
                current = current or Open()
                current.entries.append(entry)
        elif entry is not None:
            inner = path[-1] if path else ""
            entry.setdefault(f"{inner}.{name}" if inner in SUB else name, unescaped(value))
        elif current is not None:
            note(current, name, unescaped(value), path)
    if current is not None:
        yield current


SUB = frozenset(("ORIGCURRENCY", "CURRENCY", "BANKACCTTO", "CCACCTTO", "PAYEE"))


def note(current: Open, name: str, value: str, path: list[str]) -> None:
    """A value of the statement itself."""
    if name == "CURDEF":
        current.currency = value[:3].upper()
    elif name == "ACCTID" and not current.account:
        current.account = value
    elif name == "DTSTART":
        current.starts = value
    elif name == "DTEND":
        current.ends = value
    elif name == "BALAMT" and "LEDGERBAL" in path:
        current.balance = value
    elif name == "DTASOF" and "LEDGERBAL" in path:
        current.balance_on = value


def unescaped(value: str) -> str:
    """Without entities, the ampersand last."""
    for entity, character in ENTITIES.items():
        value = value.replace(entity, character)
    return value


def statement_of(read: Open) -> tuple[Statement, str]:
    """The record, and what is wrong with it."""
    entries = tuple(entry_of(one) for one in read.entries)
    unread = sum(one is None for one in entries)
    problem = f"{unread} entries have no readable amount." if unread else ""
    statement = Statement(
        account=read.account,
        currency=read.currency,
        closing=amount_of(read.balance),
        closing_on=iso_day(read.balance_on),
        starts_on=iso_day(read.starts),
        ends_on=iso_day(read.ends),
        entries=tuple(one for one in entries if one is not None),
    )
    return statement, problem


def entry_of(values: dict[str, str]) -> Entry | None:
    """One STMTTRN; None where it has no amount."""
    amount = amount_of(values.get("TRNAMT", ""))
    if amount is None:
        return None
    name = values.get("NAME") or values.get("PAYEE.NAME") or ""
    number = values.get("CHECKNUM", "")
    texts = (values.get("MEMO", ""), f"Check {number}" if number.strip("0") else "")
    return Entry(
        amount=amount,
        booked_on=posted(values.get("DTPOSTED", "")),
        valued_on=posted(values.get("DTAVAIL", "")),
        currency="",
        name=squeezed(name),
        account=values.get("BANKACCTTO.ACCTID", ""),
        text=squeezed(" ".join(one for one in texts if one)),
        end_to_end=values.get("REFNUM", ""),
        bank_reference=values.get("FITID", ""),
        code=values.get("TRNTYPE", ""),
        original_currency=values.get("ORIGCURRENCY.CURSYM", ""),
        original_amount=original(amount, values.get("ORIGCURRENCY.CURRATE", "")),
        is_reversal=bool(values.get("CORRECTFITID")),
    )


def original(amount: Decimal, rate: str) -> Decimal | None:
    """The amount in the other currency, where a rate to it is stated."""
    value = amount_of(rate)
    return round(amount / value, 2) if value else None


def posted(value: str) -> date | None:
    """20120731000000.000[-4:EDT]: the bank's own day."""
    return iso_day(value[:8]) if len(value) >= 8 else None
