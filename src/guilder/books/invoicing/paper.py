"""Rows and papers: drafts as canonical bytes, what was sent as a paper, a paper as what is sent."""

from collections import OrderedDict
from collections.abc import Mapping
from decimal import Decimal
from threading import Lock
from typing import Any

import msgspec

from guilder.books.invoicing.reading import ITEM_PASSED, LINE_PASSED, PASSED
from guilder.kernel import canonical
from guilder.kernel.document import Allowance, Document, Line, Tax
from guilder.kernel.money import WIDE, Money

KEPT = 512
LARGEST_KEPT = 64_000  # bytes
_papers: OrderedDict[bytes, Document] = OrderedDict()
_lock = Lock()
_decode = msgspec.json.Decoder().decode


def data_of(content: bytes) -> dict[str, Any]:
    """Canonical bytes as plain data."""
    return _decode(content)


def document_of(content: bytes) -> Document:
    """The paper that canonical bytes hold. The last ones are kept by content: they are frozen."""
    with _lock:
        found = _papers.get(content)
        if found is not None:
            _papers.move_to_end(content)
            return found
    made = canonical.from_dict(_decode(content))
    remember(content, made)
    return made


def content_of(document: Document) -> bytes:
    """A calculated paper as the canonical bytes that a draft keeps."""
    content = canonical.canonical_bytes(document)
    remember(content, document)
    return content


def remember(content: bytes, document: Document) -> None:
    """Keep `document` at hand under its bytes: what was just written is often issued next."""
    if len(content) > LARGEST_KEPT:
        return
    with _lock:
        _papers[content] = document
        if len(_papers) > KEPT:
            _papers.popitem(last=False)


# A paper as the raw values that would make it, for changing a draft in part


def wire_of(
    document: Document,
    *,
    items: Mapping[int, str],
    chosen: Mapping[int, bool],
    with_new_lines: bool = False,
) -> dict[str, Any]:
    """What one would send to get `document`, without client and parties.

    `items` gives the item id of a line by its index; a line whose tax was resolved, not `chosen`,
    is left to be resolved again. `with_new_lines` lets the document's percentages follow them.
    """
    data = canonical.to_dict(document)
    wire: dict[str, Any] = {name: data[name] for name in PASSED if name in data}
    for name in ("kind", "currency", "language", "due_on"):
        if name in data:
            wire[name] = data[name]
    wire["tax_rounding"] = document.rounding.value
    wire["custom_fields"] = dict(document.custom_fields)
    wire["lines"] = [
        wire_line(line, row, item=items.get(index, ""), with_tax=chosen.get(index, True))
        for index, (line, row) in enumerate(zip(document.lines, data.get("lines", ()), strict=True))
    ]
    for name in ("allowances", "charges"):
        wire[name] = [
            wire_level(level, row, natural=natural_base(document, level), follows=with_new_lines)
            for level, row in zip(getattr(document, name), data.get(name, ()), strict=True)
        ]
    return wire


def wire_line(line: Line, row: Mapping[str, Any], *, item: str, with_tax: bool) -> dict[str, Any]:
    """One line as it would be sent."""
    price = row["price"]
    wire: dict[str, Any] = {
        "name": line.item.name,
        "description": line.item.description,
        "quantity": row["quantity"],
        "unit": line.unit,
        "unit_price": price["amount"],
        **{name: row[name] for name in LINE_PASSED if name in row},
        **{
            ours: row["item"][theirs]
            for ours, theirs in ITEM_PASSED.items()
            if theirs in row["item"]
        },
    }
    if line.price.tax_inclusive:
        wire["tax_inclusive"] = True
    for ours, theirs in (
        ("gross_price", "gross"),
        ("price_discount", "discount"),
        ("base_quantity", "base_quantity"),
        ("base_unit", "base_unit"),
    ):
        if theirs in price:
            wire[ours] = price[theirs]
    if item:
        wire["item"] = item
    if with_tax:
        wire["tax"] = wire_tax(line.tax, row["tax"])
    natural = line_amount(line)
    for name in ("allowances", "charges"):
        wire[name] = [
            wire_level(level, one, natural=natural)
            for level, one in zip(getattr(line, name), row.get(name, ()), strict=True)
        ]
    return wire


def wire_tax(tax: Tax, row: Mapping[str, Any]) -> Any:
    """The code of the organization, or the whole tax where it came without one."""
    return tax.code or dict(row)


def wire_level(
    level: Allowance, row: Mapping[str, Any], *, natural: Money | None, follows: bool = False
) -> dict[str, Any]:
    """An allowance or charge as it would be sent; a bare percentage where it is on `natural`."""
    wire = {name: value for name, value in row.items() if name != "tax"}
    # Where a share was rounded as a part of a whole, the bare percentage would not give it again;
    # it is sent bare all the same when it has to follow other lines.
    if (
        level.percent is not None
        and natural is not None
        and level.base == natural
        and (follows or level.amount == natural * (level.percent / 100))
    ):
        wire.pop("amount", None)
        wire.pop("base", None)
    if level.tax is not None:
        wire["tax"] = wire_tax(level.tax, row["tax"])
    return wire


def line_amount(line: Line) -> Money | None:
    """Quantity × price, what a percentage on the line stands on."""
    if line.net is None:
        return None
    exact = WIDE.multiply(line.quantity, line.price.amount)
    if line.price.base_quantity is not None:
        exact = WIDE.divide(exact, line.price.base_quantity)
    return Money.rounded(exact, line.net.currency)


def natural_base(document: Document, level: Allowance) -> Money | None:
    """What a percentage on the document stands on: the lines of its tax, or all of them."""
    if level.tax is None:
        return None if document.totals is None else document.totals.line_net
    key = (level.tax.category, level.tax.rate or Decimal(0))
    nets = [
        line.net.minor
        for line in document.lines
        if line.net is not None and (line.tax.category, line.tax.rate or Decimal(0)) == key
    ]
    return Money(sum(nets), document.currency)
