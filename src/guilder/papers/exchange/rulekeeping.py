"""Keeping rule packs: which are at hand, importing a release, fetching what is newer.

The packs belong to the installation, not to an organization: the operator keeps them, by the
command line. They lie in a folder of the data (GUILDER_RULES, else `rules` in GUILDER_HOME).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from guilder.foundation.edges.child import ChildDied, ChildTimedOut, JobFailed
from guilder.kernel.errors import Invalid, Unavailable
from guilder.papers.exchange import judging
from guilder.papers.exchange.rules import fetching, importing, packs, releases
from guilder.papers.exchange.rules.packs import Pack
from guilder.papers.exchange.rules.releases import RELEASES, Carried, Release


class NoFolder(Unavailable):
    """Nothing says where imported packs are kept."""

    code = "rules.no_folder"


class SheetBroken(Invalid):
    """A sheet of the pack cannot be compiled, so it could judge nothing."""

    code = "rules.sheet_broken"


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

    A package that is known by its hash needs no word on versions and days. Raises the errors of
    rules.importing, NoFolder and SheetBroken; then nothing is kept.
    """
    folder = _folder()
    known = releases.known_by(hashlib.sha256(data).hexdigest())
    if known and not (name or version or valid_from or valid_until):
        return _import_known(data, known.carries, filename=filename)
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


def fetch_releases(known: Iterable[Release] = RELEASES) -> tuple[Pack, ...]:
    """Fetch the known packages whose packs are not at hand; each must have its known hash.

    Raises NoFolder, the errors of rules.fetching and those of `import_archive`.
    """
    _folder()
    there = {pack.label for pack in known_packs()}
    found: list[Pack] = []
    for release in known:
        wanted = [one for one in release.carries if one.label not in there]
        if wanted:
            filename, data = fetching.fetched(release)
            found += _import_known(data, wanted, filename=filename)
    return tuple(found)


def _import_known(data: bytes, wanted: Iterable[Carried], *, filename: str) -> tuple[Pack, ...]:
    """The packs of a package of which all is known; each is imported by its name."""
    found: list[Pack] = []
    for one in wanted:
        found += import_archive(
            data,
            filename=filename,
            name=one.name,
            version=one.version,
            valid_from=one.valid_from,
        )
    return tuple(found)


def _folder() -> Path:
    folder = judging.imported_folder()
    if folder is None:
        raise NoFolder("Set GUILDER_HOME, or GUILDER_RULES, to say where packs are kept.")
    return folder


def _prove(content: bytes, part: str) -> None:
    """Compile a sheet in the limited process; what names files beside itself is left to use."""
    if part.startswith("schema-"):
        return
    try:
        judging.pool().call({"compile": content})
    except (JobFailed, ChildDied, ChildTimedOut) as error:
        raise SheetBroken(f"The sheet for {part} cannot be compiled: {error.detail}") from None
