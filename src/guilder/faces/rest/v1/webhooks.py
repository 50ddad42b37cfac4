"""/webhooks/: endpoints that are called when something happens, their deliveries, telling again."""

from datetime import datetime
from typing import Any

import msgspec

from guilder.faces.rest.listing import (
    Filter,
    Listing,
    answer_of,
    instant,
    page_of_records,
    read_query,
)
from guilder.faces.rest.routes import Call, route
from guilder.faces.rest.wire import Instant
from guilder.kernel.wire import Wire
from guilder.office.webhooks import operations, queries
from guilder.office.webhooks.schemas import (
    DeliveryDetailOut,
    DeliveryOut,
    EndpointOut,
    delivery_detail_out,
    delivery_out,
    endpoint_out,
)

PERMISSION = "webhook.edit"
EXAMPLE = {"url": "https://shop.example/hooks/guilder", "types": ["invoice.issued", "payment.*"]}
DELIVERIES = Listing(
    shape=DeliveryOut,
    filters={
        "state": Filter("states"),
        "type": Filter("types"),
        "event": Filter("event_id", "id", ("",)),
    },
    sorts={"created_at": "id"},
    kinds={"created_at": "text"},
    is_newest_first=True,
)


class EndpointsOut(msgspec.Struct):
    """All webhooks, the oldest first."""

    data: list[EndpointOut]
    next: str | None


class EndpointIn(msgspec.Struct, omit_defaults=True, forbid_unknown_fields=True):
    """An address and the types that it hears of: “invoice.issued”, “invoice.*”; none are all."""

    url: str
    name: str = ""
    types: list[str] = []
    api_version: str = ""
    is_active: bool = True


class EndpointPatch(msgspec.Struct, omit_defaults=True, forbid_unknown_fields=True):
    """What changes; types are replaced whole."""

    url: str = ""
    name: str = ""
    types: list[str] = []
    api_version: str = ""
    is_active: bool = True


class NothingIn(msgspec.Struct, forbid_unknown_fields=True):
    """Nothing has to be said."""


class ReplayIn(msgspec.Struct, omit_defaults=True, forbid_unknown_fields=True):
    """From when to when; without an end, until now. `only_missed` leaves out what was taken."""

    since: Instant
    until: Instant | None = None
    types: list[str] = []
    only_missed: bool = True


class ReplayOut(msgspec.Struct):
    """A worker tells it again."""

    since: datetime
    until: datetime


@route("GET", "webhooks/", permission=PERMISSION, answer=EndpointsOut)
def list_webhooks(call: Call) -> Any:
    """List webhooks"""
    return answer_of([endpoint_out(row) for row in queries.list_endpoints(by=call.by)], None)


@route(
    "POST",
    "webhooks/",
    permission=PERMISSION,
    body=EndpointIn,
    answer=EndpointOut,
    example=EXAMPLE,
)
def create_webhook(call: Call) -> EndpointOut:
    """Make a webhook; its secret is in this answer only"""
    row, secret = operations.create_endpoint(by=call.by, data=call.body, at=call.at)
    call.place(f"webhooks/{row.id}/")
    return endpoint_out(row, secret=secret)


@route("GET", "webhooks/{id}/", permission=PERMISSION, answer=EndpointOut)
def read_webhook(call: Call) -> EndpointOut:
    """Read a webhook"""
    return endpoint_out(queries.get_endpoint(call.id, by=call.by))


@route(
    "PATCH",
    "webhooks/{id}/",
    permission=PERMISSION,
    body=EndpointPatch,
    answer=EndpointOut,
    example={"is_active": False},
)
def update_webhook(call: Call) -> EndpointOut:
    """Change a webhook, or switch it on or off"""
    row = operations.update_endpoint(
        call.id, by=call.by, data=call.body, at=call.at, version=call.version
    )
    return endpoint_out(row)


@route("DELETE", "webhooks/{id}/", permission=PERMISSION, answer=None)
def delete_webhook(call: Call) -> None:
    """Delete a webhook with its deliveries"""
    operations.delete_endpoint(call.id, by=call.by, version=call.version)


@route(
    "POST",
    "webhooks/{id}/rotate/",
    permission=PERMISSION,
    body=NothingIn,
    answer=EndpointOut,
    example={},
)
def rotate_webhook(call: Call) -> EndpointOut:
    """Give a webhook a new secret; for a day both sign"""
    nothing(call)
    row, secret = operations.rotate_secret(call.id, by=call.by, at=call.at, version=call.version)
    return endpoint_out(row, secret=secret)


@route(
    "POST",
    "webhooks/{id}/ping/",
    permission=PERMISSION,
    body=NothingIn,
    answer=DeliveryOut,
    example={},
)
def ping_webhook(call: Call) -> DeliveryOut:
    """Send a message about nothing"""
    nothing(call)
    return delivery_out(operations.ping(call.id, by=call.by, at=call.at))


@route(
    "POST",
    "webhooks/{id}/replay/",
    permission=PERMISSION,
    body=ReplayIn,
    answer=ReplayOut,
    status=202,
    example={"since": "2026-11-20T00:00:00Z", "types": ["invoice.issued"]},
)
def replay_webhook(call: Call) -> ReplayOut:
    """Tell a webhook again what happened in a while"""
    wire = Wire(call.body)
    wire.known(ReplayIn.__struct_fields__)
    since = moment(wire, "since", required=True) or call.at
    until = moment(wire, "until") or call.at
    only_missed = wire.flag("only_missed", default=True)
    types = call.body.get("types") or []
    if not isinstance(types, list) or not all(isinstance(one, str) for one in types):
        wire.fault("types", "not_a_list", "Send a list of event types.")
    wire.done()
    operations.ask_replay(
        call.id, by=call.by, since=since, until=until, types=types, only_missed=only_missed
    )
    return ReplayOut(since, until)


@route(
    "GET",
    "webhooks/{id}/deliveries/",
    permission=PERMISSION,
    answer=DeliveryOut,
    listing=DELIVERIES,
)
def list_deliveries(call: Call) -> Any:
    """List the deliveries to a webhook"""
    query = read_query(call.request.GET, listing=DELIVERIES)
    found = queries.list_deliveries(
        call.id,
        by=call.by,
        states=several(query.where, "state"),
        types=several(query.where, "type"),
        event_id=query.where.get("event"),
        before_id=query.after[1] if query.after else None,
        limit=query.limit + 1,
    )
    return page_of_records(found, query, shape=delivery_out)


@route(
    "GET",
    "webhooks/{id}/deliveries/{delivery}/",
    permission=PERMISSION,
    answer=DeliveryDetailOut,
)
def read_delivery(call: Call) -> DeliveryDetailOut:
    """Read a delivery, with its body and every attempt"""
    row = queries.get_delivery(call.path["delivery"], by=call.by, endpoint_id=call.id)
    return delivery_detail_out(row, queries.list_attempts(row.id, by=call.by))


@route(
    "POST",
    "webhooks/{id}/deliveries/{delivery}/retry/",
    permission=PERMISSION,
    body=NothingIn,
    answer=DeliveryOut,
    example={},
)
def retry_delivery(call: Call) -> DeliveryOut:
    """Send a delivery again, now"""
    nothing(call)
    row = operations.retry_delivery(
        call.path["delivery"], endpoint_id=call.id, by=call.by, at=call.at
    )
    return delivery_out(row)


def several(where: dict[str, Any], name: str) -> list[str]:
    """The values of a filter, with or without `__in`."""
    if name in where:
        return [where[name]]
    return list(where.get(f"{name}__in", ()))


def nothing(call: Call) -> None:
    """Refuse what nobody asked for."""
    wire = Wire(call.body)
    wire.known(())
    wire.done()


def moment(wire: Wire, name: str, *, required: bool = False) -> datetime | None:
    """An instant with its zone."""
    text = wire.text(name, most=40, required=required)
    if not text:
        return None
    try:
        return instant(text)
    except ValueError:
        wire.fault(name, "not_an_instant", "Enter an instant, such as 2026-11-20T00:00:00Z.")
        return None
