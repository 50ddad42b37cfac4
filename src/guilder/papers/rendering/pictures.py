"""A picture that somebody sent, set anew as a square PNG by the limited typesetter."""

from guilder.kernel.errors import Invalid
from guilder.papers.rendering.look import logo_type
from guilder.papers.rendering.press import RenderFailed, press

MOST_BYTES = 5 << 20
TYPES = ("png", "jpg", "webp")
SOURCE = """
#set page(width: {side}pt, height: {side}pt, margin: 0pt)
#image(sys.inputs.logo, width: 100%, height: 100%, fit: "cover")
"""


class NotAPicture(Invalid):
    """The file is no picture that we take, or too large."""

    code = "rendering.not_a_picture"


def square_picture(data: bytes, *, side: int = 160) -> bytes:
    """The middle of a PNG, JPEG or WebP as PNG of `side` pixels; its own bytes and what else lay
    in the file stay behind. Raises NotAPicture, or an Unavailable at a limit."""
    ending = logo_type(data)
    if len(data) > MOST_BYTES or ending not in TYPES:
        raise NotAPicture("Use a PNG, JPEG or WebP picture of at most 5 MB.")
    job = {
        "source": SOURCE.replace("{side}", str(side)).encode(),
        "data": "{}",
        "logo": data,
        "logo_type": ending,
        "format": "png",
        "ppi": 72,
        "timestamp": 0,
    }
    try:
        return press(job)[0]
    except RenderFailed:
        raise NotAPicture("This picture cannot be read. Save it anew as PNG or JPEG.") from None
