"""Small requests go straight to a thread, all others through the loop; under the server itself."""

import http.client
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

MEGABYTE = 2**20


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """The port of a server with one worker; it must end by itself when told."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "granian", "--interface", "asgi", "--port", str(port),
         "--workers", "1", "--no-ws", "--no-log", "tests.runtime.straight_app:application"],
    )  # fmt: skip
    try:
        end = time.monotonic() + 60
        while time.monotonic() < end and process.poll() is None:
            try:
                socket.create_connection(("127.0.0.1", port)).close()
                break
            except OSError:
                time.sleep(0.05)
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


def raw(port: int, *pieces: bytes, pause: float = 0.1) -> bytes:
    """What comes back for bytes that are sent piece by piece."""
    with socket.create_connection(("127.0.0.1", port), timeout=20) as line:
        for piece in pieces:
            line.sendall(piece)
            time.sleep(pause)
        line.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: line.recv(65536), b""))


def test_what_is_small_goes_straight(port: int) -> None:
    assert ask(port, "GET", "/") == (200, b"straight ")
    assert ask(port, "POST", "/", b"body") == (200, b"straight body")
    assert ask(port, "POST", "/", b"") == (200, b"straight ")


def test_one_connection_serves_many_requests(port: int) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    connection.connect()
    line = connection.sock
    for turn in range(20):
        body = b"%d" % turn * 100
        connection.request("POST", "/", body)
        assert connection.getresponse().read() == b"straight " + body

    assert connection.sock is line
    connection.close()


def test_a_body_in_pieces_arrives_whole(port: int) -> None:
    head = b"POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 6\r\n\r\n"

    assert raw(port, head, b"abc", b"def").endswith(b"straight abcdef")
    assert raw(port, head + b"abc", b"def").endswith(b"straight abcdef")


def test_what_is_large_not_announced_or_apart_goes_through_the_loop(port: int) -> None:
    assert ask(port, "POST", "/", b"x" * (MEGABYTE + 1))[1][:6] == b"loop x"
    assert ask(port, "POST", "/apart", b"x")[1] == b"loop x"
    chunked = (
        b"POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
        b"3\r\nabc\r\n0\r\n\r\n"
    )
    assert b"loop abc" in raw(port, chunked)
    both = chunked.replace(b"Host: x\r\n", b"Host: x\r\nContent-Length: 1\r\n")
    assert b"loop abc" in raw(port, both)


def test_what_is_too_large_is_refused(port: int) -> None:
    assert ask(port, "POST", "/", b"x" * (4 * MEGABYTE + 1))[0] == 413


def test_a_streamed_answer_comes_whole(port: int) -> None:
    assert ask(port, "GET", "/stream") == (200, b"xxx")


def test_an_error_is_a_500_without_its_details(port: int) -> None:
    status, content = ask(port, "POST", "/broken", b"x")

    assert status == 500
    assert b"1234" not in content


def test_who_leaves_in_the_middle_of_a_body_costs_no_thread(port: int) -> None:
    for _ in range(4):  # more than there are threads
        with socket.create_connection(("127.0.0.1", port), timeout=20) as line:
            line.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 6\r\n\r\nabc")
    waiting = [socket.create_connection(("127.0.0.1", port), timeout=20) for _ in range(4)]
    for line in waiting:
        line.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 6\r\n\r\nabc")

    assert ask(port, "POST", "/", b"body") == (200, b"straight body")
    for line in waiting:
        line.sendall(b"def")
        assert line.recv(65536).endswith(b"straight abcdef")
        line.close()


def test_as_many_are_answered_at_once_as_there_are_threads(port: int) -> None:
    began = time.monotonic()
    with ThreadPoolExecutor(4) as crowd:
        answers = list(crowd.map(lambda _: ask(port, "GET", "/slow"), range(4)))

    assert answers == [(200, b"straight ")] * 4
    assert time.monotonic() - began >= 0.6
