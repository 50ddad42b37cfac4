"""What may keep the embedded database from starting, each as one sentence that says what to do."""

import errno
from pathlib import Path

from guilder.kernel.errors import Unavailable


class DatabaseFault(Unavailable):
    """The embedded database cannot run; the message is the one sentence for the operator."""

    code = "runtime.database"


class DiskFull(DatabaseFault):
    """No space is left where the database lives."""

    code = "runtime.database_disk_full"


class ReadOnlyDisk(DatabaseFault):
    """The database's folder cannot be written at all."""

    code = "runtime.database_read_only"


class FolderNotOurs(DatabaseFault):
    """The database's folder, or one above it, belongs to somebody else."""

    code = "runtime.database_not_ours"


class OtherMajorVersion(DatabaseFault):
    """The data were written by another major version of PostgreSQL."""

    code = "runtime.database_other_version"


class NoAccount(DatabaseFault):
    """No operating system account that PostgreSQL could run as."""

    code = "runtime.database_no_account"


class NoBinaries(DatabaseFault):
    """The PostgreSQL programs are missing or do not run on this machine."""

    code = "runtime.database_no_binaries"


class NotStarting(DatabaseFault):
    """The server gave up, or is not ready in time."""

    code = "runtime.database_not_starting"


def of_os_error(error: OSError, *, folder: Path) -> DatabaseFault:
    """The fault behind an OSError met while preparing `folder`."""
    where = error.filename or folder
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return DiskFull(f"The disk that holds {folder} is full: free some space, then start again.")
    if error.errno == errno.EROFS:
        return ReadOnlyDisk(
            f"{folder} is on a read-only disk: mount it writable, or choose another folder "
            "with --data or GUILDER_HOME."
        )
    if error.errno in (errno.EACCES, errno.EPERM):
        return FolderNotOurs(
            f"{where} cannot be used by this account: run Guilder as the owner of that folder, "
            "or choose another with --data or GUILDER_HOME."
        )
    if error.errno in (errno.ENOTDIR, errno.EEXIST):
        return FolderNotOurs(
            f"{where} is a file where a folder is needed: choose another folder "
            "with --data or GUILDER_HOME."
        )
    return NotStarting(f"The database folder {folder} cannot be prepared: {error}.")


# What PostgreSQL says → (fault, sentence); the first that matches wins.
SAYINGS: tuple[tuple[str, type[DatabaseFault], str], ...] = (
    (
        "No space left on device",
        DiskFull,
        "The disk that holds {folder} is full: free some space, then start again.",
    ),
    (
        "Disk quota exceeded",
        DiskFull,
        "The disk quota for {folder} is used up: free some space, then start again.",
    ),
    (
        "Read-only file system",
        ReadOnlyDisk,
        "{folder} is on a read-only disk: mount it writable, or choose another folder "
        "with --data or GUILDER_HOME.",
    ),
    (
        "initialized by PostgreSQL version",
        OtherMajorVersion,
        "The data in {folder} were written by another major version of PostgreSQL: start the "
        "Guilder release that wrote them, take a backup there, and restore it here.",
    ),
    (
        "look up effective user ID",
        NoAccount,
        "The account that runs Guilder has no entry in /etc/passwd, which PostgreSQL needs: "
        "add one, or give DATABASE_URL a server of your own.",
    ),
    (
        "shared memory",
        NotStarting,
        "The machine gives PostgreSQL too little shared memory: free some memory (in a "
        "container: raise --shm-size), then start again. Details are in {log}.",
    ),
    (
        "Permission denied",
        FolderNotOurs,
        "PostgreSQL may not use {folder}: run Guilder as the owner of that folder, or choose "
        "another with --data or GUILDER_HOME. Details are in {log}.",
    ),
)


def of_output(text: str, *, folder: Path, log: Path) -> DatabaseFault:
    """The fault that PostgreSQL's own words (`text`) tell of."""
    for words, fault, sentence in SAYINGS:
        if words in text:
            return fault(sentence.format(folder=folder, log=log))
    told = [line for line in text.splitlines() if "FATAL" in line or "PANIC" in line]
    lines = told or text.strip().splitlines() or ["it said nothing"]
    return NotStarting(f"PostgreSQL did not start ({lines[-1].strip()}); details are in {log}.")
