"""ASGI in front, WSGI behind: one hop to a fixed pool of threads, which keep their connections.

Django's own ASGI handler starts a thread for each request, and with it a database connection; here
each thread of the pool keeps one. Bodies are read whole before the hop (to disk when large), so a
slow sender holds no thread; finished answers leave after the thread is free again.
"""

import asyncio
import contextlib
import io
import logging
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping, MutableMapping
from typing import Any

from guilder.config.threads import Threads

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Asgi = Callable[[Scope, Receive, Send], Awaitable[None]]
Headers = list[tuple[bytes, bytes]]

log = logging.getLogger("guilder.web")

IN_MEMORY = 1024 * 1024  # bytes of a body that stay in memory
APART = 30  # requests that wait for the thread apart; those beyond are the pool's like any other
FLUSH_BYTES = 64 * 1024
FLUSH_SECONDS = 0.05
SEND_SECONDS = 60  # a reader slower than this for one piece is let go


class TooLarge(Exception):
    """The body is longer than allowed (HTTP 413); `more` of it is on its way."""

    def __init__(self, *, more: bool) -> None:
        super().__init__()
        self.more = more


class Gone(Exception):
    """The client left before its request was whole."""


class Bridge:
    """An ASGI application that answers HTTP through the WSGI application `wsgi`.

    `native` maps path prefixes to ASGI applications that are called directly (event streams);
    what is posted to the paths in `apart` takes long on purpose and has one thread of its own, so
    that many of them keep nobody else waiting; `max_body` is in bytes.
    """

    def __init__(
        self,
        wsgi: Callable[..., Iterable[bytes]],
        *,
        threads: int,
        max_body: int,
        native: Mapping[str, Asgi] | None = None,
        apart: Collection[str] = (),
    ) -> None:
        self.wsgi = wsgi
        self.max_body = max_body
        self.native = dict(native or {})
        self.pool = Threads(threads, name="web")
        self.apart = frozenset(apart)
        self.waiting_apart = 0
        self.pool_apart = Threads(1, name="web-apart")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One connection of the server: a request, or the server's own start and stop."""
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
        elif scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1000})
        elif application := self._native(scope["path"]):
            await application(scope, receive, send)
        else:
            await self._http(scope, receive, send)

    def small(self, scope: Scope) -> int | None:
        """The length of a request's body, where the request is small and plain enough to be
        answered without the loop; else None."""
        if scope["type"] != "http" or not scope["http_version"].startswith("1"):
            return None
        if self._native(scope["path"]) or self._is_apart(scope):
            return None
        if any(name == b"transfer-encoding" for name, _ in scope["headers"]):
            return None  # which says more than any announced length
        length = announced_length(scope)
        return length if length is not None and length <= min(IN_MEMORY, self.max_body) else None

    def _native(self, path: str) -> Asgi | None:
        for prefix, application in self.native.items():
            if path.startswith(prefix):
                return application
        return None

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        await receive()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        self.pool.shutdown(wait=True)
        self.pool_apart.shutdown(wait=True)
        await send({"type": "lifespan.shutdown.complete"})

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        with place_for(scope) as body:
            try:
                length = await self._read(scope, receive, body)
            except TooLarge as error:
                if error.more:
                    await drain(receive, self.max_body)
                await send_whole(send, *too_large(self.max_body))
                return
            except Gone:
                return
            environ = environ_of(scope, body=body, length=length)
            exchange = Exchange(self.wsgi, environ, send, asyncio.get_running_loop())
            status, headers, content = await self._run(exchange, scope)
        if not exchange.streamed:
            await send_whole(send, status, headers, content)

    async def _run(self, exchange: "Exchange", scope: Scope) -> tuple[int, Headers, bytes]:
        """The exchange's answer, made by a thread of the pool or by the one apart."""
        if not self._is_apart(scope) or self.waiting_apart >= APART:
            return await exchange.loop.run_in_executor(self.pool, exchange.run)
        self.waiting_apart += 1
        try:
            return await exchange.loop.run_in_executor(self.pool_apart, exchange.run)
        finally:
            self.waiting_apart -= 1

    def _is_apart(self, scope: Scope) -> bool:
        return scope["method"] == "POST" and scope["path"] in self.apart

    async def _read(self, scope: Scope, receive: Receive, body: Any) -> int:
        """Copy the body into `body`; returns its length in bytes."""
        announced = announced_length(scope)
        if announced == 0:
            return 0
        if announced is not None and announced > self.max_body:
            raise TooLarge(more=True)
        length, more = 0, True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise Gone
            piece = message.get("body", b"")
            more = message.get("more_body", False)
            length += len(piece)
            if length > self.max_body:
                raise TooLarge(more=more)
            body.write(piece)
        body.seek(0)
        return length


class Exchange:
    """One request on its way through WSGI, in a thread of the pool."""

    def __init__(
        self,
        wsgi: Callable[..., Iterable[bytes]],
        environ: dict[str, Any],
        send: Send,
        loop: asyncio.AbstractEventLoop,
    ) -> None:
        self.wsgi = wsgi
        self.environ = environ
        self.send = send
        self.loop = loop
        self.status = 0
        self.headers: Headers = []
        self.streamed = False

    def run(self) -> tuple[int, Headers, bytes]:
        """The whole answer; for a streamed one, what is left after the last piece was sent."""
        try:
            result = self.wsgi(self.environ, self._start)
            try:
                if getattr(result, "streaming", not isinstance(result, list | tuple)):
                    self._stream(result)
                    return self.status, self.headers, b""
                return self.status, self.headers, b"".join(result)
            finally:
                close = getattr(result, "close", None)
                if close is not None:
                    close()
        except Exception:
            log.exception("%s %s failed", self.environ["REQUEST_METHOD"], self.environ["PATH_INFO"])
            if self.streamed:  # cut off: what was sent cannot be taken back
                raise
            return 500, [(b"content-type", b"text/plain; charset=utf-8")], b"Internal error\n"

    def _start(self, status: str, headers: list[tuple[str, str]], *_: Any) -> Callable[..., None]:
        self.status = int(status[:3])
        self.headers = [
            (name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers
        ]
        return self._no_write

    def _no_write(self, _: bytes) -> None:
        raise io.UnsupportedOperation("Answers are returned, not written.")

    def _stream(self, pieces: Iterable[bytes]) -> None:
        """Send pieces as they come, small ones gathered for a moment."""
        held, size, flushed = [], 0, 0.0
        for piece in pieces:
            held.append(piece)
            size += len(piece)
            now = time.monotonic()
            if size >= FLUSH_BYTES or now - flushed > FLUSH_SECONDS:
                self._send_piece(b"".join(held), more=True)
                held, size, flushed = [], 0, now
        self._send_piece(b"".join(held), more=False)

    def _send_piece(self, content: bytes, *, more: bool) -> None:
        asyncio.run_coroutine_threadsafe(self._deliver(content, more=more), self.loop).result(
            SEND_SECONDS
        )

    async def _deliver(self, content: bytes, *, more: bool) -> None:
        if not self.streamed:
            self.streamed = True
            await self.send(
                {"type": "http.response.start", "status": self.status, "headers": self.headers}
            )
        await self.send({"type": "http.response.body", "body": content, "more_body": more})


async def drain(receive: Receive, limit: int) -> None:
    """Read on and throw away, at most `limit` bytes: who still sends would not see our answer."""
    length, more = 0, True
    while more and length <= limit:
        message = await receive()
        length += len(message.get("body", b""))
        more = message.get("more_body", False)


async def send_whole(send: Send, status: int, headers: Headers, content: bytes) -> None:
    """Send a finished answer."""
    # The client may have left in the meantime; that is its right.
    with contextlib.suppress(ConnectionError):
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": content})


def place_for(scope: Scope) -> io.BytesIO | tempfile.SpooledTemporaryFile[bytes]:
    """Where a body goes: into memory, and on to the disk where it is long or may be."""
    announced = announced_length(scope)
    if announced is not None and announced <= IN_MEMORY:
        return io.BytesIO()
    return tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)


def announced_length(scope: Scope) -> int | None:
    """The body's length as announced: 0 for none, None when it is not told (chunked)."""
    for name, value in scope["headers"]:
        if name == b"content-length":
            return int(value) if value.isdigit() else 0
        if name == b"transfer-encoding":
            return None
    # HTTP/2 tells no length and has no transfer-encoding.
    return None if scope["method"] not in {"GET", "HEAD", "OPTIONS"} else 0


def environ_of(scope: Scope, *, body: Any, length: int) -> dict[str, Any]:
    """The WSGI environ (PEP 3333) of an ASGI scope."""
    host, port = scope.get("server") or ("localhost", 80)
    root, path = scope.get("root_path", ""), scope["path"]
    if root and path.startswith(root):
        path = path[len(root) :]
    environ: dict[str, Any] = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": root.encode().decode("latin-1"),
        "PATH_INFO": path.encode().decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_NAME": host,
        "SERVER_PORT": str(port or 80),
        "SERVER_PROTOCOL": f"HTTP/{scope.get('http_version', '1.1')}",
        "REMOTE_ADDR": (scope.get("client") or ("",))[0] or "",
        "CONTENT_LENGTH": str(length),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.get("scheme", "http"),
        "wsgi.input": body,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for raw, value in scope["headers"]:
        add_header(environ, raw.decode("latin-1"), value.decode("latin-1"))
    return environ


def add_header(environ: dict[str, Any], name: str, value: str) -> None:
    """Put one header into `environ`; repeated ones are joined as RFC 9110 5.3 and 6265 5.4 say."""
    # X_Forwarded_For would become the same key as X-Forwarded-For.
    if "_" in name or name == "content-length":
        return
    key = name.upper().replace("-", "_")
    if key == "CONTENT_TYPE":
        environ[key] = value
        return
    key = f"HTTP_{key}"
    if key in environ:
        value = environ[key] + ("; " if key == "HTTP_COOKIE" else ",") + value
    environ[key] = value


def too_large(limit: int) -> tuple[int, Headers, bytes]:
    """The answer to a body of more than `limit` bytes, as RFC 9457 problem details."""
    content = (
        b'{"type": "about:blank", "title": "The upload is too large", "status": 413, '
        b'"code": "too_large", "detail": "Send at most %d MB in one request."}' % (limit // 2**20)
    )
    return 413, [
        (b"content-type", b"application/problem+json"),
        (b"content-length", str(len(content)).encode()),
        (b"connection", b"close"),
    ], content  # fmt: skip
