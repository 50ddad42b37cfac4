"""Pure rules of mandates: whether one is in force, which sequence comes next, what may follow."""

import re
from datetime import date

# EPC016 (CORE) and EPC222 (B2B) rulebooks: unused for 36 months, a mandate has lapsed.
UNUSED_MONTHS = 36
LEAD_DAYS = {"CORE": 1, "B2B": 1}  # settling days between the bank and the debtor's, since 2016
REFERENCE = re.compile(r"[A-Z0-9+?/:().,'\-]{1,35}", re.ASCII)


def months_before(day: date, months: int) -> date:
    """The same day that many months earlier, or the last one of that month."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, last)
        except ValueError:
            continue
    raise AssertionError(day)


def standing(
    *,
    signed_on: date | None,
    last_used_on: date | None,
    is_ended: bool,
    is_recurrent: bool,
    on: date,
) -> str:
    """waiting (not signed), active, used (a single one), expired or ended."""
    if is_ended:
        return "ended"
    if signed_on is None or signed_on > on:
        return "waiting"
    if not is_recurrent and last_used_on is not None:
        return "used"
    newest = max(signed_on, last_used_on) if last_used_on else signed_on
    return "expired" if newest < months_before(on, UNUSED_MONTHS) else "active"


def expires_on(signed_on: date | None, last_used_on: date | None) -> date | None:
    """The last day on which it may be used, unless it is used before."""
    if signed_on is None:
        return None
    return months_before(max(signed_on, last_used_on or signed_on), -UNUSED_MONTHS)


def sequence(*, is_recurrent: bool, is_first: bool, is_last: bool) -> str:
    """OOFF, FRST, RCUR or FNAL: what the bank is told of a collection."""
    if not is_recurrent:
        return "OOFF"
    if is_last:
        return "FNAL"
    return "FRST" if is_first else "RCUR"


# The European Economic Area, and who else takes part in SEPA (EPC409, 2026).
SEPA = frozenset(
    (
        *("AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE"),
        *("IS", "IT", "LI", "LT", "LU", "LV", "MT", "NL", "NO", "PL", "PT", "RO", "SE", "SI", "SK"),
        *("AD", "AL", "CH", "GB", "GI", "MC", "MD", "ME", "MK", "RS", "SM", "VA"),
    )
)


def is_reached(iban: str) -> bool:
    """Whether an account can be reached through SEPA."""
    return iban[:2] in SEPA
