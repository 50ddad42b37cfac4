"""By which channel a client gets documents."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from guilder.foundation.audit import operations as audit
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.kernel.errors import GuilderError
from guilder.kernel.wire import Wire
from guilder.office.channels import queries
from guilder.office.channels.models import Agreement, Channel
from guilder.papers.exchange.transports.registry import transport_of
from guilder.registers.parties import operations as partners
from guilder.registers.parties import queries as parties
from guilder.registers.parties.schemas import DELIVERY_FORMATS


def set_agreement(
    partner_id: UUID, *, by: Actor, data: Mapping[str, Any], at: datetime
) -> Agreement | None:
    """Agree on `channel`, `address` there and `format`; without a channel, it is mail again.

    Raises Invalid with every fault, NoSuchPartner, NoSuchChannel.
    """
    by.require("partner.edit")
    wire = Wire(data)
    wire.known(("channel", "address", "format"))
    channel_id = wire.identity("channel")
    address = wire.text("address", most=300)
    chosen = wire.choice("format", DELIVERY_FORMATS) if wire.has("format") else ""
    with transaction(by.organization_id):
        partner = parties.get_partner(by.organization_id, partner_id, side="customer")
        format_now = chosen or queries.format_of(partner)
        channel = queries.channel_of(channel_id, by=by) if channel_id else None
        if channel is not None:
            address = judged(wire, channel, address, format_now)
        wire.done()
        if chosen and chosen != queries.format_of(partner):
            changes = {"delivery_format": chosen}
            partners.update_partner(partner_id, by=by, side="customer", data=changes, at=at)
        return written(partner_id, channel, address, by=by)


def judged(wire: Wire, channel: Channel, address: str, name: str) -> str:
    """The address as its transport has it; faults go to `wire`."""
    transport = transport_of(channel.transport)
    if not channel.is_active:
        wire.fault("channel", "channel.off", "This channel is switched off. Choose another.")
    if not transport.sends:
        wire.fault("channel", "channel.sends_nothing", "Nothing goes out by this channel.")
    if transport.only_xml and not queries.is_xml(name):
        wire.fault(
            "format", "not_xml", f"{transport.title} carries XML only. Choose such a format."
        )
    if transport.needs_address and not address:
        wire.fault("address", "required", f"Enter an address, such as {transport.address_hint}.")
        return ""
    try:
        return transport.check_address(address)
    except GuilderError as error:
        wire.fault("address", "not_an_address", error.detail)
        return ""


def written(
    partner_id: UUID, channel: Channel | None, address: str, *, by: Actor
) -> Agreement | None:
    """The row, changed, made or taken away, with its audit entry."""
    rows = Agreement.objects.of(by.organization_id).filter(partner_id=partner_id)
    row = rows.lock().first()
    before = {"channel": str(row.channel_id), "address": row.address} if row else None
    if channel is None:
        rows.delete()
        row = None
    elif row is None:
        row = Agreement.objects.create(
            organization_id=by.organization_id,
            partner_id=partner_id,
            channel=channel,
            address=address,
        )
    else:
        row.channel, row.address, row.version = channel, address, row.version + 1
        row.save()
    after = {"channel": str(row.channel_id), "address": row.address} if row else None
    if before != after:
        audit.record(
            by=by,
            action="client.channel",
            table="parties_partner",
            row_id=partner_id,
            before=before,
            after=after,
        )
    return row
