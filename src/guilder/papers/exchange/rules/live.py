"""Checking a paper while it is typed: the rules that can be seen on the Document itself.

Pure and quick; the official sheets have the last word (`exchange.judging`).
"""

from __future__ import annotations

from dataclasses import dataclass

from guilder.kernel.document import Document
from guilder.papers.exchange.rules.checks import lines, networks, papers, parties, taxes
from guilder.papers.exchange.rules.checks.table import Check

EN16931: tuple[tuple[str, Check], ...] = (
    *parties.CHECKS,
    *papers.CHECKS,
    *lines.CHECKS,
    *taxes.CHECKS,
)
# What is checked for each rule set.
FLAVOURS: dict[str, tuple[tuple[str, Check], ...]] = {
    "en16931": EN16931,
    "xrechnung": (*EN16931, *networks.SHARED, *networks.XRECHNUNG),
    "peppol": (*EN16931, *networks.SHARED, *networks.PEPPOL),
}
RULES = frozenset(rule for checks in FLAVOURS.values() for rule, _ in checks)


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule that the paper breaks, and where."""

    rule: str
    pointer: str  # into the Document
    is_grave: bool = True


def check(document: Document, *, flavour: str = "en16931") -> tuple[Finding, ...]:
    """What `document` (with its totals) breaks, in the order of the tables; once for each place."""
    found = (
        Finding(rule, pointer, rule not in networks.WARNINGS)
        for rule, broken in FLAVOURS[flavour]
        for pointer in broken(document)
    )
    return tuple(dict.fromkeys(found))


def flavour_of(name: str) -> str:
    """Which rules the format `name` is checked by."""
    if "xrechnung" in name:
        return "xrechnung"
    return "peppol" if name.startswith(("peppol", "pint-eu")) else "en16931"
