"""Sending a document by its client's channel: queued here, handed over by a worker."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction as database

from guilder.books.invoicing import queries as invoicing
from guilder.foundation.audit import operations as audit
from guilder.foundation.events import bus
from guilder.foundation.tenancy.ids import uuid7
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.kernel.errors import GuilderError, Invalid
from guilder.office.channels import history, queries
from guilder.office.channels.events import TransmissionQueued
from guilder.office.channels.models import Agreement, Transmission
from guilder.office.dispatch import operations as dispatch
from guilder.office.dispatch.models import Mail
from guilder.registers.parties import queries as parties

MOST_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Sending:
    """What was queued: a mail, or a transmission by the client's channel."""

    mail: Mail | None = None
    transmission: Transmission | None = None

    @property
    def to(self) -> str:
        """Where it goes, in a word for people."""
        if self.mail is not None:
            return self.mail.to
        row = self.transmission
        return row.address or row.channel.name if row is not None else ""


@dataclass(frozen=True, slots=True)
class SentMany:
    """What sending many came to; for each that was refused its id and why."""

    sendings: tuple[Sending, ...]
    refused: tuple[tuple[UUID, str], ...]


def send_invoice(
    invoice_id: UUID,
    *,
    by: Actor,
    at: datetime,
    message: str = "",
    hold: timedelta = timedelta(0),
) -> Sending:
    """Send an issued document as agreed with its client: by their channel, else by mail.

    While one is under way by that channel, it is that one. Raises NotSendable, NoAddress, Invalid,
    NoSuchInvoice.
    """
    by.require("invoice.send")
    with transaction(by.organization_id):
        record = invoicing.get_invoice(invoice_id, by=by)
        if record.status != "issued":
            raise dispatch.NotSendable("A draft cannot be sent. Issue it first.")
        route = queries.route_of(record.partner_id, by=by)
        if route is None:
            mail = dispatch.send_paper(invoice_id, by=by, at=at, message=message, hold=hold)
            return Sending(mail=mail)
        return Sending(transmission=queued(record, route, by=by, at=at, hold=hold))


def send_invoices(
    invoice_ids: Sequence[UUID], *, by: Actor, at: datetime, hold: timedelta = timedelta(0)
) -> SentMany:
    """Send each of some issued documents as agreed; one that is refused stops no other.

    Raises Invalid for more than MOST_AT_ONCE.
    """
    by.require("invoice.send")
    if len(invoice_ids) > MOST_AT_ONCE:
        raise Invalid(f"Send at most {MOST_AT_ONCE} at once.")
    sendings: list[Sending] = []
    refused: list[tuple[UUID, str]] = []
    with transaction(by.organization_id):
        for invoice_id in dict.fromkeys(invoice_ids):
            try:
                with database.atomic():  # what one of them wrote goes when it is refused
                    sendings.append(send_invoice(invoice_id, by=by, at=at, hold=hold))
            except GuilderError as error:
                refused.append((invoice_id, error.detail))
    return SentMany(tuple(sendings), tuple(refused))


def queued(
    record: invoicing.InvoiceRecord,
    route: Agreement,
    *,
    by: Actor,
    at: datetime,
    hold: timedelta,
) -> Transmission:
    """A new transmission, or the one that is under way."""
    rows = Transmission.objects.of(by.organization_id).filter(
        invoice_id=record.id,
        channel_id=route.channel_id,
        content=Transmission.Content.DOCUMENT,
        state__in=["queued", "sending"],
    )
    found = rows.select_related("channel").first()
    if found is not None:
        return found
    partner = parties.get_partner(by.organization_id, record.partner_id, side="customer")
    row = Transmission(
        id=(new := uuid7()),
        organization_id=by.organization_id,
        direction=Transmission.Direction.OUT,
        channel=route.channel,
        transport=route.channel.transport,
        invoice_id=record.id,
        partner_id=record.partner_id,
        document_number=record.number or "",
        number=new.hex,
        address=route.address,
        format=queries.format_of(partner),
        state=Transmission.State.QUEUED,
        next_attempt_at=at + hold,
        created_by_id=by.user_id,
    )
    begin(row, by=by, at=at)
    return row


def begin(row: Transmission, *, by: Actor, at: datetime) -> None:
    """Save it, audit it, tell of it."""
    history.begin(row, by=by, at=at)
    audit.record(
        by=by,
        action="invoice.transmit",
        table="channels_transmission",
        row_id=row.id,
        before=None,
        after={
            "channel": str(row.channel_id),
            "number": row.document_number,
            "address": row.address,
            "format": row.format,
        },
    )
    bus.publish(history.event(TransmissionQueued, row), by=by)
