"""From judged values to a calculated paper: client, items, prices, taxes and terms filled in."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from guilder.books.invoicing import paper
from guilder.books.invoicing.reading import (
    DraftInput,
    LevelInput,
    LineInput,
    read_draft,
    wire_pointer,
)
from guilder.foundation.tenancy.hot import cursor
from guilder.kernel import canonical
from guilder.kernel.document import (
    Allowance,
    Document,
    Item,
    Kind,
    Line,
    Party,
    Price,
    Rounding,
    Tax,
)
from guilder.kernel.errors import GuilderError, Invalid, NotFound, Problem
from guilder.kernel.money import Money
from guilder.kernel.period import terms_dict
from guilder.kernel.totals import calculate, check
from guilder.registers.catalogue import queries as catalogue
from guilder.registers.catalogue.queries import ItemForLine
from guilder.registers.parties import queries as parties
from guilder.registers.parties.queries import InvoicingContext
from guilder.registers.tax import queries as tax

NOBODY = Party()
PARTS_AS_TEXT = ("seller", "partner", "agreed", "addresses", "contacts", "tax_ids")
SIDES_COLUMNS = "c.base_currency, c.time_zone, c.language, c.tax_rounding, c.country, " + ", ".join(
    f"c.{name}::text" for name in PARTS_AS_TEXT
)
SIDES = """
SELECT {columns}, d.on, (SELECT jsonb_agg(jsonb_build_array(t.code, t.category, t.exemption_code,
  t.exemption_reason, t.percent::text, t.id) ORDER BY t.code)::text FROM ({codes}) AS t)
FROM ({context}) AS c,
  LATERAL (SELECT (%(at)s::timestamptz AT TIME ZONE c.time_zone)::date AS on) AS d
""".replace("{columns}", SIDES_COLUMNS)
SIDES = SIDES.replace("{context}", parties.CONTEXT).replace(
    "{codes}", tax.CODES_ON.replace("%(on)s", "d.on")
)
PIECE = "C62"


class InvalidDraft(Invalid):
    """What was sent cannot be a draft; `problems` has every fault."""

    code = "invoicing.invalid_draft"


@dataclass(slots=True)
class Built:
    """A draft ready to be stored."""

    document: Document
    content: bytes
    context: InvoicingContext
    on: date
    items: list[UUID | None]
    reasons: list[str]
    terms: dict[str, Any]
    read: DraftInput
    warnings: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Lookup:
    """What the registers say, kept for the length of one operation or one bulk run."""

    organization_id: UUID
    contexts: dict[UUID, InvoicingContext] = field(default_factory=dict)
    tables: dict[date, tax.TaxTable] = field(default_factory=dict)

    def context(self, client_id: UUID, *, at: datetime) -> InvoicingContext:
        """Both sides of a document for one client, and the tax codes of today, in one journey."""
        found = self.contexts.get(client_id)
        if found is None:
            found, on, table = sides(self.organization_id, client_id, at=at)
            self.contexts[client_id] = found
            self.tables.setdefault(on, table)
        return found

    def table(self, on: date) -> tax.TaxTable:
        """The tax codes with the rates of a day."""
        found = self.tables.get(on)
        if found is None:
            found = self.tables[on] = tax.table_on(self.organization_id, on)
        return found


def sides(
    organization_id: UUID, client_id: UUID, *, at: datetime
) -> tuple[InvoicingContext, date, tax.TaxTable]:
    """The context of a client, what day it is there, and that day's tax codes; NoSuchPartner."""
    row = (
        cursor()
        .execute(
            SIDES, {"organization": organization_id, "partner": client_id, "at": at}, prepare=True
        )
        .fetchone()
    )
    if row is None:
        raise parties.NoSuchPartner("There is no such client.")
    return context_of(client_id, row[:-2]), row[-2], table_of(row[-1])


# What the registers say is read as text and remembered by that text: the same words mean the same.


@lru_cache(maxsize=2048)
def context_of(client_id: UUID, row: tuple[Any, ...]) -> InvoicingContext:
    """The context in a row of SIDES_COLUMNS."""
    read = [msgspec.json.decode(one) if one is not None else None for one in row[5:]]
    return parties.context_of(client_id, (*row[:5], *read))


@lru_cache(maxsize=512)
def table_of(text: str | None) -> tax.TaxTable:
    """The tax codes in a row of SIDES."""
    rows = msgspec.json.decode(text) if text else []
    return tax.TaxTable(
        [(*row[:4], None if row[4] is None else Decimal(row[4]), UUID(row[5])) for row in rows]
    )


def build(
    data: Mapping[str, Any],
    *,
    lookup: Lookup,
    at: datetime,
    kind: Kind | None = None,
    prepaid: Money | None = None,
) -> Built:
    """The paper that `data` asks for, calculated; InvalidDraft with every fault.

    `prepaid` is what deposits add to the amount already paid.
    """
    read = read_draft(data)
    context = client_context(read, lookup, at=at)
    if context is None:
        raise InvalidDraft(problems=read.problems)
    if not read.currency and "currency" not in data:
        read = read_draft({**data, "currency": context.currency})
    on = at.astimezone(ZoneInfo(context.time_zone)).date()
    if read.problems:
        note_lookups(read, lookup, context, on)
        raise InvalidDraft(problems=read.problems)
    return assemble(read, lookup=lookup, context=context, on=on, kind=kind, prepaid=prepaid)


def client_context(read: DraftInput, lookup: Lookup, *, at: datetime) -> InvoicingContext | None:
    """The client's side of things; a client that is not there is a fault like any other."""
    if read.client_id is None:
        return None
    try:
        context = lookup.context(read.client_id, at=at)
    except NotFound as error:
        read.problems.append(Problem("/client", error.code, error.detail))
        return None
    if context.partner_is_archived:
        read.problems.append(
            Problem("/client", "invoicing.client_archived", "This client is archived. Restore it.")
        )
    return context


def note_lookups(read: DraftInput, lookup: Lookup, context: InvoicingContext, on: date) -> None:
    """Add the faults that only the registers know: items and tax codes that are not there."""
    items = find_items(read, lookup, context, on)
    table = lookup.table(tax_day(read, on))
    for index, line in enumerate(read.lines):
        if line.item_id is not None and line.item_id not in items:
            read.problems.append(no_item(index))
        if isinstance(line.tax, str) and line.tax and line.tax not in table:
            try:
                table.tax(line.tax)
            except GuilderError as error:
                read.problems.append(Problem(f"/lines/{index}/tax", error.code, error.detail))


def no_item(index: int) -> Problem:
    return Problem(f"/lines/{index}/item", "item.not_found", "There is no such item.")


def find_items(
    read: DraftInput, lookup: Lookup, context: InvoicingContext, on: date
) -> dict[UUID, ItemForLine]:
    """The items that lines name, with their prices."""
    wanted = [(line.item_id, line.quantity) for line in read.lines if line.item_id is not None]
    if not wanted:
        return {}
    return catalogue.items_for_lines(
        lookup.organization_id,
        wanted,
        currency=read.currency,
        price_list=context.price_list,
        on=on,
    )


def tax_day(read: DraftInput, on: date) -> date:
    """The day whose rates a draft of `on` takes."""
    rest = read.rest
    if rest is None:
        return on
    if rest.tax_point_on is not None:
        return rest.tax_point_on
    if rest.delivery is not None and rest.delivery.delivered_on is not None:
        return rest.delivery.delivered_on
    if rest.period is not None and rest.period.end_on is not None:
        return min(rest.period.end_on, on)
    return on


class Taxes:
    """The tax of each line: each question to the rules is asked once."""

    def __init__(self, table: tax.TaxTable, context: InvoicingContext) -> None:
        self.table, self.context = table, context
        self.known: dict[tuple[str, str, str], tax.Resolved] = {}

    def of(self, given: str, item: ItemForLine | None) -> tax.Resolved:
        """The given code's tax, else what the rules find; NoSuchTaxCode, NoRateOnThatDay."""
        item_code = self.table.code_of(item.tax_code_id) if item else None
        kind = item.kind if item else "service"
        key = (given, item_code or "", kind)
        found = self.known.get(key)
        if found is None:
            context = self.context
            supply = tax.calc.Supply(
                seller_country=context.country,
                customer_country=context.buyer.address.country,
                customer_is_business=context.partner_is_business,
                customer_vat_id=context.vat_id,
                vat_id_is_valid=context.vat_id_is_valid,
                item_kind=kind,
                agreed=context.tax_treatment,
            )
            found = tax.resolve(self.table, given=given, item_code=item_code, supply=supply)
            self.known[key] = found
        return found


def assemble(
    read: DraftInput,
    *,
    lookup: Lookup,
    context: InvoicingContext,
    on: date,
    kind: Kind | None,
    prepaid: Money | None,
) -> Built:
    """The paper of sound values; InvalidDraft for what the registers or the sums refuse."""
    items = find_items(read, lookup, context, on)
    taxes = Taxes(lookup.table(tax_day(read, on)), context)
    problems: list[Problem] = []
    lines: list[Line] = []
    reasons: list[str] = []
    warnings: list[str] = []
    for index, one in enumerate(read.lines):
        item = items.get(one.item_id) if one.item_id is not None else None
        if one.item_id is not None and item is None:
            problems.append(no_item(index))
            continue
        try:
            resolved = line_tax(one, item, taxes)
        except GuilderError as error:
            problems.append(Problem(f"/lines/{index}/tax", error.code, error.detail))
            continue
        if resolved.warning and resolved.warning not in warnings:
            warnings.append(resolved.warning)
        reasons.append("" if one.tax else resolved.reason)
        price = one.price if one.price is not None or item is None else item.price
        if price is None:
            detail = "The item has no price in this currency. Enter one."
            problems.append(Problem(f"/lines/{index}/unit_price", "invoicing.no_price", detail))
            continue
        lines.append(make_line(one, index, price=price, item=item, tax=resolved.tax))
    levels = {
        name: make_levels(getattr(read, name), name, taxes, problems)
        for name in ("allowances", "charges")
    }
    if problems:
        raise InvalidDraft(problems=problems)
    document = make_document(
        read, context=context, lines=tuple(lines), levels=levels, kind=kind, prepaid=prepaid
    )
    document = judged(calculate(document))
    return Built(
        document=document,
        content=paper.content_of(document),
        context=context,
        on=on,
        items=[line.item_id for line in read.lines],
        reasons=reasons,
        terms=terms_dict(context.terms) if read.terms is None else read.terms,
        read=read,
        warnings=warnings,
    )


def judged(document: Document) -> Document:
    """`document` itself; InvalidDraft when its figures break a rule of the standard."""
    problems = check(document)
    if problems:
        raise InvalidDraft(
            problems=[Problem(wire_pointer(one.pointer), one.code, one.detail) for one in problems]
        )
    return document


def line_tax(one: LineInput, item: ItemForLine | None, taxes: Taxes) -> tax.Resolved:
    """The tax of a line; one that was sent whole is taken as it is."""
    if isinstance(one.tax, str):
        return taxes.of(one.tax, item)
    whole: Tax = one.extra.tax
    return tax.Resolved(whole, "Sent with the line.")


def make_line(
    one: LineInput, index: int, *, price: Decimal, item: ItemForLine | None, tax: Tax
) -> Line:
    """The kernel's line."""
    name, description = one.name, one.description
    if item is not None:
        name = name or item.name
        description = description or item.description
    elif not name:
        name, description = description, ""
    inclusive = one.tax_inclusive
    if inclusive is None:
        inclusive = bool(item and item.tax_inclusive and one.price is None)
    line = Line(
        id=str(index + 1),
        item=Item(
            name=name,
            description="" if description == name else description,
            seller_id=item.code if item else "",
        ),
        quantity=one.quantity,
        unit=one.unit or (item.unit if item else PIECE),
        price=Price(
            amount=price,
            discount=one.discount,
            gross=one.gross,
            base_quantity=one.base_quantity,
            base_unit=one.base_unit,
            tax_inclusive=inclusive,
        ),
        tax=tax,
        allowances=tuple(level(each) for each in one.allowances),
        charges=tuple(level(each) for each in one.charges),
    )
    return line if one.extra is None else with_extra(line, one.extra)


def with_extra(line: Line, extra: Line) -> Line:
    """`line` with what was passed on to the kernel."""
    said = extra.item
    return replace(
        line,
        note=extra.note,
        object=extra.object,
        order_line=extra.order_line,
        buyer_accounting_reference=extra.buyer_accounting_reference,
        period=extra.period,
        item=replace(
            line.item,
            seller_id=said.seller_id or line.item.seller_id,
            buyer_id=said.buyer_id,
            standard_id=said.standard_id,
            classifications=said.classifications,
            origin_country=said.origin_country,
            attributes=said.attributes,
        ),
    )


def level(one: LevelInput, tax: Tax | None = None) -> Allowance:
    """The kernel's allowance or charge."""
    return Allowance(
        amount=one.amount,
        base=one.base,
        percent=one.percent,
        reason=one.reason,
        reason_code=one.reason_code,
        tax=tax,
    )


def make_levels(
    levels: list[LevelInput], name: str, taxes: Taxes, problems: list[Problem]
) -> tuple[Allowance, ...]:
    """Allowances or charges of the document; the kernel splits one without a tax over the lines."""
    made = []
    for index, one in enumerate(levels):
        found: Tax | None = None
        try:
            if isinstance(one.tax, Mapping):
                found = whole_tax(one.tax)
            elif one.tax:
                found = taxes.of(one.tax, None).tax
        except GuilderError as error:
            problems.append(Problem(f"/{name}/{index}/tax", error.code, error.detail))
            continue
        made.append(level(one, found))
    return tuple(made)


def whole_tax(data: Mapping[str, Any]) -> Tax:
    """A tax that was sent whole, judged by the kernel."""
    shadow = {
        "guilder": canonical.VERSION,
        "kind": "invoice",
        "currency": "EUR",
        "seller": {},
        "buyer": {},
        "allowances": [{"amount": "0.00", "tax": dict(data)}],
    }
    found = canonical.from_dict(shadow).allowances[0].tax
    return found or Tax(category="O")


def make_document(
    read: DraftInput,
    *,
    context: InvoicingContext,
    lines: tuple[Line, ...],
    levels: dict[str, tuple[Allowance, ...]],
    kind: Kind | None,
    prepaid: Money | None,
) -> Document:
    """The kernel's document, without parties: they are copied into it when it is issued."""
    rounding = Rounding(read.tax_rounding or context.tax_rounding)
    document = Document(
        kind=kind or Kind(read.kind),
        currency=read.currency,
        seller=NOBODY,
        buyer=NOBODY,
        lines=lines,
        due_on=read.due_on,
        language=read.language or context.language,
        rounding=rounding,
        custom_fields=tuple(read.custom_fields.items()),
        allowances=levels["allowances"],
        charges=levels["charges"],
        buyer_reference=context.buyer_reference,
        prepaid=prepaid,
    )
    rest = read.rest
    if rest is None:
        return document
    together = rest.prepaid if prepaid is None else prepaid + (rest.prepaid or prepaid * 0)
    return replace(
        rest,
        kind=document.kind,
        seller=NOBODY,
        buyer=NOBODY,
        lines=lines,
        due_on=document.due_on,
        language=document.language,
        rounding=rounding,
        custom_fields=document.custom_fields,
        allowances=document.allowances,
        charges=document.charges,
        buyer_reference=rest.buyer_reference or context.buyer_reference,
        prepaid=together,
    )
