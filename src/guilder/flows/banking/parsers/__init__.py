"""Bank files of every usual format, read into one record. Pure: bytes in, StatementFile out."""

from collections.abc import Iterable

from guilder.flows.banking.parsers.camt import read_camt
from guilder.flows.banking.parsers.mt940 import read_mt940
from guilder.flows.banking.parsers.ofx import read_ofx
from guilder.flows.banking.parsers.qif import read_qif
from guilder.flows.banking.parsers.record import (
    Entry,
    Statement,
    StatementFile,
    UnreadableStatement,
    judged,
)
from guilder.flows.banking.parsers.tables import Profile, csv_rows, read_table, xlsx_rows
from guilder.flows.banking.parsers.tables.rows import text_of

__all__ = ("Entry", "Profile", "Statement", "StatementFile", "UnreadableStatement", "read_file")
MOST_BYTES = 64 * 1024 * 1024
SWIFT = (":20:", ":25:", ":60F:", ":60M:", ":61:", ":62F:", ":62M:", ":NS:", "{1:F01", ":940:")


def read_file(data: bytes, *, profiles: Iterable[Profile] = ()) -> StatementFile:
    """The statements of a file whose format is told from its content, not its name.

    Raises UnreadableStatement, or what kernel.xml refuses.
    """
    if not data.strip():
        raise UnreadableStatement("The file is empty.")
    if len(data) > MOST_BYTES:
        raise UnreadableStatement("The file is larger than 64 MB. Split it by month.")
    return judged(read_any(data, tuple(profiles)))


def read_any(data: bytes, profiles: tuple[Profile, ...]) -> StatementFile:
    """The first reader whose signs the content bears."""
    if data[:4] == b"PK\x03\x04":
        return read_table(xlsx_rows(data), name="XLSX", profiles=profiles)
    start = data[:4096].upper()
    if b"OFXHEADER" in start or b"<OFX>" in data[:65536].upper():
        return read_ofx(data)
    if data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<":
        return read_camt(data)
    content = text_of(data)
    lines = [line.lstrip("\ufeff ") for line in content[:20_000].splitlines()]
    if any(line.startswith(SWIFT) for line in lines):
        return read_mt940(content)
    if any(line.startswith(("!Type", "!Account", "!TYPE")) for line in lines[:50]):
        return read_qif(content)
    return read_table(csv_rows(content), name="CSV", profiles=profiles)
