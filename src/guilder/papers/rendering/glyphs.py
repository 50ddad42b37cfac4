"""Which characters the fonts at hand can print, read from the fonts themselves."""

import os
import struct
import unicodedata
from functools import cache
from pathlib import Path
from typing import Any

FONTS = Path(__file__).parent / "fonts"
EXTRA_FONTS_NAME = "GUILDER_FONTS_DIR"  # a folder with more fonts, such as Noto Sans CJK
FONT_ENDINGS = {".ttf", ".otf", ".ttc", ".otc"}
REPLACEMENT = "□"
SPACES = {"\t": " ", "\r\n": "\n", "\r": "\n", "\v": "\n", "\f": "\n", "\u2028": "\n"}
# Shaped or skipped by the layout engine, never drawn: joiners and the zero width space.
UNSEEN = frozenset("\n\u00ad\u200b\u200c\u200d\u2060")


def font_folders() -> list[str]:
    """The folder of the bundled fonts, and the installation's own where there is one."""
    extra = os.environ.get(EXTRA_FONTS_NAME, "")
    return [str(FONTS), extra] if extra and Path(extra).is_dir() else [str(FONTS)]


def printable(text: str) -> str:
    """`text` as it can be printed: composed (NFC), without controls, □ for what no font has."""
    known = characters(tuple(font_folders()))
    text = text if text.isascii() else unicodedata.normalize("NFC", text)
    if known.issuperset(text):
        return text
    for old, new in SPACES.items():
        text = text.replace(old, new)
    return "".join(
        char if char in known else REPLACEMENT
        for char in text
        if char in known or unicodedata.category(char) not in ("Cc", "Cf", "Mn", "Me")
    )


def missing(text: str) -> str:
    """The characters of `text` that would be printed as □, each once, in order."""
    known = characters(tuple(font_folders()))
    kinds = ("Cc", "Cf", "Mn", "Me", "Zs", "Zl", "Zp")
    composed = dict.fromkeys(unicodedata.normalize("NFC", text))
    return "".join(c for c in composed if c not in known and unicodedata.category(c) not in kinds)


@cache
def characters(folders: tuple[str, ...]) -> frozenset[str]:
    """Every character that at least one font in `folders` draws."""
    found: set[str] = set(UNSEEN)
    for folder in folders:
        for path in sorted(Path(folder).rglob("*")):
            if path.suffix.lower() in FONT_ENDINGS:
                found.update(map(chr, code_points(path.read_bytes())))
    # PDF/A-3a forbids private use; controls and direction marks are ours to set.
    return frozenset(
        char for char in found if char in UNSEEN or unicodedata.category(char)[0] != "C"
    )


def code_points(font: bytes) -> set[int]:
    """The code points of a TrueType or OpenType font or collection (OpenType, table cmap)."""
    starts = [0]
    if font[:4] == b"ttcf":
        (count,) = struct.unpack_from(">I", font, 8)
        starts = list(struct.unpack_from(f">{count}I", font, 12))
    return set().union(*(_code_points(font, start) for start in starts))


def _code_points(font: bytes, start: int) -> set[int]:
    (tables,) = struct.unpack_from(">H", font, start + 4)
    for i in range(tables):
        tag, _, offset, _ = struct.unpack_from(">4sIII", font, start + 12 + 16 * i)
        if tag == b"cmap":
            return _read_cmap(font, offset)
    return set()


def _read_cmap(font: bytes, offset: int) -> set[int]:
    (count,) = struct.unpack_from(">H", font, offset + 2)
    found: set[int] = set()
    for i in range(count):
        _, _, inner = struct.unpack_from(">HHI", font, offset + 4 + 8 * i)
        (form,) = struct.unpack_from(">H", font, offset + inner)
        if form == 4:
            found |= _format_4(font, offset + inner)
        elif form == 12:
            found |= _format_12(font, offset + inner)
    return found


def _format_4(font: bytes, at: int) -> set[int]:
    (double,) = struct.unpack_from(">H", font, at + 6)
    count = double // 2
    ends = struct.unpack_from(f">{count}H", font, at + 14)
    starts = struct.unpack_from(f">{count}H", font, at + 16 + double)
    deltas = struct.unpack_from(f">{count}H", font, at + 16 + 2 * double)
    ranges_at = at + 16 + 3 * double
    ranges = struct.unpack_from(f">{count}H", font, ranges_at)
    found: set[int] = set()
    for i in range(count):
        for code in range(starts[i], ends[i] + 1):
            if code == 0xFFFF:
                continue
            glyph = (code + deltas[i]) & 0xFFFF
            if ranges[i]:
                place = ranges_at + 2 * i + ranges[i] + 2 * (code - starts[i])
                (glyph,) = struct.unpack_from(">H", font, place)
            if glyph:
                found.add(code)
    return found


def _format_12(font: bytes, at: int) -> set[int]:
    (count,) = struct.unpack_from(">I", font, at + 12)
    found: set[int] = set()
    for i in range(count):
        start, end, _ = struct.unpack_from(">III", font, at + 16 + 12 * i)
        found.update(range(start, end + 1))
    return found


def cleaned(value: Any) -> Any:
    """`value` (dicts, lists, strings) with every string made printable."""
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, dict):
        return {key: cleaned(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [cleaned(inner) for inner in value]
    return value
