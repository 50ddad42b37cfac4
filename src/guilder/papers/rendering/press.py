"""The door to the typesetter: warm limited processes that only ever see one paper at a time."""

import os
from functools import cache
from typing import Any

from guilder.foundation.edges.child import JobFailed, Limits, Pool
from guilder.kernel.errors import Invalid
from guilder.papers.rendering.glyphs import EXTRA_FONTS_NAME

SIZE = 2  # the typesetter uses several cores itself; more processes would only hold memory
LIMITS = Limits(cpu_seconds=40, wall_seconds=30, file_bytes=4 << 20, result_bytes=96 << 20)


class RenderFailed(Invalid):
    """The paper cannot be set: a logo that cannot be read, a font that is missing, or a fault in
    a template of one's own."""

    code = "rendering.failed"


def press(job: dict[str, Any], *, timeout: float | None = None) -> list[bytes]:
    """What `render.in_child` makes of `job`.

    Raises RenderFailed, or ChildTimedOut, ChildDied or ChildBusy when a limit is met.
    """
    try:
        return pool().call(job, timeout=timeout)
    except JobFailed as error:
        raise RenderFailed(f"The paper cannot be set: {error.detail}") from None


@cache
def pool() -> Pool:
    """The processes of this program, started with its first paper."""
    extra = os.environ.get(EXTRA_FONTS_NAME, "")
    return Pool(
        "guilder.papers.rendering.render:in_child",
        size=SIZE,
        limits=LIMITS,
        environment={EXTRA_FONTS_NAME: extra} if extra else None,
    )
