"""Parts of the sum: exact quotients, the tax groups of a paper, and saying no."""

from __future__ import annotations

from dataclasses import fields
from decimal import Decimal
from typing import Any, TypeVar

from guilder.kernel.document import Document, Line, Tax
from guilder.kernel.errors import Invalid, Problem
from guilder.kernel.money import MAX_MINOR, Money

ZERO = Decimal(0)
Key = tuple[str, Decimal | None]  # category, rate
Record = TypeVar("Record", Document, Line)


class Incalculable(Invalid):
    """The paper's figures do not allow a total; its problem points at the one that does not."""

    code = "totals.incalculable"


class Group:
    """What stands under one category and rate while it is summed, in minor units."""

    __slots__ = (
        *("by_line", "codes", "inclusive", "other", "rate", "reasons", "tax", "taxable"),
        *("top", "under"),
    )

    def __init__(self, tax: Tax, rate: Decimal | None) -> None:
        self.tax, self.rate = tax, rate
        top, bottom = rate.as_integer_ratio() if rate else (0, 1)
        self.top, self.under = top, bottom * 100  # tax = taxable × top ÷ under
        self.taxable = 0  # BT-116
        self.other = 0  # the part of it that was not typed with tax
        self.by_line = 0  # the sum of taxes rounded one by one
        self.inclusive: list[tuple[int, int]] = []  # index of the line, amount with tax
        self.reasons: list[str] = []
        self.codes: list[str] = []

    def tax_on(self, minor: int) -> int:
        return quotient(minor * self.top, self.under) if self.top else 0

    def add(self, minor: int) -> None:
        self.taxable += minor
        self.other += minor


class Groups(dict[Key, Group]):
    """The groups of one paper, in the order in which they first appear on it."""

    def of(self, tax: Tax, at: str, index: int) -> Group:
        rate, category = tax.rate, tax.category
        if category == "O":
            rate = rate or None
        elif rate is None:
            rate = ZERO
        group = self.get((category, rate))
        if group is None:
            if rate is not None and rate < 0:
                raise fault(f"{at}/{index}/tax/rate", "tax.rate_negative", "Give a rate ≥ 0.")
            group = self[category, rate] = Group(tax, rate)
        if tax.exemption_reason and tax.exemption_reason not in group.reasons:
            group.reasons.append(tax.exemption_reason)
        if tax.exemption_code and tax.exemption_code not in group.codes:
            group.codes.append(tax.exemption_code)
        return group


def quotient(top: int, under: int) -> int:
    """`top` ÷ `under` (> 0) as a whole number, ties away from zero."""
    if top < 0:
        return -((-2 * top + under) // (2 * under))
    return (2 * top + under) // (2 * under)


def percent_of(minor: int, percent: Decimal) -> int:
    top, under = percent.as_integer_ratio()
    return quotient(minor * top, under * 100)


def money(minor: int, currency: str) -> Money:
    if -MAX_MINOR <= minor <= MAX_MINOR:
        return Money(minor, currency)
    raise too_large("")


def check_currencies(document: Document) -> None:
    """Amounts inside a paper are in its currency; the first that is not ends the sum."""
    for index, line in enumerate(document.lines):
        if line.allowances or line.charges:
            _check_levels(line, f"/lines/{index}", document.currency)
    _check_levels(document, "", document.currency)
    for name in ("prepaid", "rounding_amount", "cash_rounding"):
        _check_currency(getattr(document, name), f"/{name}", document.currency)
    for index, withholding in enumerate(document.withholdings):
        _check_currency(withholding.amount, f"/withholdings/{index}/amount", document.currency)


def _check_levels(holder: Document | Line, at: str, currency: str) -> None:
    for name, levels in (("allowances", holder.allowances), ("charges", holder.charges)):
        for index, level in enumerate(levels):
            _check_currency(level.amount, f"{at}/{name}/{index}/amount", currency)
            _check_currency(level.base, f"{at}/{name}/{index}/base", currency)


def _check_currency(money: Money | None, at: str, currency: str) -> None:
    if money is not None and money.currency != currency:
        raise fault(at, "totals.currency", f"Give this amount in {currency}, as the rest.")


def fault(at: str, code: str, detail: str) -> Incalculable:
    return Incalculable(problems=[Problem(at, code, detail)])


def too_large(at: str) -> Incalculable:
    return fault(at, "totals.too_large", "The amount is larger than can be kept. Check it.")


def _slots(kind: type[Any]) -> list[tuple[str, Any, Any]]:
    return [
        (field.name, kind.__dict__[field.name].__get__, kind.__dict__[field.name].__set__)
        for field in fields(kind)
    ]


_SLOTS = {kind: _slots(kind) for kind in (Document, Line)}


def changed(record: Record, **changes: object) -> Record:
    """What dataclasses.replace does, a third of the time: this is on the way of every issue."""
    copy = object.__new__(type(record))
    for name, read, write in _SLOTS[type(record)]:
        write(copy, changes[name] if name in changes else read(record))
    return copy
