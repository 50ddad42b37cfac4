"""Files and folders between two accounts: ours, and the one that the server runs as."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

DESCRIPTORS = Path("/proc/self/fd")


@contextmanager
def through_descriptor(folder: Path) -> Iterator[tuple[str, tuple[int, ...]]]:
    """A name by which a child of another account reaches `folder`, and descriptors to hand it.

    Through a descriptor it needs no right on the folders above (a home of mode 700 stays closed),
    and the name is short however long the path. Without /proc it is the plain path.
    """
    if not DESCRIPTORS.exists():
        yield str(folder), ()
        return
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield f"{DESCRIPTORS}/{handle}", (handle,)
    finally:
        os.close(handle)


def open_private(path: Path) -> BinaryIO:
    """Open for appending, made with mode 600 and owned as its folder is.

    Root may tend the database of another account, which must find its own files afterwards.
    """
    handle = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
    if os.geteuid() == 0:
        owner = path.parent.stat()
        os.fchown(handle, owner.st_uid, owner.st_gid)
    return os.fdopen(handle, "ab", buffering=0)
