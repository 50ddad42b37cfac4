"""`guilder.config.asgi:application` under the servers that other houses run."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.database import TestServer
from tests.uncounted import uncounted

APPLICATION = "guilder.config.asgi:application"
SERVERS = {
    "uvicorn": ("uvicorn", APPLICATION, "--host", "127.0.0.1", "--port", "{port}"),
    "daphne": ("daphne", "-b", "127.0.0.1", "-p", "{port}", APPLICATION),
    "granian": ("granian", "--interface", "asgi", "--port", "{port}", APPLICATION),
}


@contextmanager
def served(name: str) -> Iterator[int]:
    """The port of a running server; it must stop by itself when asked."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    words = [word.format(port=port) for word in SERVERS[name]]
    process = subprocess.Popen(
        [sys.executable, "-m", *words],
        env={**uncounted(os.environ), "GUILDER_MAX_BODY_MB": "1"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        end = time.monotonic() + 60
        while time.monotonic() < end and process.poll() is None:
            try:
                if ask(port, "GET", "/health/ready/")[0] == 200:
                    break
            except OSError:
                time.sleep(0.1)
        yield port
    finally:
        process.send_signal(signal.SIGTERM)
        code = process.wait(30)
    assert code in {0, -signal.SIGTERM}


def ask(port: int, method: str, path: str, body: bytes | None = None) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        connection.request(method, path, body)
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


@pytest.mark.parametrize("name", sorted(SERVERS))
def test_it_answers_takes_bodies_and_refuses_what_is_too_large(name: str, db: TestServer) -> None:
    with served(name) as port:
        assert ask(port, "GET", "/health/ready/") == (200, b'{"status": "ready"}')
        # A stranger is told so by the API, whatever the body; too large a one never gets there.
        assert ask(port, "POST", "/api/v1/clients/", b"x" * 500_000)[0] == 401
        assert ask(port, "POST", "/api/v1/clients/", b"x" * 1_100_000)[0] == 413
