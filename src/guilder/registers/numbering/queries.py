"""Reading series, and what number would come next."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from guilder.foundation.tenancy.hot import cursor
from guilder.kernel.errors import Conflict, NotFound
from guilder.registers.numbering import calc
from guilder.registers.numbering.models import Counter, Series

DEFAULT = """
SELECT id, code, pattern, period, start_at, branch FROM numbering_series
WHERE organization_id = %(organization)s AND kind = %(kind)s AND branch = %(branch)s
  AND is_default AND is_active
"""


class NoSeries(Conflict):
    """No active default series numbers this kind of document."""

    code = "numbering.no_series"


@dataclass(frozen=True, slots=True)
class SeriesChoice:
    """A series as the statement that numbers needs it."""

    id: UUID
    code: str
    pattern: str
    period: str
    start_at: int
    branch: str = ""

    def period_on(self, on: date) -> str:
        """The counter's period on a day."""
        return calc.period_of(self.period, on)

    def shape_on(self, on: date) -> calc.Shape:
        """The pattern on a day, but for the counter."""
        return calc.shape(self.pattern, on=on, branch=self.branch)


def default_series(organization_id: UUID, *, kind: str, branch: str = "") -> SeriesChoice:
    """The series that numbers `kind`; NoSeries."""
    row = (
        cursor()
        .execute(
            DEFAULT,
            {"organization": organization_id, "kind": kind, "branch": branch},
            prepare=True,
        )
        .fetchone()
    )
    if row is None:
        raise no_series(kind)
    return SeriesChoice(*row)


def no_series(kind: str) -> NoSeries:
    """The refusal, with what to do."""
    words = kind.replace("_", " ")
    return NoSeries(f"No series numbers a {words}. Make one and mark it as the default.")


def list_series(organization_id: UUID) -> list[Series]:
    """All series, by kind and code."""
    return list(Series.objects.of(organization_id).order_by("kind", "code", "id"))


def get_series(organization_id: UUID, series_id: UUID) -> Series:
    """One series; NotFound."""
    found = Series.objects.of(organization_id).filter(id=series_id).first()
    if found is None:
        raise NotFound("There is no such series.")
    return found


def used_series(organization_id: UUID) -> set[UUID]:
    """The series that have given a number."""
    ids = Counter.objects.of(organization_id).values_list("series_id", flat=True)
    return set(ids.distinct())


def next_number(organization_id: UUID, series: Series, *, on: date) -> str:
    """The number that the next document issued `on` would get, if nobody is faster."""
    counter: Any = (
        Counter.objects.of(organization_id)
        .filter(series_id=series.id, period=calc.period_of(series.period, on))
        .first()
    )
    value = series.start_at if counter is None else counter.last_value + 1
    return calc.shape(series.pattern, on=on, branch=series.branch).text(value)


def next_numbers(organization_id: UUID, rows: list[Series], *, on: date) -> dict[UUID, str]:
    """`next_number` of several series, in one statement."""
    counters = Counter.objects.of(organization_id).filter(series_id__in=[one.id for one in rows])
    last = {(one.series_id, one.period): one.last_value for one in counters}  # type: ignore[attr-defined]
    found = {}
    for one in rows:
        known = last.get((one.id, calc.period_of(one.period, on)))
        value = one.start_at if known is None else known + 1
        found[one.id] = calc.shape(one.pattern, on=on, branch=one.branch).text(value)
    return found


def first_number(series: Series, *, on: date) -> str:
    """The number that the series begins with in the period of `on`."""
    return calc.shape(series.pattern, on=on, branch=series.branch).text(series.start_at)


def usual_number(pattern: str, *, on: date) -> str:
    """The first number that a pattern gives on a day, before there is a series of it."""
    return calc.shape(pattern, on=on).text(1)
