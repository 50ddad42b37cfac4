"""kill -9 in the middle of charges, calls of the service and refunds: nothing twice, books clean."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from multiprocessing.connection import Listener
from pathlib import Path
from typing import Any

import pytest

from guilder.books.charging import operations, queries
from guilder.books.charging.gateways import wire
from guilder.books.charging.proofs import PROOFS
from guilder.books.invoicing import queries as invoices
from guilder.books.payments import operations as payments
from guilder.books.payments.queries.refunds import list_refunds
from guilder.foundation.tenancy.hot import cursor
from guilder.foundation.tenancy.transaction import transaction
from tests import make
from tests.books.charging import making
from tests.books.proofs import faults
from tests.fakes.stripe import FakeStripe
from tests.stories.running import is_full_size

# Which call of the service a worker does not survive, and whether it dies before the service did
# what it asked for, after it, or while it commits the answer. A life without a death makes four.
MOMENTS = ("before", "after", "committing")
POINTS = [(call, moment) for call in range(1, 5) for moment in MOMENTS]
AGAIN = [[(2, "after"), (5, moment)] for moment in MOMENTS]  # the next worker dies as well
CHOSEN = [(1, "committing"), (2, "after"), (4, "after")]
ROUNDS = 8


@dataclass(slots=True)
class Nursery:
    """The process whose children work, and the service that they call."""

    process: Any
    listener: Listener
    service: FakeStripe
    calls: int = 0
    killed: int = 0
    chance: random.Random = field(default_factory=lambda: random.Random(7))

    def round(self, world: Any, at: datetime, *, deaths: list[tuple[int, str]]) -> bool:
        """One worker at its work; whether it came to its end."""
        line = f"{world.organization} {self.listener.address} {at.isoformat()}\n"
        self.process.stdin.write(line)
        self.process.stdin.flush()
        with self.listener.accept() as link:
            worker = link.recv()
            self.serve(link, worker, deaths)
        return self.process.stdout.readline().strip() == "0"

    def serve(self, link: Any, worker: int, deaths: list[tuple[int, str]]) -> None:
        """Answer the worker's calls until it ends, or is killed."""
        while True:
            try:
                method, url, more = link.recv()
            except (EOFError, ConnectionError):
                return None
            self.calls += 1
            moment = dict(deaths).get(self.calls, "")
            if moment == "before":
                return self.kill(worker)
            answer = self.service.request(method, url, **more)
            if moment == "after":
                return self.kill(worker)
            link.send(answer)
            if moment == "committing":
                time.sleep(self.chance.uniform(0, 0.02))
                return self.kill(worker)

    def kill(self, worker: int) -> None:
        """No last words."""
        self.killed += 1
        os.kill(worker, signal.SIGKILL)


@pytest.fixture
def nursery(db: Any, tmp_path: Path) -> Iterator[Nursery]:
    """A process of its own, ended after the test."""
    words = [sys.executable, "-m", "tests.books.charging.dying"]
    process = subprocess.Popen(
        words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=Path.cwd()
    )
    assert process.stdout is not None
    assert process.stdout.readline().strip() == "ready"
    with Listener(str(tmp_path / "service"), "AF_UNIX") as listener:
        yield Nursery(process, listener, FakeStripe())
    process.kill()
    process.wait(60)


@dataclass(slots=True)
class Case:
    """Two invoices that fall due, one that was paid on the page, and a refund that is decided."""

    invoices: list[Any]
    refund: Any


def prepared(by: Any, service: FakeStripe, monkeypatch: Any) -> Case:
    monkeypatch.setattr(wire.outbound, "request", service.request)
    through = making.gateway(by, "stripe")
    client = make.client(by)
    saved = making.saved(by, through, client.id)
    operations.set_collecting(saved, by=by, collects=True)
    at_once = {"due": {"days": 0}}
    due = [make.issued_invoice(by, client_id=client.id, terms=at_once) for _ in range(2)]
    paid, refunded = make.issued_invoice(by), make.issued_invoice(by)
    first = making.charge(by, refunded, through)
    service.pay(first.provider_id)
    payment = operations.check_charge(first.id, by=by, at=make.NOW).payment_id
    data = {"payment": str(payment), "amount": {"amount": "60.00", "currency": "EUR"},
            "reason": "Returned", "takes_off": True}  # fmt: skip
    refund = payments.request_refund(by=by, data=data, at=make.NOW)
    begun = making.charge(by, paid, through)
    service.pay(begun.provider_id)
    call = service.call(begun.provider_id, at=make.NOW)
    operations.receive(through.id, kind="stripe", call=call, by=by)
    return Case([*due, paid], refund)


def all_faults(organization: Any) -> list[Any]:
    """What `guilder verify` would find in the books and among the charges."""
    with transaction(organization):
        found = [row for _, _, sql in PROOFS for row in cursor().execute(sql).fetchall()]
    return [*faults(organization), *found]


@pytest.mark.slow
def test_a_worker_killed_anywhere_charges_and_gives_back_once(world, nursery, monkeypatch):
    by, service = world.alice, nursery.service
    lives = [*([one] for one in POINTS), *AGAIN] if is_full_size() else [CHOSEN]
    for deaths in lives:
        case = prepared(by, service, monkeypatch)
        intents, refunds = len(service.intents), len(service.refunds)
        nursery.calls, nursery.killed = 0, 0

        at = make.NOW
        for _ in range(ROUNDS):
            at += timedelta(hours=3)
            is_done = nursery.round(world, at, deaths=deaths)
            assert all_faults(world.organization) == [], deaths
            if is_done and nursery.calls > max(call for call, _ in deaths):
                break

        assert nursery.killed == len(deaths)
        left = [invoices.get_invoice(one.id, by=by).open_amount for one in case.invoices]
        states = [queries.charges_of(one.id, by=by)[0].state for one in case.invoices]
        assert (left, states) == ([0, 0, 0], ["succeeded"] * 3), deaths
        # Two intents for what fell due: the third invoice's was made before, by its client.
        assert len(service.intents) - intents == 2, deaths
        assert len(service.refunds) - refunds == 1, deaths
        assert [one.status for one in list_refunds(by=by)][:1] == ["paid"]
