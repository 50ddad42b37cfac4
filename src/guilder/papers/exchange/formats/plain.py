"""Our own simple shape, as `POST /api/v1/invoices/` takes it and answers it: a plain object.

JSON files hold it, CSV rows are put together to it. docs/rooms/exchange.md tells its fields.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from guilder.kernel.currencies import is_currency
from guilder.kernel.document import (
    Address,
    Allowance,
    Contact,
    Document,
    Identifier,
    Item,
    Kind,
    Line,
    Note,
    Party,
    Period,
    Price,
    Tax,
)
from guilder.kernel.errors import Problem
from guilder.kernel.money import Money
from guilder.kernel.wire import Wire
from guilder.papers.exchange.formats.record import (
    TOTALS,
    Reading,
    StatedTax,
    StatedTotals,
    Unreadable,
)

MOST_LINES = 10_000
OWN = "guilder"  # the scheme of an id of ours, such as a client's
HEAD = (
    *("number", "kind", "type_code", "currency", "client", "seller", "issued_on", "due_on"),
    *("tax_point_on", "buyer_reference", "order_reference", "project_reference"),
    *("contract_reference", "payment_terms", "note", "language", "period", "lines"),
    *("allowances", "charges", "prepaid", "rounding", "totals", "tax_breakdown", "custom_fields"),
)
# What our own answers carry besides: read back, it says nothing about the paper.
ANSWERED = ("id", "status", "etag", "draft_reference", "created_at", "updated_at", "version")
LINE = (
    *("id", "name", "description", "quantity", "unit", "unit_price", "base_quantity"),
    *("tax_inclusive", "tax", "tax_category", "tax_rate", "exemption_reason", "exemption_code"),
    *("discount_percent", "allowances", "charges", "net", "note", "order_line", "period"),
    *("item_code", "item"),
)
LEVEL = ("amount", "base", "percent", "reason", "reason_code", "tax", "tax_category", "tax_rate")
PARTY = ("id", "kind", "name", "trading_name", "email", "phone", "vat_id", "tax_ids", "address")
ADDRESS = ("line1", "line2", "line3", "postal_code", "city", "region", "country")
CATEGORIES = ("S", "Z", "E", "AE", "K", "G", "O", "L", "M")  # UNTDID 5305 as EN 16931 uses it


@dataclass(frozen=True, slots=True)
class Place:
    """One object of the file, and the currency that its amounts are in."""

    wire: Wire
    currency: str

    def money(self, name: str) -> Money | None:
        """The amount called `name`; more decimals than the currency has are a fault."""
        value = self.wire.decimal(name, places=12, digits=18)
        if value is None:
            return None
        try:
            return Money.of(value, self.currency)
        except (ValueError, OverflowError):
            detail = f"Enter an amount with the decimals that {self.currency} has."
            self.wire.fault(name, "not_an_amount", detail)
            return None

    def parts(self, name: str, *, most: int = 100) -> list[Place]:
        return [Place(part, self.currency) for part in self.wire.parts(name, most=most)]


def read(data: Mapping[str, Any], *, form: str, at: str = "") -> Reading:
    """The paper in `data`; pointers of problems begin with `at`.

    Raises Unreadable where no currency is named. All else that is wrong is in `problems`.
    """
    wire = Wire(data, at=at)
    wire.known([*HEAD, *ANSWERED])
    currency = data.get("currency")
    if not isinstance(currency, str) or not is_currency(currency):
        detail = "Name the currency of the document, such as EUR."
        raise Unreadable(problems=[Problem(f"{at}/currency", "exchange.currency", detail)])
    place = Place(wire, currency)
    lines = [_line(part, index) for index, part in enumerate(place.parts("lines", most=MOST_LINES))]
    stated = _totals(place)
    taxes = tuple(_tax_row(part) for part in wire.parts("tax_breakdown"))
    document = Document(
        kind=Kind(wire.choice("kind", [*Kind], default=Kind.INVOICE)),
        type_code=wire.text("type_code", most=10),
        currency=currency,
        number=wire.text("number"),
        issued_on=wire.day("issued_on"),
        due_on=wire.day("due_on"),
        tax_point_on=wire.day("tax_point_on"),
        seller=_party(wire, "seller"),
        buyer=_party(wire, "client"),
        buyer_reference=wire.text("buyer_reference"),
        order_reference=wire.text("order_reference"),
        project_reference=wire.text("project_reference"),
        contract_reference=wire.text("contract_reference"),
        payment_terms=wire.text("payment_terms", most=2000, lines=True),
        notes=_notes(wire),
        language=wire.text("language", most=35),
        period=_period(wire),
        lines=tuple(line for line, _ in lines),
        allowances=_levels(place, "allowances", taxed=True),
        charges=_levels(place, "charges", taxed=True),
        prepaid=_input(place, "prepaid", stated.prepaid),
        rounding_amount=_input(place, "rounding", stated.rounding),
        custom_fields=tuple(sorted(wire.free_form("custom_fields").items())),
    )
    return Reading(
        document=document,
        format=form,
        stated=stated,
        stated_taxes=taxes,
        stated_nets=tuple(net for _, net in lines),
        problems=tuple(wire.problems),
    )


def _line(place: Place, index: int) -> tuple[Line, Decimal | None]:
    """One line, and its net as stated."""
    wire = place.wire
    wire.known(LINE)
    name, description = wire.text("name"), wire.text("description", most=2000, lines=True)
    if not name and not description:
        wire.fault("description", "required", "Say what is sold.")
    quantity = wire.decimal("quantity", required=True)
    price = Price(
        amount=wire.decimal("unit_price", required=True) or Decimal(0),
        base_quantity=wire.decimal("base_quantity"),
        tax_inclusive=wire.flag("tax_inclusive"),
    )
    line = Line(
        id=wire.text("id") or str(index + 1),
        # One text alone is the item's name, as in `{"description": "Consulting"}`.
        item=Item(
            name=name or description,
            description=description if name else "",
            seller_id=wire.text("item_code"),
        ),
        quantity=quantity or Decimal(0),
        unit=wire.text("unit", most=20),
        price=price,
        tax=_tax(wire),
        note=wire.text("note", most=2000, lines=True),
        order_line=wire.text("order_line"),
        period=_period(wire),
        allowances=(*_discount(wire), *_levels(place, "allowances", taxed=False)),
        charges=_levels(place, "charges", taxed=False),
    )
    return line, wire.decimal("net", places=12)


def _discount(wire: Wire) -> tuple[Allowance, ...]:
    percent = wire.decimal("discount_percent", least=Decimal(0), most=Decimal(100))
    return (Allowance(percent=percent),) if percent else ()


def _tax(wire: Wire) -> Tax:
    """A category with its rate, or only the organization's own code, whose rate is not known here.

    `tax` may be the code or an object {"category", "rate", "exemption_reason", "exemption_code"}.
    """
    code = ""
    part = wire
    prefix = "tax_"
    if isinstance(wire.data.get("tax"), Mapping):
        part, prefix = wire.part("tax") or wire, ""
        part.known(("code", "category", "rate", "exemption_reason", "exemption_code"))
        code = part.text("code", most=60)
    elif wire.has("tax"):
        code = wire.text("tax", most=60)
    rate = part.decimal(f"{prefix}rate", least=Decimal(0), most=Decimal(1000))
    category = part.choice(f"{prefix}category", CATEGORIES)
    if not category and rate:
        category = "S"
    elif not category and not code:
        detail = "Give a tax category and rate, such as S and 19, or a tax code."
        wire.fault("tax", "required", detail)
    return Tax(
        category=category,
        rate=rate,
        code=code,
        exemption_reason=part.text("exemption_reason", most=1000),
        exemption_code=part.text("exemption_code", most=60),
    )


def _levels(place: Place, name: str, *, taxed: bool) -> tuple[Allowance, ...]:
    found: list[Allowance] = []
    for part in place.parts(name):
        wire = part.wire
        wire.known(LEVEL)
        level = Allowance(
            amount=part.money("amount"),
            base=part.money("base"),
            percent=wire.decimal("percent", least=Decimal(0)),
            reason=wire.text("reason", most=1000),
            reason_code=wire.text("reason_code", most=10),
            tax=_tax(wire) if taxed else None,
        )
        if level.amount is None and level.percent is None:
            wire.fault("amount", "required", "Give an amount or a percentage.")
        found.append(level)
    return tuple(found)


def _party(wire: Wire, name: str) -> Party:
    """A party as an object, or by an id of ours alone."""
    given = wire.data.get(name)
    if isinstance(given, str):
        known = wire.text(name)
        return Party(identifiers=(Identifier(known, OWN),) if known else ())
    part = wire.part(name)
    if part is None:
        return Party()
    part.known(PARTY)
    known = part.text("id")
    vat_id, registration = _tax_ids(part)
    return Party(
        name=part.text("name", required=not known),
        trading_name=part.text("trading_name"),
        identifiers=(Identifier(known, OWN),) if known else (),
        vat_id=part.text("vat_id", most=30) or vat_id,
        tax_registration=registration,
        address=_address(part),
        contact=Contact(phone=part.text("phone", most=60), email=part.text("email")),
    )


def _tax_ids(wire: Wire) -> tuple[str, str]:
    """The VAT id and the other tax number of a list of {"scheme", "value"}."""
    vat_id = registration = ""
    for part in wire.parts("tax_ids"):
        value = part.text("value", most=60, required=True)
        if part.text("scheme", most=20).lower() == "vat":
            vat_id = vat_id or value
        else:
            registration = registration or value
    return vat_id, registration


def _address(wire: Wire) -> Address:
    part = wire.part("address")
    if part is None:
        return Address()
    part.known(ADDRESS)
    return Address(
        line1=part.text("line1"),
        line2=part.text("line2"),
        line3=part.text("line3"),
        postal_code=part.text("postal_code", most=40),
        city=part.text("city"),
        region=part.text("region"),
        country=part.country("country"),
    )


def _notes(wire: Wire) -> tuple[Note, ...]:
    text = wire.text("note", most=5000, lines=True)
    return (Note(text),) if text else ()


def _period(wire: Wire) -> Period | None:
    part = wire.part("period")
    if part is None:
        return None
    part.known(("start_on", "end_on"))
    return Period(start_on=part.day("start_on"), end_on=part.day("end_on"))


def _totals(place: Place) -> StatedTotals:
    part = place.wire.part("totals")
    if part is None:
        return StatedTotals()
    part.known([*TOTALS, "tax_in_tax_currency", "withheld", "receivable"])
    stated = {name: part.decimal(name, places=12, digits=18) for name in TOTALS}
    return StatedTotals(**stated)


def _tax_row(wire: Wire) -> StatedTax:
    wire.known(("category", "rate", "taxable", "tax", "exemption_reason", "exemption_code"))
    return StatedTax(
        category=wire.text("category", most=10),
        rate=wire.decimal("rate"),
        taxable=wire.decimal("taxable", places=12, digits=18),
        tax=wire.decimal("tax", places=12, digits=18),
    )


def _input(place: Place, name: str, stated: Decimal | None) -> Money | None:
    """Prepaid and rounding are inputs; given among the totals alone, they are taken from there."""
    given = place.money(name)
    if given is not None or stated is None:
        return given
    try:
        return Money.of(stated, place.currency)
    except (ValueError, OverflowError):
        detail = f"Enter an amount with the decimals that {place.currency} has."
        place.wire.fault(name, "not_an_amount", detail)
        return None
