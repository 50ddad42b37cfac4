"""The worker: queued jobs, periodic ones, loops, and the rescue of what a dead worker held."""

import asyncio
import logging
import os
import signal
import threading
import time
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime
from typing import Any

from django.db import close_old_connections
from procrastinate import App
from procrastinate.contrib.django import procrastinate_app
from procrastinate.jobs import Status
from procrastinate.periodic import PeriodicDeferrer

from guilder.foundation.jobs import queue
from guilder.foundation.jobs.models import LoopRun

logger = logging.getLogger("guilder.worker")

HEARTBEAT = 5  # seconds between a worker's signs of life
STALLED = 15  # seconds without one, after which its jobs are given to others
RESCUE_EVERY = 5
GRACE = 25  # seconds that running jobs get when the worker stops
POLL = 2  # seconds; new jobs wake the worker at once, this is for what a lost message hides
TRIED_ENOUGH = 20  # a job that took so many workers with it is parked
NOTED_EVERY = 30


def run(stop: threading.Event | None = None, *, concurrency: int | None = None) -> None:
    """Work until `stop` is set, or SIGINT or SIGTERM comes where the main thread runs this.

    Running jobs are finished (25 s at most). Database trouble is waited out.
    """
    stopped = stop or threading.Event()
    threads = [start_loop(loop, stopped) for loop in queue.LOOPS.values()]
    jobs = concurrency or int(os.environ.get("GUILDER_WORKER_CONCURRENCY", "4"))
    try:
        asyncio.run(until_stopped(lambda app: work(app, concurrency=jobs), stopped))
    finally:
        stopped.set()
        for thread in threads:
            thread.join(GRACE)


def run_scheduler(stop: threading.Event | None = None) -> None:
    """Queue periodic jobs and rescue stalled ones, and run none, until stopped as `run` is."""
    asyncio.run(until_stopped(schedule, stop or threading.Event()))


async def until_stopped(
    service: Callable[[App], Coroutine[Any, Any, None]], stopped: threading.Event
) -> None:
    """Run a service again and again, with growing pauses while it fails, until `stopped`."""
    if threading.current_thread() is threading.main_thread():
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    pause = 1
    while not stopped.is_set():
        began = time.monotonic()
        serving = asyncio.create_task(serve(service))
        while not serving.done() and not stopped.is_set():
            await asyncio.wait([serving], timeout=0.2)
        if stopped.is_set():
            await cancel(serving, grace=GRACE + 2 if time.monotonic() - began > 10 else 3)
        problem = (await asyncio.gather(serving, return_exceptions=True))[0]
        if stopped.is_set():
            return
        logger.warning("The worker's service ended (%s); again in %s s.", problem, pause)
        pause = 1 if time.monotonic() - began > 60 else min(pause * 2, 30)
        await asyncio.to_thread(stopped.wait, pause)


async def cancel(serving: "asyncio.Task[None]", *, grace: float) -> None:
    """Cancel until it has ended: one that meets a library's own waiting can get lost there."""
    while not serving.done():
        serving.cancel()
        await asyncio.wait([serving], timeout=grace)


async def serve(service: Callable[[App], Coroutine[Any, Any, None]]) -> None:
    """One life of a service, on a database connection of the queue's own."""
    app = procrastinate_app.current_app
    connector = app.connector.get_worker_connector()  # type: ignore[attr-defined]
    with app.replace_connector(connector):
        async with app.open_async():
            await service(app)


async def work(app: App, *, concurrency: int) -> None:
    """Run jobs and rescue stalled ones; ends when either ends."""
    rescuing = asyncio.create_task(rescue_for_ever(app))
    try:
        await app.run_worker_async(
            queues=[queue.QUEUE],
            concurrency=concurrency,
            install_signal_handlers=False,
            update_heartbeat_interval=HEARTBEAT,
            stalled_worker_timeout=STALLED,
            fetch_job_polling_interval=POLL,
            shutdown_graceful_timeout=GRACE,
            delete_jobs="successful",
        )
    finally:
        rescuing.cancel()
        await asyncio.gather(rescuing, return_exceptions=True)


async def schedule(app: App) -> None:
    """Queue periodic jobs, and rescue stalled ones."""
    rescuing = asyncio.create_task(rescue_for_ever(app))
    try:
        await PeriodicDeferrer(registry=app.periodic_registry).worker()
    finally:
        rescuing.cancel()
        await asyncio.gather(rescuing, return_exceptions=True)


async def rescue_for_ever(app: App) -> None:
    """Rescue every few seconds; trouble is logged and tried again."""
    while True:
        try:
            await rescue(app)
        except Exception:
            logger.exception("Stalled jobs could not be looked for.")
        await asyncio.sleep(RESCUE_EVERY)


async def rescue(app: App) -> int:
    """Give the jobs of workers without a sign of life to others; gives how many."""
    found = 0
    for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=STALLED):
        found += 1
        if job.attempts >= TRIED_ENOUGH:
            await app.job_manager.finish_job(job, status=Status.FAILED, delete_job=False)
            logger.error("Job %s (%s) is parked: it never came to an end.", job.id, job.task_name)
            continue
        await app.job_manager.retry_job(job, retry_at=datetime.fromtimestamp(time.time(), UTC))
        logger.warning("Job %s (%s) was rescued from a dead worker.", job.id, job.task_name)
    return found


def start_loop(loop: queue.Loop, stopped: threading.Event) -> threading.Thread:
    """Run a loop in a thread of its own until `stopped`."""
    thread = threading.Thread(
        target=run_loop, args=(loop, stopped), name=f"loop {loop.name}", daemon=True
    )
    thread.start()
    return thread


def run_loop(loop: queue.Loop, stopped: threading.Event) -> None:
    """Call the loop's function until `stopped`; after an error wait longer each time."""
    pause, noted = loop.every, 0.0
    while not stopped.is_set():
        close_old_connections()
        try:
            more = loop.function()
            if time.monotonic() - noted > NOTED_EVERY:
                note(loop, "")
                noted = time.monotonic()
            pause = 0 if more else loop.every
        except Exception as error:
            logger.exception("The loop %s failed.", loop.name)
            note_quietly(loop, error)
            noted, pause = 0.0, min(max(pause, loop.every, 0.5) * 2, 30)
        stopped.wait(pause)
    close_old_connections()


def note(loop: queue.Loop, problem: str) -> None:
    """Write down that a loop has run, and how."""
    LoopRun.objects.update_or_create(
        name=loop.name,
        defaults={"ran_at": datetime.fromtimestamp(time.time(), UTC), "problem": problem[:500]},
    )


def note_quietly(loop: queue.Loop, error: Exception) -> None:
    """Write down a loop's trouble, unless the database is the trouble."""
    close_old_connections()
    try:
        note(loop, f"{type(error).__name__}: {error}".replace("\x00", ""))
    except Exception:
        logger.warning("The trouble of %s could not be written down.", loop.name)
