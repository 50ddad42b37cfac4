"""The public shapes of endpoints and deliveries."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from guilder.office.webhooks.calc import message_name
from guilder.office.webhooks.models import Attempt, Delivery, Endpoint


class EndpointOut(msgspec.Struct, kw_only=True):
    """An endpoint; `types` is empty where it hears of everything. `secret` is shown when it is made
    and when it is rotated, and never again."""

    id: UUID
    name: str
    url: str
    types: list[str]
    api_version: str
    is_active: bool
    disabled_at: datetime | None
    disabled_because: str
    failing_since: datetime | None
    last_success_at: datetime | None
    created_at: datetime
    previous_until: datetime | None
    secret: str | None
    etag: str


class AttemptOut(msgspec.Struct, kw_only=True):
    """One call; `status` is null where no answer came, and `problem` says why."""

    number: int
    at: datetime
    milliseconds: int
    status: int | None
    problem: str
    request_headers: dict[str, str]
    response_headers: dict[str, str]
    response_text: str


class DeliveryOut(msgspec.Struct, kw_only=True):
    """A message on its way to an endpoint: waiting, delivered, failed or stopped."""

    id: UUID
    endpoint: UUID
    message: str
    event: UUID | None
    type: str
    sequence: int
    state: str
    attempts: int
    last_status: int | None
    problem: str
    next_attempt_at: datetime | None
    created_at: datetime
    finished_at: datetime | None


class DeliveryDetailOut(DeliveryOut, kw_only=True):
    """A delivery with the exact body that is sent, and every attempt."""

    body: str
    tries: list[AttemptOut]


def endpoint_out(row: Endpoint, *, secret: str | None = None) -> EndpointOut:
    """The shape of an endpoint."""
    return EndpointOut(
        id=row.id,
        name=row.name,
        url=row.url,
        types=list(row.types),
        api_version=row.api_version,
        is_active=row.is_active,
        disabled_at=row.disabled_at,
        disabled_because=row.disabled_because,
        failing_since=row.failing_since,
        last_success_at=row.last_success_at,
        created_at=row.created_at,
        previous_until=row.previous_until,
        secret=secret,
        etag=f'"{row.version}"',
    )


def attempt_out(row: Attempt) -> AttemptOut:
    """The shape of one call."""
    return AttemptOut(
        number=row.number,
        at=row.at,
        milliseconds=row.milliseconds,
        status=row.status,
        problem=row.problem,
        request_headers=row.request_head,
        response_headers=row.response_head,
        response_text=row.response_text,
    )


def delivery_values(row: Delivery) -> dict[str, Any]:
    """What both shapes of a delivery hold; it was read with its message."""
    return {
        "id": row.id,
        "endpoint": row.endpoint_id,
        "message": message_name(row.message_id.hex),
        "event": row.message.event_id,
        "type": row.message.type,
        "sequence": row.message.sequence,
        "state": row.state,
        "attempts": row.attempts,
        "last_status": row.last_status,
        "problem": row.problem,
        "next_attempt_at": row.next_attempt_at,
        "created_at": row.created_at,
        "finished_at": row.finished_at,
    }


def delivery_out(row: Delivery) -> DeliveryOut:
    """The shape of a delivery in a list."""
    return DeliveryOut(**delivery_values(row))


def delivery_detail_out(row: Delivery, tries: list[Attempt]) -> DeliveryDetailOut:
    """The shape of one delivery."""
    return DeliveryDetailOut(
        **delivery_values(row), body=row.message.body, tries=[attempt_out(one) for one in tries]
    )
