"""The tests' PostgreSQL: one server, one migrated template, one clone for each worker.

GUILDER_TEST_SERVER may name another server (a superuser's address, such as PostgreSQL 15's socket);
by default it is the embedded one under .cache/, without fsync.
"""

import contextlib
import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import ClassVar
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

from guilder.config.database import embedded_address
from tests.uncounted import uncounted

ROOT = Path(__file__).resolve().parents[1]
CLUSTER = ROOT / ".cache" / "test-cluster"
LOCK = 7_254_001
WAITING = ("events_pending", "procrastinate_periodic_defers", "procrastinate_jobs")
EXTERNAL = os.environ.get("GUILDER_TEST_SERVER", "")


def addresses(database: str) -> tuple[str, str]:
    """(app's address, owner's address) of `database` on the tests' server."""
    if EXTERNAL:
        return named(EXTERNAL, "guilder_app", database), named(EXTERNAL, "guilder", database)
    return (
        named(embedded_address(CLUSTER, "guilder_app"), "guilder_app", database),
        named(embedded_address(CLUSTER, "guilder"), "guilder", database),
    )


def named(address: str, role: str, database: str) -> str:
    """`address` with another role and database."""
    parts = urlsplit(address)
    place = parts.netloc.rpartition("@")[2]
    return urlunsplit((parts.scheme, f"{role}@{place}", f"/{database}", parts.query, ""))


class TestServer:
    """Starts or joins the server, clones the template, and drops the clone at the end."""

    __test__ = False
    running: "ClassVar[TestServer | None]" = None

    def __init__(self, database: str) -> None:
        self.database = database
        self.cluster = None
        self.superuser_url = ""

    def __enter__(self) -> "TestServer":
        if EXTERNAL:
            maintenance = EXTERNAL
        else:
            from guilder.runtime.postgres import EmbeddedPostgres

            self.cluster = EmbeddedPostgres(
                CLUSTER, durable=False, settings={"max_connections": "300"}
            ).up()
            maintenance = named(self.cluster.superuser_url, "postgres", "postgres")
            role = urlsplit(self.cluster.superuser_url).username or "postgres"
            maintenance = named(self.cluster.superuser_url, role, "postgres")
        self.maintenance = maintenance
        role = urlsplit(maintenance).username or "postgres"
        self.superuser_url = named(maintenance, role, self.database)
        with psycopg.connect(maintenance, autocommit=True) as connection:
            self._clone(connection, self.database)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        from django.db import connections

        connections.close_all()
        with psycopg.connect(self.maintenance, autocommit=True) as connection:
            self._drop(connection, self.database)
        if self.cluster is not None:
            self.cluster.stop()

    @contextlib.contextmanager
    def another(self, database: str) -> Iterator[tuple[str, str]]:
        """One more migrated database without a row, as (app's address, owner's address)."""
        with psycopg.connect(self.maintenance, autocommit=True) as connection:
            self._clone(connection, database)
        try:
            yield addresses(database)
        finally:
            with psycopg.connect(self.maintenance, autocommit=True) as connection:
                self._drop(connection, database)

    def _clone(self, connection: psycopg.Connection, database: str) -> None:
        connection.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        connection.execute(
            sql.SQL("CREATE DATABASE {} OWNER guilder TEMPLATE {}").format(
                sql.Identifier(database), sql.Identifier(self._template(connection))
            )
        )

    def _drop(self, connection: psycopg.Connection, database: str) -> None:
        connection.execute(
            sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(database))
        )

    def superuser(self) -> psycopg.Connection:
        """A connection that no rule binds: to plant faults, never to do the work."""
        return psycopg.connect(self.superuser_url, autocommit=True)

    @classmethod
    def forget_waiting(cls) -> None:
        """Drop the events and jobs that earlier tests left waiting, where there is a server."""
        if cls.running is None:
            return
        with cls.running.superuser() as connection:
            for table in WAITING:
                connection.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table)))

    def _template(self, connection: psycopg.Connection) -> str:
        """The name of a template with today's schema, migrated now when there is none yet."""
        name = f"guilder_template_{schema_mark()}"
        known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        if known.fetchone():
            return name
        for role, options in (
            ("guilder", "LOGIN CREATEROLE BYPASSRLS"),
            ("guilder_app", "LOGIN"),
        ):
            if not connection.execute(
                "SELECT 1 FROM pg_roles WHERE rolname = %s", [role]
            ).fetchone():
                connection.execute(
                    sql.SQL("CREATE ROLE {} {}").format(sql.Identifier(role), sql.SQL(options))
                )
        making = f"{name}_making"
        connection.execute(
            sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(making))
        )
        connection.execute(
            sql.SQL("CREATE DATABASE {} OWNER guilder TEMPLATE template0 ENCODING 'UTF8'").format(
                sql.Identifier(making)
            )
        )
        migrate(making)
        connection.execute(
            sql.SQL("ALTER DATABASE {} RENAME TO {}").format(
                sql.Identifier(making), sql.Identifier(name)
            )
        )
        return name


def migrate(database: str) -> None:
    """Run the migrations on `database` as the owner, in a process of its own."""
    app, owner = addresses(database)
    done = subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), "migrate", "--verbosity", "0"],
        env={**uncounted(os.environ), "DATABASE_URL": app, "GUILDER_OWNER_DATABASE_URL": owner},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"migrate failed:\n{done.stderr[-4000:]}")


def schema_mark() -> str:
    """A short hash of everything that makes the schema."""
    digest = hashlib.sha256()
    sources = [
        *ROOT.glob("src/guilder/**/migrations/**/*.py"),
        *ROOT.glob("src/guilder/**/migrations/**/*.sql"),
        *ROOT.glob("src/guilder/**/models.py"),
        *ROOT.glob("src/guilder/**/models/*.py"),
        *ROOT.glob("src/guilder/foundation/tenancy/**/*.py"),
    ]
    for path in sorted(sources):
        digest.update(path.relative_to(ROOT).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]
