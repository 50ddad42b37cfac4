"""A folder that is looked into: what a scanner or another program puts there is taken in."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from guilder.flows.intake.operations.archives import receive_all
from guilder.flows.intake.operations.receiving import LARGEST
from guilder.kernel.actor import Actor
from guilder.kernel.errors import Unavailable

SETTLED = 10  # seconds that a file must lie still before it is taken for whole
MOST = 200


def take_folder(folder: Path, *, by: Actor, at: datetime) -> tuple[int, int]:
    """Take every file of `folder` in: (taken, refused). They move to done/ or refused/ below it,
    a refused one with its reason beside it.

    A file that is still being written waits for the next look. One that cannot be moved is taken
    again next time, which makes nothing twice.
    """
    by.require("document.upload")
    taken = refused = 0
    for path in waiting(folder, at=at):
        if path.stat().st_size > LARGEST:
            refused += 1
            told(path, folder, "This file is larger than any paper.")
            continue
        try:
            found = receive_all(path.read_bytes(), name=path.name, channel="folder", by=by, at=at)
        except Unavailable:
            break  # the helpers are busy: the rest waits for the next look
        faults = [f"{one.name}: {one.error.detail}" for one in found if one.error is not None]
        if faults:
            refused += 1
            told(path, folder, "\n".join(faults))
        else:
            taken += 1
            moved(path, folder / "done")
    return taken, refused


def told(path: Path, folder: Path, why: str) -> None:
    """Put a refused file away with the reason beside it."""
    place = moved(path, folder / "refused")
    place.with_name(f"{place.name}.txt").write_text(f"{why}\n", encoding="utf-8")


def waiting(folder: Path, *, at: datetime) -> Iterator[Path]:
    """Files that lie still, the oldest first; links and hidden ones are left alone."""
    if not folder.is_dir():
        return
    found = sorted(folder.iterdir(), key=lambda one: (one.lstat().st_mtime_ns, one.name))
    for path in found[:MOST]:
        if path.is_symlink() or not path.is_file() or path.name.startswith("."):
            continue
        if at.timestamp() - path.stat().st_mtime >= SETTLED:
            yield path


def moved(path: Path, folder: Path) -> Path:
    """The file in another folder, under a name that nothing there has."""
    folder.mkdir(mode=0o700, exist_ok=True)
    place = folder / path.name
    number = 1
    while place.exists():
        number += 1
        place = folder / f"{path.stem}-{number}{path.suffix}"
    path.replace(place)
    return place
