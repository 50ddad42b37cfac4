"""The cache on a real Redis and a real Memcached."""

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.core.cache import CacheHandler

from guilder.config import outside


@contextmanager
def running(program: str, *words: str) -> Iterator[int]:
    """The port of `program`, started for this test; skipped where it is not installed."""
    if shutil.which(program) is None:
        pytest.skip(f"{program} is not installed here")
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    process = subprocess.Popen(
        [program, *(word.format(port=port) for word in words)], stdout=subprocess.DEVNULL
    )
    try:
        end = time.monotonic() + 10
        while time.monotonic() < end:
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                time.sleep(0.02)
        yield port
    finally:
        process.terminate()
        process.wait(10)


def keeps_values(url: str) -> bool:
    """Whether two handlers (two processes' worth) see the same value."""
    settings = outside.caches({"CACHE_URL": url})
    one, other = CacheHandler(settings)["default"], CacheHandler(settings)["default"]
    one.set("answer", {"amount": 42}, 60)
    return other.get("answer") == {"amount": 42} and other.incr_version("answer") == 2


def test_redis_is_shared_by_all_processes() -> None:
    with running(
        "redis-server",
        "--port",
        "{port}",
        "--bind",
        "127.0.0.1",
        "--save",
        "",
        "--appendonly",
        "no",
    ) as port:
        assert keeps_values(f"redis://127.0.0.1:{port}/1")


def test_memcached_is_shared_by_all_processes() -> None:
    with running("memcached", "-p", "{port}", "-l", "127.0.0.1", "-u", "nobody") as port:
        assert keeps_values(f"memcached://127.0.0.1:{port}")


def test_errors_are_reported_where_the_address_says(monkeypatch: pytest.MonkeyPatch) -> None:
    sentry = pytest.importorskip("sentry_sdk")
    given: dict[str, object] = {}
    monkeypatch.setattr(sentry, "init", lambda **more: given.update(more))

    outside.report_errors({})
    assert given == {}
    outside.report_errors({"SENTRY_DSN": "https://key@errors.example.com/1"})

    assert given["dsn"] == "https://key@errors.example.com/1"
    assert given["send_default_pii"] is False
    assert given["max_request_body_size"] == "never"
