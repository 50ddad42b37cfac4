"""What each profile of Factur-X 1.0 has a place for, taken from its schema by tools/profiles.py."""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from pathlib import Path

from guilder.kernel.document import Document, TaxBreakdown
from guilder.kernel.errors import Invalid, Problem
from guilder.papers.exchange.formats.pen import Paths
from guilder.papers.exchange.formats.record import tax_key

FOLDER = Path(__file__).parent / "profiles"
NO_ROUNDING = frozenset(("BASIC WL", "BASIC"))
HUNDREDTH = Decimal("0.01")
NARROW = {"MINIMUM": "minimum", "BASIC WL": "basicwl", "BASIC": "basic"}


class ProfileTooNarrow(Invalid):
    """The profile has no place for something without which its sums would not agree."""

    code = "exchange.profile_too_narrow"


def check_fits(document: Document, profile: str) -> None:
    """Refuse what would break the sums of a profile; ProfileTooNarrow says which to choose."""
    if profile in NO_ROUNDING and document.rounding_amount:
        detail = (
            f"The profile {profile} has no place for the rounding amount (BT-114) of"
            f" {document.rounding_amount}. Choose EN 16931 or EXTENDED."
        )
        raise ProfileTooNarrow(
            problems=[Problem("/rounding_amount", ProfileTooNarrow.code, detail)]
        )
    if profile != "EXTENDED":
        return
    for index, row in enumerate(document.taxes):
        if _strays(document, row):
            detail = (
                "EXTENDED wants the tax to the hundredth (BR-FXEXT-S-09), which"
                f" {document.currency} does not have. Choose the profile EN 16931."
            )
            raise _refused(f"/taxes/{index}/tax", detail)


def _refused(place: str, detail: str) -> ProfileTooNarrow:
    return ProfileTooNarrow(problems=[Problem(place, ProfileTooNarrow.code, detail)])


def _strays(document: Document, row: TaxBreakdown) -> bool:
    """Whether the tax of a row is further off its rate than a hundredth for each of its parts."""
    key = tax_key(row.category, row.rate)
    levels = (*document.allowances, *document.charges)
    taxes = [line.tax for line in document.lines] + [level.tax for level in levels if level.tax]
    parts = sum(1 for tax in taxes if tax_key(tax.category, tax.rate) == key)
    exact = row.taxable.amount * (row.rate or 0) / 100
    return abs(row.tax.amount - exact) > HUNDREDTH * parts


@cache
def paths_of(profile: str) -> Paths | None:
    """The elements of `profile` and how often each may stand; None where EN 16931 is the limit."""
    if profile not in NARROW:
        return None
    text = (FOLDER / f"{NARROW[profile]}.txt").read_text(encoding="ascii")
    rows = (row.split() for row in text.splitlines() if row and not row.startswith("#"))
    return {path: int(most) for path, most in rows}
