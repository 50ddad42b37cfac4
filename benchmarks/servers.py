"""What the benchmarks run against: Guilder's web and the floor, on one PostgreSQL with fsync on."""

import contextlib
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

ROOT = Path(__file__).resolve().parents[1]
WORKERS = "2"
THREADS = "2"
STARTS_WITHIN = 120  # seconds, where others keep the machine busy


@dataclass(slots=True)
class Place:
    """A running house: its home, database addresses, and an organization with a key."""

    home: Path
    superuser_url: str
    organization_id: UUID
    actor: Any
    key: str
    client_id: str
    at: datetime


@contextlib.contextmanager
def place() -> Iterator[Place]:
    """A fresh home with a durable database, migrated, with one organization. Sets Django up."""
    home = Path(tempfile.mkdtemp(prefix="guilder-bench-"))
    os.environ.update(
        GUILDER_HOME=str(home),
        DJANGO_SETTINGS_MODULE="guilder.config.settings",
        SECRET_KEY="a benchmark's own secret key, long enough to pass for one",
        # On, but out of reach: what is measured pays for the counting.
        GUILDER_THROTTLE_USER="1000000/second",
        GUILDER_THROTTLE_ANON="1000000/second",
        GUILDER_WEB_THREADS=THREADS,
    )
    from guilder.runtime.postgres import EmbeddedPostgres

    with EmbeddedPostgres(home).up() as cluster:
        run([str(Path(sys.executable).with_name("guilder")), "migrate"])
        import django

        django.setup()
        yield settled(home, cluster.superuser_url)
        from django.db import connections

        connections.close_all()


def settled(home: Path, superuser_url: str) -> Place:
    """One German organization with open books, a client and an API key."""
    from guilder.books.invoicing import operations as invoicing
    from guilder.foundation.identity import operations as identity
    from guilder.foundation.identity import queries as identities
    from guilder.registers.parties import operations as parties

    at = datetime.now(UTC)
    user = identity.create_user(
        email="bench@guilder.example", password="fast and furious 2026", name="Bench"
    )
    organization = identity.create_organization(
        name="Bench", country="DE", base_currency="EUR", owner=user,
        time_zone="Europe/Berlin", language="en",
    )  # fmt: skip
    by = identities.actor_for(user.id, organization.id, source="api")
    invoicing.open_books(by=by)
    parties.set_seller_profile(
        by=by, data={"line1": "A 1", "postal_code": "10115", "city": "Berlin",
                     "vat_id": "DE136695976", "iban": "DE89370400440532013000"},
    )  # fmt: skip
    made = parties.create_partner(
        by=by, side="customer", at=at,
        data={"kind": "company", "name": "Client", "email": "c@example.test",
              "address": {"line1": "B 2", "postal_code": "10115", "city": "Berlin",
                          "country": "DE"}},
    )  # fmt: skip
    _, key = identity.create_api_key(by=by, name="bench", role="admin")
    return Place(home, superuser_url, organization.id, by, key, str(made.id), at)


def processor(*processes: int) -> float:
    """Seconds of processor that this process and some others of this machine have had (proc(5))."""
    others = (Path(f"/proc/{one}/schedstat").read_text().split()[0] for one in processes)
    return time.process_time() + sum(int(one) for one in others) / 1_000_000_000


@contextlib.contextmanager
def web() -> Iterator[int]:
    """`guilder web`; gives its port."""
    port = free_port()
    command = [
        str(Path(sys.executable).with_name("guilder")), "web", "--port", str(port),
        "--workers", WORKERS,
    ]  # fmt: skip
    with running(command, port, "/health/ready/"):
        yield port


@contextlib.contextmanager
def floor(found: Place, *, schema: str = "", module: str = "floor") -> Iterator[int]:
    """A floor's program on a database of its own in the same server; gives its port. `schema` are
    the tables of another `module` than the first floor."""
    import psycopg

    from benchmarks.floor import ORGANIZATION, SCHEMA

    address = found.superuser_url.replace("/guilder?", "/floor?")
    with psycopg.connect(found.superuser_url, autocommit=True) as connection:
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = 'floor'").fetchone():
            connection.execute("CREATE DATABASE floor")
            with psycopg.connect(address, autocommit=True) as fresh:
                fresh.execute(SCHEMA)
                fresh.execute("INSERT INTO counter VALUES (%s, 0)", [ORGANIZATION])
                fresh.execute("INSERT INTO token VALUES ('Bearer x', %s)", [ORGANIZATION])
                fresh.execute(schema or "SELECT 1")
    port = free_port()
    command = [
        str(Path(sys.executable).with_name("granian")), "--interface", "wsgi", "--port", str(port),
        "--workers", WORKERS, "--blocking-threads", THREADS, "--no-log",
        f"benchmarks.{module}:application",
    ]  # fmt: skip
    with running(command, port, "/hello", FLOOR_URL=address):
        yield port


@contextlib.contextmanager
def running(command: list[str], port: int, path: str, **environment: str) -> Iterator[None]:
    """A server that answers 200 at `path` before the body runs, and is stopped after it."""
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env={**os.environ, **environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.STDOUT,
    )
    try:
        end = time.monotonic() + STARTS_WITHIN
        while True:
            with contextlib.suppress(OSError):
                urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5).close()
                break
            if time.monotonic() > end or process.poll() is not None:
                raise RuntimeError(f"{command[0]} did not start")
            time.sleep(0.05)
        yield
    finally:
        process.terminate()
        process.wait(30)


def run(command: list[str]) -> None:
    """Run a command that must succeed."""
    subprocess.run(command, cwd=ROOT, env=os.environ, check=True)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
