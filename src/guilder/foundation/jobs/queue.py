"""The only door to the job queue: say what a task is, queue it with the business, look after it."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import close_old_connections, connections, transaction
from django.db.utils import IntegrityError
from procrastinate import BaseRetryStrategy, RetryDecision
from procrastinate.contrib.django import app as procrastinate_app
from procrastinate.job_context import JobContext
from procrastinate.jobs import Job
from psycopg.types.json import Jsonb

from guilder.foundation.jobs.models import JobProblem
from guilder.foundation.tenancy import spans

QUEUE = "guilder"
# Seconds before each new attempt: short trouble is over soon, long trouble is not made worse.
WAITS = (5, 30, 120, 600, 3600, 6 * 3600, 24 * 3600)

INSERT = """
INSERT INTO procrastinate_jobs
  (queue_name, task_name, priority, lock, queueing_lock, args, scheduled_at)
VALUES (%s, %s, %s, %s, %s, %s, %s) RETURNING id
"""
PARKED = """
SELECT j.id, j.task_name, j.args, j.attempts, p.problem, p.at
FROM procrastinate_jobs j LEFT JOIN jobs_jobproblem p ON p.job_id = j.id
WHERE j.status = 'failed' AND (%(of)s::text IS NULL OR j.args ->> 'organization_id' = %(of)s)
ORDER BY j.id DESC LIMIT %(limit)s
"""


class GiveUp(Exception):
    """Raise it (or a subclass) in a task where another attempt cannot help: the job is parked."""


@dataclass(frozen=True, slots=True)
class Retry(BaseRetryStrategy):
    """A new attempt after each of `waits` (seconds); then, or on an error of `never`, parked."""

    waits: tuple[int, ...] = WAITS
    never: tuple[type[BaseException], ...] = ()

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        """When to try again; None parks the job."""
        if isinstance(exception, (GiveUp, *self.never)) or job.attempts >= len(self.waits):
            return None
        return RetryDecision(retry_in={"seconds": self.waits[job.attempts]})


NO_RETRY = Retry(waits=())


@dataclass(frozen=True, slots=True)
class Task:
    """A function that workers run; calling it runs it here and now."""

    name: str
    function: Callable[..., Any]

    def __call__(self, **arguments: Any) -> Any:
        return self.function(**arguments)


@dataclass(frozen=True, slots=True)
class Loop:
    """Work that every worker looks for, again and again; safe to run in several at once.

    The function gives something true while there may be more to do.
    """

    name: str
    function: Callable[[], Any]
    every: float


@dataclass(frozen=True, slots=True)
class Parked:
    """A job that failed for good."""

    id: int
    task: str
    arguments: dict[str, Any] = field(default_factory=dict)
    attempts: int = 0
    problem: str = ""
    at: datetime | None = None


LOOPS: dict[str, Loop] = {}


def told_of(job: Job) -> dict[str, Any]:
    """What a span tells of a job: never its arguments, but for the organization."""
    return {
        "messaging__system": "procrastinate",
        "messaging__destination__name": job.task_name,
        "messaging__message__id": job.id,
        "guilder__attempt": job.attempts,
        "guilder__organization": job.task_kwargs.get("organization_id", ""),
    }


def task(*, name: str, retry: Retry | None = None) -> Callable[[Callable[..., Any]], Task]:
    """Make a function a task. It takes ids by keyword and may run twice without harm.

    Arguments whose names end in `_id` arrive as UUID. `name` is stable: queued jobs carry it.
    """

    def made(function: Callable[..., Any]) -> Task:
        def run(context: JobContext, **arguments: Any) -> None:
            with spans.span(f"job {name}", "consumer", **told_of(context.job)):
                attempt(function, context.job, typed(arguments))

        procrastinate_app.task(
            name=name, queue=QUEUE, retry=Retry() if retry is None else retry, pass_context=True
        )(run)
        return Task(name, function)

    return made


def periodic(*, cron: str, name: str) -> Callable[[Callable[..., Any]], Task]:
    """Run a function at the times of `cron` (a sixth field is seconds), once for all workers.

    The function takes `at`, the instant for which it runs. While one run is under way or waits, no
    second is queued; a failed run is not repeated, the next one comes anyway.
    """

    def made(function: Callable[..., Any]) -> Task:
        def run(context: JobContext, timestamp: int) -> None:
            with spans.span(f"job {name}", "consumer", **told_of(context.job)):
                attempt(function, context.job, {"at": datetime.fromtimestamp(timestamp, UTC)})

        decorated = procrastinate_app.task(
            name=name, queue=QUEUE, lock=name, queueing_lock=name, retry=NO_RETRY, pass_context=True
        )(run)
        procrastinate_app.periodic(cron=cron)(decorated)
        return Task(name, function)

    return made


def loop(*, every: float, name: str = "") -> Callable[[Callable[[], Any]], Callable[[], Any]]:
    """Have every worker call a function every so many seconds (at once while it has work)."""

    def made(function: Callable[[], Any]) -> Callable[[], Any]:
        title = name or f"{function.__module__}.{function.__qualname__}"
        LOOPS[title] = Loop(title, function, every)
        return function

    return made


def enqueue(
    task: Task,
    *,
    organization_id: UUID | None = None,
    run_at: datetime | None = None,
    lock: str = "",
    once: str = "",
    priority: int = 0,
    **arguments: Any,
) -> int | None:
    """Queue a task in the open transaction: it is queued if and only if that commits.

    Jobs of one `lock` run one after the other, in order. With `once`, nothing is queued (None)
    while another job of that name waits. Gives the job's id.
    """
    values = dict(arguments)
    if organization_id is not None:
        values["organization_id"] = organization_id
    row = [QUEUE, task.name, priority, lock or None, once or None, Jsonb(wired(values)), run_at]
    if not once:
        return insert(row)
    try:
        with transaction.atomic():
            return insert(row)
    except IntegrityError:
        return None


def insert(row: list[Any]) -> int:
    """One job row, on Django's connection."""
    with connections["default"].cursor() as cursor:
        cursor.execute(INSERT, row)
        return cursor.fetchone()[0]  # type: ignore[index]


def wired(arguments: dict[str, Any]) -> dict[str, Any]:
    """Arguments as JSON: ids and instants become strings."""
    return {
        name: str(value) if isinstance(value, UUID) else value for name, value in arguments.items()
    }


def typed(arguments: dict[str, Any]) -> dict[str, Any]:
    """Arguments as the task takes them: what ends in `_id` is a UUID again."""
    return {
        name: UUID(value) if name.endswith("_id") and isinstance(value, str) else value
        for name, value in arguments.items()
    }


def attempt(function: Callable[..., Any], job: Job, arguments: dict[str, Any]) -> None:
    """Run a task in a worker's thread, and write down why when it fails."""
    close_old_connections()
    try:
        function(**arguments)
    except Exception as error:
        note_problem(job, error, arguments)
        raise
    else:
        if job.attempts:
            JobProblem.objects.filter(job_id=job.id).delete()
    finally:
        close_old_connections()


def note_problem(job: Job, error: Exception, arguments: dict[str, Any]) -> None:
    """Keep the last failure of a job beside it."""
    JobProblem.objects.update_or_create(
        job_id=job.id,
        defaults={
            "task": job.task_name,
            "organization_id": arguments.get("organization_id"),
            "problem": f"{type(error).__name__}: {error}"[:500].replace("\x00", ""),
        },
    )


def parked(*, organization_id: UUID | None = None, limit: int = 100) -> list[Parked]:
    """Jobs that failed for good, newest first; of all organizations without one (operators)."""
    of = None if organization_id is None else str(organization_id)
    with connections["default"].cursor() as cursor:
        cursor.execute(PARKED, {"of": of, "limit": limit})
        return [
            Parked(id_, name, loaded(arguments), attempts, problem or "", at)
            for id_, name, arguments, attempts, problem, at in cursor.fetchall()
        ]


def loaded(arguments: Any) -> dict[str, Any]:
    """A job's arguments from jsonb, which Django's cursor gives as text."""
    return json.loads(arguments) if isinstance(arguments, str) else arguments


def retry_parked(job_id: int, *, at: datetime) -> None:
    """Queue a parked job again, from `at` on. Nothing happens when it is not parked any more."""
    with connections["default"].cursor() as cursor:
        cursor.execute(
            "UPDATE procrastinate_jobs SET status = 'todo', attempts = 0, scheduled_at = %s "
            "WHERE id = %s AND status = 'failed'",
            [at, job_id],
        )


def health(*, at: datetime) -> dict[str, Any]:
    """Figures for monitoring: jobs waiting and parked, and the age of the oldest due one."""
    with connections["default"].cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FILTER (WHERE status = 'todo'), "
            "count(*) FILTER (WHERE status = 'doing'), "
            "count(*) FILTER (WHERE status = 'failed') FROM procrastinate_jobs"
        )
        waiting, running, failed = cursor.fetchone()  # type: ignore[misc]
        cursor.execute(
            "SELECT min(coalesce(j.scheduled_at, e.at)) FROM procrastinate_jobs j "
            "JOIN procrastinate_events e ON e.job_id = j.id AND e.type = 'deferred' "
            "WHERE j.status = 'todo' AND coalesce(j.scheduled_at, e.at) <= %s",
            [at],
        )
        (oldest,) = cursor.fetchone()  # type: ignore[misc]
    return {
        "waiting": waiting,
        "running": running,
        "parked": failed,
        "oldest_due": at - oldest if oldest else timedelta(0),
    }
