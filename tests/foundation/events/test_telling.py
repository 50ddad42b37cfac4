"""Nothing said is forgotten, nobody hears it twice, and one deaf listener holds up nobody else."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from guilder.foundation.tenancy.ids import uuid7
from guilder.kernel.money import Money
from tests.foundation.side import Rang
from tests.uncounted import uncounted


@pytest.fixture
def bus() -> Iterator[Any]:
    """The bus with no listeners but the test's own."""
    from guilder.foundation.events import bus

    listeners, types = dict(bus.LISTENERS), dict(bus.TYPES)
    bus.LISTENERS.clear()
    yield bus
    for held, known in ((bus.LISTENERS, listeners), (bus.TYPES, types)):
        held.clear()
        held.update(known)


def drain() -> None:
    from guilder.foundation.events import operations

    while operations.tell_waiting():
        pass


def pending(actor: Any) -> list[tuple[Any, ...]]:
    from guilder.foundation.events.models import PendingEvent

    return list(
        PendingEvent.objects.filter(organization_id=actor.organization_id)
        .order_by("sequence")
        .values_list("event_id", "attempts", "heard", "problem", "parked_at")
    )


def due_now(actor: Any) -> None:
    from django.db.models.functions import Now

    from guilder.foundation.events.models import PendingEvent

    PendingEvent.objects.filter(organization_id=actor.organization_id).update(due_at=Now())


def test_each_listener_hears_it_once(ada: Any, bus: Any) -> None:
    heard = []

    def first(event: Rang, **context: Any) -> None:
        heard.append(("first", event, context))

    def second(event: Rang, **context: Any) -> None:
        heard.append(("second", event, context))

    bus.subscribe(Rang, first)
    bus.subscribe(Rang, second)
    bus.subscribe(Rang, first)
    event = Rang(uuid7(), 7)
    event_id = bus.publish(event, by=ada)

    drain()
    drain()

    context = {"organization_id": ada.organization_id, "event_id": event_id}
    assert heard == [("first", event, context), ("second", event, context)]
    assert pending(ada) == []


def test_what_is_rolled_back_was_never_said(ada: Any, bus: Any) -> None:
    from guilder.foundation.tenancy.transaction import transaction

    drain()
    with pytest.raises(ZeroDivisionError), transaction(ada.organization_id):
        bus.publish(Rang(uuid7(), 1), by=ada)
        _ = 1 / 0

    assert pending(ada) == []


def test_a_deaf_listener_is_told_again_the_others_are_not(ada: Any, bus: Any) -> None:
    heard = []
    trouble = [RuntimeError("no battery")]

    def good(event: Rang, **_: Any) -> None:
        heard.append("good")

    def deaf(event: Rang, **_: Any) -> None:
        if trouble:
            raise trouble.pop()
        heard.append("deaf")

    bus.subscribe(Rang, deaf)
    bus.subscribe(Rang, good)
    drain()
    bus.publish(Rang(uuid7(), 1), by=ada)

    drain()
    [(_, attempts, names, problem, parked)] = pending(ada)
    assert (attempts, len(names), parked) == (1, 1, None)
    assert "no battery" in problem
    drain()  # not due yet
    assert heard == ["good"]
    due_now(ada)
    drain()

    assert heard == ["good", "deaf"]
    assert pending(ada) == []


def test_a_listener_s_writes_are_undone_with_its_failure(ada: Any, bus: Any) -> None:
    from guilder.foundation.audit.queries import list_entries
    from tests.foundation.side import note

    bell = uuid7()

    def writes_and_fails(event: Rang, *, organization_id: UUID, **_: Any) -> None:
        note(organization_id, "bell.heard", event.bell_id)
        raise RuntimeError("too late")

    bus.subscribe(Rang, writes_and_fails)
    bus.publish(Rang(bell, 1), by=ada)
    drain()

    assert list_entries(ada.organization_id, row_id=bell) == []


def test_per_subject_the_order_is_kept_while_other_subjects_go_on(ada: Any, bus: Any) -> None:
    heard = []
    cracked, sound = uuid7(), uuid7()
    trouble = [RuntimeError("cracked")]

    def listen(event: Rang, **_: Any) -> None:
        if event.bell_id == cracked and trouble:
            raise trouble.pop()
        heard.append(event.number)

    bus.subscribe(Rang, listen)
    drain()
    for number, bell in enumerate([cracked, cracked, sound, cracked, sound]):
        bus.publish(Rang(bell, number), by=ada)

    drain()
    assert heard == [2, 4]
    due_now(ada)
    drain()

    assert heard == [2, 4, 0, 1, 3]


def test_after_the_last_attempt_it_is_parked_and_the_rest_goes_on(ada: Any, bus: Any) -> None:
    from guilder.foundation.events import operations, queries

    heard = []
    bell = uuid7()
    broken = [True]

    def listen(event: Rang, **_: Any) -> None:
        if event.number == 0 and broken:
            raise RuntimeError("never")
        heard.append(event.number)

    bus.subscribe(Rang, listen)
    drain()
    first = bus.publish(Rang(bell, 0), by=ada)
    bus.publish(Rang(bell, 1), by=ada)
    for _ in range(len(operations.WAITS) + 1):
        due_now(ada)
        drain()
    drain()

    assert heard == [1]
    [parked] = queries.parked_events(ada.organization_id)
    assert parked["event_id"] == first
    assert queries.backlog(ada.organization_id).parked == 1
    broken.clear()
    assert operations.retry_parked(first)
    drain()
    assert heard == [1, 0]


def test_two_workers_at_once_tell_each_event_once(ada: Any, bus: Any, in_threads: Any) -> None:
    heard = []

    def listen(event: Rang, **_: Any) -> None:
        heard.append(event.number)
        time.sleep(0.001)

    bus.subscribe(Rang, listen)
    for number in range(60):
        bus.publish(Rang(uuid7(), number), by=ada)

    in_threads(lambda _: drain(), 4)
    drain()

    assert sorted(heard) == list(range(60))


def test_an_event_comes_back_as_it_was_said(bus: Any) -> None:
    from dataclasses import dataclass
    from typing import ClassVar

    @dataclass(frozen=True, slots=True)
    class Settled:
        type: ClassVar[str] = "test.settled"
        invoice_id: UUID
        amount: Money
        on: date
        rate: Decimal
        note: str | None

    event = Settled(uuid7(), Money(-1990, "EUR"), date(2026, 3, 1), Decimal("1.10"), None)
    bus.subscribe(Settled, lambda *_, **__: None)

    row = bus.row_of(
        event, __import__("guilder.kernel.actor", fromlist=["Actor"]).Actor(organization_id=uuid7())
    )

    assert bus.load("test.settled", bus.decode(row[4])) == event
    assert row[3] == event.invoice_id


def test_sequences_rise(bus: Any) -> None:
    given = [bus.next_sequence() for _ in range(10_000)]

    assert given == sorted(set(given))


def test_events_of_others_are_not_listed(founded: Any, bus: Any) -> None:
    from guilder.foundation.events import queries

    ada, eve = founded("Ada"), founded("Eve")
    bell = uuid7()
    bus.publish(Rang(bell, 1), by=ada)

    assert [event.type for event in queries.list_events(ada.organization_id)] == [
        "bell.rang",
        "organization.created",
    ]
    assert queries.list_events(eve.organization_id, subject_id=bell) == []


def test_pages_of_events_join_without_gap(ada: Any, bus: Any) -> None:
    from guilder.foundation.events import queries

    for number in range(7):
        bus.publish(Rang(uuid7(), number), by=ada)

    seen, before = [], None
    while page := queries.list_events(
        ada.organization_id, types=("bell.rang",), before=before, limit=3
    ):
        seen += [event.payload["number"] for event in page]
        before = (page[-1].sequence, page[-1].id)

    assert seen == [6, 5, 4, 3, 2, 1, 0]


def test_an_event_cannot_be_changed_or_taken_back(ada: Any, bus: Any, db: Any) -> None:
    import psycopg
    from django.db import connection
    from django.db.utils import ProgrammingError

    from guilder.foundation.tenancy.transaction import transaction

    event_id = bus.publish(Rang(uuid7(), 1), by=ada)

    for statement in (
        "UPDATE events_event SET type = 'x' WHERE id = %s",
        "DELETE FROM events_event WHERE id = %s",
    ):
        with (
            pytest.raises(ProgrammingError, match="permission denied"),
            transaction(ada.organization_id),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement, [event_id])
        with db.superuser() as superuser, pytest.raises(psycopg.errors.RestrictViolation):
            superuser.execute(statement, [event_id])
    with db.superuser() as superuser, pytest.raises(psycopg.errors.RestrictViolation):
        superuser.execute("TRUNCATE events_event")


def test_killed_workers_lose_and_repeat_nothing(ada: Any, bus: Any) -> None:
    from guilder.foundation.audit.models import AuditEntry
    from guilder.foundation.tenancy.transaction import transaction

    count = 60
    for number in range(count):
        bus.publish(Rang(uuid7(), number), by=ada)

    def heard() -> list[int]:
        with transaction(ada.organization_id):
            return sorted(
                after["number"]
                for after in AuditEntry.objects.of(ada.organization_id)
                .filter(action="bell.heard")
                .values_list("after", flat=True)
            )

    kills = 0
    for _ in range(3):
        worker = subprocess.Popen(
            [sys.executable, "-m", "tests.foundation.side"],
            stdout=subprocess.PIPE,
            env=uncounted(os.environ),  # killed, it would say nothing
        )
        assert worker.stdout and worker.stdout.readline() == b"working\n"
        before, end = len(heard()), time.monotonic() + 20
        while len(heard()) < before + 5 and time.monotonic() < end:
            time.sleep(0.02)
        os.kill(worker.pid, signal.SIGKILL)
        kills += before + 5 <= len(heard()) < count
        worker.wait()
    assert kills == 3
    from tests.foundation.side import hear

    bus.subscribe(Rang, hear)
    drain()

    assert heard() == list(range(count))
    assert pending(ada) == []
