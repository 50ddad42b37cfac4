"""Judging the raw values of a draft: every fault at once, whatever its depth.

The wire is flat where people type (lines) and takes the shape of kernel.canonical for the rarer
groups of EN 16931 (delivery, payment, references, …), which the kernel judges.
"""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

from guilder.books.invoicing.sent import DraftInput, LevelInput, LineInput
from guilder.kernel import canonical
from guilder.kernel.currencies import is_currency
from guilder.kernel.errors import Invalid, Problem
from guilder.kernel.money import Money
from guilder.kernel.period import read_terms, terms_dict
from guilder.kernel.wire import Wire

MOST_LINES = 5_000
PLAIN = re.compile(r"-?\d{1,12}(?:\.\d{1,6})?", re.ASCII)
UNIT = re.compile(r"[A-Z0-9]{1,3}", re.ASCII)
KINDS = ("invoice", "credit_note", "debit_note", "deposit", "pro_forma")
# Groups and terms in the kernel's own shape and names.
PASSED = frozenset(
    (
        "tax_currency",
        "tax_rate_to_tax_currency",
        "tax_point_on",
        "tax_point_code",
        "type_code",
        "buyer_reference",
        "project_reference",
        "contract_reference",
        "order_reference",
        "sales_order_reference",
        "receiving_advice_reference",
        "despatch_advice_reference",
        "tender_reference",
        "invoiced_object",
        "buyer_accounting_reference",
        "payment_terms",
        "business_process",
        "specification",
        "notes",
        "preceding",
        "payee",
        "tax_representative",
        "delivery",
        "period",
        "payment",
        "prepaid",
        "rounding_amount",
        "cash_rounding",
        "withholdings",
        "attachments",
    )
)
OWN = frozenset(
    (
        "client",
        "kind",
        "currency",
        "language",
        "due_on",
        "terms",
        "lines",
        "allowances",
        "charges",
        "custom_fields",
        "corrects",
        "deducts",
        "tax_rounding",
        "series",
        "valid_until",
    )
)
LINE_PASSED = frozenset(("note", "object", "order_line", "buyer_accounting_reference", "period"))
ITEM_PASSED = {
    "seller_item_id": "seller_id",
    "buyer_item_id": "buyer_id",
    "standard_id": "standard_id",
    "classifications": "classifications",
    "origin_country": "origin_country",
    "attributes": "attributes",
}
LINE_OWN = frozenset(
    (
        "item",
        "name",
        "description",
        "quantity",
        "unit",
        "unit_price",
        "tax",
        "base_quantity",
        "base_unit",
        "tax_inclusive",
        "gross_price",
        "price_discount",
        "allowances",
        "charges",
    )
)
LINE_FIELDS = LINE_OWN | LINE_PASSED | set(ITEM_PASSED)
LEVEL_FIELDS = ("amount", "percent", "base", "reason", "reason_code", "tax")
ITEM_NAMES = {ours: theirs for theirs, ours in ITEM_PASSED.items()}
PRICE_NAMES = {"amount": "unit_price", "gross": "gross_price", "discount": "price_discount"}


def read_draft(data: Mapping[str, Any]) -> DraftInput:
    """Judge what was sent; faults are in `problems`, and none of them is thrown yet.

    `currency` may be missing: then it is the client's, and amounts are judged when it is known
    (the caller fills it in and reads again).
    """
    wire = Wire(data)
    for name in data:
        if name not in PASSED and name not in OWN:
            wire.fault(str(name), "unknown_field", "There is no such field. Remove it.")
    read = DraftInput(problems=wire.problems)
    read.client_id = wire.identity("client", required=True)
    read.kind = wire.choice("kind", KINDS, default="invoice")
    read.currency = wire.currency("currency")
    read.language = wire.text("language", most=16)
    read.due_on = wire.day("due_on")
    read.valid_until = wire.day("valid_until")
    read.tax_rounding = wire.choice("tax_rounding", ("group", "line"))
    read.series_id = wire.identity("series")
    read.corrects_id = wire.identity("corrects")
    read.custom_fields = wire.free_form("custom_fields")
    read.deducts = read_ids(wire, "deducts")
    if wire.has("terms"):
        part = wire.part("terms")
        read.terms = terms_dict(read_terms(part)) if part is not None else None
    currency = read.currency if is_currency(read.currency) else ""
    read.allowances = [read_level(one, currency) for one in wire.parts("allowances")]
    read.charges = [read_level(one, currency) for one in wire.parts("charges")]
    raw_lines = data.get("lines")
    if raw_lines is not None:
        read.lines = read_lines(wire, raw_lines, currency)
    pass_on(data, read)
    return read


def read_ids(wire: Wire, name: str) -> list[UUID]:
    """A list of ids."""
    values = wire.data.get(name)
    if values is None:
        return []
    if not isinstance(values, list | tuple) or len(values) > 100:
        wire.fault(name, "not_a_list", "Send a list of at most 100 ids.")
        return []
    inner = Wire(
        {str(index): value for index, value in enumerate(values)},
        at=f"{wire.at}/{name}",
        problems=wire.problems,
    )
    found = [inner.identity(str(index), required=True) for index in range(len(values))]
    return [one for one in found if one is not None]


def read_lines(wire: Wire, raw: Any, currency: str) -> list[LineInput]:
    """All lines; each fault points at its own place."""
    if not isinstance(raw, list | tuple):
        wire.fault("lines", "not_a_list", "Send a list here.")
        return []
    if len(raw) > MOST_LINES:
        wire.fault("lines", "too_many", f"Send at most {MOST_LINES} lines.")
        return []
    lines = []
    for index, one in enumerate(raw):
        if isinstance(one, Mapping):
            lines.append(read_line(one, index, currency, wire.problems))
        else:
            wire.problems.append(
                Problem(f"/lines/{index}", "not_an_object", "Send an object here.")
            )
    return lines


def read_line(
    raw: Mapping[str, Any], index: int, currency: str, problems: list[Problem]
) -> LineInput:
    """One line. What is plainly right is taken at once; the rest goes to the wire's readers."""
    wire = Wire(raw, at=f"/lines/{index}", problems=problems)
    if not LINE_FIELDS.issuperset(raw):
        wire.known(LINE_FIELDS)
    line = LineInput(
        name=text(wire, "name", 400),
        description=text(wire, "description", 4_000),
        quantity=number(wire, "quantity", default=Decimal(1)) or Decimal(0),
        unit=text(wire, "unit", 3),
        price=number(wire, "unit_price"),
        tax=tax(wire),
    )
    if line.unit and not UNIT.fullmatch(line.unit):
        wire.fault("unit", "invoicing.unit", "Use a UNECE unit code, such as C62, HUR or KGM.")
    if raw.get("item") is not None:
        line.item_id = wire.identity("item")
    if raw.get("base_quantity") is not None:
        line.base_quantity = number(wire, "base_quantity")
        line.base_unit = text(wire, "base_unit", 3)
        if line.base_quantity is not None and line.base_quantity <= 0:
            wire.fault("base_quantity", "too_small", "The quantity of a price is above 0.")
    if raw.get("tax_inclusive") is not None:
        line.tax_inclusive = wire.flag("tax_inclusive")
    if raw.get("gross_price") is not None:
        line.gross = number(wire, "gross_price")
    if raw.get("price_discount") is not None:
        line.discount = number(wire, "price_discount")
    if line.price is None and line.gross is not None:
        line.price = line.gross - (line.discount or 0)
    if line.price is not None and line.price < 0:
        wire.fault("unit_price", "price.negative", "Make the quantity negative instead.")
    if raw.get("allowances"):
        line.allowances = [read_level(one, currency) for one in wire.parts("allowances")]
    if raw.get("charges"):
        line.charges = [read_level(one, currency) for one in wire.parts("charges")]
    if line.item_id is None and not line.name and not line.description:
        wire.fault("description", "required", "Say what the line is for.")
    if line.item_id is None and line.price is None:
        wire.fault("unit_price", "required", "Enter a price, for example 80.00.")
    return line


def text(wire: Wire, name: str, most: int) -> str:
    """A text; plain ASCII on one line needs no closer look."""
    value = wire.data.get(name)
    if not value and value is not False and value != 0:
        return ""
    if (
        type(value) is str
        and len(value) <= most
        and value.isascii()
        and value.isprintable()
        and value[0] != " "
        and value[-1] != " "
    ):
        return value
    return wire.text(name, most=most, lines=True)


def number(wire: Wire, name: str, default: Decimal | None = None) -> Decimal | None:
    """A decimal of at most 12 digits before and 6 after the point."""
    value = wire.data.get(name)
    if value is None:
        return default
    if type(value) is str and PLAIN.fullmatch(value):
        return Decimal(value)
    return wire.decimal(name, default=default)


def tax(wire: Wire) -> str | Mapping[str, Any]:
    """A tax code, or a whole tax {"category", "rate", …} as imported papers have."""
    value = wire.data.get("tax")
    if isinstance(value, Mapping):
        return value
    return text(wire, "tax", 40)


def read_level(wire: Wire, currency: str) -> LevelInput:
    """An allowance or charge: an amount, or a percentage (of a base)."""
    wire.known(LEVEL_FIELDS)
    level = LevelInput(
        percent=wire.decimal("percent", least=Decimal(0), most=Decimal(1000)),
        amount=amount(wire, "amount", currency),
        base=amount(wire, "base", currency),
        reason=wire.text("reason", most=400),
        reason_code=wire.text("reason_code", most=10),
        tax=tax(wire),
    )
    if wire.data.get("amount") is None and wire.data.get("percent") is None:
        wire.fault("amount", "allowance.amount", "Give an amount or a percentage.")
    return level


def amount(wire: Wire, name: str, currency: str) -> Money | None:
    """An amount in the document's currency, with no more decimals than it has."""
    value = wire.decimal(name, places=4)
    if value is None or not currency:
        return None
    try:
        return Money.of(value, currency)
    except ValueError as error:
        wire.fault(name, "document.amount", str(error))
        return None


def pass_on(data: Mapping[str, Any], read: DraftInput) -> None:
    """Let the kernel judge what is in its own shape, and keep the records that it makes."""
    head = {name: data[name] for name in PASSED if data.get(name) is not None}
    raw_lines = data.get("lines")
    rows = raw_lines if isinstance(raw_lines, list | tuple) else []
    extras = [row if isinstance(row, Mapping) else {} for row in rows]
    passed = LINE_PASSED | set(ITEM_PASSED)
    whole_taxes = any(isinstance(line.tax, Mapping) for line in read.lines)
    if not head and not whole_taxes and not any(passed.intersection(row) for row in extras):
        return
    if isinstance(head.get("notes"), str):
        head["notes"] = [{"text": head["notes"]}]
    shadow = {
        "guilder": canonical.VERSION,
        "kind": "invoice",
        "currency": read.currency or "EUR",
        "seller": {},
        "buyer": {},
        "lines": [shadow_line(row) for row in extras],
        **head,
    }
    try:
        read.rest = canonical.from_dict(shadow)
    except Invalid as error:
        read.problems += [
            Problem(wire_pointer(one.pointer), one.code, one.detail) for one in error.problems
        ]
        return
    for line, extra in zip(read.lines, read.rest.lines, strict=False):
        line.extra = extra


def shadow_line(row: Mapping[str, Any]) -> dict[str, Any]:
    """A line in the kernel's shape that holds only what is passed on."""
    item = {theirs: row[ours] for ours, theirs in ITEM_PASSED.items() if row.get(ours) is not None}
    given = row.get("tax")
    return {
        "id": "1",
        "item": item,
        "quantity": "1",
        "unit": "C62",
        "price": {"amount": "0"},
        "tax": given if isinstance(given, Mapping) else {"category": "S"},
        **{name: row[name] for name in LINE_PASSED if row.get(name) is not None},
    }


def wire_pointer(pointer: str) -> str:
    """A pointer into the kernel's shape as one into what was sent."""
    steps = pointer.split("/")
    if len(steps) > 4 and steps[1] == "lines" and steps[3] == "item":
        return "/".join((*steps[:3], ITEM_NAMES.get(steps[4], steps[4]), *steps[5:]))
    if len(steps) > 4 and steps[1] == "lines" and steps[3] == "price":
        return "/".join((*steps[:3], PRICE_NAMES.get(steps[4], steps[4])))
    if len(steps) > 4 and steps[1] == "lines" and steps[3] == "tax":
        return "/".join(steps[:4])
    return pointer
