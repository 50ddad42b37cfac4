"""Do the parts of a price, an allowance or a charge agree with each other?

EN 16931 counts with the price (BT-146) and the amounts alone; the rest explains them. Where the
explanation says something else, that is a remark: the figures of the paper may still be right.
"""

from __future__ import annotations

from decimal import Decimal

from guilder.kernel.document import Allowance, Price
from guilder.papers.exchange.formats.nodes import Sheet

# Peppol BIS Billing 3.0, PEPPOL-EN16931-R040: amount and base × percent may differ by this much.
SLACK = Decimal("0.02")


def check_level(level: Allowance, sheet: Sheet, at: str) -> None:
    """Every allowance and charge has an amount; base × percent should not say something else."""
    if level.amount is None:
        sheet.fault(f"{at}/amount", "exchange.missing", "Give the amount of this.")
        return
    if level.base is None or level.percent is None:
        return
    implied = level.base.amount * level.percent / 100
    if abs(implied - level.amount.amount) > SLACK:
        detail = (
            f"{level.percent} % of {level.base} is {implied:.2f}, but the amount is"
            f" {level.amount}. The amount counts."
        )
        sheet.remark(f"{at}/amount", "exchange.percent", detail)


def check_price(price: Price, sheet: Sheet, at: str) -> None:
    """Price before discount less the discount should be the price (BT-148 − BT-147 = BT-146)."""
    if price.gross is None or price.discount is None:
        return
    if price.gross - price.discount != price.amount:
        detail = (
            f"The price {price.amount} is not {price.gross} less the discount of {price.discount}."
            " The price counts."
        )
        sheet.remark(f"{at}/price/amount", "exchange.price", detail)
