"""What runs by the clock: when it last ran, when it will, and running it now."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import connections
from procrastinate.contrib.django import procrastinate_app

from guilder.foundation.jobs import queue
from guilder.foundation.jobs.models import LoopRun
from guilder.kernel.errors import Conflict, NotFound

LAST = """
SELECT DISTINCT ON (d.task_name) d.task_name, d.defer_timestamp
FROM procrastinate_periodic_defers d ORDER BY d.task_name, d.defer_timestamp DESC
"""
# What is running or waiting of these tasks, and what failed last.
STATES = """
SELECT task_name, bool_or(status IN ('todo', 'doing')), bool_or(status = 'failed')
FROM procrastinate_jobs WHERE task_name = ANY(%s) GROUP BY task_name
"""
# Queued by hand under the locks of the clock's own runs, so that two never run at once.
NOW = """
INSERT INTO procrastinate_jobs (queue_name, task_name, lock, queueing_lock, args)
VALUES (%s, %s, %s, %s, jsonb_build_object('timestamp', extract(epoch FROM now())::bigint))
ON CONFLICT DO NOTHING RETURNING id
"""


class NoSuchSchedule(NotFound):
    """Nothing of that name runs by the clock."""

    code = "jobs.no_such_schedule"


class AlreadyQueued(Conflict):
    """It waits or runs already."""

    code = "jobs.already_queued"


@dataclass(frozen=True, slots=True)
class Schedule:
    """One task of the clock: its cron line, and the instants around now (UTC)."""

    name: str
    cron: str
    last_at: datetime | None
    next_at: datetime
    is_waiting: bool
    has_failed: bool


@dataclass(frozen=True, slots=True)
class LoopState:
    """One loop of the workers: when it last ran through, and its trouble."""

    name: str
    ran_at: datetime | None
    problem: str


def schedules(*, at: datetime) -> list[Schedule]:
    """Everything that runs by the clock, what comes next first."""
    tasks = list(registered())
    names = [name for name, _ in tasks]
    with connections["default"].cursor() as cursor:
        cursor.execute(LAST)
        last = {name: datetime.fromtimestamp(seconds, UTC) for name, seconds in cursor.fetchall()}
        cursor.execute(STATES, [names])
        states = {name: (waits, failed) for name, waits, failed in cursor.fetchall()}
    found = [
        Schedule(
            name=name,
            cron=task.cron,
            last_at=last.get(name),
            next_at=task.croniter.get_next(ret_type=datetime, start_time=at).astimezone(UTC),
            is_waiting=states.get(name, (False, False))[0],
            has_failed=states.get(name, (False, False))[1],
        )
        for name, task in tasks
    ]
    return sorted(found, key=lambda one: one.next_at)


def registered() -> Iterator[tuple[str, Any]]:
    """(name, periodic task) of everything that asked for the clock."""
    for task in procrastinate_app.current_app.periodic_registry.periodic_tasks.values():
        yield task.task.name, task


def run_now(name: str) -> None:
    """Queue a task of the clock at once. Raises NoSuchSchedule, AlreadyQueued."""
    if name not in {known for known, _ in registered()}:
        raise NoSuchSchedule("Nothing of that name runs by the clock.")
    with connections["default"].cursor() as cursor:
        cursor.execute(NOW, [queue.QUEUE, name, name, name])
        if cursor.fetchone() is None:
            raise AlreadyQueued("It waits or runs already.")


def loops() -> list[LoopState]:
    """The loops of the workers, by name; those that never ran have no instant."""
    ran = {row.name: row for row in LoopRun.objects.all()}
    names = sorted({*queue.LOOPS, *ran})
    return [
        LoopState(name, ran[name].ran_at if name in ran else None,
                  ran[name].problem if name in ran else "")
        for name in names
    ]  # fmt: skip
