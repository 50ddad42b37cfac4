"""What tests/runtime/test_straight.py serves: a bridge that tells by which way a request came."""

import sys
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from guilder.config.bridge import Bridge
from guilder.runtime import straight


def application_of(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
    """`way body`; /stream in pieces, /broken not at all, /slow after a moment."""
    path = environ["PATH_INFO"]
    if path == "/broken":
        raise RuntimeError("the password is 1234")
    if path == "/slow":
        time.sleep(0.3)
    start("200 OK", [("Content-Type", "text/plain")])
    if path == "/stream":
        return pieces()
    return [b"%s %s" % (way(), environ["wsgi.input"].read())]


def pieces() -> Iterator[bytes]:
    """A streamed answer."""
    for _ in range(3):
        time.sleep(0.06)
        yield b"x"


def way() -> bytes:
    """Whether the request came straight."""
    frame = sys._getframe()
    while frame := frame.f_back:  # type: ignore[assignment]
        if frame.f_code.co_filename == straight.__file__:
            return b"straight"
    return b"loop"


application = Bridge(application_of, threads=2, max_body=4 * 2**20, apart=["/apart"])
straight.shorten(application)
