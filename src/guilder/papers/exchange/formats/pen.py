"""Writing XML from top to bottom: elements that would be empty are not written."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from guilder.kernel.canonical.writing import decimal_text, money_text
from guilder.kernel.errors import Invalid
from guilder.kernel.money import Money

HEADER = '<?xml version="1.0" encoding="UTF-8"?>\n'
UNFIT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
SPECIAL = re.compile(r"[&<>\r]")
SPECIAL_IN_ATTRIBUTES = re.compile(r"[&<>\"\t\r\n]")
ESCAPES = {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    '"': "&quot;",
    "\t": "&#9;",
    "\n": "&#10;",
    "\r": "&#13;",
}
Paths = Mapping[str, int]  # path of an element → how often it may stand in its parent; 0: any


class NotWritable(Invalid):
    """A text of the paper holds what no XML file can."""

    code = "exchange.not_writable"


class _Frame:
    __slots__ = ("counts", "head", "name", "path")

    def __init__(self, name: str, head: str, path: str) -> None:
        self.name = name
        self.head = head
        self.path = path
        self.counts: dict[str, int] = {}


class Pen:
    """One file while it is written.

    With `paths` only the elements named there are written, at most as often as it says: the rest
    is outside the profile.
    """

    __slots__ = ("_frames", "_muted", "_opened", "_parts", "_paths")

    def __init__(self, paths: Paths | None = None) -> None:
        self._parts: list[str] = [HEADER]
        self._frames: list[_Frame] = []
        self._opened = 0  # so many of the frames have their start tag
        self._muted = 0  # so many of the frames are outside the profile
        self._paths = paths

    def __enter__(self) -> Pen:
        return self

    def __exit__(self, *_: object) -> None:
        self._close()

    def root(self, name: str, namespaces: Mapping[str, str], **attributes: str) -> Pen:
        """The element around everything; `namespaces` by prefix, "" for the default one."""
        told = {f"xmlns:{p}" if p else "xmlns": uri for p, uri in namespaces.items()} | attributes
        self._frames.append(_Frame(name, f"<{name}{_written_attributes(told)}>", name))
        return self

    def within(self, name: str, /, *, needed: bool = False) -> Pen:
        """An element around what is written in the `with` block; `needed` even where empty."""
        path = f"{self._frames[-1].path}/{name}"
        if self._muted or not self._fits(name, path):
            self._muted += 1
            return self
        self._frames.append(_Frame(name, f"<{name}>", path))
        if needed:
            self._flush()
        return self

    def put(self, name: str, text: str, /, *, keep: bool = False, **attributes: str) -> None:
        """An element with text, and with those of its attributes that have some; "" is nothing.

        White space around the text goes, but with `keep`. Raises NotWritable where the text holds
        a control character.
        """
        trimmed = text.strip()
        if not trimmed or self._muted:
            return
        text = text if keep else trimmed
        if self._paths is not None:
            frame = self._frames[-1]
            if not self._fits(name, f"{frame.path}/{name}"):
                return
            frame.counts[name] = frame.counts.get(name, 0) + 1
        if self._opened < len(self._frames):
            self._flush()
        told = _written_attributes(attributes) if attributes else ""
        self._parts.append(f"<{name}{told}>{_escaped(text)}</{name}>")

    def bytes(self) -> bytes:
        """The file as UTF-8."""
        return "".join(self._parts).encode()

    def _fits(self, name: str, path: str) -> bool:
        if self._paths is None:
            return True
        most = self._paths.get(path)
        if most is None:
            return False
        return not most or self._frames[-1].counts.get(name, 0) < most

    def _flush(self) -> None:
        for index in range(self._opened, len(self._frames)):
            frame = self._frames[index]
            self._parts.append(frame.head)
            if index and self._paths is not None:
                counts = self._frames[index - 1].counts
                counts[frame.name] = counts.get(frame.name, 0) + 1
        self._opened = len(self._frames)

    def _close(self) -> None:
        if self._muted:
            self._muted -= 1
            return
        frame = self._frames.pop()
        if self._opened > len(self._frames):
            self._opened -= 1
            self._parts.append(f"</{frame.name}>")


def amount_text(money: Money) -> str:
    """An amount; its third decimal, where the currency has one, only if it says something.

    EN 16931 allows two (rules BR-DEC).
    """
    text = money_text(money)
    whole, point, decimals = text.partition(".")
    if len(decimals) == 3 and decimals[2] == "0":
        decimals = decimals[:2]
    return f"{whole}{point}{decimals}"


def number_text(value: Decimal | None) -> str:
    """A number, "" where there is none."""
    return "" if value is None else decimal_text(value)


def day_text(day: date | None) -> str:
    """A day as ISO 8601, "" where there is none."""
    return "" if day is None else day.isoformat()


def _escaped(text: str) -> str:
    if UNFIT.search(text):
        detail = f"“{UNFIT.sub('�', text)[:60]}” holds a control character. Type it again."
        raise NotWritable(detail)
    if SPECIAL.search(text):
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        return SPECIAL.sub(lambda match: ESCAPES[match[0]], text)
    return text


def _written_attributes(attributes: Mapping[str, str]) -> str:
    return "".join(
        f' {name}="{_escaped_attribute(value)}"' for name, value in attributes.items() if value
    )


def _escaped_attribute(text: str) -> str:
    if UNFIT.search(text):
        raise NotWritable("A code or name holds a control character. Type it again.")
    return SPECIAL_IN_ATTRIBUTES.sub(lambda match: ESCAPES[match[0]], text)
