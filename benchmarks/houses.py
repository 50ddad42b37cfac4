"""Grown demos in houses of their own, one for each size, all running at once.

What is asked of one house is asked of the next in the same moment, so that whatever else the
machine does falls on all of them alike. GUILDER_BENCH_PAGES names a folder where they are kept, one
under each size, for the next run.
"""

import contextlib
import multiprocessing
import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from benchmarks.demo import KEPT
from benchmarks.load import Client


@dataclass(frozen=True, slots=True)
class House:
    """A running house: its port, the cookies of a person who is signed in, and cursors of the
    middle of its invoices, by age and by the day that they fall due."""

    size: int
    port: int
    cookies: dict[str, str]
    deep: str
    deep_by_due: str
    line: Any
    keeper: int
    database: int

    def worked(self) -> float:
        """Milliseconds of processor that the house's web workers and database have taken so far:
        what they are asked costs the same however busy the machine is with others."""
        return sum(taken(pid) for pid in family({self.keeper, self.database})) / 1e6

    def client(self) -> Client:
        """A keep-alive connection of that person."""
        made = Client(self.port)
        made.headers = {
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        }
        return made

    def issue(self) -> None:
        """Issue an invoice; it is committed when this returns."""
        self.line.send("issue")
        self.line.recv()


@contextlib.contextmanager
def houses(sizes: Sequence[int]) -> Iterator[list[House]]:
    """A house of each size."""
    kept = os.environ.get(KEPT, "")
    root = Path(kept) if kept else Path(tempfile.mkdtemp(prefix="guilder-bench-"))
    with contextlib.ExitStack() as stack:
        yield [stack.enter_context(house(size, root / str(size))) for size in sizes]
    if not kept:
        shutil.rmtree(root, ignore_errors=True)


@contextlib.contextmanager
def house(size: int, home: Path) -> Iterator[House]:
    """One house, kept up by a process of its own: Django knows one database."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    keeper = context.Process(target=keep, args=(theirs, size, home))
    keeper.start()
    theirs.close()
    try:
        yield House(
            size, *ours.recv(), line=ours, keeper=keeper.pid or 0, database=postmaster(home)
        )
    finally:
        with contextlib.suppress(OSError):
            ours.send("")
        keeper.join()


def postmaster(home: Path) -> int:
    """The database's first process."""
    return int((home / "postgres/data/postmaster.pid").read_text().split()[0])


def family(found: set[int]) -> set[int]:
    """Some processes and all that they started."""
    parents: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                stat = (entry / "stat").read_text().rpartition(")")[2].split()
                parents[int(entry.name)] = int(stat[1])
    while more := {pid for pid, parent in parents.items() if parent in found} - found:
        found = found | more
    return found


def taken(pid: int) -> int:
    """Nanoseconds of processor of one process, over all its threads."""
    total = 0
    with contextlib.suppress(OSError):
        for thread in Path(f"/proc/{pid}/task").iterdir():
            with contextlib.suppress(OSError):
                total += int((thread / "schedstat").read_text().split()[0])
    return total


def keep(line: Connection, size: int, home: Path) -> None:
    """Grow and serve a house, and do in it what is said, until nothing more is."""
    os.environ[KEPT] = str(home)
    from benchmarks.demo import grown
    from benchmarks.servers import web

    with grown() as found:
        found.fill(size)
        with web() as port, found.browsing(port) as client:
            name, _, value = client.headers["Cookie"].partition("=")
            line.send((port, {name: value}, *found.middle()))
            while line.recv():
                issue(found)
                line.send("")


def issue(found: Any) -> None:
    """One more invoice of the organization."""
    from guilder.books.invoicing import operations as invoicing
    from guilder.foundation.identity import queries as identity

    by = identity.actor_for(found.user.id, found.organization_id, source="api")
    line = {"description": "Work", "quantity": "1", "unit_price": "80.00", "tax": "standard"}
    with found.owner() as owner:
        row = owner.execute(
            "SELECT partner_id FROM invoicing_invoice WHERE organization_id = %s"
            " AND status = 'issued' AND period <> 'x' LIMIT 1",
            [found.organization_id],
        ).fetchone()
    data = {"client": str(row[0]), "currency": "EUR", "lines": [line]}
    invoicing.create_and_issue_many([data], by=by, at=datetime.now(UTC))
