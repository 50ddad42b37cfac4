"""The XML inside a hybrid PDF (Factur-X, ZUGFeRD): bytes in, file name and XML out.

Pure, but pikepdf is native code over hostile input: callers run this in the limited child process.
"""

from __future__ import annotations

import base64
import binascii
import io
import re
import zlib
from collections.abc import Generator, Iterator
from contextlib import contextmanager, suppress
from typing import Any, cast

import pikepdf

from guilder.kernel.errors import Invalid

MOST_BYTES = 64 * 1024 * 1024  # of the PDF, and of the XML in it
MOST_FILES = 100
MOST_OTHERS = 4  # XML files beside the one that is read
# Factur-X 1.0 section 6.2.2 and XRechnung name the file; older ZUGFeRD versions named it otherwise.
NAMES = ("factur-x.xml", "xrechnung.xml", "zugferd-invoice.xml")
SPACE = re.compile(rb"\s+")


class PdfUnreadable(Invalid):
    """The PDF is damaged, locked, or stores its attachment in a way that no invoice needs."""

    code = "exchange.pdf_unreadable"


class PdfWithoutXml(Invalid):
    """The PDF is for people only: no XML invoice is attached."""

    code = "exchange.pdf_without_xml"


class PdfTooLarge(Invalid):
    """The PDF, or the XML in it, is larger than any invoice."""

    code = "exchange.too_large"


def attached_xml(data: bytes, name: str = "") -> tuple[str, bytes]:
    """File name and bytes of the XML invoice that is attached to the PDF in `data`.

    Where several are attached, `name` says which (in any case of letters), else NAMES decide.
    Raises PdfUnreadable, PdfWithoutXml or PdfTooLarge.
    """
    with _attachments(data) as files:
        found = _named(list(files), name) if name else _chosen(list(files))
        return found, _content(files[found])


def other_xml(data: bytes, name: str) -> list[tuple[str, bytes]]:
    """File name and bytes of each XML file beside the one called `name`, the first MOST_OTHERS.

    What is damaged or too large is left out. Raises as `attached_xml` does.
    """
    found: list[tuple[str, bytes]] = []
    with _attachments(data) as files:
        others = [one for one in files if one != name and one.lower().endswith(".xml")]
        for one in others[:MOST_OTHERS]:
            with suppress(PdfUnreadable, PdfTooLarge):
                found.append((one, _content(files[one])))
    return found


@contextmanager
def _attachments(data: bytes) -> Generator[dict[str, pikepdf.Object]]:
    """The attached files by name, as long as the PDF is open."""
    if len(data) > MOST_BYTES:
        raise _too_large("This PDF")
    try:
        with pikepdf.open(io.BytesIO(data)) as pdf:
            yield dict(_files(pdf))
    except pikepdf.PasswordError:
        detail = "This PDF is locked with a password. Ask for it without one."
        raise PdfUnreadable(detail) from None
    except (pikepdf.PdfError, RuntimeError, ValueError, TypeError, RecursionError) as error:
        detail = f"This PDF cannot be read ({str(error)[:100]}). Ask for it again."
        raise PdfUnreadable(detail) from None


def _files(pdf: pikepdf.Pdf) -> Iterator[tuple[str, pikepdf.Object]]:
    """Each attached file's name and stream, from the list of attachments, then from /AF."""
    seen: set[str] = set()
    for specification in _specifications(pdf):
        if len(seen) >= MOST_FILES:
            return
        entry = _dictionary(specification)
        streams = _dictionary(entry.get("/EF"))
        stream = streams.get("/F", streams.get("/UF"))
        name = str(entry.get("/UF", entry.get("/F", "")))[:200]
        if isinstance(stream, pikepdf.Stream) and name not in seen:
            seen.add(name)
            yield name, stream


def _specifications(pdf: pikepdf.Pdf) -> Iterator[Any]:
    names = _dictionary(_dictionary(pdf.Root.get("/Names")).get("/EmbeddedFiles"))
    yield from _leaves(names, depth=0)
    associated = pdf.Root.get("/AF")
    if isinstance(associated, pikepdf.Array):
        yield from _items(associated)


def _leaves(node: Any, *, depth: int) -> Iterator[Any]:
    """The values of a name tree (ISO 32000-1, 7.9.6), at most eight levels deep."""
    if depth > 8:
        return
    pairs = _dictionary(node).get("/Names")
    if isinstance(pairs, pikepdf.Array):
        yield from _items(pairs)[1::2]
    kids = _dictionary(node).get("/Kids")
    if isinstance(kids, pikepdf.Array):
        for kid in _items(kids):
            yield from _leaves(kid, depth=depth + 1)


def _items(array: pikepdf.Array) -> list[Any]:
    return cast("list[Any]", list(array))[: 2 * MOST_FILES]  # pyright: ignore[reportArgumentType]


def _dictionary(value: Any) -> Any:
    return value if isinstance(value, pikepdf.Dictionary) else pikepdf.Dictionary()


def _chosen(names: list[str]) -> str:
    by_name = {name.lower(): name for name in names}
    for wanted in NAMES:
        if wanted in by_name:
            return by_name[wanted]
    others = [name for name in names if name.lower().endswith(".xml")]
    if len(others) == 1:
        return others[0]
    if others:
        detail = "This PDF has several XML files attached and none is named factur-x.xml."
        raise PdfWithoutXml(detail)
    detail = "No XML invoice is attached to this PDF. Ask for an e-invoice, or enter it by hand."
    raise PdfWithoutXml(detail)


def _named(names: list[str], wanted: str) -> str:
    for name in names:
        if name.lower() == wanted.lower():
            return name
    listed = ", ".join(name for name in names if name.lower().endswith(".xml"))
    detail = f"No file {wanted[:200]} is attached to this PDF. Its XML files: {listed or 'none'}."
    raise PdfWithoutXml(detail)


def _content(stream: Any) -> bytes:
    """The decoded bytes of `stream`, never more than MOST_BYTES on the way."""
    filters = stream.get("/Filter")
    chain = _items(filters) if isinstance(filters, pikepdf.Array) else [filters]
    if stream.get("/DecodeParms") is not None and len(chain) > 1:
        raise PdfUnreadable("The XML in this PDF is packed in an unusual way. Ask for it again.")
    found = bytes(stream.read_raw_bytes())
    for name in chain:
        found = _unpacked(found, "" if name is None else str(name))
    return found


def _unpacked(data: bytes, name: str) -> bytes:
    if name in {"", "/Crypt"}:
        return data
    if name in {"/FlateDecode", "/Fl"}:
        return _inflated(data)
    try:
        if name in {"/ASCIIHexDecode", "/AHx"}:
            return binascii.unhexlify(SPACE.sub(b"", data).rstrip(b">"))
        if name in {"/ASCII85Decode", "/A85"}:
            return base64.a85decode(data.removesuffix(b"~>"))
    except (ValueError, binascii.Error):
        raise PdfUnreadable("The XML in this PDF is damaged. Ask for it again.") from None
    raise PdfUnreadable("The XML in this PDF is packed in an unusual way. Ask for it again.")


def _inflated(data: bytes) -> bytes:
    unpacker = zlib.decompressobj()
    try:
        found = unpacker.decompress(data, MOST_BYTES + 1)
    except zlib.error:
        raise PdfUnreadable("The XML in this PDF is damaged. Ask for it again.") from None
    if len(found) > MOST_BYTES:
        raise _too_large("The XML in this PDF")
    if not unpacker.eof:
        raise PdfUnreadable("The XML in this PDF is cut off. Ask for it again.")
    return found


def _too_large(what: str) -> PdfTooLarge:
    return PdfTooLarge(f"{what} is larger than {MOST_BYTES // 2**20} MB, as no invoice is.")
