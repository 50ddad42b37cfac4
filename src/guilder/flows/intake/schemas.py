"""The public shape of a paper that came in."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec

from guilder.flows.intake.models import ReceivedDocument
from guilder.kernel.money import Money


class DoubtOut(msgspec.Struct):
    """Something to look at: `hybrid.number`, `hybrid.amount`, `hybrid.account` (the page says
    otherwise), `new_account` or `buyer`; what the data say, and what the page or the books say."""

    code: str
    ours: str
    theirs: str


class FaultOut(msgspec.Struct):
    """A figure that the paper's own lines do not give, by its place in the document."""

    pointer: str
    code: str
    detail: str


class ReceivedSummaryOut(msgspec.Struct, kw_only=True):
    """A paper that came in, as it stands in a list."""

    id: UUID
    state: str
    filename: str
    media_type: str
    size: int
    sha256: str
    channel: str
    sender: str
    received_at: datetime
    format: str
    profile: str
    number: str
    issued_on: date | None
    due_on: date | None
    currency: str | None
    due: str | None
    supplier_name: str
    supplier: UUID | None
    matched_by: str | None
    is_valid: bool | None
    doubts: list[DoubtOut]
    problems: list[FaultOut]
    bill: UUID | None
    duplicate_of: UUID | None
    reason: str


class ReceivedOut(ReceivedSummaryOut, kw_only=True):
    """A paper that came in with what was read in it: a canonical document (its sums are computed),
    what its file states, and what was understood with a liberty."""

    document: dict[str, Any] | None
    stated: dict[str, Any] | None
    remarks: list[FaultOut]
    etag: str


def received_summary(row: ReceivedDocument) -> ReceivedSummaryOut:
    """A paper for a list."""
    return ReceivedSummaryOut(**summary_of(row))


def received_out(row: ReceivedDocument) -> ReceivedOut:
    """The shape of one paper."""
    return ReceivedOut(
        **summary_of(row),
        document=row.reading.get("document"),
        stated=row.reading.get("stated"),
        remarks=[FaultOut(**one) for one in row.reading.get("remarks", [])],
        etag=f'"{row.version}"',
    )


def summary_of(row: ReceivedDocument) -> dict[str, Any]:
    """What both shapes say."""
    return {
        "id": row.id,
        "state": row.state,
        "filename": row.filename,
        "media_type": row.media_type,
        "size": row.size,
        "sha256": row.sha256,
        "channel": row.channel,
        "sender": row.sender,
        "received_at": row.received_at,
        "format": row.format,
        "profile": row.profile,
        "number": row.number,
        "issued_on": row.issued_on,
        "due_on": row.due_on,
        "currency": row.currency or None,
        "due": due_text(row),
        "supplier_name": row.supplier_name,
        "supplier": row.partner_id,
        "matched_by": row.matched_by or None,
        "is_valid": row.is_valid,
        "doubts": [DoubtOut(**one) for one in row.doubts],
        "problems": [FaultOut(**one) for one in row.problems],
        "bill": row.bill_id,
        "duplicate_of": row.duplicate_of_id,
        "reason": row.reason,
    }


def due_text(row: ReceivedDocument) -> str | None:
    """What a paper asks for as decimal text."""
    if row.due_amount is None or not row.currency:
        return None
    return str(Money(row.due_amount, row.currency))
