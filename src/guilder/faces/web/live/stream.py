"""The event stream at /live/<organization>/, as an ASGI application without a thread a listener."""

import asyncio
import logging
import os
from collections.abc import Awaitable, Callable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from typing import Any
from urllib.parse import parse_qs
from uuid import UUID

from guilder.faces.web.live import doors
from guilder.faces.web.live.hub import Hub, Listener
from guilder.foundation.edges.throttle import TooManyRequests
from guilder.kernel.errors import GuilderError, NotAllowed, NotFound

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

log = logging.getLogger("guilder.live")

PREFIX = "/live/"
HEARTBEAT = 15  # seconds
MOST = int(os.environ.get("GUILDER_LIVE_STREAMS", "4000"))  # of one process
MOST_EACH = 12  # of one person in one process; the oldest makes room
HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"content-encoding", b"identity"),
    (b"x-accel-buffering", b"no"),
    (b"x-content-type-options", b"nosniff"),
]


class Streams:
    """The ASGI application: admits a stream, and sends it what the hub hands over."""

    def __init__(self, hub: Hub | None = None) -> None:
        self.hub = hub or Hub()
        self.doors = ThreadPoolExecutor(1, thread_name_prefix="live-doors")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request to /live/."""
        organization_id = organization_of(scope["path"])
        if scope["method"] != "GET" or organization_id is None:
            return await refuse(send, 404)
        if self.hub.closed or len(self.hub.everyone()) >= MOST:
            return await refuse(send, 503, retry_after=10)
        headers = {name: value.decode("latin-1") for name, value in scope["headers"]}
        if headers.get(b"sec-fetch-site", "same-origin") not in {"same-origin", "none"}:
            return await refuse(send, 403)
        loop = asyncio.get_running_loop()
        admit = partial(doors.admit, headers.get(b"cookie", ""), organization_id)
        try:
            visitor = await loop.run_in_executor(self.doors, admit)
        except TooManyRequests as error:
            return await refuse(send, 429, retry_after=error.verdict.retry_after)
        except GuilderError as error:
            return await refuse(send, status_of(error))
        self.make_room(visitor)
        return await self.follow(Listener(visitor, after_of(scope, headers), loop), receive, send)

    def make_room(self, visitor: doors.Visitor) -> None:
        """End the oldest stream of somebody who has too many."""
        theirs = [
            one for one in self.hub.everyone() if one.visitor.by.user_id == visitor.by.user_id
        ]
        for listener in theirs[: max(0, len(theirs) - MOST_EACH + 1)]:
            listener.cut("crowded")

    async def follow(self, listener: Listener, receive: Receive, send: Send) -> None:
        """Send until the reader leaves or is cut."""
        self.hub.join(listener)
        left = asyncio.ensure_future(gone(receive))
        try:
            await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
            await piece(send, b": hello\n\n")
            while True:
                message = await next_of(listener, left)
                if message is None:
                    break
                await piece(send, message)
            if listener.reason:
                await piece(send, f"event: end\ndata: {listener.reason}\n\n".encode())
            await piece(send, b"", more=False)
        except (ConnectionError, RuntimeError):  # the reader left while we sent
            log.debug("a stream was left")
        finally:
            left.cancel()
            self.hub.leave(listener)

    def close(self) -> None:
        """End all streams: the process stops."""
        self.hub.close()
        self.doors.shutdown(wait=False, cancel_futures=True)


async def next_of(listener: Listener, left: "asyncio.Future[None]") -> bytes | None:
    """The next thing to send, a heartbeat after a while of silence; None: it is over."""
    if not listener.queue.empty():
        return listener.queue.get_nowait()
    wanted = asyncio.ensure_future(listener.queue.get())
    try:
        done, _ = await asyncio.wait(
            {wanted, left}, timeout=HEARTBEAT, return_when=asyncio.FIRST_COMPLETED
        )
        if wanted in done:
            return wanted.result()
        return None if left in done else b":\n\n"
    finally:
        wanted.cancel()


async def gone(receive: Receive) -> None:
    """Returns when the reader has left."""
    with suppress(ConnectionError):
        while (await receive())["type"] != "http.disconnect":
            pass


async def piece(send: Send, content: bytes, *, more: bool = True) -> None:
    """A part of the body."""
    await send({"type": "http.response.body", "body": content, "more_body": more})


async def refuse(send: Send, status: int, *, retry_after: int = 0) -> None:
    """No stream, and when to come back."""
    headers = [
        (b"content-type", b"text/plain"),
        (b"cache-control", b"no-store"),
        (b"x-content-type-options", b"nosniff"),
    ]
    if retry_after:
        headers.append((b"retry-after", str(retry_after).encode()))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await piece(send, b"", more=False)


def status_of(error: GuilderError) -> int:
    """401 for who is not signed in, else what pages answer too."""
    if isinstance(error, doors.NotListening):
        return 401
    if isinstance(error, NotFound):
        return 404
    return 403 if isinstance(error, NotAllowed) else 503


def organization_of(path: str) -> UUID | None:
    """The organization of /live/<id>/."""
    try:
        return UUID(path.removeprefix(PREFIX).removesuffix("/"))
    except ValueError:
        return None


def after_of(scope: Scope, headers: dict[bytes, str]) -> int:
    """What the page knows already: of a stream that was cut, else when the page was made."""
    asked = parse_qs(scope["query_string"].decode("latin-1")).get("after", [""])[0]
    for text in (headers.get(b"last-event-id", ""), asked):
        if text.isdigit() and len(text) < 20:
            return int(text)
    return 0


streams = Streams()
