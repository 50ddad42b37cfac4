"""Telling the past: what is written inside is said to have happened then. Only the demo does so."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_told: ContextVar[datetime | None] = ContextVar("told", default=None)


@contextmanager
def told() -> Iterator[None]:
    """Until the end of this, `turn_to` says when things happen."""
    before = _told.set(None)
    try:
        yield
    finally:
        _told.reset(before)


def turn_to(moment: datetime) -> None:
    """From here on it is `moment`, within `told`."""
    _told.set(moment)


def moment() -> datetime | None:
    """The instant that is told of; None outside of stories, where the clock counts."""
    return _told.get()


def nanoseconds(of: datetime) -> int:
    """Nanoseconds since 1970."""
    return (of - EPOCH) // timedelta(microseconds=1) * 1000
