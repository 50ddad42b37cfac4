"""The backup's file: a tar archive that says what is in it and proves it before it is used.

`guilder-backup.json` (what it is) · `database.dump` (pg_dump's custom format) ·
`files/<aa>/<sha256>` · `manifest.json` (every member with its size and SHA-256; it comes last, so
half an archive has none). Nothing is taken from an archive before all of it was read and found
right.
"""

import hashlib
import io
import json
import os
import re
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from guilder.kernel.errors import Conflict, Invalid

FORMAT = 1
HEAD, DUMP, MANIFEST = "guilder-backup.json", "database.dump", "manifest.json"
FILE = re.compile(r"files/([0-9a-f]{2})/([0-9a-f]{64})")
CHUNK = 1 << 20
LARGEST_HEAD = 64 * CHUNK


class BadArchive(Invalid):
    """The file is no backup, or not whole."""

    code = "backup.bad_archive"


class ArchiveIsThere(Conflict):
    """There is a file of that name already."""

    code = "backup.archive_is_there"


@dataclass(slots=True)
class Writer:
    """Adds members, and remembers their hashes."""

    tar: tarfile.TarFile
    members: list[dict[str, Any]] = field(default_factory=list)

    def add(self, name: str, data: bytes) -> None:
        """A member of a few bytes."""
        self.put(name, io.BytesIO(data), len(data))

    def add_file(self, name: str, path: Path) -> None:
        """A member that lies on disk."""
        with path.open("rb") as file:
            self.put(name, file, path.stat().st_size)

    def put(self, name: str, source: Any, size: int) -> None:
        """A member of `size` bytes, hashed on its way."""
        entry = tarfile.TarInfo(name)
        entry.size, entry.mode = size, 0o600
        hashing = Hashing(source)
        self.tar.addfile(entry, hashing)
        self.members.append({"name": name, "size": size, "sha256": hashing.hash.hexdigest()})


class Hashing:
    """Reads through, and hashes what is read."""

    def __init__(self, source: Any) -> None:
        self.source = source
        self.hash = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        """The next bytes."""
        data = self.source.read(size)
        self.hash.update(data)
        return data


@dataclass(frozen=True, slots=True)
class Member:
    """The bytes of a member, read as far as the archive holds them."""

    source: Any
    path: Path

    def read(self, size: int = -1) -> bytes:
        """The next bytes. BadArchive where the archive ends too early."""
        try:
            return self.source.read(size)
        except (tarfile.TarError, EOFError, OSError):
            raise BadArchive(f"{self.path} ends too early: it is not whole.") from None


@contextmanager
def writing(target: Path, head: dict[str, Any]) -> Iterator[Writer]:
    """Write an archive beside `target`, which gets it whole or not at all. ArchiveIsThere."""
    if target.exists():
        raise ArchiveIsThere(f"{target} is there already. Choose another name.")
    aside = target.with_name(f".{target.name}.{os.getpid()}.part")
    handle = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            with tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT) as tar:
                writer = Writer(tar)
                writer.add(HEAD, as_json({"format": FORMAT, **head}))
                yield writer
                writer.add(MANIFEST, as_json({"members": list(writer.members)}))
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(aside, target)  # unlike a rename it never takes another file's place
        except FileExistsError:
            raise ArchiveIsThere(f"{target} is there already. Choose another name.") from None
    finally:
        aside.unlink(missing_ok=True)


def as_json(value: Any) -> bytes:
    """A small member."""
    return json.dumps(value, indent=1, sort_keys=True, default=str).encode()


def checked(path: Path) -> dict[str, Any]:
    """What the head says, after every byte was read and found to be what the manifest names.

    Raises BadArchive. Writes nothing.
    """
    found: list[dict[str, Any]] = []
    small: dict[str, bytes] = {}
    for name, source, size in members(path):
        digest, data = hashlib.sha256(), bytearray()
        while chunk := source.read(CHUNK):
            digest.update(chunk)
            if name in {HEAD, MANIFEST}:
                data += chunk
        small[name] = bytes(data)
        found.append({"name": name, "size": size, "sha256": digest.hexdigest()})
    if not found or found[0]["name"] != HEAD:
        raise BadArchive(f"{path} is not a backup of Guilder.")
    if found[-1]["name"] != MANIFEST:
        raise BadArchive(f"{path} ends too early: it is not whole. Take another backup.")
    head, manifest = read_json(path, small[HEAD]), read_json(path, small[MANIFEST])
    if head.get("format") != FORMAT:
        raise BadArchive(f"{path} was made by a newer Guilder. Restore it with that one.")
    if manifest.get("members") != found[:-1]:
        wrong = first_difference(manifest.get("members"), found[:-1])
        raise BadArchive(f"{path} is damaged ({wrong}). Take another backup.")
    for one in found:
        matched = FILE.fullmatch(one["name"])
        if matched and matched[2] != one["sha256"]:
            raise BadArchive(f"{path} is damaged ({one['name']}). Take another backup.")
    if DUMP not in small:
        raise BadArchive(f"{path} holds no database. Take another backup.")
    return head


def first_difference(named: Any, found: list[dict[str, Any]]) -> str:
    """The first member that is not as the manifest says."""
    if not isinstance(named, list):
        return MANIFEST
    for ours, theirs in zip(found, named, strict=False):
        if ours != theirs:
            return str(ours["name"])
    return "a member is missing"


def read_json(path: Path, data: bytes) -> dict[str, Any]:
    """A small member. Raises BadArchive."""
    try:
        value = json.loads(data)
    except ValueError:
        value = None
    if not isinstance(value, dict):
        raise BadArchive(f"{path} is damaged. Take another backup.")
    return value


def members(path: Path) -> Iterator[tuple[str, Any, int]]:
    """(name, bytes to be read, size) of each member; BadArchive for kinds that we never write."""
    try:
        with tarfile.open(path, mode="r:") as tar:
            for entry in tar:
                known = entry.name in {HEAD, DUMP, MANIFEST} or FILE.fullmatch(entry.name)
                too_large = entry.name in {HEAD, MANIFEST} and entry.size > LARGEST_HEAD
                source = tar.extractfile(entry) if entry.isreg() else None
                if source is None or not known or too_large:
                    raise BadArchive(f"{path} holds what no backup holds: {entry.name[:80]}.")
                yield entry.name, Member(source, path), entry.size
    except FileNotFoundError:
        raise BadArchive(f"There is no file {path}.") from None
    except (tarfile.TarError, EOFError, OSError):
        raise BadArchive(f"{path} is not a backup of Guilder, or it is not whole.") from None
