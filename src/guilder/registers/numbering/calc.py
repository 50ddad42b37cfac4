"""Pure rules of numbers: patterns, periods, and the text of a number."""

import re
from dataclasses import dataclass
from datetime import date

from guilder.kernel.errors import Problem

PLACEHOLDER = re.compile(r"\{([a-z]+)(?::0(\d{1,2})d)?\}")
KNOWN = frozenset({"year", "month", "counter", "branch"})
LONGEST = 60
NEEDED = {"none": (), "year": ("year",), "month": ("year", "month")}


@dataclass(frozen=True, slots=True)
class Shape:
    """A pattern with everything filled in but the counter."""

    prefix: str
    digits: int
    suffix: str

    def text(self, value: int) -> str:
        """The number with counter `value`."""
        return f"{self.prefix}{value:0{self.digits}d}{self.suffix}"


def shape(pattern: str, *, on: date, branch: str = "") -> Shape:
    """`pattern` on the issue date `on`; the pattern is one that pattern_problems lets through."""
    values = {"year": f"{on.year:04d}", "month": f"{on.month:02d}", "branch": branch}
    digits = 1
    parts = [""]
    end = 0
    for found in PLACEHOLDER.finditer(pattern):
        parts[-1] += pattern[end : found.start()]
        if found[1] == "counter":
            digits = int(found[2] or 1)
            parts.append("")
        else:
            parts[-1] += values[found[1]]
        end = found.end()
    parts[-1] += pattern[end:]
    prefix, suffix = parts
    return Shape(prefix, digits, suffix)


def period_of(period: str, on: date) -> str:
    """The counter's period of an issue date: "", "2026" or "2026-11"."""
    if period == "none":
        return ""
    return f"{on.year:04d}" if period == "year" else f"{on.year:04d}-{on.month:02d}"


def pattern_problems(pattern: str, *, period: str, branch: str = "") -> list[Problem]:
    """Everything that is wrong with a pattern, at /pattern."""
    names = [found[1] for found in PLACEHOLDER.finditer(pattern)]
    rest = PLACEHOLDER.sub("", pattern)
    problems: list[Problem] = []

    def fault(code: str, detail: str) -> None:
        problems.append(Problem("/pattern", f"numbering.{code}", detail))

    if names.count("counter") != 1:
        fault("one_counter", "Put {counter} into the pattern once, for example INV-{counter:05d}.")
    if "{" in rest or "}" in rest or not KNOWN.issuperset(names):
        fault("unknown_placeholder", "Use {year}, {month}, {branch} and {counter} only.")
    if not (rest.isascii() and rest.isprintable()) or rest != rest.strip():
        fault("strange_characters", "Use printable ASCII characters, no blanks at the ends.")
    if len(pattern) > LONGEST + 20 or len(rest) + len(branch) > LONGEST:
        fault("too_long", f"Use at most {LONGEST} characters.")
    missing = [name for name in NEEDED.get(period, ()) if name not in names]
    if missing:
        words = " and ".join(f"{{{name}}}" for name in missing)
        fault("period_missing", f"Numbers begin again each {period}: put {words} into the pattern.")
    return problems
