"""The public shapes of billing records."""

from datetime import date, datetime
from uuid import UUID

import msgspec

from guilder.office.verifactu.models import Chain, Record, Waiting


class ChainOut(msgspec.Struct, kw_only=True):
    """Whether records are kept, since when, and the head of their chain."""

    is_on: bool
    producer: str
    producer_nif: str
    count: int
    fingerprint: str
    began_at: datetime | None
    on_since: datetime | None
    etag: str


class RecordOut(msgspec.Struct, kw_only=True):
    """A record; `issued_on`, `tax` and `total` are texts as they were fingerprinted."""

    id: UUID
    position: int
    invoice_id: UUID
    nif: str
    number: str
    issued_on: str
    kind: str
    tax: str
    total: str
    previous: str
    generated: str
    fingerprint: str


class MissingOut(msgspec.Struct, kw_only=True):
    """What a document lacks for its record."""

    pointer: str
    code: str
    detail: str


class WaitingOut(msgspec.Struct, kw_only=True):
    """An issued document whose record cannot be made yet, and why."""

    id: UUID
    invoice_id: UUID
    number: str
    issued_on: date
    since_at: datetime
    tried_at: datetime
    problems: list[MissingOut]


def chain_out(row: Chain | None) -> ChainOut:
    """The shape of a chain, and of none."""
    return ChainOut(
        is_on=bool(row and row.is_on),
        producer=row.producer if row else "",
        producer_nif=row.producer_nif if row else "",
        count=row.count if row else 0,
        fingerprint=row.fingerprint if row else "",
        began_at=row.began_at if row else None,
        on_since=row.on_since if row else None,
        etag=f'"{row.version if row else 0}"',
    )


def record_out(row: Record) -> RecordOut:
    """The shape of a record."""
    return RecordOut(**{name: getattr(row, name) for name in RecordOut.__struct_fields__})


def waiting_out(row: Waiting) -> WaitingOut:
    """The shape of a document that waits."""
    return WaitingOut(
        id=row.id,
        invoice_id=row.invoice_id,
        number=row.number,
        issued_on=row.issued_on,
        since_at=row.since_at,
        tried_at=row.tried_at,
        problems=[MissingOut(**one) for one in row.problems],
    )
