"""What permission, row level security, idempotency, audit and throttle cost together, over REST,
and what it spares to keep an answer.

The same handlers, on the same database, with the guards and without (`unguarded`), in turn.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from benchmarks.load import Client, json_of
from benchmarks.record import Result, result
from benchmarks.rest import our_body
from benchmarks.servers import Place, free_port, place, running

ROUNDS = 9
PER_ROUND = 60


@contextmanager
def served(application: str, **environment: str) -> Iterator[int]:
    """One worker with an application; gives its port."""
    port = free_port()
    environment = {"GUILDER_ANSWERS_KEPT_SECONDS": "0", **environment}
    command = [
        str(Path(sys.executable).with_name("granian")), "--interface", "asgi", "--port", str(port),
        "--workers", "1", "--no-ws", "--no-log", application,
    ]  # fmt: skip
    with running(command, port, "/health/ready/", **environment):
        yield port


@contextmanager
def both(found: Place) -> Iterator[tuple[Client, Client]]:
    """A client of the program as it is, and one of it without guards, as a role without walls."""
    owner = found.superuser_url
    given = {"DATABASE_URL": owner, "GUILDER_OWNER_DATABASE_URL": owner}
    with (
        served("guilder.config.asgi:application") as guarded,
        served("benchmarks.unguarded:application", GUILDER_THROTTLE_USER="off", **given) as bare,
    ):
        authorization = f"Bearer {found.key}"
        yield (
            Client(guarded, authorization=authorization),
            Client(bare, authorization=authorization),
        )


def measure() -> list[Result]:
    """A hot read and a create, interleaved call by call."""
    with place() as found:
        return measured(found)


def measured(found: Place) -> list[Result]:
    """All servers stand before the first call: a connection that rests too long is closed."""
    kept_for = {"GUILDER_ANSWERS_KEPT_SECONDS": "60"}
    with served("guilder.config.asgi:application", **kept_for) as port, both(found) as (ours, bare):
        keeping = Client(port, authorization=f"Bearer {found.key}")
        made = json_of(ours("POST", "/api/v1/invoices/", our_body(found)))
        pages = kept(keeping, ours, "/api/v1/invoices/?limit=50")
        reads = hot_read(ours, bare, f"/api/v1/invoices/{made['id']}/")
        return [reads, create(ours, bare, our_body(found)), pages]


def hot_read(ours: Client, bare: Client, where: str) -> Result:
    """One invoice, read again and again."""
    mine, other = [], []
    for turn in range(ROUNDS + 1):
        taken = [(ours("GET", where)[2], bare("GET", where)[2]) for _ in range(PER_ROUND)]
        if turn:
            mine.append(median(one for one, _ in taken))
            other.append(median(one for _, one in taken))
    return result(
        "guards.hot_read", ours=mine, reference=other, target="≤ 1.35",
        reference_is="the same handler without guards",
    )  # fmt: skip


def kept(keeping: Client, ours: Client, where: str) -> Result:
    """A page of invoices that nobody changed since, kept and read anew."""
    mine, other = [], []
    for turn in range(ROUNDS + 1):
        taken = [(keeping("GET", where)[2], ours("GET", where)[2]) for _ in range(PER_ROUND)]
        if turn:
            mine.append(median(one for one, _ in taken))
            other.append(median(one for _, one in taken))
    return result(
        "guards.kept_page", ours=mine, reference=other, target="≤ 0.8",
        reference_is="the same page read anew",
    )  # fmt: skip


def create(ours: Client, bare: Client, body: bytes) -> Result:
    """A draft of ten lines, each under a key of its own."""
    mine, other = [], []
    for turn in range(ROUNDS + 1):
        taken = []
        for n in range(PER_ROUND // 2):
            key = {"Idempotency-Key": f"guards-{turn}-{n}"}
            guarded = ours("POST", "/api/v1/invoices/", body, **key)
            plain = bare("POST", "/api/v1/invoices/", body, **key)
            json_of(guarded)
            json_of(plain)
            taken.append((guarded[2], plain[2]))
        if turn:
            mine.append(median(one for one, _ in taken))
            other.append(median(one for _, one in taken))
    return result(
        "guards.create", ours=mine, reference=other, target="≤ 1.5",
        reference_is="the same handler without guards",
    )  # fmt: skip
