"""The fields of each record of a paper and what each holds, read once from the types."""

from __future__ import annotations

import types
from dataclasses import MISSING, dataclass, fields
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from guilder.kernel.document import Document
from guilder.kernel.money import Money

Holds = Literal["text", "flag", "whole", "choice", "day", "decimal", "money", "bytes", "record"]
SCALARS: dict[type, Holds] = {
    str: "text",
    bool: "flag",
    int: "whole",
    date: "day",
    Decimal: "decimal",
    Money: "money",
    bytes: "bytes",
}


@dataclass(frozen=True, slots=True)
class Field:
    """One field: `kind` is its Python type; `many` a tuple of them, `pairs` of (name, value)."""

    name: str
    holds: Holds
    kind: type[Any]
    many: bool
    pairs: bool
    required: bool  # has no default, so it is always written
    optional: bool  # may be None


def _field(name: str, hint: Any, required: bool) -> Field:
    optional = many = pairs = False
    if get_origin(hint) in (Union, types.UnionType):
        hint = next(part for part in get_args(hint) if part is not type(None))
        optional = True
    if get_origin(hint) is tuple:
        many, hint = True, get_args(hint)[0]
        if get_origin(hint) is tuple:
            pairs, hint = True, str
    kind: type[Any] = hint
    if kind in SCALARS:
        holds = SCALARS[kind]
    else:
        holds = "choice" if issubclass(kind, StrEnum) else "record"
    return Field(name, holds, kind, many, pairs, required, optional)


def _collect(kind: type[Any], into: dict[type[Any], tuple[Field, ...]]) -> None:
    hints = get_type_hints(kind)
    into[kind] = tuple(
        _field(
            field.name,
            hints[field.name],
            field.default is MISSING and field.default_factory is MISSING,
        )
        # RFC 8785 sorts keys by UTF-16 code units, which for ASCII is the plain order.
        for field in sorted(fields(kind), key=lambda field: field.name)
    )
    for field in into[kind]:
        if field.holds == "record" and field.kind not in into:
            _collect(field.kind, into)


SHAPES: dict[type[Any], tuple[Field, ...]] = {}
_collect(Document, SHAPES)
