"""The public shape of a series."""

from uuid import UUID

import msgspec

from guilder.registers.numbering.models import Series


class SeriesOut(msgspec.Struct, kw_only=True):
    """A series as REST and exports show it; `next` is the number that would come on a day."""

    id: UUID
    kind: str
    code: str
    pattern: str
    period: str
    start_at: int
    branch: str
    is_default: bool
    is_active: bool
    next: str | None
    version: int


def series_out(row: Series, *, following: str | None = None) -> SeriesOut:
    """The shape of one row; `following` is what queries.next_number gave."""
    return SeriesOut(
        id=row.id,
        kind=row.kind,
        code=row.code,
        pattern=row.pattern,
        period=row.period,
        start_at=row.start_at,
        branch=row.branch,
        is_default=row.is_default,
        is_active=row.is_active,
        next=following,
        version=row.version,
    )
