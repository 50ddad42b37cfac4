"""The sums of a CII paper as it states them, and the allowances and charges of the whole paper."""

from __future__ import annotations

from decimal import Decimal

from guilder.kernel.document import Allowance
from guilder.papers.exchange.formats.cii.lines import Levels, levels, tax
from guilder.papers.exchange.formats.codes import Reasons
from guilder.papers.exchange.formats.nodes import Node
from guilder.papers.exchange.formats.rates import tax_currency_rate
from guilder.papers.exchange.formats.record import StatedTax, StatedTotals

TOTAL_ELEMENTS = {
    "line_net": "LineTotalAmount",
    "allowances": "AllowanceTotalAmount",
    "charges": "ChargeTotalAmount",
    "net": "TaxBasisTotalAmount",
    "gross": "GrandTotalAmount",
    "prepaid": "TotalPrepaidAmount",
    "rounding": "RoundingAmount",
    "due": "DuePayableAmount",
}


def levels_of(settlement: Node, reasons: Reasons) -> Levels:
    """BG-20 and BG-21."""
    entries = settlement.all("SpecifiedTradeAllowanceCharge")
    allowances, charges = levels(entries, "", reasons, taxed=True)
    logistics: list[Allowance] = []
    # Factur-X EXTENDED, BG-X-42: freight and the like, a charge by another name.
    for entry in settlement.all("SpecifiedLogisticsServiceCharge"):
        at = f"/charges/{len(charges) + len(logistics)}"
        charge = Allowance(
            amount=entry.money(f"{at}/amount", "AppliedAmount"),
            reason="\n".join(entry.texts("Description")),
            tax=tax(entry.first("AppliedTradeTax"), f"{at}/tax", reasons),
        )
        logistics.append(charge)
    return allowances, (*charges, *logistics)


def stated(settlement: Node) -> tuple[StatedTotals, tuple[StatedTax, ...]]:
    """BG-22 and BG-23 as stated."""
    total = settlement.first("SpecifiedTradeSettlementHeaderMonetarySummation")
    own, other = _tax_totals(settlement, total)
    amounts = {
        name: total.amount(f"/totals/{name}", element) for name, element in TOTAL_ELEMENTS.items()
    }
    totals = StatedTotals(
        **amounts,
        tax=own.amount("/totals/tax"),
        tax_in_tax_currency=other.decimal("/totals/tax_in_tax_currency"),
    )
    rows = enumerate(settlement.all("ApplicableTradeTax"))
    return totals, tuple(_tax_row(entry, f"/taxes/{index}") for index, entry in rows)


def _tax_totals(settlement: Node, total: Node) -> tuple[Node, Node]:
    """The tax in the document's currency, and the one in the tax currency (BT-111)."""
    tax_currency = settlement.text("TaxCurrencyCode")
    own = other = Node(None, settlement.sheet)
    for entry in total.all("TaxTotalAmount"):
        currency = entry.attribute("currencyID")
        if currency == tax_currency and currency not in ("", settlement.sheet.currency):
            other = other or entry
        else:
            own = own or entry
    return own, other


def _tax_row(node: Node, at: str) -> StatedTax:
    for repeated in ("TypeCode", "LineTotalBasisAmount", "AllowanceChargeBasisAmount"):
        node.skip(repeated)
    return StatedTax(
        category=node.text("CategoryCode"),
        rate=node.decimal(f"{at}/rate", "RateApplicablePercent"),
        taxable=node.amount(f"{at}/taxable", "BasisAmount"),
        tax=node.amount(f"{at}/tax", "CalculatedAmount"),
        exemption_reason=node.text("ExemptionReason"),
        exemption_code=node.text("ExemptionReasonCode"),
    )


def rate(settlement: Node, totals: StatedTotals) -> Decimal | None:
    """What 1 unit of the document's currency is in the tax currency."""
    exchange = settlement.first("TaxApplicableTradeCurrencyExchange")
    named = exchange.decimal("/tax_rate_to_tax_currency", "ConversionRate")
    exchange.skip("SourceCurrencyCode")
    exchange.skip("TargetCurrencyCode")
    tax_currency = settlement.text("TaxCurrencyCode")
    return tax_currency_rate(totals, tax_currency, named, settlement.sheet)
