"""Rendering: a Document becomes a PDF or a picture; looks and printed papers are kept."""

from guilder.papers.rendering.glyphs import missing
from guilder.papers.rendering.keeping import keep_printed, set_logo, set_style
from guilder.papers.rendering.look import STYLES, Look, LookUnusable, check_look
from guilder.papers.rendering.press import RenderFailed
from guilder.papers.rendering.printing import NoSuchPage, page_count, render_pdf, render_png

__all__ = (
    "STYLES",
    "Look",
    "LookUnusable",
    "NoSuchPage",
    "RenderFailed",
    "check_look",
    "keep_printed",
    "missing",
    "page_count",
    "render_pdf",
    "render_png",
    "set_logo",
    "set_style",
)
