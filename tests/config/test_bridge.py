"""The bridge between ASGI and WSGI, with small applications on either side."""

import asyncio
import io
import threading
import time
from collections.abc import Callable, Iterable
from typing import Any

import pytest

from guilder.config.bridge import Bridge, environ_of

Message = dict[str, Any]


def request(
    method: str = "GET", path: str = "/", headers: Iterable[tuple[bytes, bytes]] = (), **more: Any
) -> Message:
    """An ASGI scope."""
    return {
        "type": "http", "method": method, "path": path, "query_string": b"", "http_version": "1.1",
        "headers": list(headers), "client": ("192.0.2.7", 4711), "server": ("127.0.0.1", 8000),
        "scheme": "http", **more,
    }  # fmt: skip


def ask(bridge: Bridge, scope: Message, body: Iterable[Message] = ()) -> list[Message]:
    """What the bridge sends in answer to `scope` and the messages of its body."""
    sent: list[Message] = []
    coming = iter(body)

    async def receive() -> Message:
        return next(coming)

    async def send(message: Any) -> None:
        sent.append(dict(message))

    asyncio.run(bridge(scope, receive, send))
    return sent


def echo(environ: dict[str, Any], start: Callable[..., Any]) -> list[bytes]:
    """Answers with the body that it was sent."""
    body = environ["wsgi.input"].read()
    start("200 OK", [("Content-Type", "text/plain"), ("X-Length", environ["CONTENT_LENGTH"])])
    return [body]


def bridge_to(application: Callable[..., Any], **more: Any) -> Bridge:
    return Bridge(application, **{"threads": 2, "max_body": 1000, **more})


def pieces(*texts: bytes) -> list[Message]:
    """The messages of a body that comes in pieces."""
    return [
        {"type": "http.request", "body": text, "more_body": index < len(texts) - 1}
        for index, text in enumerate(texts)
    ]


def test_a_body_in_pieces_arrives_whole() -> None:
    sent = ask(bridge_to(echo), request("POST"), pieces(b"one ", b"two ", b"three"))

    assert sent[0]["status"] == 200
    assert (b"x-length", b"13") in sent[0]["headers"]
    assert sent[1] == {"type": "http.response.body", "body": b"one two three"}


def test_a_get_without_a_body_asks_the_server_for_none() -> None:
    assert ask(bridge_to(echo), request("GET"))[1]["body"] == b""


@pytest.mark.parametrize("announced", [True, False])
def test_a_body_beyond_the_limit_is_refused_before_the_application_sees_it(announced: bool) -> None:
    seen: list[str] = []

    def application(environ: dict[str, Any], start: Callable[..., Any]) -> list[bytes]:
        seen.append(environ["PATH_INFO"])
        return echo(environ, start)

    headers = [(b"content-length", b"1001")] if announced else [(b"transfer-encoding", b"chunked")]
    sent = ask(
        bridge_to(application), request("POST", headers=headers), pieces(b"x" * 600, b"x" * 401)
    )

    assert sent[0]["status"] == 413
    assert b'"code": "too_large"' in sent[1]["body"]
    assert seen == []


def test_a_large_body_goes_through_a_file_and_is_the_same() -> None:
    body = bytes(range(256)) * 8192  # 2 MB: more than stays in memory

    sent = ask(
        bridge_to(echo, max_body=4 * 2**20), request("POST"), pieces(body[:999_999], body[999_999:])
    )

    assert sent[1]["body"] == body


def test_a_client_that_leaves_in_the_middle_gets_no_answer_and_costs_no_thread() -> None:
    coming = [*pieces(b"half", b"")[:1], {"type": "http.disconnect"}]

    assert ask(bridge_to(echo), request("POST"), coming) == []


def test_a_streamed_answer_arrives_piece_by_piece_and_is_closed() -> None:
    class Stream:
        streaming = True
        closed = False

        def __iter__(self) -> Any:
            for text in (b"a", b"b", b"c"):
                time.sleep(0.06)
                yield text

        def close(self) -> None:
            self.closed = True

    stream = Stream()

    def application(environ: dict[str, Any], start: Callable[..., Any]) -> Stream:
        start("200 OK", [])
        return stream

    sent = ask(bridge_to(application), request())

    assert [message.get("body") for message in sent] == [None, b"a", b"b", b"c", b""]
    assert [message.get("more_body") for message in sent[1:]] == [True, True, True, False]
    assert stream.closed


def test_small_pieces_that_come_at_once_leave_together() -> None:
    def application(environ: dict[str, Any], start: Callable[..., Any]) -> Any:
        start("200 OK", [])
        return (b"x" * 4096 for _ in range(64))  # 256 KB

    sent = ask(bridge_to(application), request())

    assert sum(len(message.get("body", b"")) for message in sent) == 256 * 1024
    assert len(sent) <= 8


def test_an_error_of_the_application_is_a_500_without_its_details() -> None:
    def application(environ: dict[str, Any], start: Callable[..., Any]) -> list[bytes]:
        raise RuntimeError("the password is 1234")

    sent = ask(bridge_to(application), request())

    assert sent[0]["status"] == 500
    assert b"1234" not in sent[1]["body"]


def test_requests_share_a_fixed_number_of_threads() -> None:
    names: set[str] = set()

    def application(environ: dict[str, Any], start: Callable[..., Any]) -> list[bytes]:
        names.add(threading.current_thread().name)
        time.sleep(0.01)
        return echo(environ, start)

    bridge = bridge_to(application, threads=3)

    async def many() -> None:
        async def send(message: Any) -> None: ...

        async def receive() -> Message:
            return {}

        await asyncio.gather(*(bridge(request(), receive, send) for _ in range(30)))

    asyncio.run(many())

    assert len(names) == 3


def test_what_is_posted_to_a_slow_path_keeps_nobody_else_waiting() -> None:
    """Forty sign-ins come at once: thirty stand in a line of their own, and one who reads a page
    is answered while the first of them is still at it."""
    over, names = threading.Event(), []

    def application(environ: dict[str, Any], start: Callable[..., Any]) -> list[bytes]:
        names.append((environ["PATH_INFO"], threading.current_thread().name))
        if environ["PATH_INFO"] == "/sign-in/":
            over.wait(10)
        return echo(environ, start)

    bridge = bridge_to(application, threads=1, apart=["/sign-in/"])
    answered: list[str] = []

    async def asked(method: str, path: str) -> None:
        async def send(message: Any) -> None:
            if "status" in message:
                answered.append(path)

        async def receive() -> Message:
            return {"type": "http.request", "body": b""}

        await bridge(request(method, path), receive, send)

    async def story() -> None:
        crowd = [asyncio.ensure_future(asked("POST", "/sign-in/")) for _ in range(30)]
        await asyncio.sleep(0)
        await asyncio.wait_for(asked("GET", "/invoices/"), 5)
        assert answered == ["/invoices/"]
        crowd += [asyncio.ensure_future(asked("POST", "/sign-in/")) for _ in range(10)]
        await asyncio.sleep(0.05)
        over.set()
        await asyncio.gather(*crowd)

    asyncio.run(story())

    apart = [thread for path, thread in names if path == "/sign-in/" and "apart" in thread]
    assert len(apart) == 30 and len(answered) == 41


def test_a_native_path_is_answered_without_a_thread() -> None:
    async def live(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "native", "path": scope["path"]})

    sent = ask(bridge_to(echo, native={"/live/": live}), request(path="/live/invoices/"))

    assert sent == [{"type": "native", "path": "/live/invoices/"}]


def test_start_and_stop_of_the_server_are_confirmed() -> None:
    sent = ask(
        bridge_to(echo),
        {"type": "lifespan"},
        [{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}],
    )

    assert [message["type"] for message in sent] == [
        "lifespan.startup.complete",
        "lifespan.shutdown.complete",
    ]


def test_a_websocket_is_declined() -> None:
    assert ask(bridge_to(echo), {"type": "websocket"})[0]["type"] == "websocket.close"


def test_the_environ_is_what_wsgi_says() -> None:
    scope = request(
        path="/app/kunden/Müller/",
        root_path="/app",
        headers=[
            (b"content-type", b"text/plain"), (b"cookie", b"a=1"), (b"cookie", b"b=2"),
            (b"accept", b"x"), (b"accept", b"y"), (b"x_forwarded_for", b"6.6.6.6"),
            (b"content-length", b"99"),
        ],
    )  # fmt: skip

    environ = environ_of(scope, body=io.BytesIO(), length=5)

    assert environ["PATH_INFO"] == "/kunden/MÃ¼ller/"  # UTF-8 as Latin-1, PEP 3333
    assert environ["SCRIPT_NAME"] == "/app"
    assert environ["CONTENT_LENGTH"] == "5"
    assert environ["CONTENT_TYPE"] == "text/plain"
    assert environ["HTTP_COOKIE"] == "a=1; b=2"
    assert environ["HTTP_ACCEPT"] == "x,y"
    assert environ["REMOTE_ADDR"] == "192.0.2.7"
    assert "HTTP_X_FORWARDED_FOR" not in environ
