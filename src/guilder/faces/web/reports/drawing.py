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
    """One bar of this period, and before it that of the one that it is compared with."""

    label: str
    text: str
    x: int
    width: int
    y: int
    height: int
    middle: int
    then_x: int = 0
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
    then: str = ""

    @property
    def is_compared(self) -> bool:
        """Whether there are bars of other days beside."""
        return bool(self.then)


def chart(rows: Sequence[tuple[str, Money, Money | None]], *, then: str = "") -> Chart | None:
    """The chart of (label, amount, amount before) rows; None where there is nothing to see.

    `then` says of which days the amounts before are.
    """
    if len(rows) < 2 or not any(now or old for _label, now, old in rows):
        return None
    highs = [max(now.minor, old.minor if old else 0) for _label, now, old in rows]
    lows = [min(now.minor, old.minor if old else 0) for _label, now, old in rows]
    step = step_of(max(max(highs), 0) - min(min(lows), 0))
    top = -(-max(max(highs), 0) // step) * step
    bottom = min(min(lows), 0) // step * step
    whole = max(top - bottom, 1)

    def place(minor: int) -> int:
        return (top - minor) * HEIGHT // whole

    zero = place(0)
    slot = WIDTH // len(rows)
    every = max(1, -(-LEAST_LABEL * len(rows) // WIDTH))
    pairs = bool(then)
    width = max(slot * 3 // 10 if pairs else slot * 3 // 5, 2)
    bars = [
        Bar(
            label=label,
            text=formats.money(now, formats.reader()),
            x=slot * number + slot // 5 + width * pairs,
            width=width,
            then_x=slot * number + slot // 5,
            y=min(place(now.minor), zero),
            height=abs(place(now.minor) - zero),
            middle=slot * number + slot // 2,
            then_y=min(place(old.minor), zero) if old else 0,
            then_height=abs(place(old.minor) - zero) if old else 0,
            shows_label=number % every == 0,
        )
        for number, (label, now, old) in enumerate(rows)
    ]
    currency = rows[0][1].currency
    lines = [
        Line(place(minor), short(Money(minor, currency))) for minor in range(bottom, top + 1, step)
    ]
    return Chart(bars, lines, zero, then)


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
