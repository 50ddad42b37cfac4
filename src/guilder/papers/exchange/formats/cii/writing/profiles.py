"""What each profile of Factur-X 1.0 has a place for, taken from its schema by tools/profiles.py."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from guilder.papers.exchange.formats.pen import Paths

FOLDER = Path(__file__).parent / "profiles"
NARROW = {"MINIMUM": "minimum", "BASIC WL": "basicwl", "BASIC": "basic"}


@cache
def paths_of(profile: str) -> Paths | None:
    """The elements of `profile` and how often each may stand; None where EN 16931 is the limit."""
    if profile not in NARROW:
        return None
    text = (FOLDER / f"{NARROW[profile]}.txt").read_text(encoding="ascii")
    rows = (row.split() for row in text.splitlines() if row and not row.startswith("#"))
    return {path: int(most) for path, most in rows}
