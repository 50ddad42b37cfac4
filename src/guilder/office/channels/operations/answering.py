"""Business responses, both ways: what others say of ours, and what we say of theirs."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import date, datetime
from typing import Any
from uuid import UUID

from guilder.flows.intake.models import ReceivedDocument
from guilder.foundation.audit import operations as audit
from guilder.foundation.events import bus
from guilder.foundation.files import operations as files
from guilder.foundation.tenancy.ids import uuid7
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.kernel.document import Identifier
from guilder.kernel.errors import Conflict, NotFound
from guilder.kernel.wire import Wire
from guilder.office.channels import calc, history, queries
from guilder.office.channels.events import TransmissionAnswered, TransmissionQueued
from guilder.office.channels.models import Status, Transmission
from guilder.papers.exchange.formats import responses
from guilder.papers.exchange.formats.responses import Reason, Response
from guilder.papers.exchange.transports.registry import transport_of
from guilder.registers.parties import queries as parties


class NothingSent(NotFound):
    """The response is about a document that was never sent this way."""

    code = "transmission.nothing_sent"


class NotAnswerable(Conflict):
    """Nothing can be answered to this."""

    code = "transmission.not_answerable"


def note_response(row: Transmission, data: bytes, *, by: Actor, at: datetime) -> Transmission:
    """What the other side says of one of ours moves its transmission; gives that one.

    Raises NoResponse, NothingSent, and what kernel.xml refuses.
    """
    said = responses.read_response(data)
    with transaction(by.organization_id):
        about = found(row, said, by=by)
        told = Transmission.objects.of(by.organization_id).filter(
            answers_id=about.id, direction="in", content="response"
        )
        if told.filter(id=row.id).exists():
            return about
        state = calc.state_after(about.state, said.code)
        words = said.words or ""
        history.move(
            about,
            state,
            by=by,
            at=at,
            detail=words,
            code=said.code,
            problem=words[:500] if state == "rejected" else "",
        )
        bus.publish(
            history.event(
                TransmissionAnswered, about, code=said.code, state=state, reason=words[:300]
            ),
            by=by,
        )
    return about


def found(row: Transmission, said: Response, *, by: Actor) -> Transmission:
    """Our transmission that a response is about: of the same channel, and to who answers where
    the channel knows senders. Raises NothingSent."""
    rows = (
        Transmission.objects.of(by.organization_id)
        .lock()
        .filter(direction="out", content="document", channel_id=row.channel_id)
        .exclude(state__in=[*calc.UNDER_WAY, "stopped"])
    )
    rows = (
        rows.filter(number=said.about)
        if said.is_message
        else rows.filter(document_number=said.about)
    )
    if transport_of(row.transport).needs_address:
        rows = rows.filter(address__iexact=row.address)
    about = rows.order_by("-created_at", "-id").first()
    if about is None:
        raise NothingSent(f"{said.about} was never sent to them this way.")
    return about


def answer(
    transmission_id: UUID, *, by: Actor, data: Mapping[str, Any], at: datetime, on: date
) -> Transmission:
    """Tell the sender of a document what becomes of it: `code`, `reason` and `text`.

    Raises Invalid, NotAnswerable, NoSuchTransmission. A worker sends it by the same channel.
    """
    by.require("document.upload")
    wire = Wire(data)
    wire.known(("code", "reason", "text"))
    code = wire.choice("code", responses.CODES, required=True)
    reason = wire.choice("reason", responses.REASONS) if wire.has("reason") else ""
    text = wire.text("text", most=300, required=code == "RE")
    wire.done()
    with transaction(by.organization_id):
        row = queries.get_transmission(transmission_id, by=by)
        require_answerable(row)
        reasons = (Reason(code=reason, text=text),) if reason or text else ()
        said, number = response_to(row, code=code, reasons=reasons, by=by, on=on)
        made = out_with(row, said, number, by=by, at=at)
        current = Transmission.objects.of(by.organization_id).lock().get(id=row.id)
        history.move(current, calc.ANSWERS[code], by=by, at=at, code=code, detail=text)
        audit.record(
            by=by,
            action="transmission.answer",
            table="channels_transmission",
            row_id=row.id,
            before=None,
            after={"code": code, "reason": reason, "text": text},
        )
    return made


def answer_by_itself(
    sha256: str, *, code: str, text: str = "", by: Actor, at: datetime, on: date
) -> list[Transmission]:
    """Tell whoever sent these bytes what became of them, where the channel answers by itself and
    nothing stronger was said yet; gives the responses. What cannot be answered is left alone."""
    rows = Transmission.objects.of(by.organization_id).filter(
        direction="in", content="document", sha256=sha256, channel__answers=True
    )
    with transaction(by.organization_id):
        known = [row for row in rows.order_by("id") if not was_told(row, code, by=by)]
    made = []
    for row in known:
        with suppress(NotAnswerable):
            data = {"code": code, "text": text[:300]} if text else {"code": code}
            made.append(answer(row.id, by=by, data=data, at=at, on=on))
    return made


def was_told(row: Transmission, code: str, *, by: Actor) -> bool:
    """Whether the sender heard this, or a final word, before; “paid” may follow “accepted”."""
    said = Status.objects.of(by.organization_id).filter(transmission_id=row.id)
    codes = set(said.exclude(code="").values_list("code", flat=True))
    return code in codes or "RE" in codes or (code == "AP" and "PD" in codes)


def require_answerable(row: Transmission) -> None:
    """Raise NotAnswerable where nothing came in, nobody read it, or the way leads in only."""
    is_document = row.direction == "in" and row.content == "document"
    if not is_document or row.state not in ("taken", "accepted", "rejected"):
        raise NotAnswerable("Only a document that came in by a channel can be answered.")
    transport = transport_of(row.transport)
    if not row.channel.is_active or not transport.sends or transport.is_mail:
        raise NotAnswerable("This channel sends nothing. Answer the supplier yourself.")


def response_to(
    row: Transmission, *, code: str, reasons: tuple[Reason, ...], by: Actor, on: date
) -> tuple[bytes, str]:
    """(bytes, number) of a response to a document. Raises NotAnswerable."""
    rows = ReceivedDocument.objects.of(by.organization_id).filter(sha256=row.sha256)
    paper = rows.order_by("place").first()
    if paper is None or not paper.number:
        raise NotAnswerable("The document has no number that could be answered.")
    own = parties.seller_profile(by.organization_id)
    endpoint = Identifier(own.endpoint, own.endpoint_scheme) if own and own.endpoint else None
    number = uuid7().hex
    written = responses.write_response(
        Response(
            number=number,
            code=code,
            about=paper.number,
            issued_on=on,
            sender=participant_of(row, "participant") or endpoint,
            sender_name=own.legal_name if own else by.name,
            receiver=as_identifier(row.address),
            receiver_name=paper.supplier_name,
            reasons=reasons,
        )
    )
    return written, number


def participant_of(row: Transmission, name: str) -> Identifier | None:
    """Our own participant, as the channel has it."""
    return as_identifier(str(row.channel.settings.get(name) or ""))


def as_identifier(text: str) -> Identifier | None:
    """A participant as an electronic address."""
    scheme, colon, value = text.partition(":")
    return Identifier(value, scheme) if colon and len(scheme) == 4 and value else None


def out_with(
    row: Transmission, data: bytes, number: str, *, by: Actor, at: datetime
) -> Transmission:
    """Queue the response by the channel that the document came by, to who sent it."""
    file = files.store(
        data, by=by, filename=f"response-{number[-12:]}.xml", media_type="application/xml"
    )
    made = Transmission(
        organization_id=by.organization_id,
        direction=Transmission.Direction.OUT,
        content=Transmission.Content.RESPONSE,
        channel=row.channel,
        transport=row.transport,
        answers=row,
        document_number=row.document_number,
        number=number,
        address=row.address if transport_of(row.transport).needs_address else "",
        format="response",
        filename=file.filename,
        media_type=file.media_type,
        file=file,
        sha256=file.sha256,
        size=file.size,
        state=Transmission.State.QUEUED,
        next_attempt_at=at,
        created_by_id=by.user_id,
    )
    history.begin(made, by=by, at=at)
    bus.publish(history.event(TransmissionQueued, made), by=by)
    return made
