"""A small load: keep-alive clients in processes of their own, timing each request."""

import http.client
import json
import multiprocessing
import time
from collections.abc import Callable
from typing import Any


class Client:
    """One keep-alive connection."""

    def __init__(self, port: int, *, authorization: str = "") -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.headers = {"Content-Type": "application/json"}
        if authorization:
            self.headers["Authorization"] = authorization

    def __call__(
        self, method: str, path: str, body: bytes | None = None, **headers: str
    ) -> tuple[int, bytes, float]:
        """(status, body, milliseconds)."""
        started = time.perf_counter_ns()
        self.connection.request(method, path, body, {**self.headers, **headers})
        answer = self.connection.getresponse()
        content = answer.read()
        return answer.status, content, (time.perf_counter_ns() - started) / 1e6


def json_of(answer: tuple[int, bytes, float]) -> dict[str, Any]:
    """The body of an answer that must be a success."""
    status, content, _ = answer
    if status >= 300:
        raise RuntimeError(f"answered {status}: {content[:300]!r}")
    return json.loads(content)


def together(count: int, work: Callable[..., int], *arguments: Any) -> tuple[float, int]:
    """Run `work(index, *arguments)` in `count` processes: (units of work a second, refused)."""
    context = multiprocessing.get_context("fork")
    ready, queue = context.Barrier(count + 1), context.Queue()
    crowd = [
        context.Process(target=_one, args=(index, ready, queue, work, arguments))
        for index in range(count)
    ]
    for process in crowd:
        process.start()
    ready.wait()
    started = time.perf_counter()
    outcomes = [queue.get() for _ in crowd]
    seconds = time.perf_counter() - started
    for process in crowd:
        process.join()
    return sum(done for done, _ in outcomes) / seconds, sum(bad for _, bad in outcomes)


def _one(index: int, ready: Any, queue: Any, work: Callable[..., Any], arguments: Any) -> None:
    run = work(index, *arguments)
    next(run)  # connect and warm up before the start
    ready.wait()
    queue.put(next(run))
