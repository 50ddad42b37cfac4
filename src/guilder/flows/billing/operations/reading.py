"""Judging the raw values of a recurring invoice."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from guilder.flows.billing.calc import Rhythm
from guilder.flows.billing.models import RecurringInvoice
from guilder.kernel.errors import Problem
from guilder.kernel.wire import Wire

FIELDS = (
    "name", "pattern", "unit", "every", "first_on", "last_on", "most", "in_advance", "act",
)  # fmt: skip
MOST_PERIODS = 10_000


@dataclass(slots=True)
class RecurringInput:
    """A recurring invoice as it was sent; the pattern is judged by the drafts' own rules."""

    name: str
    pattern: dict[str, Any]
    unit: str
    every: int
    first_on: date
    last_on: date | None
    most: int | None
    in_advance: bool
    act: str
    problems: list[Problem] = field(default_factory=list)

    @property
    def rhythm(self) -> Rhythm:
        """When it is due."""
        return Rhythm(
            self.first_on, self.unit, self.every, self.last_on, self.most, self.in_advance
        )


def read_recurring(data: Mapping[str, Any], *, today: date) -> RecurringInput:
    """Judge what was sent; faults are in `problems`."""
    wire = Wire(data)
    wire.known(FIELDS)
    pattern = wire.part("pattern", required=True)
    read = RecurringInput(
        name=wire.text("name", most=120, required=True),
        pattern=dict(pattern.data) if pattern is not None else {},
        unit=wire.choice("unit", RecurringInvoice.Unit.values, default="month"),
        every=wire.whole("every", least=1, most=366) or 1,
        first_on=wire.day("first_on", default=today) or today,
        last_on=wire.day("last_on"),
        most=wire.whole("most", least=1, most=MOST_PERIODS),
        in_advance=wire.flag("in_advance", default=True),
        act=wire.choice("act", RecurringInvoice.Act.values, default="draft"),
    )
    if read.last_on is not None and read.last_on < read.first_on:
        wire.fault("last_on", "recurring.ends_before", "It ends before it begins.")
    if read.last_on is not None and read.most is not None:
        wire.fault("most", "recurring.two_ends", "Give an end or a number of times, not both.")
    read.problems = wire.problems
    return read
