"""An organization's brand where it stands on a page instead of a paper."""

from dataclasses import dataclass
from typing import Any

from guilder.kernel.actor import Actor
from guilder.kernel.document import Document
from guilder.papers.rendering.data import template_data
from guilder.papers.rendering.look import Look, logo_type, on_color, readable
from guilder.papers.rendering.queries import look_of

MEDIA = {"jpg": "image/jpeg", "svg": "image/svg+xml"}


@dataclass(frozen=True, slots=True)
class Brand:
    """The colours as "#rrggbb": `on_color` reads on `color`, `text` reads on white (4.5 : 1)."""

    color: str
    on_color: str
    text: str
    accent: str
    logo: bytes = b""
    logo_media_type: str = ""


def brand_of(*, by: Actor) -> Brand:
    """The organization's brand; colours that cannot be read beside each other are corrected."""
    look = look_of(by=by)
    kind = logo_type(look.logo) if look.logo else ""
    return Brand(
        color=look.color,
        on_color=on_color(look.color),
        text=readable(look.color),
        accent=look.accent,
        logo=look.logo,
        logo_media_type=MEDIA.get(kind, f"image/{kind}") if kind else "",
    )


def paper_words(document: Document, *, look: Look) -> dict[str, Any]:
    """What stands on the paper as finished text in its language: parties, lines, totals, notes.

    The same data that the PDF is set from, so that page and paper cannot differ.
    """
    return template_data(document, look)
