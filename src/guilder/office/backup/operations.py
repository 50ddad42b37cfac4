"""Taking a backup while everything runs, and bringing one back into an empty place."""

import os
import subprocess
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, LiteralString

import psycopg
from psycopg import conninfo

from guilder import __version__
from guilder.foundation.files import queries as files
from guilder.kernel.errors import Conflict, Unavailable
from guilder.office.backup import archive
from guilder.office.backup.archive import ArchiveIsThere, BadArchive
from guilder.office.backup.bringing import import_organization
from guilder.office.backup.exporting import VERIFIER, export_organization

__all__ = (
    "ArchiveIsThere",
    "BackupFailed",
    "BadArchive",
    "NewerArchive",
    "NotEmpty",
    "Saved",
    "backup",
    "bring_back",
    "check_archive",
    "export_organization",
    "import_organization",
    "refuse_newer",
    "refuse_used",
)
# libpq's names for the parts of an address.
ENVIRONMENT = {
    "host": "PGHOST", "hostaddr": "PGHOSTADDR", "port": "PGPORT", "user": "PGUSER",
    "password": "PGPASSWORD", "dbname": "PGDATABASE", "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT", "options": "PGOPTIONS",
}  # fmt: skip
COUNTS: dict[str, LiteralString] = {
    "organizations": "identity_organization",
    "issued_documents": "invoicing_issueddocument",
    "entries": "ledger_entry",
}


class BackupFailed(Unavailable):
    """PostgreSQL's own program could not do its part."""

    code = "backup.failed"


class NotEmpty(Conflict):
    """There are data already where the backup is to be restored."""

    code = "backup.not_empty"


class NewerArchive(Conflict):
    """The backup was made by a later release."""

    code = "backup.newer"


@dataclass(slots=True)
class Saved:
    """What a backup holds; `missing` are files whose bytes were gone or damaged before it."""

    path: Path
    size: int = 0
    files: int = 0
    missing: list[str] = field(default_factory=list)
    head: dict[str, Any] = field(default_factory=dict)


def backup(
    target: Path,
    *,
    owner: str,
    programs: Path,
    at: datetime,
    progress: Callable[[int], Any] = lambda total: total,
) -> Saved:
    """Write database and files of this installation into one archive, as of one moment.

    `owner` is the address of the role that sees all rows, `programs` the folder of pg_dump. Others
    go on working: the dump and the list of files come from one snapshot, and files never change.
    `progress` is called after each file, with how many there are. Raises ArchiveIsThere,
    BackupFailed.
    """
    if target.exists():
        raise ArchiveIsThere(f"{target} is there already. Choose another name.")
    saved = Saved(target)
    aside = target.with_name(f".{target.name}.{os.getpid()}.dump")
    try:
        with psycopg.connect(owner) as connection:
            connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            refuse_blind(connection)
            saved.head = head_of(connection, at=at)
            digests = digests_of(connection)
            dump(aside, connection, owner=owner, programs=programs)
        with archive.writing(target, saved.head) as writer:
            writer.add_file(archive.DUMP, aside)
            for digest in digests:
                save_file(writer, digest, saved)
                progress(len(digests))
    except OSError as error:
        raise BackupFailed(f"{target} cannot be written: {error.strerror}.") from error
    finally:
        aside.unlink(missing_ok=True)
    saved.size = target.stat().st_size
    return saved


def save_file(writer: archive.Writer, digest: str, saved: Saved) -> None:
    """Add the bytes of one hash, proved to be those."""
    try:
        data = files.read_bytes(digest)
    except files.FileDamaged:
        saved.missing.append(digest)
        return
    writer.add(f"files/{digest[:2]}/{digest}", data)
    saved.files += 1


def refuse_blind(connection: psycopg.Connection[Any]) -> None:
    """BackupFailed for a role from which row level security would hide rows."""
    row = connection.execute(
        "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user"
    ).fetchone()
    if row is None or not row[0]:
        raise BackupFailed(
            "The owner's role does not see all rows: give it BYPASSRLS, or name a role that has it"
            " in GUILDER_OWNER_DATABASE_URL."
        )


def head_of(connection: psycopg.Connection[Any], *, at: datetime) -> dict[str, Any]:
    """What the archive says of itself: release, migrations, and some figures to compare."""
    migrations = connection.execute(
        "SELECT app || '.' || name FROM django_migrations ORDER BY 1"
    ).fetchall()
    counts = {
        name: (connection.execute(f"SELECT count(*) FROM {table}").fetchone() or (0,))[0]  # noqa: S608
        for name, table in COUNTS.items()
    }
    return {
        "guilder": __version__,
        "created_at": at.isoformat(),
        "postgresql": connection.info.server_version // 10_000,
        "migrations": [row[0] for row in migrations],
        "counts": counts,
    }


def digests_of(connection: psycopg.Connection[Any]) -> list[str]:
    """The hashes of all files that some row names."""
    rows = connection.execute("SELECT DISTINCT sha256 FROM files_storedfile ORDER BY 1").fetchall()
    return [row[0] for row in rows]


def dump(aside: Path, connection: psycopg.Connection[Any], *, owner: str, programs: Path) -> None:
    """Have pg_dump write the database as the open snapshot shows it."""
    row = connection.execute("SELECT pg_export_snapshot()").fetchone()
    snapshot = row[0] if row else ""
    run(
        programs / "pg_dump",
        ("--format=custom", f"--snapshot={snapshot}", f"--file={aside}"),
        owner=owner,
    )


def check_archive(path: Path) -> dict[str, Any]:
    """What an archive says of itself, after all of it was read. Raises BadArchive."""
    return archive.checked(path)


def refuse_newer(head: dict[str, Any], *, known: set[str]) -> None:
    """NewerArchive when the backup's tables are of migrations that this release does not have."""
    strange = sorted(set(head.get("migrations", [])) - known)
    if strange:
        raise NewerArchive(
            f"This backup was made by Guilder {head.get('guilder', '?')}, and this {__version__}"
            f" does not know {strange[0]}. Restore it with that release or a later one."
        )


def refuse_used(*, owner: str, folder: Path) -> None:
    """NotEmpty unless the database has no tables and the folder of the files no file."""
    with psycopg.connect(owner) as connection:
        row = connection.execute(
            "SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
            " WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p')"
        ).fetchone()
    if row and row[0]:
        raise NotEmpty(
            "The database here has tables already. Restore into an empty folder: choose one with"
            " --data, or move this one away."
        )
    if folder.exists() and any(folder.rglob("*/*")):
        raise NotEmpty(f"There are files already in {folder}. Restore into an empty folder.")


def bring_back(
    path: Path,
    *,
    owner: str,
    programs: Path,
    scratch: Path,
    keep: Callable[[str, bytes], Any],
    progress: Callable[[int], Any] = lambda done: done,
) -> None:
    """Put what a checked archive holds in place: files, then the database in one transaction.

    `keep` stores the bytes of a hash, `scratch` is a folder for the dump. Afterwards the tables
    must be brought up to date, which also gives the app's role its rights. Raises BadArchive,
    BackupFailed; then the database is as empty as before.
    """
    aside = scratch / f".restore.{os.getpid()}.dump"
    try:
        done = 0
        for name, source, _ in archive.members(path):
            if name == archive.DUMP:
                with aside.open("xb") as out:
                    while chunk := source.read(archive.CHUNK):
                        out.write(chunk)
            elif matched := archive.FILE.fullmatch(name):
                keep(matched[2], source.read())
                done += 1
                progress(done)
        # The dump's own comment on the tables would say that all rights are given already.
        run(
            programs / "pg_restore",
            ("--no-owner", "--no-acl", "--no-comments", "--exit-on-error", "--single-transaction",
             "--dbname=", str(aside)),
            owner=owner,
        )  # fmt: skip
    finally:
        aside.unlink(missing_ok=True)


def run(program: Path, words: tuple[str, ...], *, owner: str) -> None:
    """Run one of PostgreSQL's programs; the password goes by the environment. BackupFailed."""
    parts = conninfo.conninfo_to_dict(owner)
    environment = {
        "PATH": os.environ.get("PATH", "/usr/bin:/bin"),
        "LC_ALL": "C",
        **{ENVIRONMENT[name]: str(value) for name, value in parts.items() if name in ENVIRONMENT},
    }
    name = f"--dbname={parts.get('dbname', '')}"
    given = [name if word == "--dbname=" else word for word in words]
    try:
        done = subprocess.run(
            [str(program), *given],
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
    except OSError as error:
        raise BackupFailed(f"{program} does not run: {error.strerror}.") from error
    if done.returncode:
        told = " ".join(done.stderr.split())[-500:]
        raise BackupFailed(f"{program.name} failed: {told}")


def verifier() -> bytes:
    """The program that proves an exported archive, one file that needs Python and nothing else."""
    return VERIFIER.read_bytes()
