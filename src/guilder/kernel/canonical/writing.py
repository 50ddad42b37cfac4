"""From a paper to plain data: dictionaries in canonical order, lists and strings."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from guilder.kernel.canonical.shape import SHAPES, Field
from guilder.kernel.currencies import minor_digits
from guilder.kernel.document import Document
from guilder.kernel.money import Money

VERSION = 1

Writer = Callable[[Any, str], Any]  # (value, currency of the paper) → plain data


def to_dict(document: Document) -> dict[str, Any]:
    """`document` as plain data, keys in canonical order, empty fields left out.

    Amounts in the paper's currency are strings in major units with the currency's decimals,
    others {"amount", "currency"}; decimals are plain strings without trailing zeros; dates are
    ISO 8601; bytes are base64. Equal papers give equal data.
    """
    # "guilder" takes its canonical place between "early_discounts" and "instalments".
    data = _write(document, _PLANS[Document], document.currency)
    data["guilder"] = VERSION
    return dict(sorted(data.items()))


def decimal_text(value: Decimal) -> str:
    """`value` as a plain decimal: no exponent, no trailing zeros, no negative zero."""
    if not value:
        return "0"
    text = str(value)
    if "E" in text:
        text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def money_text(money: Money) -> str:
    """`money` in major units with exactly its currency's decimals: "-0.05"."""
    digits = minor_digits(money.currency)
    if not digits:
        return str(money.minor)
    text = str(abs(money.minor)).rjust(digits + 1, "0")
    return f"{'-' if money.minor < 0 else ''}{text[:-digits]}.{text[-digits:]}"


def _write(record: Any, plan: _Plan, currency: str) -> dict[str, Any]:
    data: dict[str, Any] = {}
    for name, read, write, always in plan:
        value = read(record)
        if write is None:  # a text
            if value or always:
                data[name] = value
        elif value is not None and value != ():
            written = write(value, currency)
            if always or (written is not False and written != {}):
                data[name] = written
    return data


_Plan = tuple[tuple[str, Callable[[Any], Any], Writer | None, bool], ...]


def _day(value: date, _: str) -> str:
    return value.isoformat()


def _decimal(value: Decimal, _: str) -> str:
    return decimal_text(value)


def _money(value: Money, currency: str) -> Any:
    if value.currency == currency:
        return money_text(value)
    return {"amount": money_text(value), "currency": value.currency}


def _bytes(value: bytes, _: str) -> str:
    return b64encode(value).decode("ascii")


def _same(value: Any, _: str) -> Any:
    return value


def _choice(value: Any, _: str) -> str:
    return value.value


def _pairs(value: tuple[tuple[str, str], ...], _: str) -> list[dict[str, str]]:
    return [{"name": name, "value": text} for name, text in value]


WRITERS: dict[str, Writer] = {
    "flag": _same,
    "whole": _same,
    "choice": _choice,
    "day": _day,
    "decimal": _decimal,
    "money": _money,
    "bytes": _bytes,
}


def _writer(field: Field) -> Writer | None:
    if field.pairs:
        return _pairs
    if field.holds == "record":
        kind = field.kind
        if field.many:
            return lambda value, currency: [_write(one, _PLANS[kind], currency) for one in value]
        return lambda value, currency: _write(value, _PLANS[kind], currency)
    return WRITERS.get(field.holds)


_PLANS: dict[type[Any], _Plan] = {
    kind: tuple(
        (field.name, kind.__dict__[field.name].__get__, _writer(field), field.required)
        for field in shape
    )
    for kind, shape in SHAPES.items()
}
