"""Writing down what became of a transmission: its row and its history move together."""

from datetime import datetime
from typing import Any

from guilder.kernel.actor import Actor
from guilder.office.channels.events import TransmissionEvent
from guilder.office.channels.models import Status, Transmission

LONGEST = 500


def move(
    row: Transmission,
    state: str,
    *,
    by: Actor,
    at: datetime,
    detail: str = "",
    code: str = "",
    **columns: Any,
) -> None:
    """Give a locked transmission its state and further columns, with a line of history."""
    row.state = state
    row.steps += 1
    row.changed_at = at
    if state not in ("queued", "sending"):
        row.next_attempt_at = None
    for name, value in columns.items():
        setattr(row, name, value)
    row.save()
    tell(row, by=by, at=at, detail=detail, code=code)


def begin(row: Transmission, *, by: Actor, at: datetime, detail: str = "") -> None:
    """Save a new transmission with the first line of its history."""
    row.steps = 1
    row.created_at = row.changed_at = at
    row.save(force_insert=True)
    tell(row, by=by, at=at, detail=detail, code="")


def tell(row: Transmission, *, by: Actor, at: datetime, detail: str, code: str) -> None:
    """The line itself."""
    Status.objects.create(
        organization_id=row.organization_id,
        transmission_id=row.id,
        step=row.steps,
        at=at,
        state=row.state,
        code=code[:40],
        detail=detail[:LONGEST].replace("\x00", ""),
        actor_name=by.name if by.user_id else "",
    )


def event(kind: type[TransmissionEvent], row: Transmission, **more: Any) -> Any:
    """An event about a transmission."""
    return kind(
        transmission_id=row.id,
        channel_id=row.channel_id,
        invoice_id=row.invoice_id,
        number=row.document_number,
        **more,
    )
