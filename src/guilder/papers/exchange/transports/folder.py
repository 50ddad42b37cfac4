"""A folder on this machine: for what other programs, or a synchronised share, take from it."""

import hashlib
import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from guilder.papers.exchange.transports.base import (
    LARGEST,
    Arrival,
    Field,
    Handed,
    Parcel,
    Place,
    Temporary,
    Transport,
)

PASSING = (".part", ".tmp", ".filepart", ".crdownload")  # names of files that still grow
SETTLED = 2  # seconds without a change, after which a file counts as whole
MOST = 100  # arrivals of one look


class Folder(Transport):
    """`out/` is filled, `in/` is emptied; what was taken stands in `in/done/`."""

    name = "folder"
    title = "Folder"
    collects = True
    address_hint = "a folder within it"
    fields = (
        Field(
            name="after",
            label="What was picked up",
            kind="choice",
            default="move",
            choices=(("move", "is moved to “done”"), ("delete", "is deleted")),
        ),
    )

    def check_address(self, address: str) -> str:
        """A folder name of plain letters; none is the folder itself."""
        return clean_folder(address)

    def send(self, parcel: Parcel, place: Place) -> Handed:
        """Written beside under a passing name, then renamed: nobody reads half a file."""
        target = place.folder / "out" / clean_folder(parcel.address) / parcel.own_name
        try:
            put(target, parcel.data)
        except OSError as error:
            raise Temporary(f"The folder cannot be written: {error.strerror}.") from error
        return Handed(state="delivered", reference=target.name)

    def collect(self, place: Place) -> Iterator[Arrival]:
        """Whole files of `in/`, by name."""
        inside = place.folder / "in"
        try:
            inside.mkdir(parents=True, exist_ok=True, mode=0o700)
            names = sorted(entry.name for entry in os.scandir(inside) if entry.is_file())
        except OSError as error:
            raise Temporary(f"The folder cannot be read: {error.strerror}.") from error
        for name in [one for one in names if is_whole_name(one)][:MOST]:
            data = settled(inside / name, now=place.at.timestamp())
            if data is not None:
                yield Arrival(number=number_of(name, data), filename=name, data=data, mark=name)

    def keep(self, arrival: Arrival, place: Place) -> None:
        """Out of the way, as the settings say."""
        path = place.folder / "in" / arrival.mark
        with suppress(FileNotFoundError):
            if place.text("after") == "delete":
                path.unlink()
                return
            done = path.parent / "done"
            done.mkdir(exist_ok=True, mode=0o700)
            path.replace(done / f"{arrival.number[:12]}-{arrival.mark}")

    def try_out(self, place: Place) -> str:
        """Write and remove a file."""
        for part in ("out", "in"):
            probe = place.folder / part / ".guilder"
            try:
                put(probe, b"")
                probe.unlink()
            except OSError as error:
                raise Temporary(f"The folder cannot be written: {error.strerror}.") from error
        return f"The folder is ready: {place.folder}"


def put(target: Path, data: bytes) -> None:
    """Write a file whole or not at all. Raises OSError."""
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    passing = target.with_name(f".{target.name}.part")
    with passing.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    passing.replace(target)
    handle = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def settled(path: Path, *, now: float) -> bytes | None:
    """The bytes of a file that nobody writes any more; None: look again later."""
    try:
        before = path.stat()
        if before.st_mtime > now - SETTLED or before.st_size > LARGEST:
            return None
        data = path.read_bytes()
        after = path.stat()
    except OSError:
        return None
    same = (before.st_size, before.st_mtime_ns) == (after.st_size, after.st_mtime_ns)
    return data if same and len(data) == after.st_size else None


def is_whole_name(name: str) -> bool:
    """Whether a name is that of a file which is complete."""
    return not name.startswith(".") and not name.lower().endswith(PASSING)


def number_of(name: str, data: bytes) -> str:
    """The number of a file: the same name with the same bytes is the same document."""
    return hashlib.sha256(name.encode(errors="surrogateescape") + b"\0" + data).hexdigest()


def clean_folder(address: str) -> str:
    """Letters, digits and hyphens of a folder name: no way leads out of the channel's folder."""
    return "".join(one for one in address.strip() if one.isalnum() or one in "-_")[:80]
