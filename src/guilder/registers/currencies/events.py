"""What happens to exchange rates."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class RatesAdded:
    """Rates of one source were added; `until` is the newest day."""

    type: ClassVar[str] = "rates.added"
    source: str
    until: date
    count: int
