"""Reading a PDF back as others see it: its text, the places of its letters, its QR code."""

import ctypes
import io
import re
import subprocess
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import pdfplumber
import pypdfium2
import pypdfium2.raw as pdfium
import zxingcpp

# How near text may come to an edge, in points: printers leave up to 6 mm blank.
EDGE = 7 / 25.4 * 72
ARABIC = re.compile("[\u0600-\u06ff]")
UNSEEN = re.compile(r"[\s\u00a0\u202f\u200e\u200f\u202a-\u202e\u2066-\u2069]+")


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter's ink on a page, in points from the bottom left corner."""

    text: str
    left: float
    right: float
    bottom: float
    top: float

    def covers(self, other: "Letter") -> bool:
        """Whether this and the other lie over each other by more than a third of the smaller."""
        if ARABIC.match(self.text) and ARABIC.match(other.text):
            return False  # the letters of a written hand reach over each other by nature
        width = min(self.right, other.right) - max(self.left, other.left)
        height = min(self.top, other.top) - max(self.bottom, other.bottom)
        return (
            width > 0.3 * min(self.right - self.left, other.right - other.left)
            and height > 0.3 * min(self.top - self.bottom, other.top - other.bottom)
            and width > 0.4
            and height > 0.4
        )


def text_of(pdf: bytes, *, layout: bool = False) -> str:
    """What pdftotext reads: in the order of the content, or line by line as it is laid out."""
    command = ["pdftotext", "-layout" if layout else "-raw", "-", "-"]
    return subprocess.run(command, input=pdf, capture_output=True, check=True).stdout.decode()


def squeezed(text: str) -> str:
    """`text` without spaces and direction marks, so that line breaks in a name do not matter."""
    return UNSEEN.sub("", text)


def overlapping(pdf: bytes) -> list[str]:
    """The pairs of letters that lie over each other, with the page."""
    return [
        f"page {number}: {one.text} on {other.text}"
        for number, (_, letters) in enumerate(pages_of(pdf), start=1)
        for one, other in _neighbours(letters)
        if one.covers(other)
    ]


def beyond_the_edge(pdf: bytes) -> str:
    """The letters that come nearer to an edge of the page than they may."""
    return "".join(
        letter.text
        for (width, height), letters in pages_of(pdf)
        for letter in letters
        if min(letter.left, letter.bottom, width - letter.right, height - letter.top) < EDGE
    )


@lru_cache(maxsize=4)
def pages_of(pdf: bytes) -> list[tuple[tuple[float, float], list[Letter]]]:
    """Each page's width and height, and its upright letters; the aslant watermark is left out."""
    document = pypdfium2.PdfDocument(pdf)
    pages = []
    for page in document:
        text = page.get_textpage()
        pages.append((page.get_size(), list(_letters(text))))
        assert pages[-1][1], "a page without any text"
    return pages


def words_of(pdf: bytes) -> list[list[dict[str, float | str]]]:
    """The words of every page as pdfplumber finds them: text, x0, x1, top, bottom in points."""
    with pdfplumber.open(io.BytesIO(pdf)) as opened:
        return [page.extract_words(x_tolerance=1.5, y_tolerance=1) for page in opened.pages]


def codes_of(pdf: bytes, *, dpi: int = 130) -> list[str]:
    """The texts of the QR codes on all pages, read from a picture of each."""
    found = []
    for page in pypdfium2.PdfDocument(pdf):
        picture = page.render(scale=dpi / 72).to_pil().convert("L")
        found += [
            code.text
            for code in zxingcpp.read_barcodes(picture, formats=zxingcpp.BarcodeFormat.QRCode)
        ]
    return found


def _letters(text: pypdfium2.PdfTextPage) -> Iterator[Letter]:
    box = [ctypes.c_double() for _ in range(4)]
    places = [ctypes.byref(side) for side in box]
    for i in range(text.count_chars()):
        char = chr(pdfium.FPDFText_GetUnicode(text.raw, i))
        # Vowel signs stand on their letter by nature.
        if char.isspace() or unicodedata.category(char) in ("Mn", "Cc", "Cf"):
            continue
        if 0.1 < pdfium.FPDFText_GetCharAngle(text.raw, i) < 6.18:
            continue
        if pdfium.FPDFText_GetCharBox(text.raw, i, *places):
            letter = Letter(char, *(side.value for side in box))
            if letter.right > letter.left and letter.top > letter.bottom:
                yield letter


def _neighbours(letters: list[Letter]) -> Iterator[tuple[Letter, Letter]]:
    active: list[Letter] = []
    for letter in sorted(letters, key=lambda one: one.left):
        active = [one for one in active if one.right > letter.left]
        for one in active:
            yield one, letter
        active.append(letter)
