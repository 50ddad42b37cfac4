"""The exchange rate between the document's currency and that of its tax (BT-6, BT-111)."""

from __future__ import annotations

from decimal import Decimal

from guilder.kernel.currencies import is_currency, minor_digits
from guilder.kernel.money import WIDE
from guilder.papers.exchange.formats.nodes import Sheet
from guilder.papers.exchange.formats.record import StatedTotals


def tax_currency_rate(
    stated: StatedTotals, tax_currency: str, named: Decimal | None, sheet: Sheet
) -> Decimal | None:
    """What 1 unit of the document's currency is in `tax_currency`; None where nothing says it.

    The rate that the file names wins. EN 16931 names none, so that it is then the shortest rate
    which turns the stated tax (BT-110) into the stated tax in that currency (BT-111).
    """
    if tax_currency in ("", sheet.currency):
        return None
    if not is_currency(tax_currency):
        detail = f"{tax_currency[:12]} is no currency. Correct the VAT accounting currency (BT-6)."
        sheet.fault("/tax_currency", "exchange.currency", detail)
        return None
    if named is not None and named > 0:
        return named
    tax, there = stated.tax, stated.tax_in_tax_currency
    if not tax or not there or (tax < 0) != (there < 0):
        return None
    exact, unit = WIDE.divide(there, tax), Decimal(1).scaleb(-minor_digits(tax_currency))
    for places in range(2, 13):
        rate = exact.quantize(Decimal(1).scaleb(-places), context=WIDE)
        if rate > 0 and WIDE.multiply(tax, rate).quantize(unit, context=WIDE) == there:
            return rate
    return None
