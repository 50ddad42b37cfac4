"""A small request's way from the server's thread to one of the pool's, past the event loop.

Through the loop a request changes threads eleven times: to the loop, to the server and back for
each piece of its body, to the pool, back to the loop, to the server. Each time somebody has to be
woken and to wait for the interpreter. What is small comes whole: the thread in which granian would
call the loop asks for the body and hands the request to the pool, whose thread answers by itself.
Streams, large bodies and what has a line of its own go through the loop as before.
"""

import io
from asyncio import AbstractEventLoop
from collections.abc import Callable
from typing import Any

from granian import _futures

from guilder.config.bridge import Bridge, Exchange, environ_of

Schedule = Callable[[Any], None]


class Arrival:
    """A small request on its way in: called with each piece of its body, in the thread it came by.

    `watcher` is granian's, with the request's scope and protocol; `length` is its body's in bytes.
    """

    __slots__ = ("body", "bridge", "left", "length", "loop", "watcher")

    def __init__(
        self, bridge: Bridge, watcher: Any, *, length: int, loop: AbstractEventLoop
    ) -> None:
        self.bridge, self.watcher, self.loop = bridge, watcher, loop
        self.length = self.left = length
        self.body = b""

    def go_on(self) -> None:
        """Ask for what is left of the body; answer once nothing is."""
        try:
            if self.left > 0:
                self.watcher.proto.receive().add_done_callback(self)
            else:
                self.bridge.pool.do(self.answer)
        except Exception as error:
            self.watcher.err(error)

    def __call__(self, received: Any) -> None:
        """A piece of the body is there, or the client left."""
        message = received.result()
        if message["type"] != "http.request":
            self.watcher.done()
            return
        piece = message["body"]
        self.body += piece
        self.left = self.left - len(piece) if message["more_body"] else 0
        self.go_on()

    def answer(self) -> None:
        """Answer it, in a thread of the pool."""
        watcher, send = self.watcher, self.watcher.proto.send
        try:
            environ = environ_of(watcher.scope, body=io.BytesIO(self.body), length=len(self.body))
            exchange = Exchange(self.bridge.wsgi, environ, send, self.loop)
            status, headers, content = exchange.run()
            if not exchange.streamed:  # whole answers are taken at once: there is nothing to await
                send({"type": "http.response.start", "status": status, "headers": headers})
                send({"type": "http.response.body", "body": content})
        except BaseException as error:
            watcher.err(error)
        else:
            watcher.done()


def shorten(bridge: Bridge) -> None:
    """Let small requests to `bridge` go straight in this process, where granian is asked to serve
    with a loop of asyncio's own; with another kind of loop all go through it."""
    through_loop = _futures._cbsched_aioschedule

    def scheduling(loop: Any, context: Any, callback: Any) -> Schedule:
        through: Schedule = through_loop(loop, context, callback)
        call_soon: Callable[..., Any] = loop.call_soon_threadsafe

        def soon(what: Any, *arguments: Any, context: Any = None) -> Any:
            if what.__class__ is Arrival:
                return what(*arguments)  # it has no business in the loop
            return call_soon(what, *arguments, context=context)

        def schedule(watcher: Any) -> None:
            length = bridge.small(watcher.scope)
            if length is None:
                through(watcher)
            else:
                Arrival(bridge, watcher, length=length, loop=loop).go_on()

        try:
            loop.call_soon_threadsafe = soon
        except AttributeError:
            return through
        return schedule

    _futures._cbsched_aioschedule = scheduling  # type: ignore[assignment]
