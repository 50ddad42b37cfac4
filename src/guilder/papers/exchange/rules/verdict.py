"""What was judged, by which rules, and what they found."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import Any

# The severities of Schematron files, gravest first; only these two make a paper invalid.
SEVERITIES = ("fatal", "error", "warning", "information")
GRAVE = frozenset({"fatal", "error"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Fired:
    """One rule that the paper breaks, or that has something to say of it."""

    rule: str  # its official id; "XSD" for the schema, the code of our error where nothing is read
    severity: str  # one of SEVERITIES
    where: str = ""  # a path into the file
    text: str = ""  # the words of the rules' own authors
    pack: str = ""  # "name version"
    # What its publisher calls it, where the scenario's configuration (KoSIT's) says otherwise.
    published: str = ""

    @property
    def is_grave(self) -> bool:
        """Whether it makes the paper invalid."""
        return self.severity in GRAVE

    def as_plain(self) -> dict[str, str]:
        """As a plain object; what is as published says so by silence."""
        told = asdict(self)
        return told if self.published else {k: v for k, v in told.items() if k != "published"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The official verdict on one paper.

    `valid` is None where no rules for it are at hand. `missing` names rule sets that the paper
    asks for and that are not at hand: `valid` then speaks of `scenario` alone.
    """

    scenario: str  # "" where the paper is of no known kind
    valid: bool | None
    fired: tuple[Fired, ...] = ()
    packs: tuple[str, ...] = ()  # "name version", in the order in which they were asked
    missing: tuple[str, ...] = ()
    kind: str = ""  # ubl-invoice, ubl-creditnote, cii, zugferd1; "pdf-" before it for a hybrid
    profile: str = ""  # BT-24
    sha256: str = ""  # of the bytes that were judged
    attachment: str = ""  # the name of the file in a hybrid PDF that was judged
    # The verdicts on further invoices in the same PDF, where none was asked for by its name.
    others: tuple[Verdict, ...] = ()

    @property
    def is_complete(self) -> bool:
        """Whether every rule set that the paper asks for was asked."""
        return bool(self.scenario) and not self.missing

    @property
    def grave(self) -> tuple[Fired, ...]:
        """What makes it invalid."""
        return tuple(one for one in self.fired if one.is_grave)

    def as_plain(self) -> dict[str, Any]:
        """As plain objects, to send or to store; `of_plain` reads them back."""
        fired = [one.as_plain() for one in self.fired]
        others = [one.as_plain() for one in self.others]
        return {**asdict(replace(self, fired=(), others=())), "fired": fired, "others": others}


def of_plain(told: dict[str, Any]) -> Verdict:
    """The verdict that `as_plain` wrote."""
    lists = {name: tuple(told[name]) for name in ("packs", "missing")}
    fired = tuple(Fired(**one) for one in told["fired"])
    others = tuple(of_plain(one) for one in told.get("others", ()))
    return Verdict(**{**told, **lists, "fired": fired, "others": others})
