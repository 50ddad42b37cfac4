"""Keeping rule packs: which are at hand, importing a release, fetching what is newer.

The packs belong to the installation, not to an organization: the operator keeps them, by the
command line. They lie in a folder of the data (GUILDER_RULES, else `rules` in GUILDER_HOME).
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from guilder.foundation.edges import outbound
from guilder.foundation.edges.child import ChildDied, ChildTimedOut, JobFailed
from guilder.kernel.errors import Invalid, Unavailable
from guilder.papers.exchange import judging
from guilder.papers.exchange.rules import importing, packs
from guilder.papers.exchange.rules.packs import Pack

RELEASES = Path(__file__).parent / "rules" / "releases.json"
FETCH = outbound.Limits(connect=10, total=120, size=importing.MOST_ARCHIVE)


class NoFolder(Unavailable):
    """Nothing says where imported packs are kept."""

    code = "rules.no_folder"


class SheetBroken(Invalid):
    """A sheet of the pack cannot be compiled, so it could judge nothing."""

    code = "rules.sheet_broken"


class ReleaseChanged(Invalid):
    """What was fetched is not what was known under this address."""

    code = "rules.release_changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """A release that is known by address and hash."""

    name: str
    version: str
    url: str
    sha256: str
    valid_from: date | None = None
    valid_until: date | None = None


def known_packs() -> tuple[Pack, ...]:
    """Every pack at hand, by name and version."""
    return packs.all_packs(judging.imported_folder())


def judging_packs(on: date) -> tuple[Pack, ...]:
    """The packs that judge on a day, each once, by name."""
    chosen = packs.in_force(known_packs(), on=on).values()
    unlike = {pack.label: pack for pack in chosen}
    return tuple(sorted(unlike.values(), key=lambda pack: pack.name))


def import_archive(
    data: bytes,
    *,
    filename: str,
    name: str = "",
    version: str = "",
    valid_from: date | None = None,
    valid_until: date | None = None,
) -> tuple[Pack, ...]:
    """Keep the packs of a release archive, once each of their sheets has been compiled.

    Raises the errors of rules.importing, NoFolder and SheetBroken; then nothing is kept.
    """
    folder = judging.imported_folder()
    if folder is None:
        raise NoFolder("Set GUILDER_HOME, or GUILDER_RULES, to say where packs are kept.")
    for found in importing.packs_in(data, filename=filename, name=name, version=version):
        for part, path in found.description["parts"].items():
            _prove(found.files[path], part)
    return importing.taken(
        data,
        folder,
        filename=filename,
        name=name,
        version=version,
        valid_from=valid_from,
        valid_until=valid_until,
    )


def fetch_releases(releases: tuple[Release, ...] | None = None) -> tuple[Pack, ...]:
    """Fetch the known releases that are not at hand; each must have the hash that is known.

    Raises ReleaseChanged, the errors of edges.outbound and those of `import_archive`.
    """
    there = {pack.label for pack in known_packs()}
    found: list[Pack] = []
    for release in releases if releases is not None else known_releases():
        if f"{release.name} {release.version}" in there:
            continue
        found += import_archive(
            _fetched(release),
            filename=release.url.rpartition("/")[2],
            name=release.name,
            version=release.version,
            valid_from=release.valid_from,
            valid_until=release.valid_until,
        )
    return tuple(found)


def known_releases() -> tuple[Release, ...]:
    """The releases that this version of Guilder knows of."""
    return tuple(_release(told) for told in json.loads(RELEASES.read_text()))


def _release(told: dict[str, str]) -> Release:
    days = {name: told.get(name) for name in ("valid_from", "valid_until")}
    known = {name: date.fromisoformat(day) for name, day in days.items() if day}
    rest = {name: told[name] for name in ("name", "version", "url", "sha256")}
    return Release(**rest, **known)  # pyright: ignore[reportArgumentType]


def _fetched(release: Release) -> bytes:
    reply = outbound.request("GET", release.url, limits=FETCH)
    if reply.status != 200:
        raise outbound.Unreachable(f"{release.url} answered {reply.status}.")
    if hashlib.sha256(reply.body).hexdigest() != release.sha256:
        raise ReleaseChanged(
            f"{release.url} is not the release that is known: its hash is another. Nothing is kept."
        )
    return reply.body


def _prove(content: bytes, part: str) -> None:
    """Compile a sheet in the limited process; what names files beside itself is left to use."""
    if part.startswith("schema-"):
        return
    try:
        judging.pool().call({"compile": content})
    except (JobFailed, ChildDied, ChildTimedOut) as error:
        raise SheetBroken(f"The sheet for {part} cannot be compiled: {error.detail}") from None
