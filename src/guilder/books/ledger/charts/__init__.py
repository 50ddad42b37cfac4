"""Charts of accounts as data: what a new organization of a country begins with."""

from guilder.books.ledger.charts import de, generic
from guilder.books.ledger.charts.base import Line

CHARTS: dict[str, tuple[Line, ...]] = {"DE": de.CHART}


def chart(country: str) -> tuple[Line, ...]:
    """The chart of `country` (ISO 3166-1), else the generic one."""
    return CHARTS.get(country, generic.CHART)
