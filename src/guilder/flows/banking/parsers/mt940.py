"""SWIFT MT940 (statement) and MT942 (interim report), in the dialects that banks make of them.

A message is a run of tags, `:61:` an entry and `:86:` what is told of it. How `:86:` is written
differs by bank: numbered subfields (`?20`, German and Polish banks), slashed words (`/NAME/`,
Dutch banks), labels (`OD:`, Poland), or plain text. The dialect is told from the text itself.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from guilder.flows.banking.parsers.record import (
    Entry,
    Statement,
    StatementFile,
    UnreadableStatement,
    squeezed,
)
from guilder.flows.banking.parsers.told import Told, told
from guilder.flows.banking.parsers.values import comma_amount, day_of

TAG = re.compile(r"^:(\d{2}[A-Z]?|NS):", re.ASCII)
LINE = re.compile(
    r"(?P<value>\d{6})(?P<entry>\d{4}|\s{4})?(?P<sign>R?[CD]|E[CD])(?P<funds>[A-Z](?=[\d,]))?"
    r"(?P<amount>\d{1,15},?\d{0,6})(?P<kind>[NFS][A-Z0-9 ]{1,3})?(?P<rest>.*)",
    re.ASCII,
)
BALANCE = re.compile(r"([CD])(\d{6})?([A-Z]{3})?(\d{1,25},?\d{0,6})", re.ASCII)
BALANCES = ("60F", "60M", "62F", "62M")
WRAPPER = re.compile(r"^\{1:[^\r\n]*\{4:|^-\}?(\{5:.*)?$|^-XXX$", re.MULTILINE)
MOST_ENTRIES = 200_000


@dataclass(slots=True)
class Open:
    """A message as it is being read."""

    account: str = ""
    number: str = ""
    currency: str = ""
    opening: tuple[Decimal, date | None] | None = None
    closing: tuple[Decimal, date | None] | None = None
    is_interim: bool = False
    is_continued: bool = False
    has_tags: bool = False
    entries: list[Entry] = field(default_factory=list)


def read_mt940(content: str) -> StatementFile:
    """The messages of a file. Raises UnreadableStatement."""
    statements: list[Statement] = []
    unread = count = 0
    tags = list(tagged(WRAPPER.sub("", content.replace("\r\n", "\n").replace("\r", "\n"))))
    if not any(tag in {"20", "25", "60F", "60M", "61", "62F", "62M", "NS"} for tag, _ in tags):
        raise UnreadableStatement("This is no MT940 or MT942: it has none of their tags.")
    current = Open()
    for index, (tag, value) in enumerate(tags):
        if tag == "20" and current.has_tags:
            statements.append(closed(current))
            current = Open()
        current.has_tags = True
        if tag != "61":
            note(current, tag, value)
            continue
        count += 1
        if count > MOST_ENTRIES:
            raise UnreadableStatement(f"A file has at most {MOST_ENTRIES:,} entries. Split it.")
        entry = entry_of(value, about(tags, index))
        if entry is None:
            unread += 1
        else:
            current.entries.append(entry)
    statements.append(closed(current))
    interim = any(one.is_interim for one in statements)
    problems = (f"{unread} lines (:61:) cannot be read.",) if unread else ()
    return StatementFile(
        format="MT942" if interim else "MT940",
        statements=tuple(joined(statements)),
        problems=problems,
    )


def tagged(content: str) -> Iterator[tuple[str, str]]:
    """(tag, value with its further lines) in order; what stands before the first tag is left."""
    tag, lines = "", []
    for line in content.split("\n"):
        found = TAG.match(line)
        if found:
            if tag:
                yield tag, "\n".join(lines)
            tag, lines = found[1], [line[found.end() :]]
        elif tag:
            lines.append(line)
    if tag:
        yield tag, "\n".join(lines)


def about(tags: list[tuple[str, str]], index: int) -> tuple[str, str]:
    """(tag, text) of what follows an entry and belongs to it."""
    if index + 1 < len(tags) and tags[index + 1][0] in {"86", "NS"}:
        return tags[index + 1]
    return "", ""


def note(current: Open, tag: str, value: str) -> None:
    """A tag of the message itself."""
    first = value.split("\n")[0].strip()
    if tag == "25" and not current.account:
        current.account = account_of(first)
    elif tag in {"28", "28C"}:
        current.number = first
    elif tag in {"34F", "13D", "90D", "90C"}:
        current.is_interim = True
        current.currency = current.currency or (first[:3] if first[:3].isalpha() else "")
    elif tag in BALANCES:
        balance = balance_of(first)
        if balance is None:
            return
        amount, day, currency = balance
        current.currency = currency or current.currency
        if tag.startswith("60"):
            current.opening = (amount, day)
            current.is_continued = tag == "60M"
        else:
            current.closing = (amount, day)


def account_of(value: str) -> str:
    """The account of :25:, an IBAN without a currency behind it, or "bank code/number"."""
    compact = value.replace(" ", "")
    found = re.match(r"([A-Z]{2}\d{2}[A-Z0-9]{11,30}?)([A-Z]{3})?$", compact, re.ASCII)
    return found[1] if found else compact[:80]


def balance_of(value: str) -> tuple[Decimal, date | None, str] | None:
    """(amount, day, currency) of a balance; None where it is none."""
    found = BALANCE.match(value)
    amount = comma_amount(found[4].lstrip("0") or "0") if found else None
    if found is None or amount is None:
        return None
    day = found[2] or ""
    on = day_of(int(day[:2]), int(day[2:4]), int(day[4:])) if day else None
    return (-amount if found[1] == "D" else amount), on, found[3] or ""


def entry_of(value: str, further: tuple[str, str]) -> Entry | None:
    """One :61: with its :86: or :NS:; None where it cannot be read."""
    lines = value.split("\n")
    found = LINE.match(lines[0])
    amount = comma_amount(found["amount"].lstrip("0") or "0") if found else None
    if found is None or amount is None:
        return None
    valued_on = day_of(*(int(found["value"][at : at + 2]) for at in (0, 2, 4)))
    said = told(further[0], further[1])
    sign = found["sign"]
    own, _, bank = found["rest"].strip().partition("//")
    further_line = squeezed(" ".join(lines[1:]))
    return Entry(
        amount=-amount if sign in {"D", "RC", "ED"} else amount,
        booked_on=booked(found["entry"], valued_on),
        valued_on=valued_on,
        name=said.name,
        account=said.account,
        text=said.text or further_line,
        reference=said.reference,
        end_to_end=said.end_to_end or own_reference(own),
        bank_reference=bank.strip()[:80],
        code=(found["kind"] or "").strip() or said.code,
        original_amount=said.original_amount,
        original_currency=said.original_currency,
        charges=said.charges,
        is_reversal=sign in {"RC", "RD"},
    )


def own_reference(value: str) -> str:
    """The customer's reference, unless it says that there is none."""
    bare = value.strip()
    return "" if bare.upper() in {"NONREF", "EREF", "KREF", ""} else bare[:80]


def booked(entry: str | None, valued_on: date | None) -> date | None:
    """MMDD in the year that lies nearest to the value date; the value date where it is missing."""
    digits = (entry or "").strip()
    if len(digits) != 4 or valued_on is None:
        return valued_on
    near = [day_of(valued_on.year + step, int(digits[:2]), int(digits[2:])) for step in (-1, 0, 1)]
    known = [one for one in near if one is not None]
    return min(known, key=lambda one: abs((one - valued_on).days), default=valued_on)


def closed(current: Open) -> Statement:
    """The record of a message."""
    opening, closing = current.opening, current.closing
    return Statement(
        account=current.account,
        currency=current.currency,
        number=current.number,
        opening=opening[0] if opening else None,
        opening_on=opening[1] if opening else None,
        closing=closing[0] if closing else None,
        closing_on=closing[1] if closing else None,
        is_interim=current.is_interim,
        is_continued=current.is_continued,
        entries=tuple(current.entries),
    )


def joined(statements: list[Statement]) -> list[Statement]:
    """The statements in order, pages of one put together; what says nothing is left out."""
    found: list[Statement] = []
    for one in statements:
        if not (one.account or one.entries or one.has_balance):
            continue
        if found and is_next_page(found[-1], one):
            found[-1] = replace(
                one,
                opening=found[-1].opening,
                opening_on=found[-1].opening_on,
                entries=found[-1].entries + one.entries,
            )
        else:
            found.append(one)
    return found


def is_next_page(before: Statement, one: Statement) -> bool:
    """Whether a message goes on where the one before it left off (:60M: after :62M:)."""
    return one.is_continued and before.account == one.account and before.closing == one.opening


__all__ = ("Told", "read_mt940")
