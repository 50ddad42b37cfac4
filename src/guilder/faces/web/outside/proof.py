"""Whether a document is the one that was issued: its hashes made anew, and a file compared."""

from dataclasses import dataclass
from hashlib import sha256

from guilder.books.invoicing import queries
from guilder.books.invoicing.queries import InvoiceRecord
from guilder.faces.web.outside.opened import Opened
from guilder.kernel.errors import Invalid
from guilder.office.dispatch import operations as dispatch

MOST_BYTES = 20 << 20


class NotAFile(Invalid):
    """No file came, or one that no document here can be."""

    code = "outside.not_a_file"


@dataclass(frozen=True, slots=True)
class Proof:
    """What the chain says of an issued document; `sequence` is its place in its series."""

    is_whole: bool
    content_hash: str
    chain_hash: str
    previous_hash: str
    sequence: int | None
    series: str


def proof_of(opened: Opened) -> Proof | None:
    """The hashes, reckoned from the stored paper now; None for what is not issued."""
    record = opened.record
    if not isinstance(record, InvoiceRecord) or record.status != "issued":
        return None
    found = queries.prove(record.id, by=opened.by)
    frozen = found.frozen
    return Proof(
        is_whole=found.holds,
        content_hash=frozen.content_hash.hex(),
        chain_hash=frozen.chain_hash.hex() if frozen.chain_hash else "",
        previous_hash=frozen.previous_hash.hex() if frozen.previous_hash else "",
        sequence=frozen.sequence,
        series=frozen.series_code,
    )


def is_same_file(opened: Opened, data: bytes) -> bool:
    """Whether `data` is the very PDF that was issued. Raises NotAFile.

    The PDF of an issued document is stored at its first printing and the same bytes for ever.
    """
    if not data or len(data) > MOST_BYTES:
        raise NotAFile("Choose the PDF that you want to compare, of at most 20 MB.")
    printed = dispatch.print_paper(
        opened.record.id, by=opened.by, at=opened.now, is_quote=opened.kind == "quote"
    )
    return sha256(printed.pdf).digest() == sha256(data).digest()
