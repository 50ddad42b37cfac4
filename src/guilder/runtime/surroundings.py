"""What `guilder doctor` looks at beyond the parts themselves: promises of the database, work that
waits, and the services beside us."""

import os
import socket
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from guilder.config import outside
from guilder.foundation.edges import scanner
from guilder.runtime import environment
from guilder.runtime.findings import Finding

ANSWER_SECONDS = 3
LATE_SECONDS = 300  # a job that is due waits so long at most
STILL_SECONDS = 120  # a loop of a worker that runs is heard of so often
WORKER_CONNECTIONS = 16  # its jobs, its loops and its own
EACH_WEB_PROCESS = 4  # sign-ins, the log of calls, the event streams, a look at health

# What was acknowledged is on the disk: without these a power cut loses it.
DURABLE = ("fsync", "full_page_writes", "synchronous_commit")
RAISING = (
    "SELECT c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
    "WHERE t.tgname = 'raises_generation' AND t.tgenabled <> 'D'"
)
QUEUE = """
SELECT count(*) FILTER (WHERE status = 'failed'),
  coalesce(max(extract(epoch FROM now() - coalesce(scheduled_at, now())))
    FILTER (WHERE status = 'todo' AND scheduled_at <= now()), 0)::bigint
FROM procrastinate_jobs
"""
PARKED = "SELECT count(parked_at), min(parked_at) FROM events_pending"
LOOPS = "SELECT count(*), coalesce(extract(epoch FROM now() - max(ran_at)), 0)::bigint FROM {}"


def durability(connection: Any) -> Finding:
    """Whether the server keeps what it acknowledges."""
    told = {name: connection.execute(f"SHOW {name}").fetchone()[0] for name in DURABLE}
    lost = [name for name in ("fsync", "full_page_writes") if told[name] != "on"]
    if told["synchronous_commit"] == "off":
        lost.append("synchronous_commit")
    if lost:
        names = " and ".join(lost)
        return Finding("durability", "bad", f"{names} is off: a power cut loses invoices.")
    return Finding("durability", "good", "what is acknowledged is on the disk")


def connections(connection: Any, given: Mapping[str, str] = os.environ) -> Finding:
    """Whether all our processes find room in the server's connections."""
    web = int(given.get("GUILDER_WEB_WORKERS") or 0) or environment.cores()
    threads = int(given.get("GUILDER_WEB_THREADS") or 4)
    needed = web * (threads + EACH_WEB_PROCESS) + WORKER_CONNECTIONS
    row = connection.execute(
        "SELECT current_setting('max_connections')::int "
        "- current_setting('superuser_reserved_connections')::int, "
        "(SELECT rolconnlimit FROM pg_roles WHERE rolname = current_user)"
    ).fetchone()
    most = row[0] if row[1] < 0 else min(row)
    told = f"{needed} needed on this machine, {most} allowed"
    if most < needed:
        return Finding("connections", "bad", f"{told}: raise max_connections, or lower "
                       "GUILDER_WEB_THREADS.")  # fmt: skip
    return Finding("connections", "good", told)


def generations(connection: Any) -> Finding:
    """Whether every change of an organization is noticed by who keeps answers."""
    from guilder.foundation.tenancy.raising import raising_tables

    standing = {row[0] for row in connection.execute(RAISING)}
    missing = sorted(raising_tables() - standing)
    if missing:
        return Finding("kept answers", "bad", f"changes of {', '.join(missing)} go unnoticed: "
                       "run `guilder migrate`.")  # fmt: skip
    return Finding("kept answers", "good", "every change makes what was kept before it old")


def queue(connection: Any) -> Finding:
    """Work that waits too long, or failed for good."""
    parked, late = connection.execute(QUEUE).fetchone()
    if late > LATE_SECONDS:
        return Finding(
            "jobs", "bad", f"one is due since {late // 60} minutes: is a worker at work?"
        )
    if parked:
        return Finding("jobs", "fair", f"{parked} failed for good: see /operate/.")
    return Finding("jobs", "good", "none waits too long, none failed for good")


def events(connection: Any) -> Finding:
    """Events that somebody failed to hear for good."""
    parked, since = connection.execute(PARKED).fetchone()
    if parked:
        told = f"{parked} parked since {since:%Y-%m-%d}: see /developers/events/parked/."
        return Finding("events", "fair", told)
    return Finding("events", "good", "everything that happened was told to everybody in time")


def loops(connection: Any) -> Finding:
    """When the workers were last heard of."""
    from guilder.foundation.jobs.models import LoopRun

    known, ago = connection.execute(LOOPS.format(LoopRun._meta.db_table)).fetchone()
    if not known:
        return Finding("worker", "fair", "none has run yet")
    if ago > STILL_SECONDS:
        return Finding("worker", "fair", f"last heard of {ago // 60} minutes ago")
    return Finding("worker", "good", "at work")


def beside(given: Mapping[str, str] = os.environ) -> Iterator[Finding]:
    """The services that the environment names: cache, scanner, collector of traces."""
    if place := outside.cache_url(given):
        yield answering("cache", place.split(",")[0], {"redis": 6379, "rediss": 6379}, 11211)
    if scanner.is_on():
        yield scanning()
    collector = given.get("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT") or given.get(
        "OTEL_EXPORTER_OTLP_ENDPOINT"
    )
    if collector:
        yield answering("traces", collector, {"https": 443}, 4318)


def answering(name: str, address: str, ports: Mapping[str, int], usual: int) -> Finding:
    """Whether something takes connections at an address; what does not is missed, not needed."""
    parts = urlsplit(address)
    host, port = parts.hostname or "", parts.port or ports.get(parts.scheme, usual)
    try:
        socket.create_connection((host, port), ANSWER_SECONDS).close()
    except OSError as error:
        told = f"{host}:{port} does not answer ({error.strerror or error})."
        return Finding(name, "fair", told)
    return Finding(name, "good", f"{host}:{port} answers")


def scanning() -> Finding:
    """Whether the virus scanner looks at files: without it, none is taken."""
    try:
        scanner.scan(b"doctor")
    except scanner.ScannerDown as error:
        return Finding("scanner", "bad", f"{error.detail} No file is taken meanwhile.")
    return Finding("scanner", "good", "looks at every file")


def master_key(home: Path, given: Mapping[str, str] = os.environ) -> Finding:
    """The key under which secrets rest: outside the database, for its owner only."""
    if given.get("GUILDER_MASTER_KEY"):
        return Finding("master key", "good", "given by GUILDER_MASTER_KEY")
    path = home / "master-key"
    if not path.exists():
        return Finding("master key", "good", "will be made with the first secret")
    if path.stat().st_mode & 0o077:
        return Finding("master key", "bad", f"others may read {path}: chmod 600 it.")
    return Finding("master key", "good", f"kept in {path}: keep a copy apart from the backups")
