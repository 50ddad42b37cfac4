"""One thing that `guilder doctor` looked at."""

from dataclasses import dataclass
from typing import Literal

State = Literal["good", "fair", "bad"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: good, fair (should be better) or bad (must be mended)."""

    name: str
    state: State
    detail: str
