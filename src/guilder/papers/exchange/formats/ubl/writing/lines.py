"""The lines of a UBL paper (BG-25), and its allowances and charges (BG-20, BG-21, BG-27, BG-28)."""

from __future__ import annotations

from guilder.kernel.document import Allowance, Document, Item, Line, Price, Tax
from guilder.papers.exchange.formats.pen import Pen, amount_text, day_text, number_text
from guilder.papers.exchange.formats.ubl.writing.parties import Scheme

OBJECT = "130"  # UNTDID 1001


def write(pen: Pen, document: Document, scheme: Scheme, *, credit: bool) -> None:
    """Every line of the paper."""
    for line in document.lines:
        _line(pen, line, document.currency, scheme, credit=credit)


def levels(pen: Pen, holder: Document | Line, scheme: Scheme) -> None:
    """Allowances, then charges, of a document or a line."""
    for charge, several in (("false", holder.allowances), ("true", holder.charges)):
        for level in several:
            _level(pen, level, charge, scheme)


def _level(pen: Pen, level: Allowance, charge: str, scheme: Scheme) -> None:
    with pen.within("cac:AllowanceCharge"):
        pen.put("cbc:ChargeIndicator", charge)
        pen.put("cbc:AllowanceChargeReasonCode", level.reason_code)
        pen.put("cbc:AllowanceChargeReason", level.reason)
        pen.put("cbc:MultiplierFactorNumeric", number_text(level.percent))
        for name, money in (("Amount", level.amount), ("BaseAmount", level.base)):
            if money is not None:
                pen.put(f"cbc:{name}", amount_text(money), currencyID=money.currency)
        if level.tax is not None:
            _tax(pen, "cac:TaxCategory", level.tax, scheme)


def _line(pen: Pen, line: Line, currency: str, scheme: Scheme, *, credit: bool) -> None:
    quantity = "cbc:CreditedQuantity" if credit else "cbc:InvoicedQuantity"
    with pen.within("cac:CreditNoteLine" if credit else "cac:InvoiceLine"):
        pen.put("cbc:ID", line.id)
        pen.put("cbc:Note", line.note)
        pen.put(quantity, number_text(line.quantity), unitCode=line.unit)
        if line.net is not None:
            pen.put("cbc:LineExtensionAmount", amount_text(line.net), currencyID=currency)
        pen.put("cbc:AccountingCost", line.buyer_accounting_reference)
        if line.period is not None:
            with pen.within("cac:InvoicePeriod"):
                pen.put("cbc:StartDate", day_text(line.period.start_on))
                pen.put("cbc:EndDate", day_text(line.period.end_on))
        with pen.within("cac:OrderLineReference"):
            pen.put("cbc:LineID", line.order_line)
        if line.object is not None:
            with pen.within("cac:DocumentReference"):
                pen.put("cbc:ID", line.object.value, schemeID=line.object.scheme)
                pen.put("cbc:DocumentTypeCode", OBJECT)
        levels(pen, line, scheme)
        _item(pen, line.item, line.tax, scheme)
        _price(pen, line.price, currency)


def _item(pen: Pen, item: Item, tax: Tax, scheme: Scheme) -> None:
    with pen.within("cac:Item"):
        pen.put("cbc:Description", item.description)
        pen.put("cbc:Name", item.name)
        with pen.within("cac:BuyersItemIdentification"):
            pen.put("cbc:ID", item.buyer_id)
        with pen.within("cac:SellersItemIdentification"):
            pen.put("cbc:ID", item.seller_id)
        if item.standard_id is not None:
            with pen.within("cac:StandardItemIdentification"):
                pen.put("cbc:ID", item.standard_id.value, schemeID=item.standard_id.scheme)
        with pen.within("cac:OriginCountry"):
            pen.put("cbc:IdentificationCode", item.origin_country)
        for code in item.classifications:
            with pen.within("cac:CommodityClassification"):
                pen.put(
                    "cbc:ItemClassificationCode",
                    code.value,
                    listID=code.scheme,
                    listVersionID=code.version,
                )
        _tax(pen, "cac:ClassifiedTaxCategory", tax, scheme)
        for name, value in item.attributes:
            with pen.within("cac:AdditionalItemProperty"):
                pen.put("cbc:Name", name)
                pen.put("cbc:Value", value)


def _tax(pen: Pen, name: str, tax: Tax, scheme: Scheme) -> None:
    with pen.within(name):
        pen.put("cbc:ID", scheme.category(tax.category))
        pen.put("cbc:Percent", number_text(tax.rate))
        scheme.put(pen)


def _price(pen: Pen, price: Price, currency: str) -> None:
    with pen.within("cac:Price"):
        pen.put("cbc:PriceAmount", number_text(price.amount), currencyID=currency)
        pen.put("cbc:BaseQuantity", number_text(price.base_quantity), unitCode=price.base_unit)
        if price.discount is not None:
            with pen.within("cac:AllowanceCharge"):
                pen.put("cbc:ChargeIndicator", "false")
                pen.put("cbc:Amount", number_text(price.discount), currencyID=currency)
                pen.put("cbc:BaseAmount", number_text(price.gross), currencyID=currency)
