"""Which rate holds on a day."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from django.db.models import QuerySet

from guilder.foundation.tenancy.hot import cursor
from guilder.kernel.errors import Invalid
from guilder.registers.currencies import calc
from guilder.registers.currencies.models import Rate

OLDEST = timedelta(days=10)  # long enough for Easter and Christmas, short enough to be true
PIVOT = "EUR"
NEWEST = """
SELECT DISTINCT ON (base, quote) base, quote, "on", rate, source FROM currencies_rate
WHERE organization_id = %(organization)s AND "on" BETWEEN %(oldest)s AND %(on)s
  AND ((base = %(a)s AND quote = %(b)s) OR (base = %(b)s AND quote = %(a)s)
    OR (base = 'EUR' AND quote IN (%(a)s, %(b)s)))
ORDER BY base, quote, "on" DESC
"""


class NoRate(Invalid):
    """No rate of those two currencies holds on the day."""

    code = "currencies.no_rate"


@dataclass(frozen=True, slots=True)
class Quotation:
    """One unit of `base` is `rate` units of `quote`, by `source` of the day `on`."""

    base: str
    quote: str
    rate: Decimal
    on: date
    source: str


def rate_on(organization_id: UUID, *, base: str, quote: str, on: date) -> Quotation:
    """The newest rate of at most ten days before `on`: direct, inverse, or through the euro.

    Raises NoRate. Of one currency with itself it is 1 and costs no statement.
    """
    if base == quote:
        return Quotation(base, quote, Decimal(1), on, "")
    rows = cursor().execute(
        NEWEST,
        {"organization": organization_id, "a": base, "b": quote, "on": on, "oldest": on - OLDEST},
        prepare=True,
    )
    known = {(row[0], row[1]): Quotation(row[0], row[1], row[3], row[2], row[4]) for row in rows}
    if direct := known.get((base, quote)):
        return direct
    if other := known.get((quote, base)):
        return Quotation(base, quote, calc.inverse(other.rate), other.on, other.source)
    first, second = known.get((PIVOT, base)), known.get((PIVOT, quote))
    if first and second:
        rate = calc.crossed(calc.inverse(first.rate), second.rate)
        return Quotation(base, quote, rate, min(first.on, second.on), first.source)
    raise NoRate(
        f"There is no rate from {base} to {quote} for {on}. Add one under exchange rates, or "
        "import the ECB's file."
    )


def list_rates(organization_id: UUID) -> QuerySet[Rate]:
    """All rates; no order yet."""
    return Rate.objects.of(organization_id)
