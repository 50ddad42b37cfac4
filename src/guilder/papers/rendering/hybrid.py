"""A printed paper with its e-invoice inside: PDF/A-3 with an attachment, as Factur-X 1.0 wants."""

import hashlib
import io
import zlib
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pikepdf

FX = "urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#"
VERSION = "1.0"
# Factur-X 1.0, 6.2.2: what is no whole invoice is data, the others are the paper in another form.
DATA_ONLY = frozenset(("MINIMUM", "BASIC WL"))
PROPERTIES = (
    ("DocumentFileName", "The name of the embedded XML document"),
    ("DocumentType", "The type of the hybrid document in capital letters, e.g. INVOICE or ORDER"),
    ("Version", "The actual version of the standard applying to the embedded XML document"),
    ("ConformanceLevel", "The conformance level of the embedded XML document"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Enclosure:
    """The XML to put inside: its file name and the profile that it follows."""

    xml: bytes
    filename: str
    profile: str


def enclose(pdf: bytes, enclosure: Enclosure, *, at: datetime) -> bytes:
    """`pdf`, a PDF/A-3 as `render_pdf` makes it, with the XML attached and told in its metadata.

    `at` is the modification date of the attachment. What was there stays byte for byte: the four
    new objects are appended (ISO 32000-1, 7.5.6). The same input gives the same bytes.
    """
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        content = int(opened.trailer.Size)
        attached, metadata = content + 1, content + 2
        told = _told(opened.Root.Metadata.read_bytes().decode(), enclosure).encode()
        objects = {
            content: _content(enclosure, at),
            attached: _specification(content, enclosure),
            metadata: _stream(b"/Type/Metadata/Subtype/XML", told),
            opened.Root.objgen[0]: _root(opened.Root, attached, metadata, enclosure.filename),
        }
        return _appended(pdf, objects, opened.trailer)


# The bodies are written by hand: qpdf would read the whole file before it makes a new object.


def _content(enclosure: Enclosure, at: datetime) -> bytes:
    day = at.astimezone(UTC).strftime("D:%Y%m%d%H%M%SZ")
    digest = hashlib.md5(enclosure.xml, usedforsecurity=False).hexdigest()
    head = (
        "/Type/EmbeddedFile/Subtype/text#2Fxml/Filter/FlateDecode"
        f"/Params<</ModDate({day})/Size {len(enclosure.xml)}/CheckSum<{digest}>>>"
    )
    return _stream(head.encode(), zlib.compress(enclosure.xml))


def _specification(content: int, enclosure: Enclosure) -> bytes:
    relationship = "Data" if enclosure.profile in DATA_ONLY else "Alternative"
    name = f"({enclosure.filename})"
    return (
        f"<</Type/Filespec/F{name}/UF{name}/Desc(E-invoice)/AFRelationship/{relationship}"
        f"/EF<</F {content} 0 R/UF {content} 0 R>>>>"
    ).encode()


def _root(root: pikepdf.Object, attached: int, metadata: int, filename: str) -> bytes:
    """The catalog with the attachment in both of its lists, and the new metadata."""
    entries = {name: _written(value) for name, value in root.items()}
    reference = b"%d 0 R" % attached
    files = b" ".join([*(one.unparse() for one in root.get("/AF", ())), reference])
    names = {name: _written(value) for name, value in root.get("/Names", {}).items()}
    names["/EmbeddedFiles"] = b"<</Names[(%s) %s]>>" % (filename.encode("ascii"), reference)
    entries["/AF"] = b"[%s]" % files
    entries["/Names"] = _dictionary(names)
    entries["/Metadata"] = b"%d 0 R" % metadata
    return _dictionary(entries)


def _written(value: Any) -> bytes:
    """A value as it stands in a file; pikepdf gives truths and numbers as Python's own."""
    if isinstance(value, pikepdf.Object):
        return value.unparse()
    return str(value).lower().encode("ascii")


def _dictionary(entries: dict[str, bytes]) -> bytes:
    told = (name.encode("ascii") + b" " + body for name, body in entries.items())
    return b"<<%s>>" % b" ".join(told)


def _stream(head: bytes, data: bytes) -> bytes:
    return b"<<%s/Length %d>>\nstream\n%s\nendstream" % (head, len(data), data)


def _appended(pdf: bytes, objects: dict[int, bytes], trailer: pikepdf.Object) -> bytes:
    """`pdf` and an update of these objects, with its own table of places."""
    parts, place = [pdf, b"\n"], len(pdf) + 1
    rows = [b"xref\n"]
    for number, body in objects.items():
        written = b"%d 0 obj\n%s\nendobj\n" % (number, body)
        rows.append(b"%d 1\n%010d 00000 n\r\n" % (number, place))
        parts.append(written)
        place += len(written)
    digest = hashlib.md5(b"".join(objects.values()), usedforsecurity=False).hexdigest()
    entries = {name: trailer[name].unparse() for name in ("/Root", "/Info") if name in trailer}
    entries["/Size"] = b"%d" % (max(objects) + 1)
    entries["/Prev"] = pdf.rpartition(b"startxref")[2].split()[0]
    entries["/ID"] = b"[%s <%s>]" % (trailer.ID[0].unparse(), digest.encode("ascii"))
    end = b"trailer\n%s\nstartxref\n%d\n%%%%EOF\n" % (_dictionary(entries), place)
    return b"".join([*parts, *rows, end])


def _told(metadata: str, enclosure: Enclosure) -> str:
    """The XMP with the four properties of Factur-X and the schema that PDF/A wants for them."""
    values = (enclosure.filename, "INVOICE", VERSION, enclosure.profile)
    properties = "".join(
        f"<fx:{name}>{value}</fx:{name}>"
        for (name, _), value in zip(PROPERTIES, values, strict=True)
    )
    own = f'<rdf:Description rdf:about="" xmlns:fx="{FX}">{properties}</rdf:Description>'
    head, bag, tail = metadata.partition("<pdfaExtension:schemas><rdf:Bag>")
    if bag:
        metadata = f"{head}{bag}{_schema()}{tail}"
    else:
        own += (
            '<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"'
            ' xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"'
            ' xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">'
            f"<pdfaExtension:schemas><rdf:Bag>{_schema()}</rdf:Bag></pdfaExtension:schemas>"
            "</rdf:Description>"
        )
    head, end, tail = metadata.rpartition("</rdf:RDF>")
    return f"{head}{own}{end}{tail}"


def _schema() -> str:
    listed = "".join(
        f'<rdf:li rdf:parseType="Resource"><pdfaProperty:name>{name}</pdfaProperty:name>'
        "<pdfaProperty:valueType>Text</pdfaProperty:valueType>"
        "<pdfaProperty:category>external</pdfaProperty:category>"
        f"<pdfaProperty:description>{text}</pdfaProperty:description></rdf:li>"
        for name, text in PROPERTIES
    )
    return (
        '<rdf:li rdf:parseType="Resource">'
        "<pdfaSchema:schema>Factur-X PDFA Extension Schema</pdfaSchema:schema>"
        f"<pdfaSchema:namespaceURI>{FX}</pdfaSchema:namespaceURI>"
        "<pdfaSchema:prefix>fx</pdfaSchema:prefix>"
        f"<pdfaSchema:property><rdf:Seq>{listed}</rdf:Seq></pdfaSchema:property></rdf:li>"
    )
