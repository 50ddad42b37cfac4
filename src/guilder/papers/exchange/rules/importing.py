"""Taking a rule pack from an archive: a release of its publisher, or a pack of Guilder's own form.

The archive names nothing by itself: files are recognized by the names that their publishers give
them, taken out one by one under limits, and kept with the archive's hash. Nothing runs here.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
import shutil
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path, PurePosixPath
from typing import Any

from guilder.kernel import xml
from guilder.kernel.errors import Conflict, Invalid
from guilder.papers.exchange.rules import packs, schematron, severities
from guilder.papers.exchange.rules.packs import CEN_VERSION, DESCRIPTION, Pack

MOST_ARCHIVE = 200 << 20
MOST_FILE = 20 << 20
MOST_TOTAL = 100 << 20
MOST_FILES = 20_000
SAFE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,60}")
XRECHNUNG_VERSION = re.compile(r"schematron[-_]v?(\d+(?:\.\d+)+)", re.IGNORECASE)
ANY_VERSION = re.compile(r"(?<![\d.])v?(\d+(?:\.\d+)+)(?![\d.]*\d)")
KOSIT = {"s": "http://www.xoev.de/de/validator/framework/1/scenarios"}
SCENARIOS = "scenarios.xml"
FLAVOURS = (
    ("kosit:extension:xrechnung_", "xrechnung-extension"),
    ("kosit:xrechnung:cvd_", "xrechnung-cvd"),
    ("kosit:xrechnung_", "xrechnung"),
)
PREFIXES = {"invoice": "ubl-invoice", "creditnote": "ubl-creditnote", "rsm": "cii"}


class ArchiveBroken(Invalid):
    """The archive cannot be opened, or is larger than any release."""

    code = "rules.archive_broken"


class ArchiveUnknown(Invalid):
    """Nothing in the archive is known as rules."""

    code = "rules.archive_unknown"


class VersionUnknown(Invalid):
    """The version of the rules is told neither by a file nor by the archive's name."""

    code = "rules.version_unknown"


class PackThere(Conflict):
    """A pack of this name and version was imported before, from other bytes."""

    code = "rules.pack_there"


@dataclass(frozen=True, slots=True)
class Known:
    """How a publisher names a sheet."""

    pattern: re.Pattern[str]
    part: str
    pack: str
    title: str
    publisher: str


def _known(name: str, part: str, pack: str, title: str, publisher: str) -> Known:
    pattern = re.compile(rf"^{re.escape(name)}\.xslt?$", re.IGNORECASE)
    return Known(pattern, part, pack, title, publisher)


CEN, KOSIT_NAME, PEPPOL = "CEN/TC 434, European Commission", "KoSIT", "OpenPeppol"
BILLING, SELF_BILLING = "Peppol BIS Billing 3.0", "Peppol BIS Self-Billing 3.0"
SHEETS = (
    _known("XRechnung-UBL-validation", "xrechnung-ubl", "xrechnung", "XRechnung", KOSIT_NAME),
    _known("XRechnung-CII-validation", "xrechnung-cii", "xrechnung", "XRechnung", KOSIT_NAME),
    _known("EN16931-UBL-validation", "en16931-ubl", "en16931-ubl", "EN 16931, UBL", CEN),
    _known("EN16931-CII-validation", "en16931-cii", "en16931-cii", "EN 16931, CII", CEN),
    _known("PEPPOL-EN16931-UBL", "peppol-ubl", "peppol-bis3", BILLING, PEPPOL),
    _known("PEPPOL-EN16931-CII", "peppol-cii", "peppol-bis3", BILLING, PEPPOL),
    _known("PEPPOL-EN16931-UBL-SB", "peppol-ubl-sb", "peppol-bis3-sb", SELF_BILLING, PEPPOL),
)
# OpenPeppol publishes its own rules as source alone. Of others the source is not the whole: KoSIT
# adds rules when it compiles.
FROM_SOURCE = frozenset(("peppol-bis3", "peppol-bis3-sb"))
# PINT's files have the same names in each jurisdiction: `name` says which one it is, or the
# archive, which is called pint-eu-resources-1.1.1.zip and alike.
PINT_ARCHIVE = re.compile(r"(pint-[a-z]{2,4}(?:-[a-z]{2,3})?)-resources")
PINT_SHEETS = (
    (re.compile(r"^PINT-UBL-validation-preprocessed\.xslt?$"), "shared"),
    (re.compile(r"^PINT-jurisdiction-aligned-rules\.xslt?$"), "own"),
    (re.compile(r"^PINT-EN16931-aligned-rules\.xslt?$"), "en16931"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A pack in an archive: its description and its files."""

    description: dict[str, Any]
    files: Mapping[str, bytes]


def taken(
    data: bytes,
    folder: Path,
    *,
    filename: str = "",
    name: str = "",
    version: str = "",
    valid_from: date | None = None,
    valid_until: date | None = None,
) -> tuple[Pack, ...]:
    """Every pack of the archive `data`, kept in `folder`; `name` wants one of several packs,
    and says the jurisdiction of PINT.

    Raises ArchiveBroken, ArchiveUnknown, VersionUnknown or PackThere; then nothing is kept.
    """
    digest = hashlib.sha256(data).hexdigest()
    found = list(packs_in(data, filename=filename, name=name, version=version))
    days = {"valid_from": valid_from, "valid_until": valid_until}
    more = {key: day.isoformat() for key, day in days.items() if day is not None}
    described = [
        Found(description={**one.description, **more, "sha256": digest}, files=one.files)
        for one in found
    ]
    for one in described:
        _refuse_other(one, folder)
    return tuple(_kept(one, folder) for one in described)


def packs_in(data: bytes, *, filename: str, name: str, version: str) -> Iterator[Found]:
    """The packs that an archive holds, unpacked under limits; what is source is made a sheet."""
    files = _with_sheets(dict(_unpacked(data)))
    own = [path for path in files if PurePosixPath(path).name == DESCRIPTION]
    found = [_own(files, path) for path in own] or [
        *_official(files, filename=filename, name=name, version=version),
        *_pint(files, filename=filename, name=name, version=version),
    ]
    if not found:
        raise ArchiveUnknown(_unknown(files))
    yield from found


def _unpacked(data: bytes) -> Iterator[tuple[str, bytes]]:
    """Rule files and descriptions by their path in the archive."""
    if len(data) > MOST_ARCHIVE:
        raise ArchiveBroken(f"An archive of rules has at most {MOST_ARCHIVE >> 20} MB.")
    total = 0
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            if len(entries) > MOST_FILES:
                raise ArchiveBroken(f"An archive of rules has at most {MOST_FILES:,} files.")
            for entry in entries:
                if entry.is_dir() or not _wanted(entry.filename):
                    continue
                with archive.open(entry) as file:
                    content = file.read(MOST_FILE + 1)
                total += len(content)
                if len(content) > MOST_FILE or total > MOST_TOTAL:
                    raise ArchiveBroken("A file in this archive is larger than any rules.")
                yield entry.filename, content
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, ValueError) as error:
        raise ArchiveBroken(f"This is no readable ZIP archive ({error}).") from None


def _wanted(path: str) -> bool:
    pieces = PurePosixPath(path)
    if pieces.is_absolute() or ".." in pieces.parts or "\\" in path:
        return False
    return pieces.suffix.lower() in {".xsl", ".xslt", ".xsd", ".xml", ".sch", ".json"} or (
        pieces.name.upper().startswith("LICENSE")
    )


def _own(files: Mapping[str, bytes], path: str) -> Found:
    """A pack of our own form: the description, and the files below its folder."""
    try:
        told = json.loads(files[path])
        place = PurePosixPath(path).parent
        inside = {
            str(PurePosixPath(one).relative_to(place)): content
            for one, content in files.items()
            if PurePosixPath(one).is_relative_to(place) and one != path
        }
        packs.of_description(told, folder=Path(), source="imported")
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ArchiveBroken(f"The description {path} cannot be read: {error}.") from None
    absent = sorted(set(told["parts"].values()) - set(inside))
    if absent:
        raise ArchiveBroken(f"The description names {absent[0]}, which the archive lacks.")
    return Found(description=told, files=inside)


def _with_sheets(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The files, and for each source that may be read the sheet that it gives, where none is."""
    made: dict[str, bytes] = {}
    for path, content in files.items():
        place = PurePosixPath(path)
        sheet = str(place.with_suffix(".xslt"))
        known = next((one for one in SHEETS if one.pattern.match(f"{place.stem}.xslt")), None)
        is_source = place.suffix.lower() == ".sch" and known and known.pack in FROM_SOURCE
        if is_source and sheet not in files and str(place.with_suffix(".xsl")) not in files:
            made[sheet] = schematron.sheet_of(content)
    return {**files, **made}


def _official(
    files: Mapping[str, bytes], *, filename: str, name: str, version: str
) -> Iterator[Found]:
    """The packs of publishers that are known by the names of their sheets; `name` wants one."""
    taken: dict[str, dict[str, tuple[str, bytes]]] = {}
    told: dict[str, Known] = {}
    for path, content in sorted(files.items()):
        for known in SHEETS:
            if known.pattern.match(PurePosixPath(path).name) and name in {"", known.pack}:
                taken.setdefault(known.pack, {}).setdefault(known.part, (path, content))
                told[known.pack] = known
    for pack, parts in taken.items():
        known = told[pack]
        description: dict[str, Any] = {
            "name": pack,
            "version": _version(pack, parts, filename=filename, given=version),
            "title": known.title,
            "publisher": known.publisher,
            "parts": {part: PurePosixPath(path).name for part, (path, _) in parts.items()},
        }
        if pack == "xrechnung":
            description["levels"] = _levels(files)
        contents = {PurePosixPath(path).name: content for path, content in parts.values()}
        yield Found(description=description, files={**contents, **_licences(files)})


def _pint(files: Mapping[str, bytes], *, filename: str, name: str, version: str) -> Iterator[Found]:
    """The sheets of one jurisdiction of PINT, which `name` tells, else the archive's name."""
    told = PINT_ARCHIVE.match(filename)
    name = name or (told[1] if told else "")
    parts: dict[str, tuple[str, bytes]] = {}
    for path, content in sorted(files.items()):
        for pattern, part in PINT_SHEETS:
            if pattern.match(PurePosixPath(path).name):
                parts.setdefault(f"{name}-{part}", (path, content))
    if not parts:
        return
    if not name.startswith("pint-"):
        raise ArchiveUnknown(
            "These are rules of Peppol PINT, whose files do not say for which jurisdiction:"
            " name it, such as --name pint-eu, pint-aunz, pint-jp or pint-sg."
        )
    description = {
        "name": name,
        "version": _version(name, parts, filename=filename, given=version),
        "title": f"Peppol {name.upper().replace('-', ' ')}",
        "publisher": PEPPOL,
        "parts": {part: PurePosixPath(path).name for part, (path, _) in parts.items()},
    }
    contents = {PurePosixPath(path).name: content for path, content in parts.values()}
    yield Found(description=description, files={**contents, **_licences(files)})


def _version(
    pack: str, parts: Mapping[str, tuple[str, bytes]], *, filename: str, given: str
) -> str:
    """As given, else as the sheet, its path or the archive's name tell it; never guessed."""
    places = [filename, *(path for path, _ in parts.values())]
    heads = [content[:4000].decode("utf-8", "replace") for _, content in parts.values()]
    told = [match[1] for head in heads if (match := CEN_VERSION.search(head))]
    pattern = XRECHNUNG_VERSION if pack == "xrechnung" else ANY_VERSION
    told += [match[1] for place in places if (match := pattern.search(place))]
    chosen = given or (told[0] if told else "")
    if not SAFE.fullmatch(chosen):
        raise VersionUnknown(
            f"Which version of {pack} is this? Say so with --version, such as 1.0."
        )
    return chosen


def _levels(files: Mapping[str, bytes]) -> Mapping[str, Mapping[str, str]]:
    """KoSIT's own severities: from the archive's scenarios, else those that Guilder knows."""
    for path, content in files.items():
        if PurePosixPath(path).name == SCENARIOS and (found := kosit_levels(content)):
            return found
    return severities.XRECHNUNG


def kosit_levels(content: bytes) -> dict[str, dict[str, str]]:
    """The `customLevel` entries of a KoSIT configuration, by scenario and kind of paper."""
    try:
        root = xml.parse(content)
    except Invalid:
        return {}
    found: dict[str, dict[str, str]] = {}
    for scenario in root.findall("s:scenario", KOSIT):
        match = scenario.findtext("s:match", "", KOSIT)
        flavour = next((name for mark, name in FLAVOURS if mark in match), "")
        prefix = re.search(r"/(\w+):\w", match)
        if flavour and prefix and prefix[1] in PREFIXES:
            levels = scenario.findall(".//s:customLevel", KOSIT)
            found[f"{flavour}/{PREFIXES[prefix[1]]}"] = {
                (one.text or "").strip(): one.get("level", "") for one in levels
            }
    return found


def _licences(files: Mapping[str, bytes]) -> dict[str, bytes]:
    return {
        PurePosixPath(path).name: content
        for path, content in files.items()
        if PurePosixPath(path).name.upper().startswith("LICENSE")
    }


def _unknown(files: Mapping[str, bytes]) -> str:
    if any(path.lower().endswith(".sch") for path in files):
        return (
            "This archive holds Schematron sources (.sch) only. Take the publisher's compiled"
            " sheets (.xsl or .xslt)."
        )
    return (
        "No rules that are known are in this archive: EN 16931, XRechnung, Peppol and PINT are"
        " recognized, and packs of Guilder's own form with a pack.json."
    )


def _place(one: Found, folder: Path) -> Path:
    named = f"{one.description['name']}-{one.description['version']}".replace(" ", "-")
    if not SAFE.fullmatch(named):
        raise ArchiveBroken(f"“{named}” cannot be a pack's name.")
    return folder / named


def _refuse_other(one: Found, folder: Path) -> None:
    place = _place(one, folder) / DESCRIPTION
    if not place.exists():
        return
    there = packs.read_pack(place, source="imported")
    if there.sha256 != one.description["sha256"]:
        raise PackThere(
            f"{there.label} was imported before, from another archive ({there.sha256[:12]}…)."
            " Remove its folder first, or give this one another --version."
        )


def _kept(one: Found, folder: Path) -> Pack:
    """Write the pack beside its place, then put it there in one step."""
    place = _place(one, folder)
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder, prefix=".new-") as scratch:
        new = Path(scratch) / "pack"
        for path, content in one.files.items():
            target = new / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
        new.mkdir(exist_ok=True)
        (new / DESCRIPTION).write_text(json.dumps(one.description, indent=2))
        if place.exists():
            shutil.rmtree(place)
        new.rename(place)
    return packs.read_pack(place / DESCRIPTION, source="imported")
