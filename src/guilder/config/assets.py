"""Addresses of static files: each carries its hash, so that a browser keeps it for a year."""

import hashlib
import time
from functools import lru_cache
from pathlib import Path

from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import StaticFilesStorage


class VersionedStorage(StaticFilesStorage):
    """`/static/guilder/app.css?v=3f9c2a17e0`: another file is another address."""

    def url(self, name: str) -> str:
        """The address of a file; without a version where there is no such file. A file that has
        changed has its new address within a second."""
        return self.address_of(name, int(time.monotonic()))

    @lru_cache(maxsize=1024)  # noqa: B019  (there is one storage)
    def address_of(self, name: str, _second: int) -> str:
        """The address in this second: a page asks for its icons a hundred times."""
        address = super().url(name)
        found = place_of(name) if name else ""
        return f"{address}?v={version_of(found)}" if found else address


@lru_cache(maxsize=1024)
def place_of(name: str) -> str:
    """Where a file lies, sought once."""
    return str(finders.find(name) or "")


def version_of(path: str) -> str:
    """The version of a file as it is now."""
    return hash_of(path, Path(path).stat().st_mtime_ns)


@lru_cache(maxsize=256)
def hash_of(path: str, _changed: int) -> str:
    """The beginning of the SHA-256 of a file's bytes."""
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()[:10]
