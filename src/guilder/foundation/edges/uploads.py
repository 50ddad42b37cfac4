"""What strangers hand in: its kind by its first bytes, its size, and what a virus scanner says.

Name and first bytes must agree, and what a browser or a system would run is refused. Nobody's word
about the media type is taken: it follows from the name once the bytes have borne it out.
"""

import io
import zipfile
from pathlib import PurePosixPath

from guilder.foundation.edges import scanner
from guilder.kernel.errors import Invalid, Problem

MOST_ENTRIES = 10_000
MOST_UNPACKED = 512 * 1024 * 1024  # bytes
MOST_RATIO = 250  # unpacked to packed, beyond the first mebibyte

ZIP = b"PK\x03\x04"
OFFICE = "application/vnd.openxmlformats-officedocument"
OPEN = "application/vnd.oasis.opendocument"

# Extension → (media type, the first bytes it must have; none: plain text).
KINDS: dict[str, tuple[str, tuple[bytes, ...]]] = {
    "pdf": ("application/pdf", (b"%PDF-",)),
    "png": ("image/png", (b"\x89PNG\r\n\x1a\n",)),
    "jpg": ("image/jpeg", (b"\xff\xd8\xff",)),
    "jpeg": ("image/jpeg", (b"\xff\xd8\xff",)),
    "gif": ("image/gif", (b"GIF87a", b"GIF89a")),
    "webp": ("image/webp", (b"RIFF",)),
    "tif": ("image/tiff", (b"II*\x00", b"MM\x00*")),
    "tiff": ("image/tiff", (b"II*\x00", b"MM\x00*")),
    "heic": ("image/heic", (b"\x00\x00\x00",)),
    "zip": ("application/zip", (ZIP, b"PK\x05\x06")),
    "docx": (f"{OFFICE}.wordprocessingml.document", (ZIP,)),
    "xlsx": (f"{OFFICE}.spreadsheetml.sheet", (ZIP,)),
    "pptx": (f"{OFFICE}.presentationml.presentation", (ZIP,)),
    "odt": (f"{OPEN}.text", (ZIP,)),
    "ods": (f"{OPEN}.spreadsheet", (ZIP,)),
    "odp": (f"{OPEN}.presentation", (ZIP,)),
    "doc": ("application/msword", (b"\xd0\xcf\x11\xe0",)),
    "xls": ("application/vnd.ms-excel", (b"\xd0\xcf\x11\xe0",)),
    "msg": ("application/vnd.ms-outlook", (b"\xd0\xcf\x11\xe0",)),
    "txt": ("text/plain", ()),
    "md": ("text/markdown", ()),
    "csv": ("text/csv", ()),
    "json": ("application/json", ()),
    "xml": ("application/xml", ()),
    "eml": ("message/rfc822", ()),
    "vcf": ("text/vcard", ()),
    "ics": ("text/calendar", ()),
    "mt940": ("text/plain", ()),
    "sta": ("text/plain", ()),
    "ofx": ("application/x-ofx", ()),
}
# What a system or a browser would run, whatever it is called.
RUN = (b"MZ", b"\x7fELF", b"#!", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe", b"\xce\xfa\xed\xfe")
PAGES = (b"<!doctype html", b"<html", b"<script", b"<svg", b"<?php", b"<iframe", b"<body")
ZIPPED = frozenset(name for name, (_, marks) in KINDS.items() if ZIP in marks)


class BadUpload(Invalid):
    """The file is not what its name says, or of a kind that is not taken."""

    code = "uploads.bad_file"


class ArchiveBomb(Invalid):
    """The archive unpacks to more than anybody means to send."""

    code = "uploads.archive_bomb"


def judge(data: bytes, *, filename: str) -> str:
    """The media type of a file that strangers may hand in. Raises BadUpload, ArchiveBomb.

    Nothing is unpacked: of an archive the list of its entries is read.
    """
    extension = PurePosixPath(filename.replace("\\", "/")).suffix.lower().lstrip(".")
    if extension not in KINDS:
        raise fault(f"Files that end in “.{extension[:20]}” are not taken. Send a PDF or a ZIP.")
    if data.startswith(RUN):
        raise fault("This is a program. Programs are not taken.")
    media_type, marks = KINDS[extension]
    if marks and not data.startswith(marks):
        raise fault(f"This is no {extension.upper()} file. Save it anew, or give it its own name.")
    if not marks:
        refuse_hidden(data, extension)
    if extension == "webp" and data[8:12] != b"WEBP":
        raise fault("This is no WEBP file. Save it anew, or give it its own name.")
    if extension in ZIPPED:
        refuse_bomb(data)
    return media_type


def refuse_hidden(data: bytes, extension: str) -> None:
    """Raise BadUpload where what is called text is none, or is a page that would run."""
    for media_type, marks in KINDS.values():
        if marks and len(marks[0]) > 3 and data.startswith(marks):
            raise fault(f"This is no {extension.upper()} file but {media_type}.")
    if b"\x00" in data[:4096] and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise fault(f"This is no {extension.upper()} file. Save it anew as plain text.")
    head = data[:4096].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if extension != "eml" and any(page in head for page in PAGES):
        raise fault("This is a web page. Web pages are not taken; send a PDF.")


def refuse_bomb(data: bytes) -> None:
    """Raise ArchiveBomb, or BadUpload where it is no archive or one that leaves its folder."""
    try:
        entries = zipfile.ZipFile(io.BytesIO(data)).infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError) as error:
        raise fault("This archive is broken. Pack it anew.") from error
    if len(entries) > MOST_ENTRIES or sum(one.file_size for one in entries) > MOST_UNPACKED:
        raise ArchiveBomb("This archive unpacks to more than is taken. Send its parts.")
    for one in entries:
        if one.file_size > max(2**20, one.compress_size * MOST_RATIO):
            raise ArchiveBomb("This archive unpacks to more than is taken. Send its parts.")
        parts = PurePosixPath(one.filename.replace("\\", "/"))
        if parts.is_absolute() or ".." in parts.parts or one.external_attr >> 28 == 0xA:
            raise fault("This archive names files outside itself. Pack it anew.")


def admit(data: bytes, *, filename: str) -> str:
    """`judge`, and the scanner's word. Raises theirs and scanner.Infected, ScannerDown."""
    media_type = judge(data, filename=filename)
    scanner.scan(data)
    return media_type


def fault(detail: str) -> BadUpload:
    """The refusal, at the field of the file."""
    return BadUpload(detail, problems=[Problem("/file", BadUpload.code, detail)])
