"""The lines of a CII paper (BG-25), and its allowances and charges (BG-20, BG-21, BG-27, BG-28)."""

from __future__ import annotations

from guilder.kernel.document import Allowance, Document, Item, Line, Price, Tax
from guilder.papers.exchange.formats.cii.writing.days import put_period
from guilder.papers.exchange.formats.pen import Pen, amount_text, number_text

OBJECT = "130"  # UNTDID 1001


def write(pen: Pen, document: Document) -> None:
    """Every line of the paper."""
    for line in document.lines:
        with pen.within("ram:IncludedSupplyChainTradeLineItem"):
            _line(pen, line)


def levels(pen: Pen, holder: Document | Line) -> None:
    """Allowances, then charges, of a document or a line."""
    for charge, several in (("false", holder.allowances), ("true", holder.charges)):
        for level in several:
            _level(pen, level, charge)


def tax(pen: Pen, name: str, tax: Tax) -> None:
    """Category and rate."""
    with pen.within(name):
        pen.put("ram:TypeCode", "VAT")
        pen.put("ram:CategoryCode", tax.category)
        pen.put("ram:RateApplicablePercent", number_text(tax.rate))


def _level(pen: Pen, level: Allowance, charge: str) -> None:
    with pen.within("ram:SpecifiedTradeAllowanceCharge"):
        with pen.within("ram:ChargeIndicator"):
            pen.put("udt:Indicator", charge)
        pen.put("ram:CalculationPercent", number_text(level.percent))
        for name, money in (("BasisAmount", level.base), ("ActualAmount", level.amount)):
            if money is not None:
                pen.put(f"ram:{name}", amount_text(money))
        pen.put("ram:ReasonCode", level.reason_code)
        pen.put("ram:Reason", level.reason)
        if level.tax is not None:
            tax(pen, "ram:CategoryTradeTax", level.tax)


def _line(pen: Pen, line: Line) -> None:
    with pen.within("ram:AssociatedDocumentLineDocument"):
        pen.put("ram:LineID", line.id)
        with pen.within("ram:IncludedNote"):
            pen.put("ram:Content", line.note)
    _item(pen, line.item)
    with pen.within("ram:SpecifiedLineTradeAgreement"):
        with pen.within("ram:BuyerOrderReferencedDocument"):
            pen.put("ram:LineID", line.order_line)
        _price(pen, line.price)
    with pen.within("ram:SpecifiedLineTradeDelivery"):
        pen.put("ram:BilledQuantity", number_text(line.quantity), unitCode=line.unit)
    with pen.within("ram:SpecifiedLineTradeSettlement"):
        tax(pen, "ram:ApplicableTradeTax", line.tax)
        put_period(pen, line.period)
        levels(pen, line)
        with pen.within("ram:SpecifiedTradeSettlementLineMonetarySummation"):
            if line.net is not None:
                pen.put("ram:LineTotalAmount", amount_text(line.net))
        if line.object is not None:
            with pen.within("ram:AdditionalReferencedDocument"):
                pen.put("ram:IssuerAssignedID", line.object.value)
                pen.put("ram:TypeCode", OBJECT)
                pen.put("ram:ReferenceTypeCode", line.object.scheme)
        with pen.within("ram:ReceivableSpecifiedTradeAccountingAccount"):
            pen.put("ram:ID", line.buyer_accounting_reference)


def _item(pen: Pen, item: Item) -> None:
    with pen.within("ram:SpecifiedTradeProduct"):
        if item.standard_id is not None:
            pen.put("ram:GlobalID", item.standard_id.value, schemeID=item.standard_id.scheme)
        pen.put("ram:SellerAssignedID", item.seller_id)
        pen.put("ram:BuyerAssignedID", item.buyer_id)
        pen.put("ram:Name", item.name)
        pen.put("ram:Description", item.description)
        for name, value in item.attributes:
            with pen.within("ram:ApplicableProductCharacteristic"):
                pen.put("ram:Description", name)
                pen.put("ram:Value", value)
        for code in item.classifications:
            with pen.within("ram:DesignatedProductClassification"):
                pen.put("ram:ClassCode", code.value, listID=code.scheme, listVersionID=code.version)
        with pen.within("ram:OriginTradeCountry"):
            pen.put("ram:ID", item.origin_country)


def _price(pen: Pen, price: Price) -> None:
    if price.gross is not None:
        with pen.within("ram:GrossPriceProductTradePrice"):
            pen.put("ram:ChargeAmount", number_text(price.gross))
            _base(pen, price)
            if price.discount is not None:
                with pen.within("ram:AppliedTradeAllowanceCharge"):
                    with pen.within("ram:ChargeIndicator"):
                        pen.put("udt:Indicator", "false")
                    pen.put("ram:ActualAmount", number_text(price.discount))
    with pen.within("ram:NetPriceProductTradePrice"):
        pen.put("ram:ChargeAmount", number_text(price.amount))
        _base(pen, price)


def _base(pen: Pen, price: Price) -> None:
    pen.put("ram:BasisQuantity", number_text(price.base_quantity), unitCode=price.base_unit)
