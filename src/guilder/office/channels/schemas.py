"""The public shapes of channels, agreements and transmissions."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from guilder.office.channels.models import Agreement, Channel, Status, Transmission
from guilder.office.channels.places import path_of


class ChannelOut(msgspec.Struct, kw_only=True):
    """A channel; secrets are never shown, but one that was made with it, in that answer only.
    `path` is where others call it, null where it is not called."""

    id: UUID
    name: str
    transport: str
    settings: dict[str, Any]
    is_active: bool
    receives: bool
    answers: bool
    path: str | None
    problem: str
    problem_at: datetime | None
    looked_at: datetime | None
    created_at: datetime
    secret: str | None
    etag: str


class AgreementOut(msgspec.Struct, kw_only=True):
    """How a client gets documents; without a channel, by mail."""

    client: UUID
    channel: UUID | None
    address: str
    format: str


class StatusOut(msgspec.Struct, kw_only=True):
    """One thing that happened to a transmission; `code` is that of a business response."""

    at: datetime
    state: str
    code: str
    detail: str
    by: str


class TransmissionOut(msgspec.Struct, kw_only=True):
    """One journey of one document. `number` is the same in each try; `document_number` is what
    stands on the document."""

    id: UUID
    direction: str
    content: str
    channel: UUID
    transport: str
    invoice: UUID | None
    client: UUID | None
    answers: UUID | None
    document_number: str
    number: str
    address: str
    format: str
    filename: str
    sha256: str
    size: int
    reference: str
    state: str
    attempts: int
    next_attempt_at: datetime | None
    problem: str
    created_at: datetime
    sent_at: datetime | None
    changed_at: datetime


class TransmissionDetailOut(TransmissionOut, kw_only=True):
    """A transmission with everything that happened to it."""

    statuses: list[StatusOut]


def channel_out(row: Channel, *, is_called: bool, secret: str = "") -> ChannelOut:
    """The shape of a channel."""
    return ChannelOut(
        id=row.id,
        name=row.name,
        transport=row.transport,
        settings=dict(row.settings),
        is_active=row.is_active,
        receives=row.receives,
        answers=row.answers,
        path=path_of(row) if is_called else None,
        problem=row.problem,
        problem_at=row.problem_at,
        looked_at=row.looked_at,
        created_at=row.created_at,
        secret=secret or None,
        etag=f'"{row.version}"',
    )


def agreement_out(partner_id: UUID, row: Agreement | None, *, name: str) -> AgreementOut:
    """The shape of what was agreed."""
    return AgreementOut(
        client=partner_id,
        channel=row.channel_id if row else None,
        address=row.address if row else "",
        format=name,
    )


def status_out(row: Status) -> StatusOut:
    """The shape of one line of history."""
    return StatusOut(
        at=row.at, state=row.state, code=row.code, detail=row.detail, by=row.actor_name
    )


def transmission_values(row: Transmission) -> dict[str, Any]:
    """What both shapes of a transmission hold."""
    return {
        "id": row.id,
        "direction": row.direction,
        "content": row.content,
        "channel": row.channel_id,
        "transport": row.transport,
        "invoice": row.invoice_id,
        "client": row.partner_id,
        "answers": row.answers_id,
        "document_number": row.document_number,
        "number": row.number,
        "address": row.address,
        "format": row.format,
        "filename": row.filename,
        "sha256": row.sha256,
        "size": row.size,
        "reference": row.their_reference,
        "state": row.state,
        "attempts": row.attempts,
        "next_attempt_at": row.next_attempt_at,
        "problem": row.problem,
        "created_at": row.created_at,
        "sent_at": row.sent_at,
        "changed_at": row.changed_at,
    }


def transmission_out(row: Transmission) -> TransmissionOut:
    """The shape of a transmission in a list."""
    return TransmissionOut(**transmission_values(row))


def transmission_detail_out(row: Transmission, history: list[Status]) -> TransmissionDetailOut:
    """The shape of one transmission."""
    statuses = [status_out(one) for one in history]
    return TransmissionDetailOut(**transmission_values(row), statuses=statuses)
