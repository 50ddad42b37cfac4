"""Sixty-four clients issue drafts of one series while workers and the database are killed."""

import http.client
import os
import signal
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
import pytest

from guilder.config.database import embedded_address
from tests.stories.running import House, is_full_size, running

CLIENTS = 64
DRAFTS, KILLS = (5_000, 5) if is_full_size() else (160, 2)
UNLOCKED = str(Path(__file__).parent / "unlocked")
# Whom a kill hits, in turn; what serves is hit with its whole family.
VICTIMS = ("postgres", "server", "worker")
PAPERS = """
SELECT invoice_id::text, sequence, number FROM invoicing_issueddocument
WHERE series_code = 'KILL' ORDER BY sequence, number
"""


@dataclass(slots=True)
class Ledger:
    """What the clients know to be so, and when it was told."""

    numbers: dict[str, str] = field(default_factory=dict)  # invoice → number
    told_at: list[float] = field(default_factory=list)
    killed_at: list[float] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, invoice: str, number: str) -> None:
        with self.lock:
            self.numbers[invoice] = number
            self.told_at.append(time.monotonic())

    @property
    def landed(self) -> int:
        """How many kills fell between the first and the last acknowledged write."""
        return sum(self.told_at[0] < at < self.told_at[-1] for at in self.killed_at)


def prepared(house: House, count: int) -> list[str]:
    """A key for all clients, a series of its own, and the ids of `count` drafts."""
    house.sign_in()
    house.token = house.ok("POST", "keys/", {"name": "load", "role": "admin", "plan": "off"})[
        "secret"
    ]
    series = {"kind": "invoice", "code": "KILL", "pattern": "K-{counter:06d}", "is_default": True}
    house.ok("POST", "series/", series)
    address = {"line1": "Ring 1", "postal_code": "10115", "city": "Berlin", "country": "DE"}
    who = {"kind": "company", "name": "Gap Less GmbH", "email": "g@example.test"}
    client = house.ok("POST", "clients/", {**who, "address": address})["id"]
    line = {"description": "x", "quantity": "1", "unit": "C62", "unit_price": "1.00"}
    body = {"client": client, "currency": "EUR", "lines": [{**line, "tax": "standard"}]}
    with ThreadPoolExecutor(8) as pool:
        made = pool.map(lambda _: house.ok("POST", "invoices/", body)["id"], range(count))
        return list(made)


def issue(house: House, invoice: str, ledger: Ledger, *, until: float) -> None:
    """One client's work on one draft: ask until it is known to be issued."""
    while time.monotonic() < until:
        try:
            answer = house.ask("POST", f"invoices/{invoice}/issue/", {}, timeout=15)
            if answer.status == 409 and answer.json["code"] == "invoice.not_draft":
                answer = house.ask("GET", f"invoices/{invoice}/", timeout=15)
        except (OSError, http.client.HTTPException, ValueError):
            time.sleep(0.05)
            continue
        if answer.status == 200:
            ledger.note(invoice, answer.json["number"])
            return
        if answer.status < 500:
            ledger.refusals.append(f"{answer.status} {answer.data[:300]!r}")
            return
        time.sleep(0.05)
    ledger.refusals.append(f"{invoice} was never answered")


def kill(house: House, victim: str) -> bool:
    """Kill -9 one of the program's processes, by its id; False when it is not there just now."""
    found = house.children()
    if victim == "postgres":
        pid_file = house.home / "postgres" / "data" / "postmaster.pid"
        try:
            pid = int(pid_file.read_text().split()[0])
        except (OSError, ValueError, IndexError):
            return False
    else:
        pid = found.get(victim, 0)
    if not pid:
        return False
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return False
    return True


def kill_now_and_then(house: House, ledger: Ledger, *, count: int, kills: int) -> None:
    """Each kill when the next share of the drafts is issued."""
    for turn in range(kills):
        due = count * (turn + 1) // (kills + 2)
        while len(ledger.numbers) < due:
            if ledger.refusals:
                return
            time.sleep(0.005)
        end = time.monotonic() + 30
        while not kill(house, VICTIMS[turn % len(VICTIMS)]) and time.monotonic() < end:
            time.sleep(0.01)
        ledger.killed_at.append(time.monotonic())


def papers(house: House) -> list[tuple[Any, ...]]:
    """(invoice, sequence, number) of all that is issued in the series."""
    address = embedded_address(house.home, "guilder")
    with psycopg.connect(address) as connection:
        return connection.execute(PAPERS).fetchall()


def hammered(house: House, *, count: int, kills: int) -> Ledger:
    """Have all drafts issued by all clients at once, with kills in between."""
    drafts, ledger = prepared(house, count), Ledger()
    until = time.monotonic() + 900
    killer = threading.Thread(
        target=kill_now_and_then, args=(house, ledger), kwargs={"count": count, "kills": kills}
    )
    killer.start()
    with ThreadPoolExecutor(CLIENTS) as pool:
        for draft in drafts:
            pool.submit(issue, house, draft, ledger, until=until)
    killer.join()
    house.await_ready()
    return ledger


def prove(house: House, ledger: Ledger, *, count: int, kills: int) -> None:
    """Numbers 1…n without gap or duplicate, each acknowledged one present, and all verified."""
    assert ledger.refusals == []
    assert ledger.landed >= kills
    found = papers(house)
    assert [sequence for _, sequence, _ in found] == list(range(1, count + 1))
    assert [number for _, _, number in found] == [f"K-{n:06d}" for n in range(1, count + 1)]
    assert {invoice: number for invoice, _, number in found} == ledger.numbers
    house.command("verify")


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_no_kill_leaves_a_gap_or_takes_back_what_was_acknowledged() -> None:
    with running() as house:
        ledger = hammered(house, count=DRAFTS, kills=KILLS)

        prove(house, ledger, count=DRAFTS, kills=KILLS)


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_without_the_lock_the_same_test_fails() -> None:
    with running(PYTHONPATH=UNLOCKED) as house:
        with psycopg.connect(embedded_address(house.home, "guilder"), autocommit=True) as owner:
            # What stands behind the lock would refuse most of what goes wrong without it.
            owner.execute("DROP INDEX sequence_once, invoice_number_once")
            owner.execute("ALTER TABLE numbering_counter DISABLE TRIGGER USER")
        ledger = hammered(house, count=120, kills=0)

        with pytest.raises(AssertionError):
            prove(house, ledger, count=120, kills=0)
        numbers = [number for _, _, number in papers(house)]
        assert len(set(numbers)) < len(numbers)  # it is duplicates that it fails for
        told = house.command("verify", code=1).stdout
        assert "✗ INV-N1" in told
