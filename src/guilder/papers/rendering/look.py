"""How an organization's papers look: brand, texts and paper, and the colours that stay readable."""

import re
from dataclasses import dataclass

from guilder.kernel.errors import Invalid, Problem

STYLES = ("meridian", "atlas", "plain")
PAPERS = {"a4": "a4", "letter": "us-letter"}
MAX_LOGO_BYTES = 1 << 20
MAX_TEXT = 2000
COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
LOGO_SIGNS = (
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\xff\xd8\xff", "jpg"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
)
INK = "#10201c"
WHITE = "#ffffff"
READABLE = 45  # WCAG 2.2, 1.4.3: a contrast of 4.5 for text, in tenths


class LookUnusable(Invalid):
    """A colour, paper, style, text or logo that cannot be printed."""

    code = "rendering.look_unusable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """The brand on a paper. Colours are "#rrggbb"; texts are plain; `logo` is PNG, JPEG, GIF, WebP
    or SVG of at most 1 MiB.

    `header` stands beside the name, `intro` before the lines, `closing` after the totals,
    `footer` at the foot of every page. `name` is the brand's; empty means the seller's.
    `tax_code`: the code of the seller's tax office is printed (taxcodes.py).
    `language` (BCP 47) is used where the document names none.
    """

    style: str = "meridian"
    name: str = ""
    color: str = "#0e5a4a"
    accent: str = "#f2b84b"
    logo: bytes = b""
    font: str = "Inter"
    paper: str = "a4"
    header: str = ""
    intro: str = ""
    closing: str = ""
    footer: str = ""
    language: str = "en"
    payment_code: bool = True
    tax_code: bool = False


def check_look(look: Look) -> None:
    """Raise LookUnusable with every fault found, each with a pointer to its field."""
    problems = [
        Problem(f"/{field}", f"rendering.{field}_unusable", detail)
        for field, is_wrong, detail in (
            ("style", look.style not in STYLES, f"Choose one of {', '.join(STYLES)}."),
            ("paper", look.paper not in PAPERS, f"Choose one of {', '.join(PAPERS)}."),
            ("color", not COLOUR.fullmatch(look.color), "Write the colour as #rrggbb."),
            ("accent", not COLOUR.fullmatch(look.accent), "Write the colour as #rrggbb."),
            ("logo", len(look.logo) > MAX_LOGO_BYTES, "Use a logo of at most 1 MiB."),
            (
                "logo",
                bool(look.logo) and not logo_type(look.logo),
                "Use a PNG, JPEG, GIF, WebP or SVG file.",
            ),
            *(
                (field, len(getattr(look, field)) > MAX_TEXT, f"Use at most {MAX_TEXT} characters.")
                for field in ("name", "header", "intro", "closing", "footer")
            ),
        )
        if is_wrong
    ]
    if problems:
        raise LookUnusable(problems=problems)


def logo_type(logo: bytes) -> str:
    """The ending that the file's first bytes call for, or "" when it is no picture we print."""
    for sign, ending in LOGO_SIGNS:
        if logo.startswith(sign):
            return ending
    if logo[:4] == b"RIFF" and logo[8:12] == b"WEBP":
        return "webp"
    head = logo[:1000].lstrip(b"\xef\xbb\xbf \t\r\n")
    return "svg" if head.startswith(b"<") and b"<svg" in logo[:4000] else ""


def on_color(color: str) -> str:
    """White or ink, whichever reads better on `color`."""
    return WHITE if contrast(color, WHITE) >= contrast(color, INK) else INK


def readable(color: str) -> str:
    """`color` itself, or the nearest darker shade that reads as text on white."""
    parts = channels(color)
    while contrast("#" + "".join(f"{part:02x}" for part in parts), WHITE) < READABLE:
        parts = [part * 9 // 10 for part in parts]
    return "#" + "".join(f"{part:02x}" for part in parts)


def contrast(first: str, second: str) -> int:
    """The contrast ratio of two colours in tenths, 10 to 210 (WCAG 2.2, relative luminance)."""
    light, dark = sorted((luminance(first), luminance(second)), reverse=True)
    return 10 * (light + 500) // (dark + 500)


def luminance(color: str) -> int:
    """The relative luminance of a colour, 0 to 10,000 (WCAG 2.2)."""
    red, green, blue = (LINEAR[part] for part in channels(color))
    return (2126 * red + 7152 * green + 722 * blue) // 10_000


def channels(color: str) -> list[int]:
    """Red, green and blue, 0 to 255."""
    return [int(color[i : i + 2], 16) for i in (1, 3, 5)]


def linear(part: int) -> int:
    """One sRGB channel made linear, 0 to 10,000 (IEC 61966-2-1)."""
    share = part / 255
    value = share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4
    return round(value * 10_000)


LINEAR = tuple(linear(part) for part in range(256))
