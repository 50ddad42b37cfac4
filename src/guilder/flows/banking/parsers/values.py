"""Days and amounts as banks write them."""

import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import lru_cache

LONGEST = 40
CLUTTER = re.compile(r"[\s'’`´ʼ‘\u00a0\u202f\u2009$€£¥]|[A-Z]{3}(?![A-Z])|Fr\.", re.IGNORECASE)
PLAIN = re.compile(r"\d{1,15}(\.\d{1,6})?|\.\d{1,6}", re.ASCII)
DAY = re.compile(
    r"\s*(?:(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})"
    r"|(\d{1,2})[-/. ]\s?(\d{1,2})[-/. ' ]\s?'?(\d{2}|\d{4})"
    r"|(\d{4})(\d{2})(\d{2}))(?![\d])",
    re.ASCII,
)
NAMED = re.compile(r"\s*(\d{1,2})[-. ]([A-Za-z]{3})[A-Za-z]*[-. ,]+(\d{4}|\d{2})\b", re.ASCII)
MONTHS = {
    name: place
    for place, names in enumerate(
        (
            ("jan", "gen", "ene"),
            ("feb", "fev"),
            ("mar", "mrz", "mae"),
            ("apr", "avr", "abr"),
            ("may", "mai", "mag", "mei"),
            ("jun", "giu"),
            ("jul", "lug"),
            ("aug", "aou", "ago"),
            ("sep", "set"),
            ("oct", "okt", "ott", "out"),
            ("nov",),
            ("dec", "dez", "dic"),
        ),
        start=1,
    )
    for name in names
}


def amount_of(text: str) -> Decimal | None:
    """An amount as people and banks write it, such as "-1'234.50", "1.234,50-" or "(12.00)".

    None where it is none. The last of two kinds of separators is the decimal one; a single one
    followed by exactly three digits separates thousands, unless nothing stands before it.
    """
    if not text or len(text) > LONGEST:
        return None
    bare = CLUTTER.sub("", text.strip().lstrip("=").strip('"'))
    bare = bare.replace("−", "-").replace("–", "-").replace("–", "-")
    is_negative = bare.startswith(("-", "(")) or bare.endswith(("-", ")"))
    bare = bare.strip("+-()")
    value = number_of(decimal_point(bare))
    return -value if value is not None and is_negative else value


def decimal_point(bare: str) -> str:
    """Digits with at most one point, which is the decimal one."""
    comma, point = bare.rfind(","), bare.rfind(".")
    if comma >= 0 and point >= 0:
        thousands, mark = (".", ",") if comma > point else (",", ".")
        return bare.replace(thousands, "").replace(mark, ".")
    mark = "," if comma >= 0 else "."
    if bare.count(mark) > 1:
        return bare.replace(mark, "")
    whole, _, rest = bare.partition(mark)
    if mark == "," and len(rest) == 3 and whole.strip("0"):
        return whole + rest
    return f"{whole}.{rest}" if rest else whole


def comma_amount(text: str) -> Decimal | None:
    """An amount with a decimal comma, as SWIFT writes it: "1234,5", "5,"."""
    whole, _, rest = text.strip().partition(",")
    return number_of(f"{whole or 0}.{rest}" if rest else whole or "0")


def plain_amount(text: str) -> Decimal | None:
    """A decimal with a point and maybe a sign, as XML and OFX write it."""
    bare = text.strip()
    is_negative = bare.startswith("-")
    value = number_of(bare.lstrip("+-"))
    return -value if value is not None and is_negative else value


def number_of(bare: str) -> Decimal | None:
    """Digits with at most one point; nothing else is a number."""
    bare = bare.lstrip("0") or "0" if bare[:1] == "0" else bare
    if not PLAIN.fullmatch(bare):
        return None
    try:
        return Decimal(bare)
    except InvalidOperation:
        return None


def iso_day(text: str) -> date | None:
    """The day of "2026-11-20", "20261120" or an instant that begins so."""
    digits = text.strip()[:10].replace("-", "")[:8]
    if len(digits) != 8 or not digits.isdecimal():
        return None
    return day_of(int(digits[:4]), int(digits[4:6]), int(digits[6:]))


def day_of(year: int, month: int, day: int) -> date | None:
    """That day, None where the calendar has none."""
    try:
        return date(full_year(year), month, day)
    except ValueError:
        return None


def full_year(year: int) -> int:
    """26 is 2026, 96 is 1996."""
    if year >= 100:
        return year
    return year + (1900 if year >= 80 else 2000)


@lru_cache(maxsize=1_024)  # a statement has few days
def parts_of(text: str) -> tuple[int, int, int, bool] | None:
    """(year, first, second, whether it began with the year) of a day, None where it is none."""
    found = DAY.match(text)
    if found:
        groups = found.groups()
        if groups[0]:
            return int(groups[0]), int(groups[1]), int(groups[2]), True
        if groups[3]:
            return int(groups[5]), int(groups[3]), int(groups[4]), False
        return int(groups[6]), int(groups[7]), int(groups[8]), True
    named = NAMED.match(text)
    if named and named[2].lower() in MONTHS:
        return int(named[3]), MONTHS[named[2].lower()], int(named[1]), True
    return None


def is_month_first(texts: Iterable[str]) -> bool:
    """Whether days such as 08/17/2022 are written month first; False where nothing says so."""
    for text in texts:
        parts = parts_of(text)
        if parts is None or parts[3]:
            continue
        if parts[1] > 12:
            return False
        if parts[2] > 12:
            return True
    return False


def any_day(text: str, *, month_first: bool = False) -> date | None:
    """The day that a text begins with, in any usual order; None where it is none."""
    parts = parts_of(text)
    if parts is None:
        return None
    year, first, second, is_iso = parts
    if is_iso or month_first:
        return day_of(year, first, second)
    return day_of(year, second, first)
