"""A folder that is looked into: what a bank's program puts there is read in."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from guilder.flows.banking.operations.importing import import_statement
from guilder.kernel.actor import Actor
from guilder.kernel.errors import GuilderError

LARGEST = 64 * 1024 * 1024
SETTLED = 10  # seconds that a file must lie still before it is taken for whole
MOST = 200


def import_folder(folder: Path, *, by: Actor, at: datetime) -> tuple[int, int]:
    """Read every file of `folder` in: (read, refused). They move to done/ or refused/ below it.

    A file that is still being written waits for the next look. One that cannot be moved is read
    again next time, which books nothing twice.
    """
    by.require("bank.edit")
    read = refused = 0
    for path in waiting(folder, at=at):
        try:
            import_statement(path.read_bytes(), by=by, at=at, filename=path.name)
        except GuilderError as error:
            refused += 1
            place = moved(path, folder / "refused")
            place.with_name(f"{place.name}.txt").write_text(f"{error.detail}\n")
        else:
            read += 1
            moved(path, folder / "done")
    return read, refused


def waiting(folder: Path, *, at: datetime) -> Iterator[Path]:
    """Files that lie still, the oldest first; links and hidden ones are left alone."""
    if not folder.is_dir():
        return
    found = sorted(folder.iterdir(), key=lambda one: (one.lstat().st_mtime_ns, one.name))
    for path in found[:MOST]:
        if path.is_symlink() or not path.is_file() or path.name.startswith("."):
            continue
        state = path.stat()
        if at.timestamp() - state.st_mtime < SETTLED or state.st_size > LARGEST:
            continue
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
