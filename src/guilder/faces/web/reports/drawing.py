"""Bars of a report over time, as whole numbers on a grid of 1000 by 220; drawn by the server."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from guilder.faces.web import formats
from guilder.kernel.money import Money

WIDTH, HEIGHT = 1000, 180
STEPS = (1, 2, 5, 10)
LEAST_LABEL = 46  # units between two words under the bars


@dataclass(frozen=True, slots=True)
class Bar:
    """One pair of bars: this period, and behind it the one that it is compared with."""

    label: str
    text: str
    x: int
    width: int
    y: int
    height: int
    middle: int
    then_y: int = 0
    then_height: int = 0
    shows_label: bool = True


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the grid, with what it stands for."""

    y: int
    text: str


@dataclass(frozen=True, slots=True)
class Chart:
    """Everything the template draws."""

    bars: Sequence[Bar]
    lines: Sequence[Line]
    zero: int


def chart(rows: Sequence[tuple[str, Money, Money | None]]) -> Chart | None:
    """The chart of (label, amount, amount before) rows; None where there is nothing to see."""
    if len(rows) < 2 or not any(now or then for _label, now, then in rows):
        return None
    highs = [max(now.minor, then.minor if then else 0) for _label, now, then in rows]
    lows = [min(now.minor, then.minor if then else 0) for _label, now, then in rows]
    step = step_of(max(max(highs), 0) - min(min(lows), 0))
    top = -(-max(max(highs), 0) // step) * step
    bottom = min(min(lows), 0) // step * step
    whole = max(top - bottom, 1)

    def place(minor: int) -> int:
        return (top - minor) * HEIGHT // whole

    zero = place(0)
    slot = WIDTH // len(rows)
    every = max(1, -(-LEAST_LABEL * len(rows) // WIDTH))
    bars = [
        Bar(
            label=label,
            text=formats.money(now, formats.reader()),
            x=slot * number + slot // 5,
            width=max(slot * 3 // 5, 2),
            y=min(place(now.minor), zero),
            height=abs(place(now.minor) - zero),
            middle=slot * number + slot // 2,
            then_y=min(place(then.minor), zero) if then else 0,
            then_height=abs(place(then.minor) - zero) if then else 0,
            shows_label=number % every == 0,
        )
        for number, (label, now, then) in enumerate(rows)
    ]
    currency = rows[0][1].currency
    lines = [
        Line(place(minor), short(Money(minor, currency))) for minor in range(bottom, top + 1, step)
    ]
    return Chart(bars, lines, zero)


def step_of(extent: int) -> int:
    """A round step that parts an extent into three to five."""
    rough = max(extent // 4, 1)
    power = 10 ** (len(str(rough)) - 1)
    return next(power * step for step in STEPS if power * step >= rough)


def short(value: Money) -> str:
    """`60k`, `1.5M`: what a grid line stands for."""
    amount = value.amount
    for size, letter in ((10**9, "B"), (10**6, "M"), (10**3, "k")):
        if abs(amount) >= size:
            return f"{formats.number(amount / Decimal(size), formats.reader())}{letter}"
    return formats.number(amount, formats.reader())
