"""/verifactu/: the billing records of a Spanish organization."""

from typing import Any

import msgspec

from guilder.faces.rest.listing import Filter, Listing, page_of, read_query
from guilder.faces.rest.routes import Call, route
from guilder.faces.rest.v1.webhooks import NothingIn, nothing
from guilder.kernel.wire import Wire
from guilder.office.verifactu import operations, queries
from guilder.office.verifactu.schemas import (
    ChainOut,
    RecordOut,
    WaitingOut,
    chain_out,
    record_out,
    waiting_out,
)

LISTING = Listing(
    shape=RecordOut,
    filters={"number": Filter("number"), "kind": Filter("kind")},
    sorts={"position": "position"},
    default_sort="-position",
)


WAITING = Listing(
    shape=WaitingOut,
    filters={"number": Filter("number")},
    sorts={"since_at": "since_at"},
    default_sort="since_at",
)


class ChainPatch(msgspec.Struct, omit_defaults=True, forbid_unknown_fields=True):
    """Whether records are kept; `producer` and its NIF answer for the program, else the
    organization itself."""

    is_on: bool
    producer: str = ""
    producer_nif: str = ""


@route("GET", "verifactu/", permission="settings.view", answer=ChainOut)
def read_chain(call: Call) -> ChainOut:
    """Read whether billing records are kept, and the head of their chain"""
    return chain_out(queries.get_chain(by=call.by))


@route("PATCH", "verifactu/", permission="settings.edit", body=ChainPatch, answer=ChainOut)
def change_chain(call: Call) -> ChainOut:
    """Keep billing records of what is issued from now on, or stop"""
    wire = Wire(call.body)
    wire.known(ChainPatch.__struct_fields__)
    is_on = wire.flag("is_on") if wire.has("is_on") else None
    producer, nif = wire.text("producer", most=120), wire.text("producer_nif", most=20)
    if is_on is None:
        wire.fault("is_on", "wire.required", "Say true or false.")
    wire.done()
    if is_on:
        made = operations.turn_on(
            by=call.by, at=call.at, producer=producer, producer_nif=nif, version=call.version
        )
        return chain_out(made)
    return chain_out(operations.turn_off(by=call.by, version=call.version))


@route("GET", "verifactu/records/", permission="settings.view", answer=RecordOut, listing=LISTING)
def list_records(call: Call) -> Any:
    """List billing records"""
    query = read_query(call.request.GET, listing=LISTING)
    return page_of(queries.list_records(by=call.by), query, listing=LISTING, shape=record_out)


@route("GET", "verifactu/records/{id}/", permission="settings.view", answer=RecordOut)
def read_record(call: Call) -> RecordOut:
    """Read a billing record"""
    return record_out(queries.get_record(call.id, by=call.by))


@route("GET", "verifactu/waiting/", permission="settings.view", answer=WaitingOut, listing=WAITING)
def list_waiting(call: Call) -> Any:
    """List issued documents whose billing record cannot be made yet, each with the reason"""
    query = read_query(call.request.GET, listing=WAITING)
    return page_of(queries.list_waiting(by=call.by), query, listing=WAITING, shape=waiting_out)


@route(
    "POST",
    "verifactu/waiting/{id}/retry/",
    permission="settings.edit",
    body=NothingIn,
    answer=RecordOut,
    example={},
)
def retry_waiting(call: Call) -> RecordOut:
    """Try to make the billing record of a document that waits for it"""
    nothing(call)
    return record_out(operations.try_again(call.id, by=call.by, at=call.at))
