"""Judging the raw values of a bill that is typed, and making a paper of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from guilder.foundation.identity import queries as identity
from guilder.kernel import identifiers
from guilder.kernel.actor import Actor
from guilder.kernel.document import (
    CreditTransfer,
    Delivery,
    Document,
    Item,
    Kind,
    Line,
    Party,
    PaymentMeans,
    Price,
    Tax,
)
from guilder.kernel.errors import Invalid, Problem
from guilder.kernel.totals import calculate
from guilder.kernel.wire import Wire
from guilder.registers.parties import queries as parties
from guilder.registers.tax import queries as taxes

FIELDS = (
    *("supplier", "kind", "number", "issued_on", "due_on", "supplied_on", "currency", "lines"),
    *("iban", "bic", "remittance", "order_reference", "notes"),
)
LINE_FIELDS = (
    *("name", "description", "quantity", "unit", "unit_price", "tax"),
    *("tax_category", "tax_rate", "account"),
)
CATEGORIES = ("S", "Z", "E", "AE", "K", "G", "O", "L", "M")
NOBODY = UUID(int=0)


@dataclass(slots=True)
class BillInput:
    """A bill as it was sent, its own values judged."""

    supplier_id: UUID = NOBODY
    kind: Kind = Kind.INVOICE
    number: str = ""
    issued_on: date | None = None
    due_on: date | None = None
    supplied_on: date | None = None
    currency: str = ""
    iban: str = ""
    bic: str = ""
    remittance: str = ""
    order_reference: str = ""
    notes: str = ""
    lines: list[Line] = field(default_factory=list[Line])
    accounts: dict[int, UUID] = field(default_factory=dict[int, UUID])
    problems: list[Problem] = field(default_factory=list[Problem])


def read_bill(data: Mapping[str, Any], *, by: Actor, at: datetime) -> BillInput:
    """Judge what was sent; faults are in `problems`. The currency is the base one when missing."""
    organization = identity.get_organization(by.organization_id)
    today = at.astimezone(ZoneInfo(organization.time_zone)).date()
    wire = Wire(data)
    wire.known(FIELDS)
    read = BillInput(problems=wire.problems)
    read.supplier_id = wire.identity("supplier", required=True) or NOBODY
    is_credit = wire.choice("kind", ("bill", "credit_note"), default="bill") == "credit_note"
    read.kind = Kind.CREDIT_NOTE if is_credit else Kind.INVOICE
    read.number = wire.text("number", most=120, required=True)
    read.issued_on = wire.day("issued_on", required=True)
    if read.issued_on is not None and read.issued_on > today:
        wire.fault("issued_on", "bill.in_future", "Enter today or a day before.")
    read.due_on = wire.day("due_on")
    if read.due_on is not None and read.issued_on is not None and read.due_on < read.issued_on:
        wire.fault("due_on", "bill.due_before", "It cannot be due before its day.")
    read.supplied_on = wire.day("supplied_on")
    read.currency = wire.currency("currency", default=organization.base_currency)
    read_way_to_pay(wire, read)
    read.order_reference = wire.text("order_reference", most=120)
    read.notes = wire.text("notes", most=4_000, lines=True)
    read_lines(wire, read, by=by, on=read.issued_on or today)
    return read


def read_way_to_pay(wire: Wire, read: BillInput) -> None:
    """Account, bank and words of the transfer; an IBAN must be one by its check digits."""
    account = wire.text("iban", most=60)
    if account[:2].isalpha() and account:
        try:
            account = identifiers.iban(account)
        except identifiers.InvalidIdentifier as error:
            wire.fault("iban", error.code, error.detail)
    read.iban = account
    read.bic = wire.text("bic", most=11)
    read.remittance = wire.text("remittance", most=140)


def read_lines(wire: Wire, read: BillInput, *, by: Actor, on: date) -> None:
    """[{"name", "quantity", "unit", "unit_price", "tax" or "tax_category" and "tax_rate",
    "account"}]: at least one."""
    table = taxes.table_on(by.organization_id, on)
    for place, part in enumerate(wire.parts("lines", most=1_000, required=True), start=1):
        part.known(LINE_FIELDS)
        name = part.text("name", most=400)
        description = part.text("description", most=4_000, lines=True)
        if not name and not description:
            part.fault("name", "required", "Say what it is.")
        quantity = part.decimal("quantity", places=6)
        price = part.decimal("unit_price", required=True, places=6)
        tax = read_tax(part, table)
        if account := part.identity("account"):
            read.accounts[place] = account
        if price is None or tax is None:
            continue
        read.lines.append(
            Line(
                id=str(place),
                item=Item(name=name or description[:400], description=description),
                quantity=Decimal(1) if quantity is None else quantity,
                unit=part.text("unit", most=12, default="C62"),
                price=Price(amount=price),
                tax=tax,
            )
        )


def read_tax(part: Wire, table: taxes.TaxTable) -> Tax | None:
    """The tax of a line: one of the organization's codes, or category and rate."""
    if code := part.text("tax", most=40):
        try:
            return table.tax(code)
        except Invalid as error:
            part.fault("tax", error.code, error.detail)
            return None
    rate = part.decimal("tax_rate", places=6)
    category = part.choice("tax_category", CATEGORIES, default="S" if rate else "O")
    if category == "S" and not rate:
        part.fault("tax_rate", "required", "Enter the rate in percent.")
        return None
    if category != "S" and rate and category not in {"L", "M"}:
        part.fault("tax_rate", "bill.rate_of_nothing", "This category has no rate above 0.")
        return None
    return Tax(category=category, rate=None if category == "O" else rate or Decimal(0))


def paper_of(read: BillInput, *, by: Actor) -> Document:
    """The paper of a bill that was typed, with its totals. Raises Incalculable."""
    supplier = parties.get_partner(by.organization_id, read.supplier_id, side="supplier")
    own = parties.seller_profile(by.organization_id)
    transfers = (CreditTransfer(account=read.iban, bank=read.bic),) if read.iban else ()
    vat = next((one.value for one in supplier.tax_ids.all() if one.scheme == "vat"), "")
    place = next((one for one in supplier.addresses.all() if one.use == "billing"), None)
    return calculate(
        Document(
            kind=read.kind,
            currency=read.currency,
            number=read.number,
            seller=Party(
                name=supplier.name,
                vat_id=vat,
                address=parties.address(vars(place) if place is not None else {}),
            ),
            buyer=parties.seller_party(vars(own) if own is not None else {}),
            lines=tuple(read.lines),
            issued_on=read.issued_on,
            due_on=read.due_on,
            order_reference=read.order_reference,
            delivery=Delivery(delivered_on=read.supplied_on) if read.supplied_on else None,
            payment=(PaymentMeans(code="30", remittance=read.remittance, transfers=transfers),),
        )
    )
