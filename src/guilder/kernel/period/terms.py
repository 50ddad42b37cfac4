"""Terms of payment: when an amount is due, in which parts, and what paying early saves."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from guilder.kernel.document import EarlyDiscount, Instalment
from guilder.kernel.errors import Invalid, Problem
from guilder.kernel.money import Money, add_up
from guilder.kernel.period.spans import add_months, month_end
from guilder.kernel.totals import early_discount
from guilder.kernel.totals.parts import percent_of
from guilder.kernel.wire import Wire

MOST_DAYS = 3650
MOST_MONTHS = 120
HUNDRED = Decimal(100)
LEAST = Decimal("0.000001")  # what a column of six decimals can tell from nothing


class NotTerms(Invalid, ValueError):
    """Terms that cannot be kept, or not for this amount; `problems` says where."""

    code = "terms.invalid"


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A day reckoned from the issue date: first days, then months, then the day in that month.

    net 30: days=30 · 30 days end of month: days=30, end_of_month=True · 15th of the next month:
    months=1, day_of_month=15 · next 15th: day_of_month=15.
    """

    days: int = 0
    months: int = 0
    end_of_month: bool = False
    day_of_month: int = 0  # 0: the day that days and months give

    def on(self, issued_on: date) -> date:
        """The day, for a paper of `issued_on`."""
        day = add_months(issued_on + timedelta(days=self.days), self.months)
        if self.end_of_month:
            return month_end(day)
        if not self.day_of_month:
            return day
        found = add_months(day, 0, anchor=self.day_of_month)
        if found < day and not self.months:
            return add_months(day, 1, anchor=self.day_of_month)
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One instalment: a percentage of the total, an amount in the paper's currency, or the rest."""

    due: Due = Due()
    percent: Decimal | None = None
    amount: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """How and when a paper is paid. With `parts`, `due` is not used."""

    due: Due = Due()
    discounts: tuple[EarlyDiscount, ...] = ()
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True, slots=True)
class Offer:
    """Paying on or before `until` saves `discount`: `payable` is enough."""

    until: date
    discount: Money
    payable: Money


def due_dates(terms: Terms, *, issued_on: date, total: Money) -> tuple[Instalment, ...]:
    """The instalments of `total`, by date; one where the terms have no parts. Sums are exact.

    NotTerms where parts ask for more or less than `total`.
    """
    if not terms.parts:
        return (Instalment(due_on=terms.due.on(issued_on), amount=total),)
    amounts = _amounts(terms.parts, total)
    days = [part.due.on(issued_on) for part in terms.parts]
    found = sorted(zip(days, amounts, strict=True), key=lambda pair: pair[0])
    return tuple(Instalment(due_on=day, amount=amount) for day, amount in found)


def due_on(terms: Terms, *, issued_on: date) -> date:
    """The last day on which something is due (BT-9)."""
    parts = [part.due for part in terms.parts] or [terms.due]
    return max(due.on(issued_on) for due in parts)


def offers(
    discounts: Iterable[EarlyDiscount], *, issued_on: date, total: Money
) -> tuple[Offer, ...]:
    """What paying early saves of `total` (with tax), the earliest offer first."""
    found: list[Offer] = []
    for discount in sorted(discounts, key=lambda discount: discount.days):
        saved = early_discount(total, discount)
        until = issued_on + timedelta(days=discount.days)
        found.append(Offer(until, saved, total - saved))
    return tuple(found)


def terms_dict(terms: Terms) -> dict[str, Any]:
    """`terms` as plain data, decimals as text, what is at its default left out."""
    data: dict[str, Any] = {}
    if terms.due != Due():
        data["due"] = _due_dict(terms.due)
    if terms.discounts:
        data["discounts"] = [
            {"days": discount.days, "percent": f"{discount.percent:f}"}
            for discount in terms.discounts
        ]
    if terms.parts:
        data["parts"] = [_part_dict(part) for part in terms.parts]
    return data


def read_terms(wire: Wire) -> Terms:
    """The terms in `wire`, shaped as `terms_dict` writes them; faults are noted on the wire."""
    wire.known(("due", "discounts", "parts"))
    terms = Terms(
        due=_read_due(wire.part("due")),
        discounts=tuple(_read_discount(part) for part in wire.parts("discounts", most=5)),
        parts=tuple(_read_part(part) for part in wire.parts("parts", most=60)),
    )
    if _is_not_whole(terms.parts):
        detail = "The percentages do not add up to 100. Change one, or let one part be the rest."
        wire.fault("parts", "terms.sum", detail)
    return terms


def terms_of(data: Mapping[str, Any]) -> Terms:
    """The terms that `terms_dict` would write as `data`; NotTerms with every fault."""
    wire = Wire(data)
    terms = read_terms(wire)
    if wire.problems:
        raise NotTerms(problems=wire.problems)
    return terms


def _amounts(parts: tuple[Part, ...], total: Money) -> list[Money]:
    percents = [part.percent for part in parts if part.percent is not None]
    if len(percents) == len(parts) and sum(percents) == HUNDRED:
        return total.allocate(percents)
    amounts: list[Money | None] = [_own_amount(part, total) for part in parts]
    taken = add_up((amount for amount in amounts if amount is not None), total.currency)
    rest = total - taken
    open_parts = amounts.count(None)
    if (rest and not open_parts) or rest.minor * total.minor < 0:
        detail = f"These parts add up to {taken}, not to {total}. Let one part be the rest."
        raise NotTerms(problems=[Problem("/parts", "terms.sum", detail)])
    shares = iter(rest.allocate([1] * open_parts) if open_parts else ())
    return [next(shares) if amount is None else amount for amount in amounts]


def _own_amount(part: Part, total: Money) -> Money | None:
    if part.percent is not None:
        return Money(percent_of(total.minor, part.percent), total.currency)
    if part.amount is None:
        return None
    try:
        return Money.of(part.amount, total.currency)
    except ValueError as error:
        raise NotTerms(problems=[Problem("/parts", "terms.amount", str(error))]) from None


def _is_not_whole(parts: tuple[Part, ...]) -> bool:
    """Whether percentages are above 100, or below it with nothing else beside them."""
    percents = [part.percent for part in parts if part.percent is not None]
    whole = sum(percents)
    return whole > HUNDRED or (0 < len(percents) == len(parts) and whole != HUNDRED)


def _read_due(wire: Wire | None) -> Due:
    if wire is None:
        return Due()
    wire.known(("days", "months", "end_of_month", "day_of_month"))
    due = Due(
        days=wire.whole("days", most=MOST_DAYS) or 0,
        months=wire.whole("months", most=MOST_MONTHS) or 0,
        end_of_month=wire.flag("end_of_month"),
        day_of_month=wire.whole("day_of_month", most=31) or 0,
    )
    if due.end_of_month and due.day_of_month:
        detail = "Choose the end of the month or a day in it, not both."
        wire.fault("end_of_month", "terms.day", detail)
    return due


def _read_discount(wire: Wire) -> EarlyDiscount:
    wire.known(("days", "percent"))
    percent = wire.decimal("percent", required=True, least=LEAST, most=HUNDRED - LEAST)
    return EarlyDiscount(
        days=wire.whole("days", most=MOST_DAYS) or 0,
        percent=LEAST if percent is None else percent,
    )


def _read_part(wire: Wire) -> Part:
    wire.known(("due", "percent", "amount"))
    part = Part(
        due=_read_due(wire.part("due")),
        percent=wire.decimal("percent", least=LEAST, most=HUNDRED),
        amount=wire.decimal("amount", least=LEAST),
    )
    if part.percent is not None and part.amount is not None:
        wire.fault("amount", "terms.part", "Give a percentage or an amount, not both.")
    return part


def _due_dict(due: Due) -> dict[str, Any]:
    whole = {
        "days": due.days,
        "months": due.months,
        "end_of_month": due.end_of_month,
        "day_of_month": due.day_of_month,
    }
    return {name: value for name, value in whole.items() if value}


def _part_dict(part: Part) -> dict[str, Any]:
    data: dict[str, Any] = {"due": _due_dict(part.due)}
    if part.percent is not None:
        data["percent"] = f"{part.percent:f}"
    if part.amount is not None:
        data["amount"] = f"{part.amount:f}"
    return data
