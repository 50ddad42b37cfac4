"""`/metrics` for Prometheus, where GUILDER_METRICS_TOKEN is set: requests, jobs, loops, disk.

Each web process counts in its own memory and writes its counts beside the others' now and then;
whichever of them is asked adds all of them up. Nothing in it names a person or an organization.
"""

import contextlib
import hmac
import json
import logging
import os
import shutil
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.db import Error, connections
from django.http import HttpRequest, HttpResponse

from guilder import __version__
from guilder.foundation.jobs import queue, schedules

PATH = "/metrics"
MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"
BUCKETS = ("0.005", "0.01", "0.025", "0.05", "0.1", "0.25", "0.5", "1", "2.5", "5", "10")
BOUNDS = tuple(int(bucket.partition(".")[0]) * 1000
               + int((bucket.partition(".")[2] + "000")[:3]) for bucket in BUCKETS)  # fmt: skip
FLUSH_SECONDS = 5
FORGOTTEN_SECONDS = 3600  # a process that ended is counted so long, so that sums do not fall
SIZES = (
    "SELECT (SELECT count(*) FROM identity_organization), "
    "(SELECT count(*) FROM identity_user WHERE is_active), "
    "(SELECT count(*) FROM audit_unsealed), pg_database_size(current_database()), "
    "(SELECT count(*) FROM pg_stat_activity WHERE datname = current_database())"
)

log = logging.getLogger("guilder.web")

Key = tuple[str, str, str]  # method, route, status


class Counts:
    """What this process has answered; `took` are milliseconds."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.lock = threading.Lock()
        self.answered: dict[Key, list[int]] = {}  # buckets, then count, then milliseconds
        self.flushed = 0.0

    def note(self, key: Key, took: int, *, now: float) -> None:
        """Count one answer; every few seconds the file is written anew."""
        with self.lock:
            row = self.answered.setdefault(key, [0] * (len(BOUNDS) + 2))
            for place, bound in enumerate(BOUNDS):
                row[place] += took <= bound
            row[-2] += 1
            row[-1] += took
            if now - self.flushed <= FLUSH_SECONDS:
                return
            self.flushed = now
            copy = [[*key, *values] for key, values in self.answered.items()]
        self.write(copy)

    def write(self, rows: list[list[Any]]) -> None:
        """Put the counts beside those of the other processes; a full disk stops no answer."""
        path = self.folder / f"{os.getpid()}.json"
        with contextlib.suppress(OSError):
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            aside = path.with_suffix(".new")
            aside.write_text(json.dumps(rows))
            aside.replace(path)

    def everybody(self, *, now: float) -> dict[Key, list[int]]:
        """The counts of all processes of this home, this one's up to now."""
        with self.lock:
            own = [[*key, *values] for key, values in self.answered.items()]
        self.write(own)
        summed: dict[Key, list[int]] = {}
        for path in sorted(self.folder.glob("*.json")):
            try:
                if not is_alive(path.stem) and now - path.stat().st_mtime > FORGOTTEN_SECONDS:
                    path.unlink()
                    continue
                rows = json.loads(path.read_text())
            except (OSError, ValueError):
                continue
            for method, route, status, *values in rows:
                row = summed.setdefault((method, route, status), [0] * (len(BOUNDS) + 2))
                for place, value in enumerate(values[: len(row)]):
                    row[place] += value
        return summed


class Metrics:
    """Measures every answer, and tells the figures to who has the token."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.token = os.environ.get("GUILDER_METRICS_TOKEN", "")
        if not self.token:
            raise MiddlewareNotUsed
        self.get_response = get_response
        self.counts = Counts(Path(settings.HOME) / "metrics")

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Handle one request."""
        if request.path_info == PATH:
            return self.told(request)
        began = time.perf_counter_ns()
        response = self.get_response(request)
        took = (time.perf_counter_ns() - began) // 1_000_000
        found = request.resolver_match
        route = found.route if found else "none"
        self.counts.note(
            (request.method or "GET", route, str(response.status_code)), took, now=time.time()
        )
        return response

    def told(self, request: HttpRequest) -> HttpResponse:
        """The figures, or 401."""
        given = request.headers.get("Authorization", "").removeprefix("Bearer ").strip()
        if not hmac.compare_digest(given.encode(), self.token.encode()):
            return HttpResponse(status=401, headers={"WWW-Authenticate": "Bearer"})
        now = time.time()
        lines = [*of_requests(self.counts.everybody(now=now)), *of_house(now=now)]
        answer = HttpResponse("\n".join(lines) + "\n", content_type=MEDIA_TYPE)
        answer["Cache-Control"] = "no-store"
        return answer


def of_requests(counts: dict[Key, list[int]]) -> Iterator[str]:
    """Rate, errors and duration by route."""
    yield "# TYPE guilder_request_seconds histogram"
    for (method, route, status), row in sorted(counts.items()):
        labels = f'method="{method}",route="{escaped(route)}",status="{status}"'
        for bound, value in zip(BUCKETS, row, strict=False):
            yield f'guilder_request_seconds_bucket{{{labels},le="{bound}"}} {value}'
        yield f'guilder_request_seconds_bucket{{{labels},le="+Inf"}} {row[-2]}'
        yield f"guilder_request_seconds_sum{{{labels}}} {row[-1] // 1000}.{row[-1] % 1000:03}"
        yield f"guilder_request_seconds_count{{{labels}}} {row[-2]}"


def of_house(*, now: float) -> Iterator[str]:
    """Jobs, loops, sizes and room; `guilder_up` is 0 where the database does not answer."""
    disk = shutil.disk_usage(settings.HOME)
    yield from gauges({f'guilder_info{{version="{__version__}"}}': 1})
    yield from gauges({"guilder_disk_free_bytes": disk.free, "guilder_disk_bytes": disk.total})
    at = datetime.fromtimestamp(now, UTC)
    try:
        jobs = queue.health(at=at)
        loops = schedules.loops()
        clock = schedules.schedules(at=at)
        with connections["default"].cursor() as cursor:
            cursor.execute(SIZES)
            organizations, users, unsealed, size, sessions = cursor.fetchone()  # type: ignore[misc]
    except Error:
        log.warning("The database did not give its figures.", exc_info=True)
        yield from gauges({"guilder_up": 0})
        return
    yield from gauges(
        {
            "guilder_up": 1,
            "guilder_organizations": organizations,
            "guilder_users": users,
            "guilder_audit_unsealed": unsealed,
            "guilder_database_bytes": size,
            "guilder_database_connections": sessions,
            "guilder_jobs_waiting": jobs["waiting"],
            "guilder_jobs_running": jobs["running"],
            "guilder_jobs_parked": jobs["parked"],
            "guilder_jobs_oldest_due_seconds": int(jobs["oldest_due"].total_seconds()),
        }
    )
    for loop in loops:
        if loop.ran_at is not None:
            age = int((at - loop.ran_at).total_seconds())
            yield f'guilder_loop_age_seconds{{loop="{escaped(loop.name)}"}} {age}'
        yield f'guilder_loop_failing{{loop="{escaped(loop.name)}"}} {int(bool(loop.problem))}'
    for one in clock:
        if one.last_at is not None:
            age = int((at - one.last_at).total_seconds())
            yield f'guilder_schedule_age_seconds{{task="{escaped(one.name)}"}} {age}'


def gauges(values: dict[str, int]) -> Iterable[str]:
    """Plain figures."""
    return [f"{name} {value}" for name, value in values.items()]


def escaped(text: str) -> str:
    """A label's value."""
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ")


def is_alive(pid: str) -> bool:
    """Whether a process of that number is there."""
    try:
        os.kill(int(pid), 0)
    except (OSError, ValueError):
        return False
    return True
