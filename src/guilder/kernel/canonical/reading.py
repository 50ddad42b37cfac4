"""From plain data back to a paper, with every fault found and pointed at."""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Callable, Mapping
from datetime import date
from enum import StrEnum
from typing import Any, cast

from guilder.kernel.canonical.shape import SHAPES, Field
from guilder.kernel.canonical.writing import VERSION
from guilder.kernel.currencies import is_currency
from guilder.kernel.document import Document
from guilder.kernel.errors import Invalid, Problem
from guilder.kernel.money import Money, decimal_of

MOST_PROBLEMS = 100
# What XML 1.0 and a database text cannot carry.
UNFIT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


class NotADocument(Invalid):
    """The data are not a paper; `problems` says where and why."""

    code = "document.invalid"


class _Fault(Exception):
    """One value is not what its field holds: (code, detail)."""


def from_dict(data: Any) -> Document:
    """The paper that `to_dict` would write as `data`; NotADocument with a problem per fault."""
    reader = _Reader(data)
    document = reader.document()
    if document is None:
        raise NotADocument(problems=reader.problems[:MOST_PROBLEMS])
    return document


class _Reader:
    """One reading: the faults so far, and the currency that plain amounts are in."""

    def __init__(self, data: Any) -> None:
        self.data = data
        self.problems: list[Problem] = []
        given: Any = cast("Any", data).get("currency") if isinstance(data, Mapping) else None
        self.currency = given if isinstance(given, str) and is_currency(given) else ""

    def document(self) -> Document | None:
        if not isinstance(self.data, Mapping):
            self.fault("", "document.type", "Give an object with the fields of a document.")
            return None
        data = dict(cast("Mapping[Any, Any]", self.data))
        version = data.pop("guilder", None)
        if type(version) is not int or version != VERSION:
            self.fault("/guilder", "document.version", f'Give "guilder": {VERSION}.')
        if not self.currency:
            self.fault("/currency", "document.currency", "Give a currency of ISO 4217.")
        document = self.record(Document, data, "")
        return None if self.problems else document

    def record(self, kind: type[Any], data: Any, at: str) -> Any:
        if not isinstance(data, Mapping):
            raise _Fault("document.type", "Give an object.")
        given = cast("Mapping[Any, Any]", data)
        shape = SHAPES[kind]
        for key in set(given) - {field.name for field in shape}:
            self.fault(f"{at}/{_escaped(key)}", "document.unknown_field", "Leave this field out.")
        values: dict[str, Any] = {}
        for field in shape:
            if given.get(field.name) is not None:
                values[field.name] = self.field(field, given[field.name], f"{at}/{field.name}")
            elif field.required and field.optional:
                values[field.name] = None
            elif field.required:
                self.fault(f"{at}/{field.name}", "document.missing", "Give this field.")
        return None if self.problems else kind(**values)

    def field(self, field: Field, value: Any, at: str) -> Any:
        if not field.many:
            return self.one(field, value, at)
        if not isinstance(value, list | tuple):
            self.fault(at, "document.type", "Give a list.")
            return None
        many = enumerate(cast("list[Any]", value))
        return tuple(self.one(field, item, f"{at}/{index}") for index, item in many)

    def one(self, field: Field, value: Any, at: str) -> Any:
        try:
            if field.pairs:
                return self.pair(value)
            if field.holds == "record":
                return self.record(field.kind, value, at)
            if field.holds == "money":
                return self.money(value)
            if field.holds == "choice":
                return _choice(field.kind, value)
            return READERS[field.holds](value)
        except _Fault as fault:
            self.fault(at, *fault.args)
            return None

    def pair(self, value: Any) -> tuple[str, str]:
        if not isinstance(value, Mapping) or set(cast("Any", value)) != {"name", "value"}:
            raise _Fault("document.type", 'Give {"name": …, "value": …}.')
        pair = cast("Mapping[str, Any]", value)
        return _text(pair["name"]), _text(pair["value"])

    def money(self, value: Any) -> Money | None:
        currency = self.currency
        if isinstance(value, Mapping):
            given = cast("Mapping[str, Any]", value)
            if set(given) != {"amount", "currency"}:
                raise _Fault("document.amount", 'Give {"amount": …, "currency": …}.')
            currency, value = _text(given["currency"]), given["amount"]
            if not is_currency(currency):
                raise _Fault("document.currency", "Give a currency of ISO 4217.")
        amount = _decimal(value)
        if not currency:  # said once, at /currency
            return None
        try:
            return Money.of(amount, currency)
        except (ValueError, OverflowError) as error:
            raise _Fault("document.amount", str(error)) from None

    def fault(self, at: str, code: str, detail: str) -> None:
        self.problems.append(Problem(at, code, detail))


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise _Fault("document.type", "Give a text.")
    if UNFIT.search(value):
        raise _Fault("document.text", "Take the control characters out of this text.")
    return value


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise _Fault("document.type", "Give true or false.")
    return value


def _whole(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or abs(value) > 2**31:
        raise _Fault("document.type", "Give a whole number.")
    return value


def _day(value: Any) -> date:
    try:
        if DAY.fullmatch(_text(value)):
            return date.fromisoformat(value)
    except ValueError:
        pass
    raise _Fault("document.date", "Give a date as YYYY-MM-DD.")


def _decimal(value: Any) -> Any:
    try:
        return decimal_of(_text(value))
    except ValueError as error:
        raise _Fault("document.decimal", f'{error} Give a text such as "12.50".') from None


def _bytes(value: Any) -> bytes:
    try:
        return b64decode(_text(value), validate=True)
    except ValueError:
        raise _Fault("document.base64", "Give the bytes as base64.") from None


def _choice(kind: type[StrEnum], value: Any) -> StrEnum:
    try:
        return kind(_text(value))
    except ValueError:
        allowed = ", ".join(kind)
        raise _Fault("document.choice", f"Give one of {allowed}.") from None


READERS: dict[str, Callable[[Any], Any]] = {
    "text": _text,
    "flag": _flag,
    "whole": _whole,
    "day": _day,
    "decimal": _decimal,
    "bytes": _bytes,
}


def _escaped(key: Any) -> str:
    return str(key)[:60].replace("~", "~0").replace("/", "~1")
