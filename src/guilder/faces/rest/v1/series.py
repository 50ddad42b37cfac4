"""/series/: runs of gapless numbers."""

from typing import Any
from uuid import UUID

import msgspec

from guilder.books.invoicing import queries as invoicing
from guilder.faces.rest.listing import answer_of
from guilder.faces.rest.routes import Call, route
from guilder.faces.rest.wire import Reset, SeriesKind, Whole
from guilder.registers.numbering import operations, queries
from guilder.registers.numbering.models import Series
from guilder.registers.numbering.schemas import SeriesOut, series_out


class AllSeriesOut(msgspec.Struct):
    """All series; there are never many."""

    data: list[SeriesOut]
    next: str | None


class SeriesIn(msgspec.Struct, omit_defaults=True, forbid_unknown_fields=True):
    """A series; the pattern has {year}, {month}, {branch} and {counter} or {counter:05d}."""

    kind: SeriesKind
    code: str
    pattern: str
    period: Reset = "none"
    start_at: Whole = 1
    branch: str = ""
    is_default: bool = False
    is_active: bool = True


class SeriesPatch(msgspec.Struct, omit_defaults=True, forbid_unknown_fields=True):
    """What changes."""

    kind: SeriesKind | msgspec.UnsetType = msgspec.UNSET
    code: str = ""
    pattern: str = ""
    period: Reset = "none"
    start_at: Whole = 1
    branch: str = ""
    is_default: bool = False
    is_active: bool = True


class RunOut(msgspec.Struct):
    """The numbers of one series in one period; `missing` is empty where all is well."""

    series: UUID
    code: str
    period: str
    start_at: int
    first: int
    last: int
    count: int
    missing: list[int]


class RunsOut(msgspec.Struct):
    """Every run of numbers."""

    data: list[RunOut]
    next: str | None


def shaped(call: Call, row: Series) -> SeriesOut:
    """One series with the number that would come today."""
    following = queries.next_number(call.by.organization_id, row, on=call.today)
    return series_out(row, following=following)


@route("GET", "series/", permission="series.view", answer=AllSeriesOut)
def list_series(call: Call) -> Any:
    """List series"""
    rows = queries.list_series(call.by.organization_id)
    return answer_of([shaped(call, row) for row in rows], None)


@route(
    "POST",
    "series/",
    permission="series.edit",
    body=SeriesIn,
    answer=SeriesOut,
    example={"kind": "invoice", "code": "web", "pattern": "W-{year}-{counter:05d}",
             "period": "year"},
)  # fmt: skip
def create_series(call: Call) -> SeriesOut:
    """Make a series"""
    row = operations.create_series(by=call.by, data=call.body)
    call.place(f"series/{row.id}/")
    return shaped(call, row)


@route("GET", "series/gaps/", permission="series.view", answer=RunsOut)
def gap_report(call: Call) -> Any:
    """Show that no number is missing"""
    runs = [
        RunOut(one.series_id, one.code, one.period, one.start_at, one.first, one.last, one.count,
               one.missing)
        for one in invoicing.gap_report(by=call.by)
    ]  # fmt: skip
    return answer_of(runs, None)


@route("GET", "series/{id}/", permission="series.view", answer=SeriesOut)
def read_series(call: Call) -> SeriesOut:
    """Read a series"""
    return shaped(call, queries.get_series(call.by.organization_id, call.id))


@route("PATCH", "series/{id}/", permission="series.edit", body=SeriesPatch, answer=SeriesOut)
def update_series(call: Call) -> SeriesOut:
    """Change a series"""
    row = operations.update_series(call.id, by=call.by, data=call.body, version=call.version)
    return shaped(call, row)
