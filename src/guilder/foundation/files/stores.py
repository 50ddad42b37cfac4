"""Where the bytes lie: a folder under GUILDER_HOME, or an object store that FILES_URL names.

Both keep a file at `<aa>/<sha256>`, `aa` being the first two digits of the hash, and never write it
twice.
"""

import io
import os
import re
import secrets
import shutil
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any, BinaryIO, Protocol

import fsspec
from django.conf import settings

DIGEST = re.compile(r"[0-9a-f]{64}")


class NoDigest(ValueError):
    """What names the bytes is no SHA-256 and could lead elsewhere: a bug, not an input."""


def sound(digest: str) -> str:
    """`digest`, which is a SHA-256 in small letters. Raises NoDigest."""
    if not DIGEST.fullmatch(digest):
        raise NoDigest(f"{digest[:80]!r} is no SHA-256.")
    return digest


class Store(Protocol):
    """What a place for bytes can do; `digest` is the SHA-256 as 64 hex digits."""

    def keep(self, digest: str, data: bytes) -> None:
        """Keep `data`, durable when this returns; nothing happens where it is there already."""
        ...

    def keep_path(self, digest: str, source: Path) -> None:
        """Keep what lies at `source`, however large, in the same way."""
        ...

    def get(self, digest: str) -> bytes:
        """The bytes. Raises FileNotFoundError."""
        ...

    def drop(self, digest: str, *, kept_until: float) -> bool:
        """Take the bytes away, unless somebody has kept them again since `kept_until` (seconds
        since 1970); False where they stay or were not there."""
        ...

    def digests(self) -> Iterator[str]:
        """All that is kept, for backup and verification."""
        ...


class Folder:
    """A local folder."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def path(self, digest: str) -> Path:
        """Where the bytes of a hash lie. Raises NoDigest."""
        return self.root / sound(digest)[:2] / digest

    def keep(self, digest: str, data: bytes) -> None:
        """Write aside, wait for the disk, then give it its name: half a file is never seen."""
        self._keep(digest, io.BytesIO(data), len(data))

    def keep_path(self, digest: str, source: Path) -> None:
        """The same for a file, copied in parts."""
        with source.open("rb") as file:
            self._keep(digest, file, source.stat().st_size)

    def _keep(self, digest: str, source: BinaryIO, size: int) -> None:
        path = self.path(digest)
        if is_kept_again(path, size):
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        aside = path.with_name(f".{digest[:16]}.{os.getpid()}.{secrets.token_hex(4)}")
        try:
            with aside.open("xb") as file:
                shutil.copyfileobj(source, file, 1 << 20)
                file.flush()
                os.fsync(file.fileno())
            aside.chmod(0o440)
            aside.replace(path)
            sync_folder(path.parent)
        finally:
            aside.unlink(missing_ok=True)

    def get(self, digest: str) -> bytes:
        """The bytes. Raises FileNotFoundError."""
        return self.path(digest).read_bytes()

    def drop(self, digest: str, *, kept_until: float) -> bool:
        """Set it aside first, so that whoever keeps the same bytes meanwhile writes them anew."""
        path = self.path(digest)
        aside = path.with_name(f".{digest[:16]}.{os.getpid()}.{secrets.token_hex(4)}")
        try:
            path.replace(aside)
        except FileNotFoundError:
            return False
        if aside.stat().st_mtime > kept_until:
            aside.replace(path)
            return False
        aside.unlink()
        return True

    def digests(self) -> Iterator[str]:
        """All that is kept."""
        for path in sorted(self.root.glob("??/*")):
            if len(path.name) == 64:
                yield path.name


def is_kept_again(path: Path, size: int) -> bool:
    """Whether the bytes lie there already; their time says that somebody needs them now."""
    try:
        if path.stat().st_size != size:
            return False
        os.utime(path)
    except FileNotFoundError:
        return False
    except PermissionError:  # another account wrote it, and keeps it
        return True
    return True


class ObjectStore:
    """Any file system that fsspec speaks, such as s3://bucket/prefix."""

    def __init__(self, url: str) -> None:
        self.files: Any
        self.files, root = fsspec.core.url_to_fs(url)
        self.root = root.rstrip("/")

    def path(self, digest: str) -> str:
        """Where the bytes of a hash lie. Raises NoDigest."""
        return f"{self.root}/{sound(digest)[:2]}/{digest}"

    def keep(self, digest: str, data: bytes) -> None:
        """Write unless it is there; object stores show an object only when it is whole."""
        path = self.path(digest)
        if self.files.exists(path) and self.files.size(path) == len(data):
            return
        self.files.makedirs(path.rpartition("/")[0], exist_ok=True)
        self.files.pipe_file(path, data)

    def keep_path(self, digest: str, source: Path) -> None:
        """The same for a file, uploaded in parts."""
        path = self.path(digest)
        if self.files.exists(path) and self.files.size(path) == source.stat().st_size:
            return
        self.files.makedirs(path.rpartition("/")[0], exist_ok=True)
        self.files.put_file(str(source), path)

    def get(self, digest: str) -> bytes:
        """The bytes. Raises FileNotFoundError."""
        return self.files.cat_file(self.path(digest))

    def drop(self, digest: str, *, kept_until: float) -> bool:
        """Objects have no time of last use: what was written since stays."""
        path = self.path(digest)
        try:
            written = self.files.modified(path).timestamp()
        except (FileNotFoundError, NotImplementedError):
            return False
        if written > kept_until:
            return False
        self.files.rm_file(path)
        return True

    def digests(self) -> Iterator[str]:
        """All that is kept."""
        for path in sorted(self.files.find(self.root)):
            name = path.rpartition("/")[2]
            if len(name) == 64:
                yield name


def current() -> Store:
    """The store that the environment names now."""
    return store_at(os.environ.get("FILES_URL", ""), str(Path(settings.HOME) / "files"))


@lru_cache(maxsize=8)
def store_at(url: str, folder: str) -> Store:
    """An object store by its URL, else the folder."""
    return ObjectStore(url) if url else Folder(Path(folder))


def sync_folder(folder: Path) -> None:
    """Wait until a new name in `folder` is on disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
