"""/method-setups/ and /clients/{id}/method-links/: ways to pay that are left without paying."""

from datetime import datetime
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import msgspec

from guilder.books.charging import operations, queries
from guilder.books.charging.schemas import MethodSetupOut, setup_out
from guilder.faces.rest.listing import Filter, Listing, page_of_records, read_query
from guilder.faces.rest.routes import Call, route
from guilder.faces.rest.v1.charges import BY_ID, SOMETHING, wanted
from guilder.faces.rest.v1.expanding import CLIENT, clients_of
from guilder.faces.rest.wire import Id, Method
from guilder.foundation.tenancy.ids import uuid7
from guilder.kernel.wire import Wire
from guilder.office.dispatch import operations as dispatch

SETUPS = Listing(
    shape=MethodSetupOut,
    filters={
        "client": Filter("partner_id", "id", ("",)),
        "state": Filter("state", "text", ("",)),
    },
    sorts=BY_ID,
    kinds={"created_at": "text"},
    is_newest_first=True,
    expands=CLIENT,
)


class MethodSetupIn(msgspec.Struct, omit_defaults=True, forbid_unknown_fields=True):
    """Whose way to pay, kept by which gateway; `consent` are the words that the client agrees to.
    `replaces` ends when this one is kept."""

    client: Id
    gateway: Id
    method: Method
    consent: str
    collects: bool = True
    replaces: Id | None = None
    back_url: str = ""


class MethodLinkIn(msgspec.Struct, omit_defaults=True, forbid_unknown_fields=True):
    """Whether the link is mailed to the client, too."""

    mail: bool = False


class MethodLinkOut(msgspec.Struct):
    """Where the client leaves a way to pay, until when; shown this once. `mailed_to` is whom it was
    mailed to."""

    url: str
    expires_at: datetime
    mailed_to: str


@route("GET", "method-setups/", permission="payment.view", answer=MethodSetupOut, listing=SETUPS)
def list_method_setups(call: Call) -> Any:
    """List ways to pay that clients are leaving"""
    query = read_query(call.request.GET, listing=SETUPS)
    found = queries.list_setups(by=call.by, **wanted(query, SETUPS))
    return page_of_records(found, query, shape=setup_out, widen=clients_of(call))


@route(
    "POST",
    "method-setups/",
    permission="charge.start",
    body=MethodSetupIn,
    answer=MethodSetupOut,
    is_bare=True,
    example={
        "client": SOMETHING,
        "gateway": SOMETHING,
        "method": "card",
        "consent": "Northlight may take what I owe from it on the day it falls due.",
    },
)
def start_method_setup(call: Call) -> MethodSetupOut:
    """Have a client leave a way to pay without paying

    Pending with a `url` is where the client does it; the same Idempotency-Key is the same setup.
    """
    key = call.request.headers.get("Idempotency-Key") or str(uuid7())
    who = call.by.key_id or call.by.user_id
    record = operations.start_setup(
        by=call.by,
        data=call.body,
        attempt=f"api:{uuid5(NAMESPACE_URL, f'{who}:{key}')}",
        at=call.at,
        base_url=call.request.build_absolute_uri("/"),
    )
    call.place(f"method-setups/{record.id}/")
    return setup_out(record)


@route("GET", "method-setups/{id}/", permission="payment.view", answer=MethodSetupOut)
def read_method_setup(call: Call) -> MethodSetupOut:
    """Read how a way to pay that is left stands"""
    return setup_out(queries.get_setup(call.id, by=call.by))


@route(
    "POST",
    "method-setups/{id}/check/",
    permission="payment.view",
    answer=MethodSetupOut,
    is_bare=True,
    example={},
)
def check_method_setup(call: Call) -> MethodSetupOut:
    """Ask the gateway how it stands"""
    base_url = call.request.build_absolute_uri("/")
    return setup_out(operations.check_setup(call.id, by=call.by, at=call.at, base_url=base_url))


@route(
    "POST",
    "clients/{id}/method-links/",
    permission="payment.record",
    body=MethodLinkIn,
    answer=MethodLinkOut,
    status=201,
    example={"mail": True},
)
def make_method_link(call: Call) -> MethodLinkOut:
    """Make a link by which a client leaves a way to pay

    It works for 14 days, for this client alone, and shows nothing else.
    """
    wire = Wire(call.body)
    wire.known(MethodLinkIn.__struct_fields__)
    is_mailed = wire.flag("mail")
    wire.done()
    base_url = call.request.build_absolute_uri("/")
    link = operations.make_method_link(call.id, by=call.by, at=call.at, base_url=base_url)
    to = ""
    if is_mailed:
        to = dispatch.mail_method_link(call.id, url=link.url, by=call.by, at=call.at).to
    return MethodLinkOut(link.url, link.expires_at, to)


@route(
    "POST",
    "clients/{id}/method-links/end/",
    permission="payment.record",
    answer=None,
    example={},
)
def end_method_links(call: Call) -> None:
    """End all links of a client by which a way to pay is left"""
    operations.end_method_links(call.id, by=call.by)
