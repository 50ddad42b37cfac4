"""The lines of a UBL paper (BG-25), and its allowances and charges (BG-20, BG-21, BG-27, BG-28)."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from guilder.kernel.document import Allowance, Identifier, Item, Line, Period, Price, Tax
from guilder.papers.exchange.formats.agreement import SLACK, check_level, check_price
from guilder.papers.exchange.formats.codes import Reasons, tax_of
from guilder.papers.exchange.formats.nodes import Node

ZERO = Decimal(0)
OBJECT = "130"  # UNTDID 1001: the invoiced object (BT-18, BT-128)
QUANTITIES = ("InvoicedQuantity", "CreditedQuantity")
SUB_LINES = ("SubInvoiceLine", "SubCreditNoteLine")


def line(node: Node, at: str, reasons: Reasons) -> tuple[Line, Decimal | None]:
    """One line, and its net as stated (BT-131)."""
    sheet = node.sheet
    quantity_node = _quantity(node)
    quantity = quantity_node.decimal(f"{at}/quantity")
    if quantity is None:
        sheet.fault(f"{at}/quantity", "exchange.missing", "Give the quantity of this line.")
    item = node.first("Item")
    category = item.first("ClassifiedTaxCategory")
    allowances, charges = levels(node, at, reasons, taxed=False)
    found = Line(
        id=node.text("ID"),
        item=_item(item),
        quantity=quantity or ZERO,
        unit=quantity_node.attribute("unitCode"),
        price=price(node.first("Price"), at),
        tax=_tax(category, f"{at}/tax", reasons),
        note="\n".join([*node.texts("Note"), *_sub_lines(node, at)]),
        object=_object(node),
        order_line=node.text("OrderLineReference", "LineID"),
        buyer_accounting_reference=node.text("AccountingCost"),
        period=period(node.first("InvoicePeriod"), f"{at}/period"),
        allowances=allowances,
        charges=charges,
    )
    return found, node.amount(f"{at}/net", "LineExtensionAmount")


def price(node: Node, at: str) -> Price:
    """BG-29. The price counts; discount and price before it must agree with it."""
    sheet = node.sheet
    amount = node.amount(f"{at}/price/amount", "PriceAmount")
    if amount is None:
        sheet.fault(f"{at}/price/amount", "exchange.missing", "Give the price of this line.")
    base = node.first("BaseQuantity")
    reduction = node.first("AllowanceCharge")
    if reduction and reduction.flag(f"{at}/price/discount", "ChargeIndicator", needed=False):
        detail = "A surcharge on a price is not read; the price itself contains it."
        sheet.remark(f"{at}/price", "exchange.not_kept", detail)
        reduction = Node(None, sheet)
    found = Price(
        amount=amount or ZERO,
        discount=reduction.amount(f"{at}/price/discount", "Amount"),
        gross=reduction.amount(f"{at}/price/gross", "BaseAmount"),
        base_quantity=base.decimal(f"{at}/price/base_quantity"),
        base_unit=base.attribute("unitCode"),
    )
    check_price(found, sheet, at)
    return found


def levels(
    node: Node, at: str, reasons: Reasons, *, taxed: bool
) -> tuple[tuple[Allowance, ...], tuple[Allowance, ...]]:
    """The allowances and the charges of a line, or (`taxed`) of the document."""
    found: dict[str, list[Allowance]] = {"allowances": [], "charges": []}
    for entry in node.all("AllowanceCharge"):
        charge = entry.flag(at, "ChargeIndicator")
        kind = found["charges" if charge else "allowances"]
        here = f"{at}/{'charges' if charge else 'allowances'}/{len(kind)}"
        level = Allowance(
            amount=entry.money(f"{here}/amount", "Amount"),
            base=entry.money(f"{here}/base", "BaseAmount"),
            percent=entry.decimal(f"{here}/percent", "MultiplierFactorNumeric"),
            reason="\n".join(entry.texts("AllowanceChargeReason")),
            reason_code=entry.text("AllowanceChargeReasonCode"),
            tax=_tax(entry.first("TaxCategory"), f"{here}/tax", reasons) if taxed else None,
        )
        check_level(level, node.sheet, here)
        kind.append(level)
    return tuple(found["allowances"]), tuple(found["charges"])


def period(node: Node, at: str) -> Period | None:
    """BG-14, BG-26."""
    found = Period(
        start_on=node.day(f"{at}/start_on", "StartDate"),
        end_on=node.day(f"{at}/end_on", "EndDate"),
    )
    return found if found != Period() else None


def _item(node: Node) -> Item:
    codes = [entry.first("ItemClassificationCode") for entry in node.all("CommodityClassification")]
    return Item(
        name=node.text("Name"),
        description="\n".join(node.texts("Description")),
        seller_id=node.text("SellersItemIdentification", "ID"),
        buyer_id=node.text("BuyersItemIdentification", "ID"),
        standard_id=node.identifier("StandardItemIdentification", "ID"),
        classifications=tuple(
            Identifier(code.text(), code.attribute("listID"), code.attribute("listVersionID"))
            for code in codes
            if code.text()
        ),
        origin_country=node.text("OriginCountry", "IdentificationCode"),
        attributes=tuple(
            (entry.text("Name"), entry.text("Value"))
            for entry in node.all("AdditionalItemProperty")
        ),
    )


def _tax(node: Node, at: str, reasons: Reasons) -> Tax:
    node.skip("TaxScheme", "ID")
    category = node.text("ID")
    if not category:
        node.sheet.fault(f"{at}/category", "exchange.missing", "Give the VAT category of this.")
    own = ("\n".join(node.texts("TaxExemptionReason")), node.text("TaxExemptionReasonCode"))
    category = node.sheet.categories.get(category, category)
    return tax_of(category, node.decimal(f"{at}/rate", "Percent"), reasons, own)


def _object(node: Node) -> Identifier | None:
    for entry in node.all("DocumentReference"):
        if entry.text("DocumentTypeCode") in {"", OBJECT}:
            return entry.identifier("ID")
    return None


def _quantity(node: Node) -> Node:
    return node.first(QUANTITIES[0]) or node.first(QUANTITIES[1])


def _sub_lines(node: Node, at: str) -> Iterator[str]:
    """Sub-lines (XRechnung extension, BG-DEX-01) as text: they explain the line and add nothing."""
    for entry in [*node.all(SUB_LINES[0]), *node.all(SUB_LINES[1])]:
        item = entry.first("Item")
        name = ": ".join(filter(None, [item.text("Name"), *item.texts("Description")]))
        parts = [f"{entry.text('ID')} {name}".strip()]
        quantity = _quantity(entry)
        amount = entry.decimal(at, "Price", "PriceAmount")
        net = entry.decimal(at, "LineExtensionAmount")
        _skip_sub_line(entry)
        if quantity.text() and amount is not None:
            parts.append(f"{quantity.text()} {quantity.attribute('unitCode')} × {amount}")
        if net is not None:
            parts.append(f"= {net}")
        _check_sub_line(entry, quantity.decimal(at), amount, net, at)
        yield " ".join(parts)
        yield from _sub_lines(entry, at)


def _skip_sub_line(node: Node) -> None:
    # The line above says category and rate once for all that is under it.
    category = node.first("Item", "ClassifiedTaxCategory")
    category.skip("ID")
    category.skip("Percent")
    category.skip("TaxScheme", "ID")


def _check_sub_line(
    node: Node, quantity: Decimal | None, amount: Decimal | None, net: Decimal | None, at: str
) -> None:
    if quantity is None or amount is None or net is None or node.first("AllowanceCharge"):
        return
    base = node.decimal(at, "Price", "BaseQuantity") or Decimal(1)
    if abs(quantity * amount / base - net) > SLACK:
        detail = (
            f"The sub-line {node.text('ID')} says {net}, but {quantity} × {amount} is not that."
        )
        node.sheet.remark(at, "exchange.sub_line", detail)
