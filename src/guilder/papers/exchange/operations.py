"""Judging a file that came from outside, in a limited process of its own."""

from functools import cache
from typing import Any

from guilder.foundation.edges.child import JobFailed, Limits, Pool
from guilder.kernel.errors import Invalid
from guilder.papers.exchange.keeping import keep_verdict

__all__ = ("NotRead", "judged", "keep_verdict", "pool")

LIMITS = Limits(cpu_seconds=20, wall_seconds=25, file_bytes=32 << 20, result_bytes=32 << 20)


class NotRead(Invalid):
    """The file cannot be read."""

    code = "exchange.not_read"


def judged(data: bytes, filename: str) -> list[dict[str, Any]]:
    """The verdict on each paper of a file, as `check.Check` as plain objects.

    Raises NotRead, or an Unavailable when a limit is met.
    """
    try:
        return pool().call({"data": data, "name": filename})
    except JobFailed as error:
        raise NotRead(f"The file cannot be read: {error.detail}") from None


@cache
def pool() -> Pool:
    """The process of this program, started with its first file."""
    return Pool("guilder.papers.exchange.check:in_child", size=1, limits=LIMITS)
