"""A stored PDF as pictures, page by page. `in_child` runs inside the limited child.

What was printed once is shown as it was printed: never set anew, with today's look or words.
"""

import io
from functools import cache
from typing import Any

import pypdfium2

from guilder.foundation.edges.child import JobFailed, Limits, Pool
from guilder.papers.rendering.press import RenderFailed
from guilder.papers.rendering.printing import NoSuchPage

POINTS = 72  # to the inch
LIMITS = Limits(cpu_seconds=20, wall_seconds=20, result_bytes=48 << 20)


def in_child(job: dict[str, Any]) -> list[bytes]:
    """The wanted page of job["pdf"] as PNG; nothing where it has fewer pages."""
    document = pypdfium2.PdfDocument(job["pdf"])
    if not 1 <= job["page"] <= len(document):
        return []
    picture = document[job["page"] - 1].render(scale=job["ppi"] / POINTS).to_pil()
    out = io.BytesIO()
    picture.convert("RGB").quantize(256).save(out, "PNG", optimize=True)
    return [out.getvalue()]


def picture_of(pdf: bytes, *, page: int = 1, ppi: int = 110) -> bytes:
    """Page `page` (from 1) of a PDF as PNG with `ppi` pixels per inch.

    Raises NoSuchPage, RenderFailed, or an Unavailable when a limit is met.
    """
    try:
        found = pool().call({"pdf": pdf, "page": page, "ppi": ppi})
    except JobFailed as error:
        raise RenderFailed(f"The stored PDF cannot be shown: {error.detail}") from None
    if not found:
        raise NoSuchPage("The paper has fewer pages. Ask for one of them.")
    return found[0]


@cache
def pool() -> Pool:
    """The process of this program, started with its first picture."""
    return Pool("guilder.papers.rendering.raster:in_child", size=1, limits=LIMITS)
