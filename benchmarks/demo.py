"""The demo organization in a house of its own, with a browser that is signed in to it."""

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg

from benchmarks.growing import grow, searchable
from benchmarks.load import Client
from benchmarks.servers import THREADS, run

KEPT = "GUILDER_BENCH_PAGES"


@dataclass(slots=True)
class Demo:
    """A running database with the demo in it."""

    superuser_url: str
    organization_id: UUID
    user: Any

    @contextlib.contextmanager
    def owner(self) -> Iterator[psycopg.Connection]:
        """A connection that no wall holds."""
        with psycopg.connect(self.superuser_url, autocommit=True) as connection:
            yield connection

    def fill(self, size: int) -> None:
        """Bring the organization to `size` invoices, once, with the search's entries of them."""
        from guilder.office.search import operations as search

        done = Path(os.environ["GUILDER_HOME"]) / f"grown-{size}"
        if done.exists():
            return
        with self.owner() as owner:
            grow(owner, self.organization_id, count=size)
            searchable(owner, self.organization_id)
        search.refill("partner", self.organization_id)
        with self.owner() as owner:
            owner.execute("VACUUM ANALYZE")
        done.touch()

    def middle(self) -> tuple[str, str]:
        """Cursors of the middle of the invoices: by age, and by the day that they fall due."""
        from guilder.faces.web.lists.paging import cursor_of

        with self.owner() as owner:
            row = owner.execute(
                "SELECT id, due_on FROM invoicing_invoice WHERE organization_id = %s AND"
                " number = (SELECT 'INV-X-' || lpad((count(*) / 2)::text, 8, '0')"
                " FROM invoicing_invoice WHERE organization_id = %s)",
                [self.organization_id, self.organization_id],
            ).fetchone()
        if row is None:
            raise RuntimeError("The organization has not grown.")
        return (
            cursor_of(None, row[0], sort="-created_at"),
            cursor_of(row[1], row[0], sort="due_on"),
        )

    @contextlib.contextmanager
    def browsing(self, port: int) -> Iterator[Client]:
        """A keep-alive connection with the demo user's session."""
        from django.conf import settings
        from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
        from django.contrib.sessions.backends.db import SessionStore

        session = SessionStore()
        session[SESSION_KEY] = str(self.user.pk)
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        session[HASH_SESSION_KEY] = self.user.get_session_auth_hash()
        session["organization"] = str(self.organization_id)
        session.create()
        client = Client(port)
        client.headers = {"Cookie": f"{settings.SESSION_COOKIE_NAME}={session.session_key}"}
        yield client
        client.connection.close()


@contextlib.contextmanager
def grown() -> Iterator[Demo]:
    """The demo's house; its folder is kept where GUILDER_BENCH_PAGES names one."""
    kept = os.environ.get(KEPT, "")
    home = Path(kept) if kept else Path(tempfile.mkdtemp(prefix="guilder-bench-"))
    home.mkdir(parents=True, exist_ok=True)
    os.environ.update(
        GUILDER_HOME=str(home),
        DJANGO_SETTINGS_MODULE="guilder.config.settings",
        SECRET_KEY="a benchmark's own secret key, long enough to pass for one",
        GUILDER_THROTTLE_USER="1000000/second",
        GUILDER_THROTTLE_ANON="1000000/second",
        GUILDER_THROTTLE_PAGE="1000000/second",
        GUILDER_WEB_THREADS=THREADS,
    )
    from guilder.runtime.postgres import EmbeddedPostgres

    with EmbeddedPostgres(home).up() as cluster:
        import sys

        run([str(Path(sys.executable).with_name("guilder")), "migrate"])
        import django

        django.setup()
        yield settled(cluster.superuser_url)
        from django.db import connections

        connections.close_all()
    if not kept:
        shutil.rmtree(home, ignore_errors=True)


def settled(superuser_url: str) -> Demo:
    """The demo, made if it is not there."""
    from guilder.foundation.identity import queries as identity
    from guilder.office.demo import cast, operations, queries

    organization_id = queries.demo_organization()
    if organization_id is None:
        organization_id = operations.make_demo(at=datetime.now(UTC))
    return Demo(superuser_url, organization_id, identity.user_by_email(cast.EMAIL))
