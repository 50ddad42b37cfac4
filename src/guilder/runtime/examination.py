"""`guilder doctor`: one look at everything that an installation stands on."""

import importlib.util
import os
import shutil
import socket
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from guilder.config import outside, safety
from guilder.kernel.errors import GuilderError
from guilder.runtime import environment, migration, surroundings
from guilder.runtime.environment import set_up
from guilder.runtime.findings import Finding as Finding
from guilder.runtime.findings import State as State
from guilder.runtime.supervisor import check_role

OLDEST_SERVER = 150000  # server_version_num of PostgreSQL 15
LEAKING = range(5)  # 3.14.0 to 3.14.4 lose memory with Django
SPACE_BAD, SPACE_FAIR = 200 * 2**20, 2 * 2**30  # bytes
CLOCK_SECONDS = 5
MAIL_SECONDS = 5

PROTECTED = (
    "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace "
    "AND relkind IN ('r', 'p') AND relrowsecurity AND relforcerowsecurity"
)


def examine(home: Path) -> list[Finding]:
    """Everything, in the order in which to mend it."""
    keys = [secret(home), surroundings.master_key(home)]
    findings = [python(), settings(), *disk(home), *keys, fonts(), mail(), *surroundings.beside()]
    if any(finding.state == "bad" for finding in findings[1:3]):
        return findings
    try:
        addresses, cluster = environment.open_database(home)
    except GuilderError as error:
        return [*findings, Finding("database", "bad", error.detail)]
    os.environ["DATABASE_URL"] = addresses.app
    os.environ["GUILDER_OWNER_DATABASE_URL"] = addresses.owner
    try:
        set_up(str(home))
        findings += database(addresses)
    finally:
        if cluster is not None:
            cluster.stop()
    return findings


def python() -> Finding:
    """The interpreter."""
    told = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info[:2] == (3, 14) and sys.version_info.micro in LEAKING:
        return Finding("python", "bad", f"Python {told} loses memory: use 3.14.5 or later.")
    return Finding("python", "good", f"Python {told}")


def settings() -> Finding:
    """What the environment says."""
    told = [sentence for _, sentence in safety.faults(os.environ)]
    if told:
        return Finding("settings", "bad", " ".join(told))
    base = os.environ.get("GUILDER_BASE_URL", "")
    return Finding("settings", "good", base or "for this machine only (no GUILDER_BASE_URL)")


def disk(home: Path) -> Iterator[Finding]:
    """Room for growth, and the right to write."""
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        yield Finding("data folder", "bad", f"{home} cannot be made: {error.strerror}.")
        return
    if not os.access(home, os.W_OK | os.X_OK):
        yield Finding("data folder", "bad", f"{home} cannot be written by this account.")
        return
    yield Finding("data folder", "good", str(home))
    free = shutil.disk_usage(home).free
    state: State = "bad" if free < SPACE_BAD else "fair" if free < SPACE_FAIR else "good"
    yield Finding("disk space", state, f"{free // 2**20:,} MB free")


def secret(home: Path) -> Finding:
    """The key that signs sessions and seals secrets."""
    if os.environ.get("SECRET_KEY"):
        return Finding("secret key", "good", "given by SECRET_KEY")
    path = home / "secret-key"
    if not path.exists():
        return Finding("secret key", "good", "will be made at the first start")
    if path.stat().st_mode & 0o077:
        return Finding("secret key", "bad", f"others may read {path}: chmod 600 it.")
    return Finding("secret key", "good", f"kept in {path}: include it in your backups")


def fonts() -> Finding:
    """The fonts of invoices."""
    room = importlib.util.find_spec("guilder.papers.rendering")
    places = list(room.submodule_search_locations or []) if room else []
    found = [path.name for place in places for path in sorted(Path(place).glob("fonts/*.[to]tf"))]
    if not found:
        return Finding("fonts", "bad", "the bundled fonts are missing: install Guilder again.")
    return Finding("fonts", "good", ", ".join(found))


def mail() -> Finding:
    """Whether the mail server takes connections."""
    told = outside.mail()
    if not told["EMAIL_HOST"]:
        return Finding("mail", "fair", "no EMAIL_HOST: mail stays in the outbox page.")
    place = f"{told['EMAIL_HOST']}:{told['EMAIL_PORT']}"
    try:
        socket.create_connection((told["EMAIL_HOST"], told["EMAIL_PORT"]), MAIL_SECONDS).close()
    except OSError as error:
        return Finding("mail", "bad", f"{place} does not answer ({error.strerror or error}).")
    secured = "with TLS" if told["EMAIL_USE_TLS"] or told["EMAIL_USE_SSL"] else "without TLS"
    return Finding("mail", "good", f"{place} answers, {secured}")


def database(addresses: environment.Addresses) -> list[Finding]:
    """The server, the roles, the wall between organizations, the tables."""
    try:
        connection = migration.connect(addresses.app)
    except GuilderError as error:
        return [Finding("database", "bad", error.detail)]
    with connection:
        findings = [look(connection) for look in (server, clock, tables, walls)]
        if not any(finding.state == "bad" for finding in findings):
            findings += [look(connection) for look in LOOKS]
    try:
        check_role(addresses.app)
    except GuilderError as error:
        return [*findings, Finding("role", "bad", error.detail)]
    return [*findings, Finding("role", "good", "owns nothing and is bound by row level security")]


LOOKS: tuple[Callable[[Any], Finding], ...] = (
    surroundings.durability,
    surroundings.connections,
    surroundings.generations,
    surroundings.queue,
    surroundings.events,
    surroundings.loops,
)


def server(connection: Any) -> Finding:
    """Its version."""
    version = connection.info.server_version
    told = f"PostgreSQL {version // 10000}.{version % 10000}"
    if version < OLDEST_SERVER:
        return Finding("database", "bad", f"{told}: Guilder needs 15 or later.")
    return Finding("database", "good", told)


def clock(connection: Any) -> Finding:
    """Its time against ours."""
    row = connection.execute("SELECT extract(epoch FROM clock_timestamp())::bigint").fetchone()
    apart = abs(int(time.time()) - row[0])
    if apart > CLOCK_SECONDS:
        return Finding("clock", "bad", f"{apart} s apart from the database: run a time service.")
    return Finding("clock", "good", "agrees with the database")


def tables(connection: Any) -> Finding:
    """Whether they are those of this release."""
    if migration.is_current(connection):
        return Finding("tables", "good", "those of this release")
    return Finding("tables", "bad", "not those of this release: run `guilder migrate`.")


def walls(connection: Any) -> Finding:
    """Whether row level security stands on every table of an organization."""
    protected = {row[0] for row in connection.execute(PROTECTED)}
    missing = sorted(organization_tables() - protected)
    if missing:
        return Finding("walls", "bad", f"no row level security on {', '.join(missing)}.")
    return Finding("walls", "good", "row level security is on and forced")


def organization_tables() -> set[str]:
    """The tables whose rows belong to one organization, from the models."""
    from django.apps import apps

    from guilder.foundation.tenancy.models import OrganizationModel

    return {m._meta.db_table for m in apps.get_models() if issubclass(m, OrganizationModel)}
