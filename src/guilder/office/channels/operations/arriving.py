"""What comes in: its bytes are kept before anybody is answered, then it is handed on."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from guilder.flows.intake import operations as intake
from guilder.foundation.edges import secrets, uploads
from guilder.foundation.events import bus
from guilder.foundation.files import operations as files
from guilder.foundation.files import queries as stored
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.kernel.errors import GuilderError, Unavailable
from guilder.office.channels import history, places, queries
from guilder.office.channels.events import TransmissionReceived, TransmissionRefused
from guilder.office.channels.models import Channel, Transmission
from guilder.office.channels.operations.answering import note_response
from guilder.papers.exchange.formats import responses
from guilder.papers.exchange.transports.base import Answer, Arrival, Called
from guilder.papers.exchange.transports.registry import transport_of

XML, PDF = "application/xml", "application/pdf"
MAIL = "message/rfc822"
INTAKE_WAYS = frozenset(("folder", "sftp", "http", "as4"))


def take_call(
    channel: Channel, *, headers: Mapping[str, str], body: bytes, by: Actor, at: datetime
) -> Answer:
    """A call from outside: understood, kept, and only then answered. Call it outside transactions.

    Raises NotGenuine and the refusals of the transport.
    """
    transport = transport_of(channel.transport)
    taken = transport.take(Called(headers=headers, body=body), places.place_of(channel, at=at))
    if taken.arrival is not None:
        keep_arrival(channel, taken.arrival, by=by, at=at)
    return taken.answer


def collect(channel_id: UUID, *, by: Actor, at: datetime) -> int:
    """Pick up what waits at a channel; how much was new. Call it outside transactions.

    Each is kept here before it is taken away there, so a crash in between costs nothing. What goes
    wrong is told on the channel.
    """
    by.require("document.upload")
    with transaction(by.organization_id):
        channel = queries.channel_of(channel_id, by=by)
    if not channel.is_active or not channel.receives:
        return 0
    count, problem = 0, ""
    try:
        transport = transport_of(channel.transport)
        place = places.place_of(channel, at=at)
        for arrival in transport.collect(place):
            count += keep_arrival(channel, arrival, by=by, at=at)
            transport.keep(arrival, place)
    except (GuilderError, secrets.CannotOpen) as error:
        problem = error.detail
    note_look(channel, by=by, at=at, problem=problem)
    return count


def note_look(channel: Channel, *, by: Actor, at: datetime, problem: str) -> None:
    """When it was looked at last, and since when that goes wrong."""
    with transaction(by.organization_id):
        Channel.objects.of(by.organization_id).filter(id=channel.id).update(
            looked_at=at,
            problem=problem[:500],
            problem_at=(channel.problem_at or at) if problem else None,
        )


def keep_arrival(channel: Channel, arrival: Arrival, *, by: Actor, at: datetime) -> bool:
    """Keep what came, once: the same number at the same channel is the same document. Whether it
    was new."""
    by.require("document.upload")
    name = arrival.filename.strip() or "document.xml"
    with transaction(by.organization_id):
        # Two at once wait for each other here, so that the second sees the first.
        Channel.objects.of(by.organization_id).lock().get(id=channel.id)
        rows = Transmission.objects.of(by.organization_id).filter(
            channel_id=channel.id, direction="in", number=arrival.number
        )
        if rows.exists():
            return False
        kind = arrival.media_type or (PDF if arrival.data.startswith(b"%PDF") else XML)
        file = files.store(arrival.data, by=by, filename=name, media_type=kind)
        is_response = kind != MAIL and responses.is_response(arrival.data)
        row = Transmission(
            organization_id=by.organization_id,
            direction=Transmission.Direction.IN,
            content=Transmission.Content.RESPONSE if is_response else "document",
            channel=channel,
            transport=channel.transport,
            number=arrival.number,
            address=arrival.sender[:300],
            filename=file.filename,
            media_type=file.media_type,
            file=file,
            sha256=file.sha256,
            size=file.size,
            state=Transmission.State.RECEIVED,
        )
        history.begin(row, by=by, at=at)
        if arrival.problem:
            note_refusal(row, by=by, at=at, reason=arrival.problem)
        else:
            bus.publish(history.event(TransmissionReceived, row), by=by)
    return True


def hand_on(transmission_id: UUID, *, by: Actor, at: datetime) -> None:
    """Give what came to who reads it: a response to its transmission, a document to intake.

    Call it outside transactions. Raises Unavailable where it has to be tried again.
    """
    by.require("document.upload")
    row = queries.get_transmission(transmission_id, by=by)
    if row.state != Transmission.State.RECEIVED or row.file_id is None:
        return
    data = stored.read(row.file_id, by=by)
    about, detail = None, ""
    try:
        if row.content == Transmission.Content.RESPONSE:
            about, number = note_response(row, data, by=by, at=at), ""
        elif row.media_type == MAIL:
            number, detail = received_mail(row, data, by=by, at=at)
        else:
            number = received(row, data, by=by, at=at)
    except Unavailable:
        raise
    except (GuilderError, uploads.BadUpload) as error:
        refuse(row, by=by, at=at, reason=error.detail)
        return
    with transaction(by.organization_id):
        current = Transmission.objects.of(by.organization_id).lock().get(id=row.id)
        if current.state == Transmission.State.RECEIVED:
            history.move(
                current,
                "taken",
                by=by,
                at=at,
                detail=detail,
                answers=about,
                document_number=(number or current.document_number)[:100],
            )


def received(row: Transmission, data: bytes, *, by: Actor, at: datetime) -> str:
    """Hand a document to intake; its number. Raises what intake refuses."""
    way = row.transport if row.transport in INTAKE_WAYS else "http"
    receipt = intake.receive(data, name=row.filename, channel=way, by=by, at=at, sender=row.address)
    return next((one.number for one in receipt.documents if one.number), "")


def received_mail(row: Transmission, data: bytes, *, by: Actor, at: datetime) -> tuple[str, str]:
    """(number, what was left aside) of the files enclosed in a mail. Raises what intake refuses,
    the first refusal where it takes none of them."""
    found = intake.receive_mail(data, by=by, at=at, channel="mail", sender=row.address)
    errors = [(one.name, one.error) for one in found if one.error is not None]
    if len(errors) == len(found) and errors:
        raise errors[0][1]
    numbers = (paper.number for one in found for paper in one.documents if paper.number)
    return next(numbers, ""), " ".join(f"{name}: {error.detail}" for name, error in errors)


def refuse(row: Transmission, *, by: Actor, at: datetime, reason: str) -> None:
    """Nobody here can read it: a person is told, its bytes stay."""
    with transaction(by.organization_id):
        current = Transmission.objects.of(by.organization_id).lock().get(id=row.id)
        if current.state == Transmission.State.RECEIVED:
            note_refusal(current, by=by, at=at, reason=reason)


def note_refusal(row: Transmission, *, by: Actor, at: datetime, reason: str) -> None:
    """Bring a row that is held into its last state, and tell of it."""
    history.move(row, "refused", by=by, at=at, detail=reason, problem=reason[:500])
    bus.publish(history.event(TransmissionRefused, row, reason=reason[:300]), by=by)
