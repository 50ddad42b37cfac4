"""Jobs are queued with the business or not at all, tried again, parked, and survive their worker."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from guilder.foundation.tenancy.ids import uuid7
from guilder.kernel.actor import Actor
from tests.uncounted import uncounted


@pytest.fixture(scope="module")
def tasks() -> dict[str, Any]:
    from tests.foundation.side import make_tasks

    return make_tasks()


def working(*kind: str, counted: bool = False) -> subprocess.Popen[bytes]:
    """A new worker. What it runs counts in the coverage only where it is asked for and ends well."""
    worker = subprocess.Popen(
        [sys.executable, "-m", "tests.foundation.side", *kind],
        stdout=subprocess.PIPE,
        env=dict(os.environ) if counted else uncounted(os.environ),
    )
    assert worker.stdout
    assert worker.stdout.readline() == b"working\n"
    return worker


@pytest.fixture
def start(db: Any) -> Iterator[Callable[..., subprocess.Popen[bytes]]]:
    """Starts workers of a test's own; those still alive at the end are killed."""
    started: list[subprocess.Popen[bytes]] = []

    def run(*kind: str, counted: bool = False) -> subprocess.Popen[bytes]:
        started.append(working(*kind, counted=counted))
        return started[-1]

    yield run
    for worker in started:
        worker.kill()
        worker.wait()


@pytest.fixture(scope="module")
def worker(server: Any) -> Iterator[subprocess.Popen[bytes]]:
    """One worker for the tests that only need one: they stand last, since it takes every job."""
    shared = working()
    yield shared
    shared.kill()
    shared.wait()


def until(condition: Callable[[], Any], *, seconds: int = 30) -> Any:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := condition():
            return found
        time.sleep(0.05)
    raise AssertionError("it did not come about in time")


def done(actor: Actor, bell: Any) -> list[str]:
    from guilder.foundation.audit.queries import list_entries

    return [entry.action for entry in list_entries(actor.organization_id, row_id=bell)][::-1]


def queued(bell: Any) -> int:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM procrastinate_jobs WHERE args ->> 'bell_id' = %s", [str(bell)]
        )
        return cursor.fetchone()[0]


def test_a_job_is_queued_with_its_transaction_only(ada: Actor, tasks: Any) -> None:
    from guilder.foundation.jobs.queue import enqueue
    from guilder.foundation.tenancy.transaction import transaction

    lost, kept = uuid7(), uuid7()

    with pytest.raises(ZeroDivisionError), transaction(ada.organization_id):
        enqueue(tasks["strike"], organization_id=ada.organization_id, bell_id=lost)
        assert queued(lost) == 1
        _ = 1 / 0
    with transaction(ada.organization_id):
        enqueue(tasks["strike"], organization_id=ada.organization_id, bell_id=kept)

    assert (queued(lost), queued(kept)) == (0, 1)


def test_once_is_once_and_the_transaction_goes_on(ada: Actor, tasks: Any) -> None:
    from guilder.foundation.jobs.queue import enqueue
    from guilder.foundation.tenancy.transaction import transaction

    bell = uuid7()
    with transaction(ada.organization_id):
        first, second = (
            enqueue(
                tasks["long"],
                organization_id=ada.organization_id,
                bell_id=bell,
                seconds=0,
                once=f"bell {bell}",
                run_at=datetime(2999, 1, 1, tzinfo=UTC),
            )
            for _ in "ab"
        )

    assert first is not None
    assert second is None
    assert queued(bell) == 1


def test_a_task_can_be_called_here_and_now(ada: Actor, tasks: Any) -> None:
    bell = uuid7()

    tasks["strike"](organization_id=ada.organization_id, bell_id=bell)

    assert done(ada, bell) == ["bell.struck"]


def test_the_waits_of_a_retry_are_followed() -> None:
    from types import SimpleNamespace

    from guilder.foundation.jobs.queue import GiveUp, Retry

    retry = Retry(waits=(5, 30), never=(KeyError,))

    def after(attempts: int, error: Exception) -> Any:
        decision = retry.get_retry_decision(
            exception=error,
            job=SimpleNamespace(attempts=attempts),  # type: ignore[arg-type]
        )
        return decision and round((decision.retry_at - datetime.now(UTC)) / timedelta(seconds=1))

    assert [after(n, ValueError()) for n in range(3)] == [5, 30, None]
    assert after(0, KeyError()) is None
    assert after(0, GiveUp()) is None


def test_health_counts_what_waits(ada: Actor, tasks: Any) -> None:
    from guilder.foundation.jobs import queue

    now = datetime.now(UTC)
    before = queue.health(at=now)
    queue.enqueue(tasks["strike"], organization_id=ada.organization_id, bell_id=uuid7())

    found = queue.health(at=datetime.now(UTC) + timedelta(minutes=5))

    assert found["waiting"] == before["waiting"] + 1
    assert found["oldest_due"] >= timedelta(minutes=5)


def test_a_worker_does_the_job_soon_and_stops_when_told(ada: Actor, tasks: Any, start: Any) -> None:
    from guilder.foundation.jobs.queue import enqueue

    worker = start(counted=True)

    def seconds() -> float:
        bell, began = uuid7(), time.monotonic()
        enqueue(tasks["strike"], organization_id=ada.organization_id, bell_id=bell)
        until(lambda: done(ada, bell))
        return time.monotonic() - began

    seconds()  # by now it listens

    assert min(seconds() for _ in range(5)) < 0.7  # woken: it looks by itself only every 2 s
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(15) == 0


def test_a_worker_that_stops_finishes_what_it_does(ada: Actor, tasks: Any, start: Any) -> None:
    from guilder.foundation.jobs.queue import enqueue

    worker, bell = start(counted=True), uuid7()
    enqueue(tasks["long"], organization_id=ada.organization_id, bell_id=bell, seconds=3)
    until(lambda: done(ada, bell))

    worker.send_signal(signal.SIGTERM)
    worker.wait(20)

    assert done(ada, bell) == ["bell.began", "bell.ended"]


def test_the_job_of_a_killed_worker_is_done_by_another(ada: Actor, tasks: Any, start: Any) -> None:
    from guilder.foundation.jobs.queue import enqueue

    doomed, bell = start(), uuid7()
    enqueue(tasks["long"], organization_id=ada.organization_id, bell_id=bell, seconds=2)
    until(lambda: done(ada, bell))
    os.kill(doomed.pid, signal.SIGKILL)
    doomed.wait()
    assert done(ada, bell) == ["bell.began"]

    start()
    until(lambda: "bell.ended" in done(ada, bell), seconds=90)

    assert done(ada, bell)[:2] == ["bell.began", "bell.began"]
    until(lambda: queued(bell) == 0)
    assert done(ada, bell)[-1] == "bell.ended"


def test_periodic_jobs_are_queued_once_by_all_schedulers(tasks: Any, start: Any, db: Any) -> None:
    from django.db import connection

    def waiting() -> int:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'test.tick'")
            return cursor.fetchone()[0]

    def clear() -> None:
        with db.superuser() as superuser:
            superuser.execute("DELETE FROM procrastinate_periodic_defers")
            superuser.execute("DELETE FROM procrastinate_jobs WHERE task_name = 'test.tick'")

    clear()
    start("scheduler")
    start("scheduler")
    until(waiting)
    time.sleep(2.5)

    assert waiting() == 1  # two schedulers, three seconds, and still one waits
    clear()
    until(waiting)


def test_a_broken_job_is_tried_again_then_parked_with_its_reason(
    ada: Actor, tasks: Any, worker: Any
) -> None:
    from guilder.foundation.jobs import queue

    bell = uuid7()
    job = queue.enqueue(tasks["broken"], organization_id=ada.organization_id, bell_id=bell)
    [parked] = until(lambda: queue.parked(organization_id=ada.organization_id))

    assert parked.id == job
    assert parked.task == "test.broken"
    assert parked.problem == "RuntimeError: the bell is cracked"
    assert parked.arguments["bell_id"] == str(bell)
    assert done(ada, bell) == ["bell.tried"] * 3

    queue.retry_parked(parked.id, at=datetime.now(UTC))
    until(lambda: len(done(ada, bell)) == 6)


def test_a_hopeless_job_is_parked_at_once(ada: Actor, tasks: Any, worker: Any) -> None:
    from guilder.foundation.jobs import queue

    bell = uuid7()
    queue.enqueue(tasks["hopeless"], organization_id=ada.organization_id, bell_id=bell)
    [parked] = until(lambda: queue.parked(organization_id=ada.organization_id))

    assert parked.problem == "GiveUp: there is no bell"
    assert done(ada, bell) == ["bell.tried"]


def test_parked_jobs_of_others_are_not_shown(founded: Any, tasks: Any, worker: Any) -> None:
    from guilder.foundation.jobs import queue

    ada, eve = founded("Ada"), founded("Eve")
    queue.enqueue(tasks["hopeless"], organization_id=ada.organization_id, bell_id=uuid7())
    until(lambda: queue.parked(organization_id=ada.organization_id))

    assert queue.parked(organization_id=eve.organization_id) == []
    assert queue.parked(limit=1)


def test_a_worker_outlives_its_connections(ada: Actor, tasks: Any, worker: Any, db: Any) -> None:
    from django.db import connections

    from guilder.foundation.jobs.queue import enqueue

    def cut() -> bool:
        with db.superuser() as connection:
            row = connection.execute(
                "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE usename = "
                "'guilder_app' AND datname = current_database() HAVING count(*) >= 3"
            ).fetchone()
        return row is not None

    bell = uuid7()
    until(cut)
    connections.close_all()

    enqueue(tasks["strike"], organization_id=ada.organization_id, bell_id=bell)
    until(lambda: done(ada, bell))

    assert worker.poll() is None


def test_a_job_that_kills_every_worker_is_parked(
    ada: Actor, tasks: Any, worker: Any, db: Any
) -> None:
    from guilder.foundation.jobs import queue
    from guilder.foundation.jobs.worker import TRIED_ENOUGH

    bell, never = uuid7(), datetime(2999, 1, 1, tzinfo=UTC)
    queue.enqueue(tasks["strike"], organization_id=ada.organization_id, bell_id=bell, run_at=never)
    with db.superuser() as connection:
        connection.execute(
            "UPDATE procrastinate_jobs SET status = 'doing', attempts = %s "
            "WHERE args ->> 'bell_id' = %s",
            [TRIED_ENOUGH, str(bell)],
        )

    until(lambda: queue.parked(organization_id=ada.organization_id))

    assert done(ada, bell) == []


def test_workers_seal_the_audit_trail_and_say_that_they_live(
    ada: Actor, tasks: Any, worker: Any
) -> None:
    from guilder.foundation.audit.models import UnsealedEntry
    from guilder.foundation.jobs.models import LoopRun

    tasks["strike"](organization_id=ada.organization_id, bell_id=uuid7())

    until(lambda: not UnsealedEntry.objects.filter(organization_id=ada.organization_id).exists())
    names = set(LoopRun.objects.values_list("name", flat=True))
    assert {
        "guilder.foundation.events.tasks.drain",
        "guilder.foundation.events.tasks.seal_audit",
    } <= names
