"""The kernel's lines, allowances and charges of judged values, each with its tax."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from guilder.books.invoicing.reading import LevelInput, LineInput
from guilder.kernel import canonical
from guilder.kernel.document import Allowance, Item, Line, Price, Tax
from guilder.kernel.errors import GuilderError, Problem
from guilder.registers.catalogue.queries import ItemForLine
from guilder.registers.parties.queries import InvoicingContext
from guilder.registers.tax import queries as tax

PIECE = "C62"


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
