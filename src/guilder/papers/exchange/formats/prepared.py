"""A paper in the form that EN 16931 writes: net prices, every amount said, every code given.

Nothing that is to be paid changes by it. Prices that contain tax become net prices; what follows
from other fields (a discount from two prices) is said; a code that the standard demands and the
paper leaves open gets the most general one.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from typing import cast

from guilder.kernel.document import (
    Allowance,
    Document,
    Kind,
    Line,
    PaymentMeans,
    Price,
    Tax,
    Totals,
)
from guilder.kernel.errors import Invalid, Problem
from guilder.kernel.money import WIDE, Money
from guilder.kernel.totals import calculate
from guilder.papers.exchange.formats.record import tax_key

PLACES = Decimal(1).scaleb(-10)  # of a net price that was typed with tax
TYPE_CODES = {  # UNTDID 1001
    Kind.INVOICE: "380",
    Kind.CREDIT_NOTE: "381",
    Kind.DEBIT_NOTE: "383",
    Kind.DEPOSIT: "386",
    Kind.PRO_FORMA: "325",
}
PIECE = "C62"  # UNECE Rec 20: one
DISCOUNT = "95"  # UNTDID 5189: discount
OTHER_CHARGE = "ZZZ"  # UNTDID 7161: mutually defined
# UNTDID 4461, for means that name none: SEPA is not assumed.
TRANSFER, CARD, DEBIT, UNDEFINED = "30", "54", "59", "1"
Reasons = dict[tuple[str, Decimal | None], tuple[str, str]]


class NotAnInvoice(Invalid):
    """A quote is no invoice, and no e-invoice format has a place for one."""

    code = "exchange.not_an_invoice"


class NoLines(Invalid):
    """A paper without lines cannot be written."""

    code = "exchange.no_lines"


def prepared(document: Document) -> Document:
    """`document`, complete and ready to be written.

    Raises NotAnInvoice, NoLines and totals.Incalculable.
    """
    if document.kind is Kind.QUOTE:
        raise NotAnInvoice("A quote has no e-invoice format. Make an invoice of it first.")
    if not document.lines:
        problem = Problem("/lines", "exchange.no_lines", "Enter at least one line.")
        raise NoLines(problems=[problem])
    complete = document if document.totals is not None else calculate(document)
    totals = cast("Totals", complete.totals)
    reasons: Reasons = {
        tax_key(row.category, row.rate): (row.exemption_reason, row.exemption_code)
        for row in complete.taxes
    }
    return replace(
        complete,
        type_code=complete.type_code or TYPE_CODES[complete.kind],
        lines=tuple(
            _line(line, str(index), reasons) for index, line in enumerate(complete.lines, 1)
        ),
        allowances=_levels(complete.allowances, DISCOUNT, reasons),
        charges=_levels(complete.charges, OTHER_CHARGE, reasons),
        payment=tuple(_means(means) for means in complete.payment),
        prepaid=totals.prepaid or None,
        rounding_amount=totals.rounding or None,
    )


def _line(line: Line, number: str, reasons: Reasons) -> Line:
    net = _with_net_price(line) if line.price.tax_inclusive else line
    return replace(
        net,
        id=line.id or number,
        unit=line.unit or PIECE,
        price=_price(net.price, line.unit or PIECE),
        tax=_tax(line.tax, reasons),
        allowances=_levels(net.allowances, DISCOUNT, reasons),
        charges=_levels(net.charges, OTHER_CHARGE, reasons),
    )


def _price(price: Price, unit: str) -> Price:
    """Discount and price before it explain each other: where one is missing it is said."""
    discount, gross = price.discount, price.gross
    if discount is not None and gross is None:
        gross = price.amount + discount
    if gross is not None and discount is None:
        discount = gross - price.amount
    base_unit = price.base_unit or unit if price.base_quantity is not None else ""
    return replace(price, discount=discount, gross=gross, base_unit=base_unit)


def _with_net_price(line: Line) -> Line:
    """The line with net price, allowances and charges that come to the net which it has."""
    share = 1 + (line.tax.rate or Decimal(0)) / 100
    less = tuple(_net_level(level, share) for level in line.allowances)
    more = tuple(_net_level(level, share) for level in line.charges)
    net = cast("Money", line.net)
    whole = net.minor + _sum(less) - _sum(more)
    base, quantity = line.price.base_quantity or Decimal(1), line.quantity
    if quantity:
        exact = WIDE.divide(Money(whole, net.currency).amount * base, quantity)
    else:
        exact = WIDE.divide(line.price.amount, share)
    price = Price(
        amount=_short(exact),
        discount=_net(line.price.discount, share),
        base_quantity=line.price.base_quantity,
        base_unit=line.price.base_unit,
    )
    return replace(line, price=price, allowances=less, charges=more)


def _net_level(level: Allowance, share: Decimal) -> Allowance:
    return replace(
        level,
        amount=None if level.amount is None else _net_money(level.amount, share),
        base=None if level.base is None else _net_money(level.base, share),
    )


def _net_money(money: Money, share: Decimal) -> Money:
    return Money.rounded(WIDE.divide(money.amount, share), money.currency)


def _net(value: Decimal | None, share: Decimal) -> Decimal | None:
    return None if value is None else _short(WIDE.divide(value, share))


def _short(value: Decimal) -> Decimal:
    return value.quantize(PLACES, ROUND_HALF_UP, WIDE).normalize(WIDE)


def _sum(levels: tuple[Allowance, ...]) -> int:
    return sum(level.amount.minor for level in levels if level.amount is not None)


def _levels(levels: tuple[Allowance, ...], code: str, reasons: Reasons) -> tuple[Allowance, ...]:
    """BR-33, BR-38, BR-41, BR-43: each says why, in words or by a code."""
    return tuple(
        replace(
            level,
            reason_code=level.reason_code or ("" if level.reason else code),
            tax=None if level.tax is None else _tax(level.tax, reasons),
        )
        for level in levels
    )


def _tax(tax: Tax, reasons: Reasons) -> Tax:
    """The breakdown says once for all lines of a category and rate why no tax is charged."""
    key = tax_key(tax.category, tax.rate)
    reason, code = reasons.get(key, ("", ""))
    return replace(tax, rate=key[1], exemption_reason=reason, exemption_code=code)


def _means(means: PaymentMeans) -> PaymentMeans:
    if means.code:
        return means
    code = TRANSFER if means.transfers else CARD if means.card else UNDEFINED
    return replace(means, code=DEBIT if means.direct_debit else code)
