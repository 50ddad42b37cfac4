"""From lines, allowances and charges to nets, tax breakdown and totals (BR-CO-10 to BR-CO-18).

All sums are whole minor units; Decimal appears only where a price, quantity or rate comes in.
Every rounding is half away from zero.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from typing import cast

from guilder.kernel.currencies import minor_digits
from guilder.kernel.document import (
    Allowance,
    Document,
    EarlyDiscount,
    Line,
    Rounding,
    Tax,
    TaxBreakdown,
    Totals,
    Withholding,
)
from guilder.kernel.money import ONE, WIDE, Money
from guilder.kernel.totals.parts import (
    Group,
    Groups,
    Key,
    changed,
    check_currencies,
    fault,
    money,
    percent_of,
    quotient,
    too_large,
)

Levels = tuple[Allowance, ...]


def calculate(document: Document) -> Document:
    """`document` with line nets, percentages turned into amounts, taxes and totals filled.

    What stands in net, taxes and totals is ignored. An allowance or charge of the document without
    a tax of its own is split over the lines' tax groups by their net. With prices that include
    tax, the net is taken out once per group and the cent left over goes to BT-114.
    Raises Incalculable: base quantity 0, neither amount nor percent, an amount in another
    currency, a negative rate, an amount beyond 64 bits.
    """
    check_currencies(document)
    groups = Groups()
    lines, nets = _lines(document, groups)
    bases = {key: group.taxable for key, group in groups.items()}
    allowances = _of_document(document, "allowances", groups, bases)
    charges = _of_document(document, "charges", groups, bases)
    less, more = _sum(allowances), _sum(charges)
    line_net = sum(nets)
    by_line = document.rounding is Rounding.LINE
    taxes = tuple(_row(key, group, document.currency, by_line) for key, group in groups.items())
    typed = 0 if by_line else sum(_typed_excess(group) for group in groups.values())
    withholdings = _withholdings(document, line_net - less + more)
    totals = _totals(document, (line_net, less, more), taxes, typed, withholdings)
    return changed(
        document,
        lines=lines,
        allowances=allowances,
        charges=charges,
        withholdings=withholdings,
        taxes=taxes,
        totals=totals,
    )


def early_discount(total: Money, discount: EarlyDiscount) -> Money:
    """What may be kept back of `total` (with tax) when it is paid within the discount's days."""
    return Money(percent_of(total.minor, discount.percent), total.currency)


# Lines


def _lines(document: Document, groups: Groups) -> tuple[tuple[Line, ...], list[int]]:
    by_line, currency = document.rounding is Rounding.LINE, document.currency
    digits = minor_digits(currency)
    nets: list[int] = []
    levels: list[tuple[Levels, Levels]] = []
    for index, line in enumerate(document.lines):
        amount, filled = _line_amount(line, index, currency, digits)
        levels.append(filled)
        group = groups.of(line.tax, "/lines", index)
        if not line.price.tax_inclusive:
            group.add(amount)
            if by_line:
                group.by_line += group.tax_on(amount)
        elif by_line:
            net = quotient(amount * group.under, group.under + group.top)
            group.taxable += net
            group.by_line += amount - net
            amount = net
        else:
            group.inclusive.append((index, amount))
        nets.append(amount)
    for group in groups.values():
        if group.inclusive:
            _take_tax_out(group, nets)
    done = tuple(
        changed(line, net=money(net, currency), allowances=less, charges=more)
        for line, net, (less, more) in zip(document.lines, nets, levels, strict=True)
    )
    return done, nets


def _line_amount(
    line: Line, index: int, currency: str, digits: int
) -> tuple[int, tuple[Levels, Levels]]:
    """BT-131, with tax where the price has it: quantity × price ÷ base − less + more."""
    exact = WIDE.multiply(line.quantity, line.price.amount)
    base_quantity = line.price.base_quantity
    if base_quantity is not None:
        if not base_quantity:
            raise fault(
                f"/lines/{index}/price/base_quantity",
                "price.base_quantity",
                "The base quantity of the price is 0. Give the quantity that the price is for.",
            )
        exact = WIDE.divide(exact, base_quantity)
    exact = exact.scaleb(digits, WIDE)
    if exact.adjusted() > 18:
        raise too_large(f"/lines/{index}")
    rounded = int(exact.quantize(ONE, ROUND_HALF_UP, WIDE))
    if not line.allowances and not line.charges:
        return rounded, ((), ())
    base, at = Money(rounded, currency), f"/lines/{index}"
    less = tuple(
        _filled(level, base, f"{at}/allowances/{i}") for i, level in enumerate(line.allowances)
    )
    more = tuple(_filled(level, base, f"{at}/charges/{i}") for i, level in enumerate(line.charges))
    exact = WIDE.add(exact, Decimal(_sum(more) - _sum(less)))
    return int(exact.quantize(ONE, ROUND_HALF_UP, WIDE)), (less, more)


def _take_tax_out(group: Group, nets: list[int]) -> None:
    """Net of the group's lines that were typed with tax: rounded once, shared without loss."""
    over, under = group.under, group.under + group.top
    whole = quotient(sum(amount for _, amount in group.inclusive) * over, under)
    shares = [quotient(amount * over, under) for _, amount in group.inclusive]
    missing = whole - sum(shares)
    step = 1 if missing > 0 else -1
    # Whom rounding favoured least gets a missing unit first; whom it favoured most gives one.
    by_favour = sorted(
        range(len(shares)),
        key=lambda i: step * (shares[i] * under - group.inclusive[i][1] * over),
    )
    for i in by_favour[: abs(missing)]:
        shares[i] += step
    for (index, _), share in zip(group.inclusive, shares, strict=True):
        nets[index] = share
    group.taxable += whole


# Allowances and charges


def _filled(level: Allowance, stands_on: Money, at: str) -> Allowance:
    """`level` with an amount; where it comes of a percentage, with its base as well."""
    if level.amount is not None:
        return level
    if level.percent is None:
        raise fault(at, "allowance.amount", "Give an amount or a percentage.")
    base = stands_on if level.base is None else level.base
    amount = money(percent_of(base.minor, level.percent), base.currency)
    return replace(level, base=base, amount=amount)


def _of_document(
    document: Document,
    name: str,
    groups: Groups,
    bases: dict[Key, int],
) -> Levels:
    """BG-20 or BG-21 with amounts and taxes, and added to their groups."""
    complete: list[Allowance] = []
    levels: Levels = getattr(document, name)
    for index, level in enumerate(levels):
        at = f"/{name}/{index}"
        if level.tax is None:
            base = Money(sum(bases.values()), document.currency)
            complete += _split(_filled(level, base, at), groups, bases, at)
            continue
        group = groups.of(level.tax, f"/{name}", index)
        net = bases.get((level.tax.category, group.rate), 0)
        complete.append(_filled(level, Money(net, document.currency), at))
    sign = -1 if name == "allowances" else 1
    for index, level in enumerate(complete):
        group = groups.of(cast("Tax", level.tax), f"/{name}", index)
        amount = sign * cast("Money", level.amount).minor
        group.add(amount)
        group.by_line += group.tax_on(amount)
    return tuple(complete)


def _split(
    level: Allowance,
    groups: Groups,
    bases: dict[Key, int],
    at: str,
) -> Levels:
    """`level` once for each tax group of the lines, in proportion to their net."""
    if not bases:
        raise fault(f"{at}/tax", "allowance.tax", "Give it a tax: there is no line to take it of.")
    weights = [max(net, 0) for net in bases.values()]
    if not any(weights):
        weights[0] = 1
    amounts = cast("Money", level.amount).allocate(weights)
    shares = level.base.allocate(weights) if level.base is not None else [None] * len(weights)
    return tuple(
        replace(level, amount=amount, base=share, tax=groups[key].tax)
        for key, weight, amount, share in zip(bases, weights, amounts, shares, strict=True)
        if weight
    )


def _sum(levels: Levels) -> int:
    return sum(cast("Money", level.amount).minor for level in levels)


# Taxes and totals


def _row(key: Key, group: Group, currency: str, by_line: bool) -> TaxBreakdown:
    """BG-23. Reasons that differ are told one after the other; codes too, where they differ."""
    reasons, codes = group.reasons, group.codes
    if len(codes) > 1:
        reasons, codes = [*reasons, *codes], []
    tax = group.by_line if by_line else group.tax_on(group.taxable)
    return TaxBreakdown(
        category=key[0],
        rate=group.rate,
        taxable=money(group.taxable, currency),
        tax=money(tax, currency),
        exemption_reason="; ".join(reasons),
        exemption_code=codes[0] if codes else "",
    )


def _typed_excess(group: Group) -> int:
    """By how much what was typed with tax exceeds what EN 16931 makes of it: 0, a cent or two."""
    if not group.inclusive:
        return 0
    typed = sum(amount for _, amount in group.inclusive)
    typed += group.other + group.tax_on(group.other)
    return typed - group.taxable - group.tax_on(group.taxable)


def _withholdings(document: Document, net: int) -> tuple[Withholding, ...]:
    return tuple(
        withholding
        if withholding.amount is not None
        else replace(
            withholding,
            amount=money(percent_of(net, withholding.percent), document.currency),
        )
        for withholding in document.withholdings
    )


def _totals(
    document: Document,
    sums: tuple[int, int, int],
    taxes: tuple[TaxBreakdown, ...],
    typed: int,
    withholdings: tuple[Withholding, ...],
) -> Totals:
    currency = document.currency
    line_net, less, more = sums
    net = line_net - less + more
    tax = sum(row.tax.minor for row in taxes)
    prepaid = document.prepaid.minor if document.prepaid is not None else 0
    rounding = _rounding(document, net + tax - prepaid, typed)
    due = money(net + tax - prepaid + rounding, currency)
    withheld = receivable = None
    if withholdings:
        held = sum(cast("Money", withholding.amount).minor for withholding in withholdings)
        withheld = money(held, currency)
        receivable = money(due.minor - held, currency)
    return Totals(
        line_net=money(line_net, currency),
        allowances=money(less, currency),
        charges=money(more, currency),
        net=money(net, currency),
        tax=money(tax, currency),
        gross=money(net + tax, currency),
        prepaid=money(prepaid, currency),
        rounding=money(rounding, currency),
        due=due,
        tax_in_tax_currency=_in_tax_currency(document, Money(tax, currency)),
        withheld=withheld,
        receivable=receivable,
    )


def _rounding(document: Document, due: int, typed: int) -> int:
    """BT-114: as given; else the cent of typed gross prices and the way to the nearest coin."""
    if document.rounding_amount is not None:
        return document.rounding_amount.minor
    coin = document.cash_rounding.minor if document.cash_rounding is not None else 0
    if coin <= 0:
        return typed
    return quotient(due + typed, coin) * coin - due


def _in_tax_currency(document: Document, tax: Money) -> Money | None:
    """BT-111, where a tax currency other than the document's and its rate are given."""
    rate = document.tax_rate_to_tax_currency
    if document.tax_currency in ("", document.currency) or rate is None:
        return None
    try:
        return Money.rounded(WIDE.multiply(tax.amount, rate), document.tax_currency)
    except (OverflowError, ArithmeticError):
        raise too_large("/tax_rate_to_tax_currency") from None
