"""Days and periods as CII writes them."""

from __future__ import annotations

from datetime import date

from guilder.kernel.document import Period
from guilder.papers.exchange.formats.pen import Pen


def put_day(pen: Pen, name: str, day: date | None, kind: str = "udt:DateTimeString") -> None:
    """A day inside its element, as UNTDID 2379 format 102."""
    if day is not None:
        with pen.within(name):
            pen.put(kind, f"{day:%Y%m%d}", format="102")


def put_period(pen: Pen, period: Period | None) -> None:
    """BG-14, BG-26."""
    if period is not None:
        with pen.within("ram:BillingSpecifiedPeriod"):
            put_day(pen, "ram:StartDateTime", period.start_on)
            put_day(pen, "ram:EndDateTime", period.end_on)
