"""Taking a transmission back, and sending one again."""

from datetime import datetime
from uuid import UUID

from guilder.foundation.audit import operations as audit
from guilder.foundation.events import bus
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.kernel.errors import Conflict
from guilder.office.channels import history, queries
from guilder.office.channels.events import TransmissionQueued, TransmissionStopped
from guilder.office.channels.models import Transmission
from guilder.office.channels.operations.delivering import locked


class TooLate(Conflict):
    """What it is now does not allow that."""

    code = "transmission.too_late"


def cancel_transmission(transmission_id: UUID, *, by: Actor, at: datetime) -> Transmission:
    """Stop a transmission that waits; TooLate when a server has it. Twice is once."""
    by.require("invoice.send")
    with transaction(by.organization_id):
        row = seen(transmission_id, by=by)
        if row.state == Transmission.State.STOPPED:
            return row
        if not row.may_stop:
            raise TooLate("It is too late to stop this: it is on its way or has arrived.")
        history.move(row, "stopped", by=by, at=at)
        note(row, by=by, action="transmission.stop")
        bus.publish(history.event(TransmissionStopped, row), by=by)
        return row


def retry_transmission(transmission_id: UUID, *, by: Actor, at: datetime) -> Transmission:
    """Send the same bytes again, now, under the same number; TooLate where it is under way.

    One that was rejected is sent anew under a number of its own by `send_invoice`.
    """
    by.require("invoice.send")
    with transaction(by.organization_id):
        row = seen(transmission_id, by=by)
        if row.state not in ("failed", "stopped"):
            raise TooLate("Only what failed or was stopped is sent again.")
        if row.invoice_id and another_under_way(row):
            raise TooLate("The same document is on its way by this channel already.")
        history.move(
            row, "queued", by=by, at=at, attempts=0, problem="", next_attempt_at=at, mail=None
        )
        note(row, by=by, action="transmission.retry")
        bus.publish(history.event(TransmissionQueued, row), by=by)
        return row


def another_under_way(row: Transmission) -> bool:
    """Whether a newer transmission of the same document by the same channel is not done yet."""
    rows = Transmission.objects.of(row.organization_id).filter(
        invoice_id=row.invoice_id,
        channel_id=row.channel_id,
        content=row.content,
        state__in=["queued", "sending"],
    )
    return rows.exclude(id=row.id).exists()


def seen(transmission_id: UUID, *, by: Actor) -> Transmission:
    """The transmission under lock, where this actor may see it. Raises NoSuchTransmission."""
    queries.get_transmission(transmission_id, by=by)
    row = locked(transmission_id, by=by)
    if row is None or row.direction != Transmission.Direction.OUT:
        raise queries.NoSuchTransmission("There is no such transmission.")
    return row


def note(row: Transmission, *, by: Actor, action: str) -> None:
    """The audit entry."""
    audit.record(
        by=by,
        action=action,
        table="channels_transmission",
        row_id=row.id,
        before=None,
        after={"number": row.document_number, "state": row.state},
    )
