"""The shape of a country's tax data."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class DatedRate:
    """`percent` from `valid_from` on, until the next of the same code; `source` names the law."""

    percent: Decimal
    valid_from: date
    source: str


@dataclass(frozen=True, slots=True)
class Regime:
    """One country's rates: code (standard, reduced, reduced_2, …) → dated rates, oldest first."""

    country: str
    tax_name: str
    rates: dict[str, tuple[DatedRate, ...]]


def rates(*rows: tuple[str, str, str]) -> tuple[DatedRate, ...]:
    """Rows of (percent, ISO date, source), oldest first."""
    return tuple(
        DatedRate(Decimal(percent), date.fromisoformat(since), source)
        for percent, since, source in rows
    )
