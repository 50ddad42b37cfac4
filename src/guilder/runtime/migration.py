"""Bringing the tables up to date, once, however many machines start together.

The fingerprint of all migrations stands as the comment of `django_migrations`: where it matches, a
start costs one query instead of a second of Django.
"""

import hashlib
import importlib.metadata
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from guilder.kernel.errors import Unavailable
from guilder.runtime.environment import Addresses

LOCK = 0x6775696C  # "guil", for pg_advisory_lock
OTHERS = ("django", "django-allauth", "procrastinate")  # packages that bring migrations
CONNECT_SECONDS = 10


class NotReachable(Unavailable):
    """The database does not let us in."""

    code = "runtime.database_not_reachable"


class NotMigrated(Unavailable):
    """The tables are not those of this release, and we may not change them."""

    code = "runtime.not_migrated"


def bring_up_to_date(addresses: Addresses) -> bool:
    """Migrate where needed; True when the database was empty before.

    Raises NotReachable, or NotMigrated when only the app's role is known and the tables differ.
    """
    alone = not addresses.owner or addresses.owner == addresses.app
    try:
        with connect(addresses.app) as connection:
            if is_current(connection):
                return False
    except NotReachable:  # the app's role may not exist yet; the owner will tell
        if alone:
            raise
    except psycopg.errors.InsufficientPrivilege:
        pass  # an earlier migration was cut off before it gave the app's role its rights
    if alone:
        raise NotMigrated(
            "The tables are not those of this release: run `guilder migrate` with "
            "GUILDER_OWNER_DATABASE_URL set to the address of their owner."
        )
    with connect(addresses.owner) as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        # Another machine may have done it while we waited.
        if is_current(connection) and _lets_in(addresses.app):
            return False
        was_empty = _stamp(connection) is None
        _migrate(addresses)
        connection.execute(_comment(_expected(connection)))
    return was_empty


def require_current(addresses: Addresses) -> None:
    """Raise NotMigrated when the tables are not those of this release; changes nothing."""
    with connect(addresses.app) as connection:
        if not is_current(connection):
            raise NotMigrated(
                "The tables are not those of this release: run `guilder migrate` first."
            )


def connect(address: str) -> "psycopg.Connection[Any]":
    """An autocommit connection; raises NotReachable with the server's own reason."""
    try:
        return psycopg.connect(address, autocommit=True, connect_timeout=CONNECT_SECONDS)
    except psycopg.OperationalError as error:
        reason = " ".join(str(error).split())
        raise NotReachable(
            f"The database does not answer ({reason}): check DATABASE_URL and that the server runs."
        ) from None


def fingerprint() -> str:
    """The SHA-256 of every migration that this installation carries."""
    root = Path(__file__).resolve().parents[1]
    total = hashlib.sha256()
    for path in sorted(root.glob("*/*/migrations/**/*")):
        if path.suffix in {".py", ".sql"}:
            total.update(str(path.relative_to(root)).encode() + b"\0" + path.read_bytes() + b"\0")
    for name in OTHERS:
        total.update(f"{name} {importlib.metadata.version(name)}\n".encode())
    return total.hexdigest()


def is_current(connection: "psycopg.Connection[Any]") -> bool:
    """Whether the tables are those of this release."""
    stamp = _stamp(connection)
    return stamp is not None and stamp == _expected(connection)


def _lets_in(address: str) -> bool:
    try:
        connect(address).close()
    except NotReachable:
        return False
    return True


def _stamp(connection: "psycopg.Connection[Any]") -> str | None:
    """The recorded fingerprint; "" when the tables have none, None when there are no tables."""
    row = connection.execute(
        "SELECT coalesce(obj_description(to_regclass('django_migrations'), 'pg_class'), '') "
        "WHERE to_regclass('django_migrations') IS NOT NULL"
    ).fetchone()
    return None if row is None else row[0]


def _expected(connection: "psycopg.Connection[Any]") -> str:
    """What the record says when all is done; hand-made migrations change the count behind it."""
    row = connection.execute("SELECT count(*), coalesce(max(id), 0) FROM django_migrations")
    count, last = row.fetchone() or (0, 0)
    return f"{fingerprint()} {count} {last}"


def _comment(text: str) -> sql.Composed:
    return sql.SQL("COMMENT ON TABLE django_migrations IS {}").format(sql.Literal(text))


def _migrate(addresses: Addresses) -> None:
    """Run the migrations in a process of its own, which keeps Django out of the supervisor."""
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "guilder.runtime.manage",
            "migrate",
            "--no-input",
            "--skip-checks",
            "-v",
            "0",
        ],
        stdin=subprocess.DEVNULL,
        stdout=sys.stderr,
        env={
            **os.environ,
            "DATABASE_URL": addresses.app,
            "GUILDER_OWNER_DATABASE_URL": addresses.owner,
        },
        check=False,
    )
    if done.returncode:
        raise NotMigrated("The migration failed, nothing is served: see the message above.")
