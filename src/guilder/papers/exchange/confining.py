"""Shutting this process into a few folders that it may read: Linux' Landlock, where there is one.

For the process that runs other people's rule sheets: even a sheet that asks for a file of this
machine gets none but those of the packs. Nothing may be written, and there is no way back.
"""

from __future__ import annotations

import ctypes
import os
import struct
import sys
from collections.abc import Iterable
from pathlib import Path

# Numbers of the system calls on every 64-bit machine that Linux runs on.
CREATE, ADD, RESTRICT = 444, 445, 446
VERSION_ASKED = 1
BENEATH = 1
READ_FILE, READ_DIR = 1 << 2, 1 << 3
READ = READ_FILE | READ_DIR
EVERYTHING = (1 << 13) - 1  # all that the first version knows
NO_NEW_PRIVILEGES = 38


def confine(folders: Iterable[Path]) -> bool:
    """Let this process open only files below `folders`, to read. False where the system cannot."""
    if not confine_is_possible():
        return False
    library = ctypes.CDLL(None, use_errno=True)
    handled = ctypes.create_string_buffer(struct.pack("=Q", EVERYTHING))
    ruleset = library.syscall(CREATE, handled, 8, 0)
    if ruleset < 0:
        return False
    try:
        for folder in folders:
            _allow(library, ruleset, folder)
        library.prctl(NO_NEW_PRIVILEGES, 1, 0, 0, 0)
        return library.syscall(RESTRICT, ruleset, 0) == 0
    finally:
        os.close(ruleset)


def confine_is_possible() -> bool:
    """Whether this system has Landlock."""
    if not sys.platform.startswith("linux"):
        return False
    return ctypes.CDLL(None, use_errno=True).syscall(CREATE, None, 0, VERSION_ASKED) >= 1


def needed_by_python() -> tuple[Path, ...]:
    """Where the interpreter and its modules lie, and what the process may know of itself."""
    roots = {sys.prefix, sys.base_prefix, str(Path(__file__).parents[3]), "/proc/self"}
    return tuple(Path(root) for root in sorted(roots))


def _allow(library: ctypes.CDLL, ruleset: int, folder: Path) -> None:
    try:
        opened = os.open(folder, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return  # what is not there cannot be read either
    try:
        rule = ctypes.create_string_buffer(struct.pack("=Qi", READ, opened))
        library.syscall(ADD, ruleset, BENEATH, rule, 0)
    finally:
        os.close(opened)
