"""Limits over several processes, a restart, and every header that people claim addresses with."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from typing import Any

import pytest

from guilder.runtime.surroundings import EACH_WEB_PROCESS
from tests.uncounted import uncounted

PATH = "/api/v1/clients/"
WORKERS, THREADS = 4, 4
# What a process may hold besides its threads': the log of calls, event streams, a look at health.
MOST_CONNECTIONS = WORKERS * (THREADS + EACH_WEB_PROCESS)
PROXY, CROWD, OTHER = "127.0.0.9", "127.0.0.2", "127.0.0.3"
CLAIMS = (
    "X-Forwarded-For", "X_Forwarded_For", "x_forwarded_for", "Forwarded", "X-Real-IP",
    "X-Client-IP", "True-Client-IP", "CF-Connecting-IP", "X-Cluster-Client-IP", "REMOTE_ADDR",
    "X-Originating-IP", "X-Remote-Addr", "Fastly-Client-IP", "X-ProxyUser-Ip",
)  # fmt: skip


def ask(port: int, *, source: str, path: str = PATH, **headers: str) -> tuple[int, dict[str, str]]:
    """(status, headers) of one request from an address of this machine."""
    connection = http.client.HTTPConnection(
        "127.0.0.1", port, timeout=60, source_address=(source, 0)
    )
    try:
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        answer.read()
        return answer.status, dict(answer.getheaders())
    finally:
        connection.close()


def free_port() -> int:
    """A port that nobody listens on, below those that the system gives to connections: the server
    takes it seconds later."""
    first = 20_000 + os.getpid() % 10_000
    for port in range(first, first + 100):
        with socket.socket() as listener, suppress(OSError):
            listener.bind(("127.0.0.1", port))
            return port
    raise AssertionError("no port is free")


@contextmanager
def served(*, workers: int) -> Iterator[int]:
    """Our own server on the test's database: its port."""
    port = free_port()
    given = {
        "GUILDER_WEB_WORKERS": str(workers),
        "GUILDER_WEB_THREADS": str(THREADS),
        "GUILDER_THROTTLE_ANON": "10/day",
        "GUILDER_TRUSTED_PROXIES": PROXY,
        "GUILDER_LOG_LEVEL": "ERROR",
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "guilder.runtime.server", "127.0.0.1", str(port)],
        env={**uncounted(os.environ), **given},
        stdin=subprocess.DEVNULL,
    )
    try:
        end = time.monotonic() + 120
        while True:
            assert process.poll() is None, "the server ended"
            assert time.monotonic() < end, "the server is not ready"
            try:
                if ask(port, source=OTHER, path="/health/ready/")[0] == 200:
                    break
            except OSError:
                time.sleep(0.1)
        yield port
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(40)


def statuses(port: int, count: int) -> Counter[int]:
    """How many of `count` requests at once got which answer."""
    with ThreadPoolExecutor(64) as pool:
        return Counter(pool.map(lambda _: ask(port, source=CROWD)[0], range(count)))


def connections_of_the_app() -> set[int]:
    """Who holds a connection to the test's database as the app's role."""
    from django.db import connections

    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database() "
            "AND usename = 'guilder_app'"
        )
        return {pid for (pid,) in cursor.fetchall()}


def test_two_hundred_at_once_over_four_processes_let_ten_through(db: Any):
    """Rows C1, C2, C3: exact over processes and a restart, whatever address is claimed."""
    before = connections_of_the_app()  # other tests' and our own
    with served(workers=WORKERS) as port:
        first = statuses(port, 200)
        told = ask(port, source=CROWD)[1]
        others = ask(port, source=OTHER)[0]
        held = connections_of_the_app() - before
    with served(workers=1) as port:
        after = statuses(port, 5)
        claims = {name: ask(port, source=CROWD, **{name: "203.0.113.9"})[0] for name in CLAIMS}
        via_proxy = [
            ask(port, source=PROXY, **{"X-Forwarded-For": f"10.9.8.{n}, 203.0.113.7"})[0]
            for n in range(11)
        ]
        next_client = ask(port, source=PROXY, **{"X-Forwarded-For": "203.0.113.8"})[0]

    assert first == {401: 10, 429: 190}
    assert 1 <= int(told["retry-after"]) <= 86_400
    assert told["ratelimit"].startswith('"anon";r=0')
    assert others == 401
    assert 0 < len(held) <= MOST_CONNECTIONS < 64, (
        "64 clients at once are served by a fixed number of connections"
    )
    assert after == {429: 5}, "a restart forgot the counts"
    assert set(claims.values()) == {429}, claims
    # Behind the proxy that is named, the client is the last hop: ten of its own, then none.
    assert via_proxy == [401] * 10 + [429]
    assert next_client == 401


@pytest.mark.parametrize("given", ["false", "0", "no", "none", "true", "all", "*"])
def test_a_setting_of_proxies_that_is_no_address_stops_the_start(given: str):
    """Row C1: no word is read as “trust everybody”."""
    from guilder.config import safety

    names = [name for name, _ in safety.faults({"GUILDER_TRUSTED_PROXIES": given})]

    assert names == ["GUILDER_TRUSTED_PROXIES"]


def test_no_proxy_is_trusted_unless_one_is_named():
    """Row C1: empty means nobody."""
    from guilder.config.proxies import is_trusted, networks

    assert networks([""]) == ()
    assert not is_trusted("127.0.0.1", networks([""]))
