"""The lines of a CII paper (BG-25), and its allowances and charges (BG-20, BG-21, BG-27, BG-28)."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import replace as copy_with
from decimal import Decimal

from guilder.kernel.document import Allowance, Identifier, Item, Line, Period, Price, Tax
from guilder.papers.exchange.formats.agreement import SLACK, check_level, check_price
from guilder.papers.exchange.formats.codes import Reasons, tax_of
from guilder.papers.exchange.formats.nodes import Node

ZERO = Decimal(0)
OBJECT = "130"  # UNTDID 1001: the invoiced object (BT-18, BT-128)
# Factur-X 1.0 EXTENDED, BT-X-8: a group sums up the lines under it, information adds nothing.
UNSUMMED = frozenset(("GROUP", "INFORMATION"))
Levels = tuple[tuple[Allowance, ...], tuple[Allowance, ...]]


@dataclass(frozen=True, slots=True)
class ReadLine:
    """A line as it stands in the file: some only sum up or explain others."""

    line: Line
    net: Decimal | None
    parent: str
    status: str


def lines(nodes: list[Node], reasons: Reasons) -> list[tuple[Line, Decimal | None]]:
    """The lines that count, each with its stated net (BT-131).

    Groups and information (Factur-X EXTENDED) do not count: their text goes to the note of the
    line above them, or of the lines below, and their own arithmetic is checked here.
    """
    found: list[ReadLine] = []
    kept = 0
    for node in nodes:
        entry = _line(node, f"/lines/{kept}", reasons)
        found.append(entry)
        if entry.status in UNSUMMED:
            _check_unsummed(node, entry)
        else:
            kept += 1
    notes = _notes_of_others(found)
    return [
        (copy_with(e.line, note="\n".join(filter(None, [e.line.note, *notes.get(i, ())]))), e.net)
        for i, e in enumerate(found)
        if e.status not in UNSUMMED
    ]


def levels(nodes: list[Node], at: str, reasons: Reasons, *, taxed: bool) -> Levels:
    """The allowances and the charges of a line, or (`taxed`) of the document."""
    allowances: list[Allowance] = []
    charges: list[Allowance] = []
    for node in nodes:
        charge = node.flag(at, "ChargeIndicator", "Indicator")
        kind = charges if charge else allowances
        here = f"{at}/{'charges' if charge else 'allowances'}/{len(kind)}"
        level = Allowance(
            amount=node.money(f"{here}/amount", "ActualAmount"),
            base=node.money(f"{here}/base", "BasisAmount"),
            percent=node.decimal(f"{here}/percent", "CalculationPercent"),
            reason=node.text("Reason"),
            reason_code=node.text("ReasonCode"),
            tax=tax(node.first("CategoryTradeTax"), f"{here}/tax", reasons) if taxed else None,
        )
        check_level(level, node.sheet, here)
        kind.append(level)
    return tuple(allowances), tuple(charges)


def tax(node: Node, at: str, reasons: Reasons) -> Tax:
    """BG-30, and the tax of an allowance or charge of the document."""
    node.skip("TypeCode")
    category = node.text("CategoryCode")
    if not category:
        node.sheet.fault(f"{at}/category", "exchange.missing", "Give the VAT category of this.")
    own = (node.text("ExemptionReason"), node.text("ExemptionReasonCode"))
    return tax_of(category, node.decimal(f"{at}/rate", "RateApplicablePercent"), reasons, own)


def period(node: Node, at: str) -> Period | None:
    """BG-14, BG-26."""
    found = Period(
        start_on=node.day(f"{at}/start_on", "StartDateTime", "DateTimeString"),
        end_on=node.day(f"{at}/end_on", "EndDateTime", "DateTimeString"),
    )
    return found if found != Period() else None


def _line(node: Node, at: str, reasons: Reasons) -> ReadLine:
    head = node.first("AssociatedDocumentLineDocument")
    agreement = node.first("SpecifiedLineTradeAgreement")
    settlement = node.first("SpecifiedLineTradeSettlement")
    billed = node.first("SpecifiedLineTradeDelivery", "BilledQuantity")
    status = head.text("LineStatusReasonCode")
    quantity = billed.decimal(f"{at}/quantity")
    if quantity is None and status not in UNSUMMED:
        detail = "Give the quantity of this line."
        node.sheet.fault(f"{at}/quantity", "exchange.missing", detail)
    entries = settlement.all("SpecifiedTradeAllowanceCharge")
    allowances, charges = levels(entries, at, reasons, taxed=False)
    line = Line(
        id=head.text("LineID"),
        item=_item(node.first("SpecifiedTradeProduct")),
        quantity=quantity or ZERO,
        unit=billed.attribute("unitCode"),
        price=_price(agreement, at, needed=status not in UNSUMMED),
        tax=_line_tax(settlement.first("ApplicableTradeTax"), at, reasons, status),
        note="\n".join(head.texts("IncludedNote", "Content")),
        object=_object(settlement),
        order_line=agreement.text("BuyerOrderReferencedDocument", "LineID"),
        buyer_accounting_reference=settlement.text(
            "ReceivableSpecifiedTradeAccountingAccount", "ID"
        ),
        period=period(settlement.first("BillingSpecifiedPeriod"), f"{at}/period"),
        allowances=allowances,
        charges=charges,
    )
    sums = settlement.first("SpecifiedTradeSettlementLineMonetarySummation")
    sums.skip("TotalAllowanceChargeAmount")
    net = sums.amount(f"{at}/net", "LineTotalAmount")
    return ReadLine(line, net, head.text("ParentLineID"), status)


def _line_tax(node: Node, at: str, reasons: Reasons, status: str) -> Tax:
    if not node and status in UNSUMMED:
        return Tax(category="")
    return tax(node, f"{at}/tax", reasons)


def _price(node: Node, at: str, *, needed: bool) -> Price:
    """BG-29. The net price counts; discount and price before it must agree with it."""
    net = node.first("NetPriceProductTradePrice")
    gross = node.first("GrossPriceProductTradePrice")
    amount = net.amount(f"{at}/price/amount", "ChargeAmount")
    if amount is None and needed:
        detail = "Give the net price of this line."
        node.sheet.fault(f"{at}/price/amount", "exchange.missing", detail)
    base = net.first("BasisQuantity") or gross.first("BasisQuantity")
    gross.skip("BasisQuantity")
    found = Price(
        amount=amount or ZERO,
        discount=_discount(gross, at),
        gross=gross.amount(f"{at}/price/gross", "ChargeAmount"),
        base_quantity=base.decimal(f"{at}/price/base_quantity"),
        base_unit=base.attribute("unitCode"),
    )
    check_price(found, node.sheet, at)
    return found


def _discount(gross: Node, at: str) -> Decimal | None:
    """What all reductions less all surcharges take from the price before them (BT-147)."""
    found: Decimal | None = None
    for entry in gross.all("AppliedTradeAllowanceCharge"):
        amount = entry.amount(f"{at}/price/discount", "ActualAmount")
        charge = entry.flag(f"{at}/price/discount", "ChargeIndicator", "Indicator", needed=False)
        if amount is not None:
            found = (found or ZERO) + (-amount if charge else amount)
    return found


def _item(node: Node) -> Item:
    codes = node.all("DesignatedProductClassification", "ClassCode")
    return Item(
        name=node.text("Name"),
        description=node.text("Description"),
        seller_id=node.text("SellerAssignedID"),
        buyer_id=node.text("BuyerAssignedID"),
        standard_id=node.identifier("GlobalID"),
        classifications=tuple(
            Identifier(code.text(), code.attribute("listID"), code.attribute("listVersionID"))
            for code in codes
            if code.text()
        ),
        origin_country=node.text("OriginTradeCountry", "ID"),
        attributes=tuple(
            (entry.text("Description"), entry.text("Value"))
            for entry in node.all("ApplicableProductCharacteristic")
        ),
    )


def _object(node: Node) -> Identifier | None:
    for entry in node.all("AdditionalReferencedDocument"):
        if entry.text("TypeCode") == OBJECT:
            value = entry.text("IssuerAssignedID")
            return Identifier(value, entry.text("ReferenceTypeCode"))
    return None


def _check_unsummed(node: Node, entry: ReadLine) -> None:
    line = entry.line
    if entry.net is None or node.first("SpecifiedLineTradeSettlement").first(
        "SpecifiedTradeAllowanceCharge"
    ):
        return
    ours = line.quantity * line.price.amount / (line.price.base_quantity or Decimal(1))
    if abs(ours - entry.net) > SLACK:
        detail = f"Line {line.id} says {entry.net}, but its quantity and price give {ours:.2f}."
        node.sheet.fault("/lines", "exchange.sub_line", detail)


def _notes_of_others(found: list[ReadLine]) -> dict[int, list[str]]:
    """Text for the notes of lines that count, by their place, from those that do not."""
    place = {e.line.id: i for i, e in enumerate(found)}
    notes: dict[int, list[str]] = {}
    for index, entry in enumerate(found):
        above = place.get(entry.parent)
        parent = found[above] if above is not None else None
        if entry.status == "INFORMATION" and above is not None:
            notes.setdefault(above, []).append(_told(entry))
        if entry.status not in UNSUMMED and parent is not None and parent.status in UNSUMMED:
            notes.setdefault(index, []).insert(0, _told(parent))
    return notes


def _told(entry: ReadLine) -> str:
    line = entry.line
    texts = (f"{line.id} {line.item.name}".strip(), line.item.description, line.note)
    return ": ".join(filter(None, texts))
