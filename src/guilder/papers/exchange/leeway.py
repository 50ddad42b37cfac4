"""What a file's lines leave open, settled by the file: habits of programs that write e-invoices.

A valid file may state a line net (BT-131) that is not quantity × price: the official rules do not
multiply. Where quantity and price come to the net in one of the ways below, that way is taken, and
a remark says so; where none does, the strict reading stands and the difference is a problem. None
of them explains away a figure that was changed: one price that might be for the whole line, or with
a tax that nothing names, looks just like a wrong quantity or price, and counts as one.

What decides is on the lines, or in their tax rows (BG-23): never the amount of a total (BG-22), so
that a wrong total cannot make the computed one wrong. JSON and CSV of our own shapes have no such
habits.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal

from guilder.kernel import totals
from guilder.kernel.currencies import minor_digits
from guilder.kernel.document import Allowance, Document, Line, Price, Tax, TaxBreakdown, Totals
from guilder.kernel.errors import Invalid, Problem
from guilder.kernel.money import WIDE, Money
from guilder.papers.exchange.formats.record import Reading, StatedTax, tax_key

ONE = Decimal(1)
EXEMPT = "E"
# A rate of 0 is theirs: BR-Z-05 and kin; zero-rated, exempt and out of scope in Singapore's PINT.
UNTAXED = frozenset(("Z", "E", "AE", "K", "G", "O", "ZR", "ES33", "ESN33", "OS", "NG"))
# What an exempt insurance names in words, since EN 16931 knows no tax but VAT: “Enthält 16,34 %
# Versicherungssteuer = 163,40 €” (VersStG § 5: it is charged on the premium and part of the price).
INSURANCE_TAX = re.compile(r"(\d{1,2}(?:[.,]\d{1,4})?)\s?%\s+Versicherungs?steuer", re.IGNORECASE)
TOLD = {
    "per_piece": "the price is for one; the base quantity {base} is not divided by",
    "whole_line": "the price is for all {quantity}, as on every line",
    "returned": "the net is negative, so the quantity {quantity} counts as returned",
    "whole_units": "the net is rounded to whole units of the currency",
    "rounded_price": "the price {price} is rounded; the net says what was agreed",
    "other_tax": "the price is before the insurance tax that the description names",
    "cent": "the net is a minor unit off quantity × price",
}
Key = tuple[str, Decimal | None]


def settled(reading: Reading) -> Reading:
    """`reading` with each line as its stated net says that it was meant, and a remark on each.

    Lines and levels of a category and rate that the breakdown has no row for bear no tax.
    """
    if not has_habits(reading):
        return reading
    lines, remarks = list(reading.document.lines), list(reading.remarks)
    file = habits_of_file(reading)
    for index, (line, net) in enumerate(zip(lines, reading.stated_nets, strict=True)):
        found = meant(line, net, reading.document, file)
        if found is not None:
            name, lines[index] = found
            remarks.append(remark(index, line, name))
    document = replace(reading.document, lines=tuple(lines))
    document, left_out = without_rows(document, reading)
    return replace(reading, document=document, remarks=(*remarks, *left_out))


def has_habits(reading: Reading) -> bool:
    """Whether the file is an e-invoice that some program wrote."""
    return reading.format.removeprefix("pdf-").startswith(("ubl", "cii"))


def in_whole_units(reading: Reading) -> bool:
    """Whether every line net and tax that the file states is a whole number of the currency."""
    said = [*reading.stated_nets, *(row.tax for row in reading.stated_taxes)]
    return all(amount is not None and amount == int(amount) for amount in said)


def habits_of_file(reading: Reading) -> frozenset[str]:
    """The habits that show on the lines of a file together."""
    found = {"whole_units": in_whole_units(reading), "whole_line": is_priced_whole(reading)}
    return frozenset(name for name, has in found.items() if has)


def is_priced_whole(reading: Reading) -> bool:
    """Whether prices are those of whole lines: several lines, all of one quantity other than one,
    and each costs its price. No single wrong figure makes a sound file look so."""
    lines = reading.document.lines
    quantities = {line.quantity for line in lines}
    return (
        len(lines) > 1
        and len(quantities) == 1
        and not quantities & {Decimal(0), ONE}
        and all(
            line.price.base_quantity in (None, ONE) and line.price.amount == net
            for line, net in zip(lines, reading.stated_nets, strict=True)
        )
    )


def remark(index: int, line: Line, name: str) -> Problem:
    """What was taken for granted on a line."""
    words = TOLD[name].format(
        base=line.price.base_quantity,
        quantity=line.quantity,
        price=line.price.amount,
    )
    return Problem(f"/lines/{index}", f"leeway.{name}", f"Line {line.id}: {words}.")


def meant(
    line: Line, stated: Decimal | None, document: Document, file: frozenset[str]
) -> tuple[str, Line] | None:
    """The habit by which the line comes to its stated net, and the line written out strictly.

    None where it does as it stands, where no net is stated, or where no habit explains it.
    """
    strict = net_of(line, document)
    if stated is None or strict is None:
        return None
    stated = rounded(stated, document.currency)
    if stated == strict:
        return None
    for name, other in habits(line, stated, strict, document, file):
        if net_of(other, document) == stated:
            return name, other
    return None


def habits(
    line: Line, stated: Decimal, strict: Decimal, document: Document, file: frozenset[str]
) -> Iterator[tuple[str, Line]]:
    """The ways in which the line may be meant, the plainest first; `file`: what all lines show."""
    price, quantity = line.price, line.quantity
    if "whole_line" in file:
        yield "whole_line", with_price(line, price.amount, base=abs(quantity))
    if price.base_quantity not in (None, ONE):
        yield "per_piece", with_price(line, price.amount, base=None)
    if (rate := insurance_tax(line)) is not None:
        yield "other_tax", with_price(line, WIDE.multiply(price.amount, 1 + rate / 100))
    if stated < 0 < strict:
        yield "returned", replace(line, quantity=-quantity)
    away = stated - strict
    if "whole_units" in file and abs(away) <= ONE / 2:
        yield "whole_units", moved(line, away, document)
    if abs(away) <= doubt_of(line):
        yield "rounded_price", moved(line, away, document)
    if abs(away) <= ONE.scaleb(-minor_digits(document.currency)) < ONE:
        yield "cent", moved(line, away, document)


def insurance_tax(line: Line) -> Decimal | None:
    """The rate of insurance tax that the description of a line exempt from VAT names; None where
    it names none, or several."""
    if line.tax.category != EXEMPT:
        return None
    found = set(INSURANCE_TAX.findall(f"{line.item.name}\n{line.item.description}"))
    return Decimal(found.pop().replace(",", ".")) if len(found) == 1 else None


def with_price(line: Line, amount: Decimal, **changes: Decimal | None) -> Line:
    """`line` at another price; its discount is no longer told."""
    base = changes.get("base", line.price.base_quantity)
    price = Price(amount=amount, base_quantity=base, tax_inclusive=line.price.tax_inclusive)
    return replace(line, price=price)


def moved(line: Line, away: Decimal, document: Document) -> Line:
    """`line` with a price for its whole quantity that makes it cost `away` more."""
    bare = net_of(replace(line, allowances=(), charges=()), document)
    if bare is None or not line.quantity:
        return line
    whole = bare + away
    return with_price(line, -whole if line.quantity < 0 else whole, base=abs(line.quantity))


def doubt_of(line: Line) -> Decimal:
    """How much the line can be off when its price is right to half of its last decimal only.

    A round price, or one of more than four decimals, was not cut off; more than half a unit of the
    currency is no doubt but a difference.
    """
    exponent = line.price.amount.normalize().as_tuple().exponent
    if not isinstance(exponent, int) or not -4 <= exponent <= -2:
        return Decimal(0)
    base = line.price.base_quantity or ONE
    return min(abs(line.quantity) / base * ONE.scaleb(exponent) / 2, ONE / 2)


def net_of(line: Line, document: Document) -> Decimal | None:
    """What the line alone comes to, strictly; None where that cannot be said."""
    alone = replace(
        document, lines=(line,), allowances=(), charges=(), withholdings=(), prepaid=None
    )
    try:
        net = totals.calculate(alone).lines[0].net
    except Invalid:
        return None
    return net.amount if net is not None else None


def rounded(value: Decimal, currency: str) -> Decimal:
    """As an amount of `currency`."""
    return value.quantize(ONE.scaleb(-minor_digits(currency)), ROUND_HALF_UP, WIDE)


# The breakdown


def without_rows(document: Document, reading: Reading) -> tuple[Document, tuple[Problem, ...]]:
    """The document with no tax on what the breakdown has no row for, and a remark on each.

    Only where the breakdown has rows at all, and none of them covers what is left out.
    """
    rows = {row.key for row in reading.stated_taxes}
    levels = (*document.allowances, *document.charges)
    used = [*(one.tax for one in document.lines), *(one.tax for one in levels if one.tax)]
    taxed = [tax for tax in used if tax.rate and tax.category not in UNTAXED]
    missing = {tax_key(tax.category, tax.rate) for tax in taxed} - rows
    if not rows or not missing:
        return document, ()
    without = replace(
        document,
        lines=tuple(replace(one, tax=untaxed(one.tax, missing)) for one in document.lines),
        allowances=tuple(levels_without(document.allowances, missing)),
        charges=tuple(levels_without(document.charges, missing)),
    )
    return without, tuple(
        Problem("/taxes", "leeway.no_row", f"No tax row for VAT {category} {rate} %: none charged.")
        for category, rate in sorted(missing, key=str)
    )


def untaxed(tax: Tax, missing: set[Key]) -> Tax:
    """`tax` at no rate where it is one of `missing`."""
    is_missing = tax_key(tax.category, tax.rate) in missing
    return replace(tax, rate=Decimal(0)) if is_missing else tax


def levels_without(levels: Iterable[Allowance], missing: set[Key]) -> Iterator[Allowance]:
    """Allowances or charges, at no rate where theirs is one of `missing`."""
    for level in levels:
        yield level if level.tax is None else replace(level, tax=untaxed(level.tax, missing))


def as_stated(computed: Document, reading: Reading) -> tuple[Document, tuple[Problem, ...]]:
    """`computed` with the tax of a row as the file has it, where the rules let that be: a minor
    unit off the rate's share (BR-CO-17), or rounded to whole units in a file of whole units. What
    is collected for third parties is due with it. BR-CO-15 adds BT-110 to the net: where a file has
    none, but one in the currency of tax (BT-111), nothing is added."""
    if not has_habits(reading):
        return computed, ()
    rows, whole = reading.stated_taxes, in_whole_units(reading)
    said = {row.key: row for row in rows}
    taxes, remarks, more = [], [], 0
    for row in computed.taxes:
        stated = said.get(tax_key(row.category, row.rate))
        tax = allowed(row, stated, whole=whole) if len(said) == len(rows) else row.tax
        if tax != row.tax:
            text = f"VAT {row.category} {row.rate} %: the tax is {tax}, the rate gives {row.tax}."
            remarks.append(Problem("/taxes", "leeway.tax_rounded", text))
        more += tax.minor - row.tax.minor
        taxes.append(replace(row, tax=tax))
    if computed.totals is None:
        return computed, ()
    added = Money(more, computed.currency)
    sums = {name: getattr(computed.totals, name) + added for name in ("tax", "gross", "due")}
    if lacks_tax_total(reading, computed.totals):
        text = f"No VAT total in {computed.currency} (BT-110): none is added to the net."
        remarks.append(Problem("/totals/tax", "leeway.no_tax_total", text))
        sums |= {name: sums[name] - sums["tax"] for name in ("gross", "due")}
    if not (remarks or reading.collected):
        return computed, ()
    sums["due"] += Money.rounded(reading.collected, computed.currency)
    found = replace(computed, taxes=tuple(taxes), totals=replace(computed.totals, **sums))
    return found, tuple(remarks)


def lacks_tax_total(reading: Reading, computed: Totals) -> bool:
    """Whether a file that bears tax says its sum in the currency of tax alone."""
    stated = reading.stated
    return bool(computed.tax) and stated.tax is None and stated.tax_in_tax_currency is not None


def allowed(row: TaxBreakdown, stated: StatedTax | None, *, whole: bool) -> Money:
    """The tax of a row: the stated one where it stands on the same base and is near enough."""
    if stated is None or stated.tax is None or stated.taxable is None or not row.rate:
        return row.tax
    if rounded(stated.taxable, row.tax.currency) != row.taxable.amount:
        return row.tax
    unit = ONE.scaleb(-minor_digits(row.tax.currency))
    near = ONE / 2 if whole else unit
    if abs(stated.tax - row.tax.amount) > near:
        return row.tax
    return Money.of(rounded(stated.tax, row.tax.currency), row.tax.currency)
