"""What is being done, for those who watch: spans with a name, followed where somebody follows.

Nobody does by default, and a span is then nothing. What is told never names a person and never
holds what somebody typed: ids of organizations and requests, names of routes, tasks and hosts,
statements with their placeholders.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Any

Tell = Callable[..., None]  # adds to the span by keyword
Follow = Callable[..., AbstractContextManager[Tell]]


def say_nothing(**_: Any) -> None:
    """Nobody listens."""


NOBODY: AbstractContextManager[Tell] = nullcontext(say_nothing)
_follow: Follow | None = None


def follow(with_: Follow | None) -> None:
    """Have spans made by `with_(name, kind, about)`; None ends it."""
    global _follow
    _follow = with_


def is_followed() -> bool:
    """Whether anybody wants to know."""
    return _follow is not None


def span(name: str, kind: str = "internal", **about: Any) -> AbstractContextManager[Tell]:
    """Around one piece of work; gives a function that tells more of it.

    `kind` is "server", "client", "consumer" or "internal". Names of what is told are those of
    OpenTelemetry's conventions with `__` for each dot: `http__route`.
    """
    return NOBODY if _follow is None else _follow(name, kind, about)
