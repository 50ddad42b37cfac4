"""Totals once more, worked out with fractions and nothing of the kernel's own arithmetic."""

from dataclasses import dataclass, field
from fractions import Fraction

from guilder.kernel.document import Allowance, Document, Rounding, Tax

DIGITS = {"EUR": 2, "JPY": 0, "KWD": 3}


def to_unit(value: Fraction) -> int:
    """The nearest whole number, ties away from zero."""
    whole, half = divmod(abs(value), 1)
    size = int(whole) + (1 if half >= Fraction(1, 2) else 0)
    return size if value >= 0 else -size


@dataclass
class Figures:
    """What EN 16931 asks for, in minor units."""

    nets: list[int] = field(default_factory=list)
    taxes: dict[tuple[str, Fraction | None], tuple[int, int]] = field(default_factory=dict)
    allowances: int = 0
    charges: int = 0
    rounding: int = 0
    due: int = 0
    withheld: int = 0


def key_of(tax: Tax) -> tuple[str, Fraction | None]:
    """Category and rate; O has none, and no rate is 0 elsewhere."""
    if tax.category == "O":
        return ("O", None)
    return (tax.category, Fraction(tax.rate or 0))


def amount_of(level: Allowance, base: int) -> int:
    """What an allowance or charge comes to."""
    if level.amount is not None:
        return level.amount.minor
    if level.base is not None:
        base = level.base.minor
    return to_unit(base * Fraction(level.percent or 0) / 100)


def shares(total: int, weights: list[int]) -> list[int]:
    """`total` by `weights` without loss, larger remainders (then larger weights) first."""
    sign, whole = (-1 if total < 0 else 1), sum(weights)
    exact = [Fraction(abs(total) * weight, whole) for weight in weights]
    parts = [int(one) for one in exact]
    order = sorted(range(len(parts)), key=lambda i: (exact[i] - parts[i], weights[i]), reverse=True)
    for i in order[: abs(total) - sum(parts)]:
        parts[i] += 1
    return [sign * part for part in parts]


def line_amounts(document: Document) -> list[int]:
    """Each line as typed, with tax where its price has it."""
    found = []
    for line in document.lines:
        exact = Fraction(line.quantity) * Fraction(line.price.amount)
        if line.price.base_quantity is not None:
            exact /= Fraction(line.price.base_quantity)
        exact *= 10 ** DIGITS[document.currency]
        base = to_unit(exact)
        less = sum(amount_of(level, base) for level in line.allowances)
        more = sum(amount_of(level, base) for level in line.charges)
        found.append(to_unit(exact - less + more))
    return found


def work_out(document: Document) -> Figures:
    """The figures of `document`."""
    figures = Figures(nets=line_amounts(document))
    by_line = document.rounding is Rounding.LINE
    keys = [key_of(line.tax) for line in document.lines]
    line_tax: dict = {}
    typed: dict = {}
    for key in dict.fromkeys(keys):
        rate = key[1] or Fraction(0)
        inside = [
            index
            for index, line in enumerate(document.lines)
            if keys[index] == key and line.price.tax_inclusive
        ]
        typed[key] = sum(figures.nets[index] for index in inside)
        exact = {index: figures.nets[index] / (1 + rate / 100) for index in inside}
        gross = {index: figures.nets[index] for index in inside}
        for index in inside:
            figures.nets[index] = to_unit(exact[index])
        if by_line:
            line_tax[key] = sum(gross[index] - figures.nets[index] for index in inside)
            continue
        missing = to_unit(typed[key] / (1 + rate / 100)) - sum(
            figures.nets[index] for index in inside
        )
        step = 1 if missing > 0 else -1
        unlucky = sorted(inside, key=lambda i: step * (figures.nets[i] - exact[i]))
        for index in unlucky[: abs(missing)]:
            figures.nets[index] += step
    base: dict = {}
    other: dict = {}
    for index, line in enumerate(document.lines):
        key, net = keys[index], figures.nets[index]
        base[key] = base.get(key, 0) + net
        other.setdefault(key, 0)
        if not line.price.tax_inclusive:
            other[key] += net
            line_tax[key] = line_tax.get(key, 0) + to_unit(net * (key[1] or 0) / 100)
    taxable = dict(base)
    for sign, levels in ((-1, document.allowances), (1, document.charges)):
        for level in levels:
            for key, amount in spread(level, base):
                taxable[key] = taxable.get(key, 0) + sign * amount
                other[key] = other.get(key, 0) + sign * amount
                tax = to_unit(sign * amount * (key[1] or 0) / 100)
                line_tax[key] = line_tax.get(key, 0) + tax
                if sign < 0:
                    figures.allowances += amount
                else:
                    figures.charges += amount
    excess = 0
    for key, net in taxable.items():
        tax = line_tax[key] if by_line else to_unit(net * (key[1] or 0) / 100)
        figures.taxes[key] = (net, tax)
        if typed.get(key) is not None and any(
            line.price.tax_inclusive and key_of(line.tax) == key for line in document.lines
        ):
            tax_on_other = to_unit(other[key] * (key[1] or 0) / 100)
            excess += typed[key] + other[key] + tax_on_other - net - tax
    settle(figures, document, 0 if by_line else excess)
    return figures


def spread(level: Allowance, base: dict) -> list[tuple]:
    """An allowance of the document as (group, amount)."""
    if level.tax is not None:
        key = key_of(level.tax)
        return [(key, amount_of(level, base.get(key, 0)))]
    total = amount_of(level, sum(base.values()))
    weights = [max(net, 0) for net in base.values()]
    if not any(weights):
        weights[0] = 1
    return [
        (key, share)
        for key, share, weight in zip(base, shares(total, weights), weights, strict=True)
        if weight
    ]


def settle(figures: Figures, document: Document, excess: int) -> None:
    """Rounding, what is due and what is withheld."""
    net = sum(figures.nets) - figures.allowances + figures.charges
    open_amount = net + sum(tax for _, tax in figures.taxes.values())
    open_amount -= document.prepaid.minor if document.prepaid else 0
    figures.rounding = excess
    if document.cash_rounding is not None:
        coin = document.cash_rounding.minor
        figures.rounding = to_unit(Fraction(open_amount + excess, coin)) * coin - open_amount
    if document.rounding_amount is not None:
        figures.rounding = document.rounding_amount.minor
    figures.due = open_amount + figures.rounding
    for withholding in document.withholdings:
        figures.withheld += to_unit(net * Fraction(withholding.percent) / 100)
