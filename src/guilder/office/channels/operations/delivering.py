"""Handing a transmission over: take it, send outside of any transaction, note the outcome."""

import logging
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings

from guilder.books.invoicing import operations as invoicing
from guilder.foundation.edges import secrets
from guilder.foundation.events import bus
from guilder.foundation.files import operations as files
from guilder.foundation.files import queries as stored
from guilder.foundation.identity import queries as identity
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.kernel.errors import GuilderError, Unavailable
from guilder.office.channels import calc, history, places, queries
from guilder.office.channels.events import TransmissionFailed, TransmissionSent
from guilder.office.channels.models import Transmission
from guilder.office.dispatch import operations as dispatch
from guilder.papers.exchange.transports.base import Handed, Parcel, Temporary
from guilder.papers.exchange.transports.registry import transport_of

logger = logging.getLogger("guilder.channels")


def transmit(transmission_id: UUID, *, by: Actor, at: datetime) -> bool:
    """Try one transmission that is due; False when there was nothing to do.

    Takes it (commit), makes the bytes with the first try (commit), hands them over, notes the
    outcome (commit). Killed in between, it is tried again after the lease with the same number.
    """
    by.require("invoice.send")
    row = take(transmission_id, by=by, at=at)
    if row is None:
        return False
    try:
        row = with_bytes(row, by=by, at=at)
        transport = transport_of(row.transport)
        if transport.is_mail:
            hand_to_mail(row, by=by, at=at)
            return True
        handed = transport.send(parcel_of(row, by=by), places.place_of(row.channel, at=at))
    except GuilderError as error:
        is_final = not isinstance(error, Unavailable | secrets.CannotOpen)
        note_failure(row, by=by, at=at, reason=error.detail, is_final=is_final)
        return True
    note_handed(row, handed, by=by, at=at)
    return True


def take(transmission_id: UUID, *, by: Actor, at: datetime) -> Transmission | None:
    """Claim a due transmission for the lease; None when it is not due or somebody else has it."""
    with transaction(by.organization_id):
        row = locked(transmission_id, by=by)
        if row is None or row.state not in calc.UNDER_WAY:
            return None
        if row.next_attempt_at is None or row.next_attempt_at > at:
            return None
        if not row.channel.is_active:
            fail(row, by=by, at=at, reason="The channel is switched off.")
            return None
        if row.attempts > len(calc.STEPS):
            reason = f"It was tried {row.attempts} times, and no try came to an end."
            fail(row, by=by, at=at, reason=reason)
            return None
        lease = timedelta(seconds=settings.CHANNEL_LEASE)
        history.move(
            row,
            "sending",
            by=by,
            at=at,
            attempts=row.attempts + 1,
            next_attempt_at=at + lease,
        )
        return row


def locked(transmission_id: UUID, *, by: Actor) -> Transmission | None:
    """The transmission under lock, with its channel."""
    rows = Transmission.objects.of(by.organization_id).lock().select_related("channel")
    return rows.filter(id=transmission_id).first()


def with_bytes(row: Transmission, *, by: Actor, at: datetime) -> Transmission:
    """The bytes are made once, kept, and are the same in every try. Raises what writing raises."""
    if row.file_id is not None or row.invoice_id is None:
        return row
    data, filename, media_type = written(row, by=by, at=at)
    with transaction(by.organization_id):
        file = files.store(data, by=by, filename=filename, media_type=media_type)
        current = locked(row.id, by=by)
        if current is None or current.file_id is not None:
            return current or row
        current.file, current.sha256, current.size = file, file.sha256, file.size
        current.filename, current.media_type = file.filename, file.media_type
        current.save()
        return current


def written(row: Transmission, *, by: Actor, at: datetime) -> tuple[bytes, str, str]:
    """(bytes, name, media type) of the document in the client's format."""
    invoice_id, name = row.invoice_id, row.format
    if invoice_id is None:
        raise Temporary("It has no document.")
    if queries.is_xml(name):
        made = dispatch.write_einvoice(invoice_id, by=by, at=at, name=name)
        return made.data, made.filename, made.media_type
    if name == "pdf":
        printed = dispatch.print_paper(invoice_id, by=by, at=at)
    else:
        printed = dispatch.print_hybrid(invoice_id, by=by, at=at, name=name)
    return printed.pdf, printed.filename, "application/pdf"


def parcel_of(row: Transmission, *, by: Actor) -> Parcel:
    """What the transport gets."""
    if row.file_id is None:
        raise Temporary("Its bytes are not there yet.")
    return Parcel(
        number=row.number,
        filename=row.filename,
        media_type=row.media_type,
        data=stored.read(row.file_id, by=by),
        address=row.address,
        format=row.format,
        country=identity.get_organization(by.organization_id).country,
    )


def hand_to_mail(row: Transmission, *, by: Actor, at: datetime) -> None:
    """Queue a mail with the e-invoice; what becomes of the mail becomes of the transmission."""
    with transaction(by.organization_id):
        current = locked(row.id, by=by)
        if current is None or current.invoice_id is None or current.mail_id is not None:
            return
        is_pdf = current.media_type == "application/pdf"
        wish = dispatch.Wish(
            to=[current.address] if current.address else [],
            has_paper=bool(current.channel.settings.get("with_pdf")) and not is_pdf,
            files=[current.file_id] if current.file_id else [],
        )
        mail = dispatch.send_paper(current.invoice_id, by=by, at=at, wish=wish)
        # From here on the mail has its own retries; the lease only covers a lost word of it.
        later = at + timedelta(days=4)
        history.move(
            current, "sending", by=by, at=at, detail=mail.to, mail=mail, next_attempt_at=later
        )


def note_handed(row: Transmission, handed: Handed, *, by: Actor, at: datetime) -> None:
    """The other side has it. A transmission that was taken anew meanwhile keeps the newer word."""
    with transaction(by.organization_id):
        current = locked(row.id, by=by)
        if current is None or current.attempts != row.attempts or current.state != "sending":
            return
        evidence = None
        if handed.evidence:
            evidence = files.store(
                handed.evidence,
                by=by,
                filename=f"receipt-{row.number[-12:]}.txt",
                media_type="application/octet-stream",
            )
        arrived(
            current,
            handed.state,
            by=by,
            at=at,
            detail=handed.detail,
            their_reference=handed.reference[:300],
            evidence=evidence,
        )


def arrived(
    row: Transmission, state: str, *, by: Actor, at: datetime, detail: str = "", **columns: Any
) -> None:
    """It left the house: state, document and event; the row is locked."""
    history.move(
        row, state, by=by, at=at, detail=detail, problem="", sent_at=row.sent_at or at, **columns
    )
    if row.invoice_id is not None:
        invoicing.mark_sent(row.invoice_id, by=by, at=at)
    bus.publish(history.event(TransmissionSent, row), by=by)


def note_failure(
    row: Transmission, *, by: Actor, at: datetime, reason: str, is_final: bool
) -> None:
    """Put it off, or give up and tell a person."""
    with transaction(by.organization_id):
        current = locked(row.id, by=by)
        if current is None or current.attempts != row.attempts or current.state != "sending":
            return
        later = None if is_final else calc.next_attempt(current.attempts, at=at)
        if later is None:
            fail(current, by=by, at=at, reason=reason)
            return
        history.move(
            current,
            "queued",
            by=by,
            at=at,
            detail=reason,
            problem=reason[:500],
            next_attempt_at=later,
        )


def fail(row: Transmission, *, by: Actor, at: datetime, reason: str) -> None:
    """It is not tried again by itself; the row is locked."""
    logger.warning("transmission failed", extra={"transmission": str(row.id)})
    history.move(row, "failed", by=by, at=at, detail=reason, problem=reason[:500])
    bus.publish(history.event(TransmissionFailed, row, reason=reason[:300]), by=by)


def follow_mail(mail_id: UUID, *, by: Actor, at: datetime, state: str, reason: str = "") -> None:
    """What became of a mail that carries a transmission; nothing for any other mail."""
    by.require("invoice.send")
    with transaction(by.organization_id):
        rows = Transmission.objects.of(by.organization_id).lock().select_related("channel")
        row = rows.filter(mail_id=mail_id).first()
        if row is None or row.state == state:
            return
        if state == "sent":
            if row.state == "sending":
                arrived(row, "sent", by=by, at=at)
        elif row.state in ("sending", "sent"):
            fail(row, by=by, at=at, reason=reason)
