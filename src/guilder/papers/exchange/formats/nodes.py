"""Walking an XML tree by name, keeping account of what was read, wrong, and left over."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal

from guilder.kernel.currencies import minor_digits
from guilder.kernel.document import Identifier
from guilder.kernel.errors import Invalid, Problem
from guilder.kernel.money import Money, decimal_of
from guilder.kernel.xml import Element, local_name
from guilder.papers.exchange.formats.record import Unreadable

MOST_REMARKS = 50
MOST_DECIMALS = 12
COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:\d{2}){0,3}")  # UNTDID 2379: 102, 203, 204
SPACE = re.compile(r"\s+")


class Sheet:
    """The account of one file: its currency, its faults, and the elements that were read."""

    __slots__ = ("_tags", "categories", "currency", "namespaces", "problems", "read", "remarks")

    def __init__(self, namespaces: frozenset[str]) -> None:
        self.namespaces = namespaces
        self.currency = ""
        self.categories: Mapping[str, str] = {}  # tax categories that a format calls otherwise
        self.problems: list[Problem] = []
        self.remarks: list[Problem] = []
        self.read: set[Element] = set()
        self._tags: dict[str, tuple[str, ...]] = {}

    def tags(self, name: str) -> tuple[str, ...]:
        """`name` in each of the format's namespaces."""
        found = self._tags.get(name)
        if found is None:
            found = tuple(f"{{{namespace}}}{name}" for namespace in self.namespaces)
            self._tags[name] = found
        return found

    def fault(self, at: str, code: str, detail: str) -> None:
        self.problems.append(Problem(at, code, detail))

    def remark(self, at: str, code: str, detail: str) -> None:
        self.remarks.append(Problem(at, code, detail))

    def settle_currency(self, code: str) -> None:
        """The document's currency, without which no amount can be read; Unreadable otherwise."""
        try:
            minor_digits(code)
        except Invalid as error:
            problem = Problem("/currency", "exchange.currency", error.detail)
            if not code:
                detail = "The file names no currency (BT-5). Add one, such as EUR."
                problem = Problem("/currency", "exchange.currency", detail)
            raise Unreadable(problems=[problem]) from None
        self.currency = code

    def money(self, value: Decimal | None, at: str) -> Money | None:
        """`value` in the document's currency; more decimals than it has are rounded, and told."""
        if value is None:
            return None
        try:
            money = Money.rounded(value, self.currency)
        except OverflowError:
            self.fault(at, "exchange.too_large", f"{value} is larger than can be kept. Check it.")
            return None
        if money.amount != value:
            detail = f"{value} has more decimals than {self.currency} has, and is read as {money}."
            self.remark(at, "exchange.decimals", detail)
        return money

    def leftovers(self, root: Element) -> Iterator[Problem]:
        """A remark for each kind of element that has text and was not read."""
        paths: dict[str, str] = {}
        for element in root.iter():
            if len(element) or element in self.read:
                continue
            text = (element.text or "").strip()
            if text:
                paths.setdefault(_path(element), text)
        for path, text in list(paths.items())[:MOST_REMARKS]:
            shown = text if len(text) <= 40 else f"{text[:39]}…"
            detail = f"“{shown}” in {path} has no place in a document and is not kept."
            yield Problem("", "exchange.not_kept", detail)


class Node:
    """An element, or the absence of one, so that a path may be asked for without looking first."""

    __slots__ = ("element", "sheet")

    def __init__(self, element: Element | None, sheet: Sheet) -> None:
        self.element = element
        self.sheet = sheet

    def __bool__(self) -> bool:
        return self.element is not None

    def all(self, *path: str) -> list[Node]:
        """Every element at `path`, in the order of the file."""
        found: list[Node] = [self]
        for name in path:
            found = [child for node in found for child in node._named(name)]
        return found

    def first(self, *path: str) -> Node:
        """The first element at `path`, or an absent one."""
        node = self
        for name in path:
            node = next(node._named(name), None) or Node(None, self.sheet)
        return node

    def text(self, *path: str) -> str:
        """The trimmed text at `path`, empty where there is none; counts as read."""
        node = self.first(*path)
        if node.element is None:
            return ""
        self.sheet.read.add(node.element)
        return (node.element.text or "").strip()

    def texts(self, *path: str) -> list[str]:
        """The trimmed text of every element at `path` that has some."""
        return [text for node in self.all(*path) if (text := node.text())]

    def skip(self, *path: str) -> None:
        """Count every element at `path` as read: it repeats what is told elsewhere."""
        for node in self.all(*path):
            if node.element is not None:
                self.sheet.read.add(node.element)

    def attribute(self, name: str) -> str:
        return (self.element.get(name) or "").strip() if self.element is not None else ""

    def identifier(self, *path: str, scheme: str = "schemeID") -> Identifier | None:
        """Text with the scheme in its attribute, None where there is no text."""
        node = self.first(*path)
        text = node.text()
        return Identifier(text, node.attribute(scheme)) if text else None

    def decimal(self, at: str, *path: str) -> Decimal | None:
        """The number at `path`; None where there is none, and a fault where it is no number."""
        text = self.text(*path)
        if not text:
            return None
        whole, point, decimals = text.partition(".")
        if len(decimals) > MOST_DECIMALS:  # some programs write eighteen zeros
            decimals = decimals.rstrip("0")
        try:
            return decimal_of(f"{whole}{point}{decimals}")
        except ValueError:
            shown = text if len(text) <= 40 else f"{text[:39]}…"
            detail = f"“{shown}” is no decimal number. Write it like 1234.50."
            self.sheet.fault(at, "exchange.number", detail)
            return None

    def amount(self, at: str, *path: str) -> Decimal | None:
        """The amount at `path` in the document's currency; another currency is a fault."""
        value = self.decimal(at, *path)
        currency = self.first(*path).attribute("currencyID")
        if value is not None and currency not in ("", self.sheet.currency):
            detail = f"This amount is in {currency}, the document in {self.sheet.currency}."
            self.sheet.fault(at, "exchange.currency", detail)
        return value

    def money(self, at: str, *path: str) -> Money | None:
        """The amount at `path` as Money, with the faults of `amount` and `Sheet.money`."""
        return self.sheet.money(self.amount(at, *path), at)

    def day(self, at: str, *path: str) -> date | None:
        """The date at `path`: ISO 8601 (UBL) or eight digits (CII); a fault where it is none."""
        text = self.text(*path)
        if not text:
            return None
        compact = COMPACT.fullmatch(text)
        try:
            if compact:
                return date(int(compact[1]), int(compact[2]), int(compact[3]))
            return date.fromisoformat(text[:10])
        except ValueError:
            detail = f"“{text[:40]}” is no date. Write it like 2026-03-31."
            self.sheet.fault(at, "exchange.date", detail)
            return None

    def flag(self, at: str, *path: str, needed: bool = True) -> bool:
        """True or false at `path`; anything else is a fault and read as false."""
        text = self.text(*path)
        if not text and not needed:
            return False
        if text not in {"true", "false", "1", "0"}:
            self.sheet.fault(at, "exchange.flag", "Say true or false here.")
        return text in {"true", "1"}

    def bytes(self, at: str, *path: str) -> bytes | None:
        """What is enclosed at `path` in base64; a fault where that is broken."""
        text = self.text(*path)
        if not text:
            return None
        try:
            return base64.b64decode(SPACE.sub("", text), validate=True)
        except (binascii.Error, ValueError):
            self.sheet.fault(at, "exchange.base64", "This attachment is damaged. Ask for it again.")
            return None

    def _named(self, name: str) -> Iterator[Node]:
        if self.element is None:
            return
        for child in self.element.iterchildren(*self.sheet.tags(name)):
            yield Node(child, self.sheet)


def _path(element: Element) -> str:
    names: list[str] = []
    node: Element | None = element
    while node is not None:
        names.append(local_name(node))
        node = node.getparent()
    return "/".join(names[-2::-1])
