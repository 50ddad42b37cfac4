"""Lists of two columns, a name and an amount: what is open by number, what an account stood at."""

import csv
import io
import re
from decimal import Decimal

from guilder.kernel.errors import Invalid, Problem
from guilder.kernel.money import decimal_of

MOST_BYTES, MOST_ROWS, MOST_FAULTS = 5 << 20, 100_000, 50
DELIMITERS = (";", "\t", ",")
SPACES = re.compile(r"[\s\u00a0\u202f']")
GROUPED = re.compile(r"-?\d{1,3}([.,])\d{3}")  # 1.234: a thousand, or one and a bit


class UnreadableList(Invalid):
    """A list of names and amounts cannot be read; `problems` name its lines."""

    code = "import.unreadable_list"


def amounts(data: bytes, *, name: str) -> dict[str, Decimal]:
    """The amount of each name in a CSV of two columns; the first line may be a heading.

    Semicolon, comma or tab; decimal point or comma. `name` is what the first column holds, for
    messages. Raises UnreadableList with every fault.
    """
    if len(data) > MOST_BYTES:
        raise UnreadableList(f"A list has at most {MOST_BYTES >> 20} MB.")
    text = decoded(data)
    first = next((line for line in text.splitlines() if line.strip()), "")
    mark = max(DELIMITERS, key=first.count)
    found: dict[str, Decimal] = {}
    faults: list[Problem] = []
    try:
        for place, row in enumerate(csv.reader(io.StringIO(text), delimiter=mark), 1):
            if place > MOST_ROWS:
                raise UnreadableList(f"A list has at most {MOST_ROWS:,} lines. Split it.")
            if not any(cell.strip() for cell in row) or (place == 1 and is_heading(row)):
                continue
            fault = taken(row, found, name=name)
            if fault and len(faults) < MOST_FAULTS:
                faults.append(Problem(f"/{place}", "import.bad_line", f"Line {place}: {fault}"))
    except csv.Error as error:
        raise UnreadableList(f"This list cannot be read: {error}.") from None
    if faults:
        raise UnreadableList(problems=faults)
    if not found:
        raise UnreadableList(f"Give a CSV with two columns: {name}; amount.")
    return found


def decoded(data: bytes) -> str:
    """The text of a list. Raises UnreadableList for what is no text."""
    if data[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        text = data.decode("utf-16", "replace")
    else:
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = data.decode("cp1252", "replace")
    if "\0" in text:
        raise UnreadableList("This is no text. Save the list as CSV.")
    return text


def is_heading(row: list[str]) -> bool:
    """Whether a first line names the columns: nothing in it is a number from the second on."""
    return len(row) > 1 and not any(mark.isdigit() for cell in row[1:] for mark in cell)


def taken(row: list[str], found: dict[str, Decimal], *, name: str) -> str:
    """Put a line among the found ones, or say what is wrong with it."""
    key = row[0].strip()
    if len(row) < 2 or not key:
        return f"Give {name} and amount."
    if key in found:
        return f"{key[:80]} stands here twice."
    try:
        found[key] = amount(row[1])
    except ValueError as error:
        return f"{row[1].strip()[:40]!r} is no amount. {error}"
    return ""


def amount(text: str) -> Decimal:
    """An amount with a decimal point or comma, and thousands marked or not; ValueError."""
    bare = SPACES.sub("", text)
    if GROUPED.fullmatch(bare):
        raise ValueError("Write 1234.00 or 1.234 with all its decimals: this can be read two ways.")
    point, comma = bare.rfind("."), bare.rfind(",")
    decimal, other = (",", ".") if comma > point else (".", ",")
    return decimal_of(bare.replace(other, "").replace(decimal, "."), places=4)
