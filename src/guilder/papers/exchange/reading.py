"""Reading any file that holds a paper: what it is is told by its content, never by its name."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace

from guilder.kernel import xml
from guilder.kernel.errors import Invalid, Problem
from guilder.papers.exchange.formats import cii, csv, fatturapa, json, ksef, pdf, ubl, zugferd1
from guilder.papers.exchange.formats.record import Foreign, Reading

ENVELOPE = (
    "{http://www.unece.org/cefact/namespaces/StandardBusinessDocumentHeader}"
    "StandardBusinessDocument"
)
READERS = {
    ubl.INVOICE: ubl.read,
    ubl.CREDIT_NOTE: ubl.read,
    cii.INVOICE: cii.read,
    zugferd1.INVOICE: zugferd1.read,
    **dict.fromkeys(fatturapa.ROOTS, fatturapa.read),
    **dict.fromkeys(ksef.ROOTS, ksef.read),
}
SPACE = b" \t\r\n"
# What people send by mistake, by how it begins, and what to say to them.
STRANGERS = (
    (b"PK\x03\x04", "This is a ZIP archive or an office file. Unpack it, or save it as CSV."),
    (b"\x1f\x8b", "This file is compressed. Unpack it first."),
    (b"\xd0\xcf\x11\xe0", "This is an old office file or a mail. Save the invoice in it apart."),
    (b"\x89PNG", "This is a picture. Only e-invoices, CSV and JSON are imported."),
    (b"\xff\xd8\xff", "This is a picture. Only e-invoices, CSV and JSON are imported."),
)
# Roots of related formats that are not read, and what to say of them.
RELATED = {
    "Order": "This is an order, not an invoice.",
    "CrossIndustryOrder": "This is an order, not an invoice.",
    "ApplicationResponse": "This is an answer to an invoice, not an invoice.",
}


class Empty(Invalid):
    """There is nothing in the file."""

    code = "exchange.empty"


class Several(Invalid):
    """The file holds more than one paper where one is wanted."""

    code = "exchange.several"


class TooLarge(Invalid):
    """The file is larger than may be read."""

    code = "exchange.too_large"


def read(data: bytes, filename: str = "") -> Reading:
    """The one paper in `data`; `filename` is for messages only.

    Raises Several where there are more, and what `read_all` raises.
    """
    found = read_all(data, filename)
    if len(found) != 1:
        detail = f"{filename or 'This file'} holds {len(found)} documents; one is wanted here."
        raise Several(detail)
    return found[0]


def read_all(data: bytes, filename: str = "") -> tuple[Reading, ...]:
    """Every paper in `data`, at least one: CSV and JSON may hold several.

    Raises Empty, TooLarge, Foreign, Unreadable and the errors of kernel.xml and of each format,
    all of them Invalid.
    """
    if not data.strip(SPACE + b"\0"):
        raise Empty(f"{filename or 'This file'} is empty. Choose a file with content.")
    if len(data) > xml.LIMITS.size:
        detail = f"{filename or 'This file'} has {len(data):,} bytes; {xml.LIMITS.size:,} are read."
        raise TooLarge(detail)
    for start, detail in STRANGERS:
        if data.startswith(start):
            raise Foreign(detail)
    if b"%PDF-" in data[:1024]:
        return (_read_pdf(data),)
    first = _first_mark(data)
    if first == b"<":
        return (_read_xml(data),)
    if first in {b"{", b"["}:
        return json.read(data)
    return csv.read(data)


def _read_pdf(data: bytes) -> Reading:
    name, content = pdf.attached_xml(data)
    reading = _read_xml(content)
    remarks = (*reading.remarks, *_remarks_on_others(data, name, reading))
    return replace(reading, format=f"pdf-{reading.format}", remarks=remarks)


def _remarks_on_others(data: bytes, name: str, reading: Reading) -> Iterator[Problem]:
    """Further invoices in the same PDF, which are not read: what they say otherwise."""
    for other, content in pdf.other_xml(data, name):
        with suppress(Invalid):  # what cannot be read need not be an invoice
            unlike = _unlike(reading, _read_xml(content))
            told = f"It disagrees: {unlike}." if unlike else "Its number and sums are the same."
            detail = f"This PDF holds another invoice, {other}; {name} was read. {told}"
            yield Problem("", "exchange.another_invoice", detail)


def _unlike(one: Reading, other: Reading) -> str:
    """The number, currency and sums that another reading has otherwise, as text."""
    pairs = (
        ("number", one.document.number, other.document.number),
        ("currency", one.document.currency, other.document.currency),
        ("total with tax", one.stated.gross, other.stated.gross),
        ("amount due", one.stated.due, other.stated.due),
    )
    return ", ".join(f"{name} {b} instead of {a}" for name, a, b in pairs if a != b)


def _read_xml(data: bytes) -> Reading:
    root = xml.parse(data)
    if root.tag == ENVELOPE:  # as some Peppol access points hand it over
        inner = [child for child in root if child.tag in READERS]
        root = inner[0] if len(inner) == 1 else root
    reader = READERS.get(str(root.tag))
    if reader is None:
        name = xml.local_name(root)
        told = RELATED.get(name, f"The root element “{name[:60]}” is of no invoice that is read.")
        raise Foreign(
            f"{told} Read are UBL 2.1, CII D16B, FatturaPA and KSeF invoices and credit notes."
        )
    return reader(root)


def _first_mark(data: bytes) -> bytes:
    """The first byte that says something, after byte order marks, zero bytes and white space."""
    return data[:200].lstrip(b"\xef\xbb\xbf\xfe\xff\0" + SPACE)[:1]
