"""Judging the raw values of an item."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from guilder.kernel.wire import Wire
from guilder.registers.catalogue.units import is_unit

KINDS = ("goods", "service", "bundle", "metered")
TEXTS = {"name": 200, "standard_id": 40, "standard_scheme": 12}
FIELDS = (
    "kind",
    "code",
    "description",
    "unit",
    "tax",
    "is_sold",
    "is_bought",
    "prices",
    "custom_fields",
    *TEXTS,
)
PRICE_FIELDS = (
    "currency",
    "amount",
    "price_list",
    "from_quantity",
    "tax_inclusive",
    "valid_from",
    "valid_to",
)


@dataclass(frozen=True, slots=True)
class ItemInput:
    """Columns that were sent and are sound; `tax` is a code, None: not sent; prices likewise."""

    columns: dict[str, Any]
    tax: str | None
    prices: list[dict[str, Any]] | None


def read_item(data: Mapping[str, Any], *, is_new: bool) -> ItemInput:
    """Judge the raw values of an item; Invalid with every fault. A new one needs a name."""
    wire = Wire(data)
    wire.known(FIELDS)
    columns: dict[str, Any] = {
        name: wire.text(name, most=most, required=name == "name")
        for name, most in TEXTS.items()
        if wire.has(name) or (is_new and name == "name")
    }
    if wire.has("kind"):
        columns["kind"] = wire.choice("kind", KINDS, required=True)
    if wire.has("code"):
        columns["code"] = wire.text("code", most=60, required=True)
    if wire.has("description"):
        columns["description"] = wire.text("description", most=4000, lines=True)
    if wire.has("unit"):
        columns["unit"] = wire.text("unit", most=3, required=True)
        if columns["unit"] and not is_unit(columns["unit"]):
            wire.fault("unit", "unknown_unit", "Enter a UNECE unit code, for example HUR or C62.")
    for name in ("is_sold", "is_bought"):
        if wire.has(name):
            columns[name] = wire.flag(name)
    if wire.has("custom_fields"):
        columns["custom_fields"] = wire.free_form("custom_fields")
    read = ItemInput(
        columns=columns,
        tax=wire.text("tax", most=40) if wire.has("tax") else None,
        prices=read_prices(wire),
    )
    wire.done()
    return read


def read_prices(wire: Wire) -> list[dict[str, Any]] | None:
    """All prices of the item; two of the same currency, list, step and start are refused."""
    if not wire.has("prices"):
        return None
    rows = []
    seen = set()
    for part in wire.parts("prices", most=500):
        part.known(PRICE_FIELDS)
        row = {
            "currency": part.currency("currency", required=True),
            "amount": part.decimal("amount", required=True, least=Decimal(0), default=Decimal(0)),
            "price_list": part.text("price_list", most=40),
            "from_quantity": part.decimal("from_quantity", least=Decimal(0), default=Decimal(0)),
            "tax_inclusive": part.flag("tax_inclusive"),
            "valid_from": part.day("valid_from"),
            "valid_to": part.day("valid_to"),
        }
        if row["valid_from"] and row["valid_to"] and row["valid_to"] < row["valid_from"]:
            part.fault("valid_to", "before_start", "The last day is before the first.")
        key = (row["currency"], row["price_list"], row["from_quantity"], row["valid_from"])
        if key in seen:
            part.fault("", "twice", "There is another price for the same case.")
        seen.add(key)
        rows.append(row)
    return rows
