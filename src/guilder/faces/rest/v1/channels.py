"""/channels/ and /transmissions/: by which ways documents travel, and each journey of one."""

from typing import Any
from uuid import UUID

import msgspec
from django.http import HttpResponse

from guilder.faces.rest.listing import Filter, Listing, answer_of, page_of_records, read_query
from guilder.faces.rest.routes import Call, file_answer, route
from guilder.faces.rest.v1.webhooks import NothingIn, nothing, several
from guilder.office.channels import operations, queries
from guilder.office.channels.models import Channel
from guilder.office.channels.schemas import (
    AgreementOut,
    ChannelOut,
    TransmissionDetailOut,
    TransmissionOut,
    agreement_out,
    channel_out,
    transmission_detail_out,
    transmission_out,
)
from guilder.registers.parties import queries as parties

VIEW, EDIT = "settings.view", "settings.edit"
EXAMPLE = {
    "name": "Acme’s server",
    "transport": "sftp",
    "settings": {"host": "sftp.acme.example", "user": "northlight", "password": "…"},
}
TRANSMISSIONS = Listing(
    shape=TransmissionOut,
    filters={
        "state": Filter("states"),
        "direction": Filter("direction", operators=("",)),
        "invoice": Filter("invoice_id", "id", ("",)),
        "client": Filter("partner_id", "id", ("",)),
        "channel": Filter("channel_id", "id", ("",)),
    },
    sorts={"created_at": "id"},
    kinds={"created_at": "text"},
    is_newest_first=True,
)
PART = (("part", "`evidence` for the receipt that the other side signed; else what travelled."),)


class ChannelsOut(msgspec.Struct):
    """All channels, the oldest first."""

    data: list[ChannelOut]
    next: str | None


class TransportFieldOut(msgspec.Struct):
    """One setting of a transport."""

    name: str
    label: str
    kind: str
    hint: str
    is_required: bool
    default: str
    choices: list[str]


class TransportOut(msgspec.Struct):
    """A way of travelling that this installation knows."""

    name: str
    title: str
    sends: bool
    collects: bool
    is_called: bool
    only_xml: bool
    needs_address: bool
    address_hint: str
    fields: list[TransportFieldOut]


class TransportsOut(msgspec.Struct):
    """All ways of travelling."""

    data: list[TransportOut]
    next: str | None


class ChannelIn(msgspec.Struct, omit_defaults=True, forbid_unknown_fields=True):
    """A channel; which settings there are, `GET channels/transports/` tells."""

    name: str
    transport: str
    settings: dict[str, Any] = {}
    is_active: bool = True
    receives: bool = True
    answers: bool = False


class ChannelPatch(msgspec.Struct, omit_defaults=True, forbid_unknown_fields=True):
    """What changes; settings that are not named stay, and so do secrets."""

    name: str = ""
    settings: dict[str, Any] = {}
    is_active: bool = True
    receives: bool = True
    answers: bool = False


class TriedOut(msgspec.Struct):
    """What the other side said."""

    detail: str


class AgreementIn(msgspec.Struct, omit_defaults=True, forbid_unknown_fields=True):
    """By which channel a client gets documents, under which address there, in which format;
    without a channel, by mail."""

    channel: UUID | None = None
    address: str = ""
    format: str = ""


class ResponseIn(msgspec.Struct, omit_defaults=True, forbid_unknown_fields=True):
    """What becomes of a document that came in: AB taken note of, IP in process, UQ under query, CA
    accepted with conditions, RE rejected, AP accepted, PD paid."""

    code: str
    reason: str = ""
    text: str = ""


@route("GET", "channels/", permission=VIEW, answer=ChannelsOut)
def list_channels(call: Call) -> Any:
    """List channels"""
    call.by.require(VIEW)
    return answer_of([shaped(row) for row in queries.list_channels(by=call.by)], None)


@route("GET", "channels/transports/", permission=VIEW, answer=TransportsOut)
def list_transports(call: Call) -> Any:
    """List the ways of travelling with their settings"""
    call.by.require(VIEW)
    return answer_of([transport_out(one) for one in queries.transports().values()], None)


@route("POST", "channels/", permission=EDIT, body=ChannelIn, answer=ChannelOut, example=EXAMPLE)
def create_channel(call: Call) -> ChannelOut:
    """Make a channel; a secret that is made with it is in this answer only"""
    row, secret = operations.create_channel(by=call.by, data=call.body, at=call.at)
    call.place(f"channels/{row.id}/")
    return shaped(row, secret=secret)


@route("GET", "channels/{id}/", permission=VIEW, answer=ChannelOut)
def read_channel(call: Call) -> ChannelOut:
    """Read a channel"""
    return shaped(queries.get_channel(call.id, by=call.by))


@route(
    "PATCH",
    "channels/{id}/",
    permission=EDIT,
    body=ChannelPatch,
    answer=ChannelOut,
    example={"is_active": False},
)
def update_channel(call: Call) -> ChannelOut:
    """Change a channel, or switch it on or off"""
    row = operations.update_channel(
        call.id, by=call.by, data=call.body, at=call.at, version=call.version
    )
    return shaped(row)


@route("DELETE", "channels/{id}/", permission=EDIT, answer=None)
def delete_channel(call: Call) -> None:
    """Delete a channel that nothing used"""
    operations.delete_channel(call.id, by=call.by, version=call.version)


@route(
    "POST",
    "channels/{id}/try/",
    permission=EDIT,
    body=NothingIn,
    answer=TriedOut,
    is_bare=True,
    example={},
)
def try_channel(call: Call) -> TriedOut:
    """See whether a channel works; no document is sent"""
    nothing(call)
    return TriedOut(operations.try_channel(call.id, by=call.by, at=call.at))


@route("GET", "clients/{id}/channel/", permission="partner.view", answer=AgreementOut)
def read_client_channel(call: Call) -> AgreementOut:
    """Read how a client gets documents"""
    call.by.require("partner.view")
    return agreed(call)


@route(
    "PUT",
    "clients/{id}/channel/",
    permission="partner.edit",
    body=AgreementIn,
    answer=AgreementOut,
    example={"format": "peppol", "address": "9930:DE123456789", "channel": None},
)
def set_client_channel(call: Call) -> AgreementOut:
    """Agree on how a client gets documents"""
    operations.set_agreement(call.id, by=call.by, data=call.body, at=call.at)
    return agreed(call)


@route(
    "GET",
    "transmissions/",
    permission="invoice.view",
    answer=TransmissionOut,
    listing=TRANSMISSIONS,
)
def list_transmissions(call: Call) -> Any:
    """List transmissions, out and in"""
    query = read_query(call.request.GET, listing=TRANSMISSIONS)
    found = queries.list_transmissions(
        by=call.by,
        states=several(query.where, "state"),
        direction=query.where.get("direction", ""),
        invoice_id=query.where.get("invoice"),
        partner_id=query.where.get("client"),
        channel_id=query.where.get("channel"),
        before_id=query.after[1] if query.after else None,
        limit=query.limit + 1,
    )
    return page_of_records(found, query, shape=transmission_out)


@route("GET", "transmissions/{id}/", permission="invoice.view", answer=TransmissionDetailOut)
def read_transmission(call: Call) -> TransmissionDetailOut:
    """Read a transmission with everything that happened to it"""
    row = queries.get_transmission(call.id, by=call.by)
    return transmission_detail_out(row, queries.history_of([row.id], by=call.by)[row.id])


@route("GET", "transmissions/{id}/bytes/", permission="invoice.view", answer=bytes, query=PART)
def read_transmission_bytes(call: Call) -> HttpResponse:
    """Get the exact bytes that travelled"""
    is_evidence = call.request.GET.get("part") == "evidence"
    found = queries.bytes_of(call.id, by=call.by, evidence=is_evidence)
    return file_answer(found.data, media_type=found.media_type, filename=found.filename)


@route(
    "POST",
    "transmissions/{id}/retry/",
    permission="invoice.send",
    body=NothingIn,
    answer=TransmissionOut,
    example={},
)
def retry_transmission(call: Call) -> TransmissionOut:
    """Send it again, now, under the same number"""
    nothing(call)
    return transmission_out(operations.retry_transmission(call.id, by=call.by, at=call.at))


@route(
    "POST",
    "transmissions/{id}/cancel/",
    permission="invoice.send",
    body=NothingIn,
    answer=TransmissionOut,
    example={},
)
def cancel_transmission(call: Call) -> TransmissionOut:
    """Take it back while no server has it"""
    nothing(call)
    return transmission_out(operations.cancel_transmission(call.id, by=call.by, at=call.at))


@route(
    "POST",
    "transmissions/{id}/answer/",
    permission="document.upload",
    body=ResponseIn,
    answer=TransmissionOut,
    status=202,
    example={"code": "RE", "reason": "REF", "text": "Our order number is missing."},
)
def answer_transmission(call: Call) -> TransmissionOut:
    """Tell the sender what becomes of a document that came in"""
    made = operations.answer(call.id, by=call.by, data=call.body, at=call.at, on=call.today)
    return transmission_out(made)


def shaped(row: Channel, *, secret: str = "") -> ChannelOut:
    """The shape of a channel, whose plug-in may be gone."""
    transport = queries.transports().get(row.transport)
    return channel_out(row, is_called=bool(transport and transport.is_called), secret=secret)


def agreed(call: Call) -> AgreementOut:
    """What was agreed with the client of the path."""
    partner = parties.get_partner(call.by.organization_id, call.id, side="customer")
    row = queries.agreement_with(call.id, by=call.by)
    return agreement_out(call.id, row, name=queries.format_of(partner))


def transport_out(one: Any) -> TransportOut:
    """The shape of a transport."""
    return TransportOut(
        name=one.name,
        title=one.title,
        sends=one.sends,
        collects=one.collects,
        is_called=one.is_called,
        only_xml=one.only_xml,
        needs_address=one.needs_address,
        address_hint=one.address_hint,
        fields=[
            TransportFieldOut(
                name=part.name,
                label=part.label,
                kind=part.kind,
                hint=part.hint,
                is_required=part.is_required,
                default=part.default,
                choices=[value for value, _label in part.choices],
            )
            for part in one.fields
        ],
    )
