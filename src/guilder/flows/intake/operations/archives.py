"""Several files at once: each by itself, and what is in an archive one by one."""

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePosixPath

from guilder.flows.intake.models import ReceivedDocument
from guilder.flows.intake.operations.billing import make_bill
from guilder.flows.intake.operations.receiving import LARGEST, Receipt, TooLarge, receive
from guilder.foundation.edges import uploads
from guilder.kernel.actor import Actor
from guilder.kernel.errors import GuilderError, Invalid, Unavailable

MOST_FILES = 500
SURE = frozenset(("vat", "tax", "endpoint", "gln", "iban"))


class TooMany(Invalid):
    """The archive holds more files than are taken at once."""

    code = "document.too_many"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one file: its papers, or the refusal."""

    name: str
    documents: tuple[ReceivedDocument, ...] = ()
    is_new: bool = False
    error: GuilderError | None = None


def receive_all(
    data: bytes, *, name: str, channel: str, by: Actor, at: datetime, sender: str = ""
) -> list[Outcome]:
    """Take a file in, or each file of a ZIP; one that is refused stops no other.

    Where all is sure (an e-invoice by the rules, from a supplier that is known by a number, without
    doubts), its bill is drafted at once. Raises NotAllowed, and Unavailable: send it again then.
    """
    by.require("document.upload")
    try:
        parts = list(unpacked(data, name=name))
    except Invalid as error:
        return [Outcome(name, error=error)]
    found: list[Outcome] = []
    for shown, content in parts:
        try:
            receipt = receive(content, name=shown, channel=channel, by=by, at=at, sender=sender)
        except Unavailable:
            raise  # all that is in already is found again when it is sent anew
        except GuilderError as error:
            found.append(Outcome(shown, error=error))
            continue
        found.append(Outcome(shown, drafted(receipt, by=by, at=at), receipt.is_new))
    return found


def unpacked(data: bytes, *, name: str) -> Iterator[tuple[str, bytes]]:
    """(name, bytes) of a file, or of each file in a ZIP. Raises TooMany, TooLarge, BadUpload,
    ArchiveBomb."""
    if not data.startswith(uploads.ZIP) or not name.lower().endswith(".zip"):
        yield name, data
        return
    if len(data) > LARGEST:
        raise TooLarge(f"This archive has {len(data):,} bytes; {LARGEST:,} are taken.")
    uploads.judge(data, filename=name)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        entries = [one for one in archive.infolist() if is_paper(one)]
        if len(entries) > MOST_FILES:
            raise TooMany(f"This archive holds {len(entries):,} files; {MOST_FILES} are taken.")
        for one in entries:
            yield PurePosixPath(one.filename).name, content_of(archive, one)


def is_paper(entry: zipfile.ZipInfo) -> bool:
    """Whether an entry is a file that somebody meant to send."""
    path = PurePosixPath(entry.filename)
    return not entry.is_dir() and not path.name.startswith(".") and "__MACOSX" not in path.parts


def content_of(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """The bytes of an entry, no more than it says. Raises BadUpload where it lies or is locked."""
    try:
        with archive.open(entry) as file:
            data = file.read(min(entry.file_size, LARGEST) + 1)
    except (RuntimeError, zipfile.BadZipFile, NotImplementedError, EOFError, OSError) as error:
        raise uploads.BadUpload("This archive is locked or broken. Pack it anew.") from error
    if len(data) > min(entry.file_size, LARGEST):
        raise uploads.ArchiveBomb("This archive unpacks to more than it says. Pack it anew.")
    return data


def drafted(receipt: Receipt, *, by: Actor, at: datetime) -> tuple[ReceivedDocument, ...]:
    """The papers, those that are sure with their bill drafted."""
    if receipt.is_new and by.may("bill.edit"):
        for row in receipt.documents:
            if is_sure(row):
                try:
                    row.bill = make_bill(row.id, by=by, at=at)
                except GuilderError:
                    continue  # it waits for a person, who is told why
                row.state = ReceivedDocument.State.BILLED
    return receipt.documents


def is_sure(row: ReceivedDocument) -> bool:
    """Whether a bill may be drafted without asking anybody."""
    is_plain = row.state == ReceivedDocument.State.READ and not row.problems and not row.doubts
    return is_plain and row.is_valid is not False and row.matched_by in SURE
