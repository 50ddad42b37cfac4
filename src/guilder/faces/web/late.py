"""What a page leaves out until it is opened, for browsers whose script has said that it runs."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.http import HttpRequest

_is_on: ContextVar[bool] = ContextVar("late", default=False)


def asks(request: HttpRequest) -> bool:
    """Whether the browser's script has said that it runs (theme.js sets the cookie)."""
    return "script" in request.COOKIES


@contextmanager
def drawn_for(request: HttpRequest) -> Iterator[None]:
    """What is drawn inside may leave out what this browser fetches when it is needed."""
    token = _is_on.set(asks(request))
    try:
        yield
    finally:
        _is_on.reset(token)


def is_on() -> bool:
    """Whether the page that is drawn now may leave something out."""
    return _is_on.get()
