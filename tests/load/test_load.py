"""Fifty clients, reading and writing, while somebody guesses passwords: the house stands and holds.

Ten minutes at 100,000 invoices by `make prove`; GUILDER_LOAD_SECONDS and GUILDER_LOAD_INVOICES say
else. Without it the test rests, since a minute is too short to say anything about memory.
"""

import http.client
import json
import os
import random
import threading
import time
from collections import Counter, defaultdict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.load.filling import fill
from tests.stories.running import House, is_full_size, running

SECONDS = int(os.environ.get("GUILDER_LOAD_SECONDS", "600" if is_full_size() else "0"))
CLIENTS = 50
READ_MS, WRITE_MS = 100, 250  # 95 of 100 are faster, on two processors of their own
GUESSES_PER_MINUTE = 1_000
GROWTH = 64 * 2**20  # bytes that the web processes together may grow after the first third

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not SECONDS, reason="make prove runs it at full size"),
    pytest.mark.timeout(SECONDS + 5400),
]


@dataclass(slots=True)
class Record:
    """What was answered, and how fast."""

    statuses: Counter[int] = field(default_factory=Counter)
    took: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    guesses: Counter[int] = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, kind: str, status: int, milliseconds: float) -> None:
        with self.lock:
            self.statuses[status] += 1
            self.took[kind].append(milliseconds)

    def p95(self, kind: str) -> float:
        """Milliseconds within which 95 of 100 were answered."""
        times = sorted(self.took[kind])
        return times[int(len(times) * 0.95)]


class Visitor:
    """One client on a connection that stays open."""

    def __init__(self, house: House, token: str) -> None:
        self.port, self.token = house.port, token
        self.connection = http.client.HTTPConnection("127.0.0.1", house.port, timeout=60)

    def __call__(self, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, Any]:
        told = {"Content-Type": "application/json", **headers}
        if self.token:
            told["Authorization"] = f"Bearer {self.token}"
        data = None if body is None else json.dumps(body)
        try:
            self.connection.request(method, f"/api/v1/{path}", data, told)
            answer = self.connection.getresponse()
            content = answer.read()
        except (OSError, http.client.HTTPException):
            self.connection.close()
            raise
        return answer.status, json.loads(content) if content.startswith(b"{") else None


def work(house: House, record: Record, ids: dict[str, list[str]], *, seed: int, end: float) -> None:
    """Three reads for each write, at a person's pace, until the end."""
    dice, visit = random.Random(seed), Visitor(house, house.token)
    line = {"description": "Work", "quantity": "2", "unit_price": "50.00", "tax": "standard"}
    while time.monotonic() < end:
        kind = dice.choice(("read", "read", "read", "write"))
        began = time.perf_counter()
        if kind == "read":
            path = dice.choice(
                ("invoices/?limit=20", "clients/?limit=20", "payments/", f"invoices/{dice.choice(ids['invoices'])}/")
            )  # fmt: skip
            status, _ = visit("GET", path)
        else:
            body = {"client": dice.choice(ids["clients"]), "currency": "EUR", "lines": [line]}
            key = f"load-{seed}-{began}"
            status, _ = visit(
                "POST", "invoices/", body | {"issue": True}, **{"Idempotency-Key": key}
            )
        record.note(kind, status, (time.perf_counter() - began) * 1000)
        time.sleep(dice.random())


def guess(house: House, record: Record, *, end: float) -> None:
    """Wrong passwords, a thousand a minute, each answered."""
    visit, n = Visitor(house, ""), 0
    while time.monotonic() < end:
        told = {"email": "demo@guilder.example", "password": f"guess {n}"}
        status, _ = visit("POST", "auth/login/", told)
        with record.lock:
            record.guesses[status] += 1
        n += 1
        time.sleep(60 / GUESSES_PER_MINUTE)


def resident(house: House) -> int:
    """Bytes of memory of the program and all its children, the database left out."""
    total = 0
    for entry in Path("/proc").iterdir():
        try:
            words = (entry / "cmdline").read_text()
            if "guilder" in words and "postgres" not in words and str(house.port) in words:
                total += int((entry / "statm").read_text().split()[1]) * os.sysconf("SC_PAGESIZE")
        except (OSError, IndexError, ValueError):
            continue
    return total


def settled(house: House) -> dict[str, list[str]]:
    """A key without a plan, and what there is to be read and sold to."""
    house.sign_in()
    key = {"name": "load", "role": "admin", "plan": "off"}
    house.token = house.ok("POST", "keys/", key)["secret"]
    fill(house)
    return {
        name: [one["id"] for one in house.ok("GET", f"{name}/?limit=50")["data"]]
        for name in ("invoices", "clients")
    }


def test_fifty_clients_and_a_guesser_are_all_served():
    record = Record()
    with running(GUILDER_THROTTLE_LOGIN="5/minute", GUILDER_LOG_LEVEL="ERROR") as house:
        ids = settled(house)
        began = time.monotonic()
        end = began + SECONDS
        with ThreadPoolExecutor(CLIENTS + 1) as pool:
            crowd = [pool.submit(work, house, record, ids, seed=n, end=end) for n in range(CLIENTS)]
            crowd.append(pool.submit(guess, house, record, end=end))
            time.sleep(SECONDS / 3)
            early = resident(house)
            for one in crowd:
                one.result()
        late = resident(house)
        verdict = house.command("verify").stdout

    told = {
        "answers": dict(record.statuses),
        "guesses": dict(record.guesses),
        "read p95 ms": round(record.p95("read"), 1),
        "write p95 ms": round(record.p95("write"), 1),
        "grown MiB": (late - early) // 2**20,
    }
    print(told)
    assert not [status for status in record.statuses if status >= 500], told
    assert set(record.guesses) <= {401, 429}, told
    assert record.guesses[401] <= 5 * (SECONDS // 60 + 2), told
    assert late - early < GROWTH, told
    assert "✗" not in verdict
    if is_full_size():
        assert record.p95("read") <= READ_MS, told
        assert record.p95("write") <= WRITE_MS, told
