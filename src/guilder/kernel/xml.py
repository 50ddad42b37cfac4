"""XML in and out through one hardened door; no other module imports lxml.

What comes in is hostile until proved otherwise: no document type, no entity, no network, no
inclusion, and limits on size, number of nodes and depth, all judged before a tree is built.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from lxml import etree

from guilder.kernel.errors import Invalid

Element = etree._Element  # pyright: ignore[reportPrivateUsage]


@dataclass(frozen=True, slots=True)
class Limits:
    """What one XML file may cost: bytes as received, tags, and quotation marks (2 an attribute).

    Depth (256) and the length of one text (10 MB) are libxml2's own limits for ordinary trees.
    """

    size: int = 64 * 1024 * 1024
    tags: int = 2_000_000
    quotes: int = 4_000_000


LIMITS = Limits()


class XmlEmpty(Invalid):
    """There is nothing to read."""

    code = "xml.empty"


class XmlTooLarge(Invalid):
    """The file costs more than it may."""

    code = "xml.too_large"


class XmlTooDeep(Invalid):
    """Elements are nested without measure."""

    code = "xml.too_deep"


class XmlEncoding(Invalid):
    """The bytes are not the text that they claim to be."""

    code = "xml.encoding"


class XmlDoctype(Invalid):
    """The file carries a document type declaration, and so possibly entities."""

    code = "xml.doctype"


class XmlMalformed(Invalid):
    """The text is not well-formed XML."""

    code = "xml.malformed"


# Longest mark first: that of UTF-32 LE begins with that of UTF-16 LE.
MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# XML 1.0, appendix F: files without a mark show their width in the first "<".
SHAPES = (
    (b"<\0\0\0", "utf-32-le"),
    (b"\0\0\0<", "utf-32-be"),
    (b"<\0", "utf-16-le"),
    (b"\0<", "utf-16-be"),
)
# Declared names that are read, and the codec that reads each.
ENCODINGS = {
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "us-ascii": "ascii",
    "ascii": "ascii",
    "iso-8859-1": "iso-8859-1",
    "iso-8859-2": "iso-8859-2",
    "iso-8859-15": "iso-8859-15",
    "windows-1250": "cp1250",
    "windows-1252": "cp1252",
}
DECLARED = re.compile(rb"""<\?xml\s[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")
PROLOG = re.compile(rb"(?:\s+|<\?.*?\?>|<!--.*?-->)*+", re.DOTALL)


def parse(data: bytes, *, limits: Limits = LIMITS) -> Element:
    """The root element of the XML in `data`, without comments and processing instructions.

    Raises XmlEmpty, XmlTooLarge, XmlTooDeep, XmlEncoding, XmlDoctype or XmlMalformed.
    """
    if len(data) > limits.size:
        raise XmlTooLarge(
            f"This file has {len(data):,} bytes; at most {limits.size:,} are read."
            " Send a smaller file, or its attachments apart."
        )
    text = _utf8(data)
    _check_prolog(text)
    if text.count(b"<") > limits.tags:
        raise XmlTooLarge(f"This file has more than {limits.tags:,} tags. Split it.")
    if text.count(b'"') + text.count(b"'") > limits.quotes:
        raise XmlTooLarge(f"This file has more than {limits.quotes // 2:,} attributes. Split it.")
    try:
        root = etree.fromstring(text, _parser())
    except etree.XMLSyntaxError as error:
        raise _refusal(error) from None
    return root


def serialize(root: Element, *, pretty: bool = False) -> bytes:
    """`root` as UTF-8 bytes with an XML declaration."""
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True, pretty_print=pretty)


def element(
    name: str, namespace: str = "", *, prefixes: Mapping[str | None, str] | None = None
) -> Element:
    """A new root element; `prefixes` maps prefix (None: the default) to namespace."""
    # The stubs know no None key, though lxml reads it as the default namespace.
    nsmap = cast("dict[str, str] | None", dict(prefixes) if prefixes else None)
    return etree.Element(_qualified(name, namespace), nsmap=nsmap)


def append(
    parent: Element, name: str, text: str | None = None, *, namespace: str = "", **attributes: str
) -> Element:
    """A new last child of `parent`; XmlMalformed where `text` holds what XML cannot carry."""
    child = etree.SubElement(parent, _qualified(name, namespace))
    try:
        child.text = text
        for key, value in attributes.items():
            child.set(key, value)
    except ValueError:
        raise XmlMalformed(
            f"The text of {name} has a control character, which XML cannot carry. Remove it."
        ) from None
    return child


def local_name(node: Element) -> str:
    """The name of `node` without its namespace."""
    return str(node.tag).rpartition("}")[2]


def namespace_of(node: Element) -> str:
    """The namespace of `node`, empty where it has none."""
    return str(node.tag).rpartition("}")[0].removeprefix("{")


def text_at(node: Element | None, path: str, namespaces: Mapping[str, str] | None = None) -> str:
    """The trimmed text of the first element at `path` below `node`, empty where there is none."""
    if node is None:
        return ""
    found = node.findtext(path, namespaces=dict(namespaces) if namespaces else None)
    return found.strip() if found else ""


def _parser() -> etree.XMLParser:
    # A parser of its own for each file: parsers keep state, and threads share none.
    return etree.XMLParser(
        encoding="utf-8",  # wins over the declaration, which `_utf8` has already obeyed
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        attribute_defaults=False,
        huge_tree=False,
        recover=False,
        remove_comments=True,  # else `12<!-- -->34` would read as 12
        remove_pis=True,
    )


def _utf8(data: bytes) -> bytes:
    """`data` as UTF-8 without a mark, having proved that it is what it claims to be."""
    encoding, start = _encoding_of(data)
    body = data[start:] if start else data
    try:
        text = body.decode(encoding)
    except UnicodeDecodeError as error:
        raise XmlEncoding(
            f"This file says that it is {encoding}, but byte {error.start + start + 1} is not."
            " Save it again as UTF-8."
        ) from None
    if not text or text.isspace():
        raise XmlEmpty("This file is empty. Choose a file with content.")
    try:
        return body if encoding in {"utf-8", "ascii"} else text.encode()
    except UnicodeEncodeError:  # pragma: no cover - strict decoders yield no lone surrogate
        raise XmlEncoding("This file holds half a character. Save it again as UTF-8.") from None


def _encoding_of(data: bytes) -> tuple[str, int]:
    """The codec of `data` and how many bytes its mark takes."""
    for mark, encoding in MARKS:
        if data.startswith(mark):
            return encoding, len(mark)
    for shape, encoding in SHAPES:
        if data.startswith(shape):
            return encoding, 0
    declared = DECLARED.match(data[:300])
    name = declared[1].decode("ascii").lower() if declared else "utf-8"
    if name not in ENCODINGS:
        raise XmlEncoding(f"The encoding {name} is not read. Save the file as UTF-8.")
    return ENCODINGS[name], 0


def _check_prolog(text: bytes) -> None:
    # A document type stands only before the root element, and without one there are no entities.
    start = PROLOG.match(text)
    rest = text[start.end() : start.end() + 9] if start else text[:9]
    if rest.upper().startswith(b"<!DOCTYPE"):
        raise XmlDoctype(
            "This file has a document type declaration (DOCTYPE), which can hide an attack."
            " Remove it; invoices need none."
        )
    if not rest.startswith(b"<") or rest[1:2] in b"!?":
        raise XmlMalformed("This is not XML: no element begins here. Choose an XML file.")


def _refusal(error: etree.XMLSyntaxError) -> Invalid:
    message = str(error.msg or "unknown fault").split(", line")[0].strip()
    if "depth" in message:
        return XmlTooDeep("Elements are nested more than 256 deep in this file, as in no invoice.")
    if "too long" in message or "too big" in message or "limit" in message.lower():
        return XmlTooLarge("One piece of this file is longer than 10 MB. Send attachments apart.")
    line, column = error.position
    return XmlMalformed(f"This is not well-formed XML: {message} (line {line}, column {column}).")


def _qualified(name: str, namespace: str) -> str:
    return f"{{{namespace}}}{name}" if namespace else name
