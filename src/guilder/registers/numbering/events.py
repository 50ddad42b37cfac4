"""What happened to series."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesChanged:
    """A series was made, changed or retired."""

    type: ClassVar[str] = "series.changed"
    series_id: UUID
    code: str
