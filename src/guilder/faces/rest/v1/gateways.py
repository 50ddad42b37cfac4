"""/gateways/: accounts at payment services; their keys are written and never read."""

from typing import Any, Literal

import msgspec

from guilder.books.charging import operations, queries
from guilder.books.charging.schemas import GatewayOut, gateway_out
from guilder.faces.rest.listing import answer_of
from guilder.faces.rest.routes import Call, route
from guilder.faces.rest.wire import Amount, Currency, Method

Kind = Literal[
    "stripe", "mollie", "paypal", "gocardless", "adyen", "paystack", "razorpay", "signed", "manual"
]


class GatewayIn(msgspec.Struct, omit_defaults=True, forbid_unknown_fields=True):
    """A new gateway. `keys` are those that the service shows, by the names of its kind."""

    kind: Kind
    name: str = ""
    keys: dict[str, str] = {}
    is_live: bool = False
    is_active: bool = True
    methods: list[Method] = []
    currencies: list[Currency] = []
    least: Amount | None = None
    most: Amount | None = None
    takes_parts: bool = True


class GatewayPatch(msgspec.Struct, omit_defaults=True, forbid_unknown_fields=True):
    """What to change; an empty key stays as it is stored."""

    name: str | None = None
    keys: dict[str, str] | None = None
    is_active: bool | None = None
    methods: list[Method] | None = None
    currencies: list[Currency] | None = None
    least: Amount | None = None
    most: Amount | None = None
    takes_parts: bool | None = None


class GatewaysOut(msgspec.Struct):
    """All of them; there are few."""

    data: list[GatewayOut]
    next: str | None = None


class GatewayTestOut(msgspec.Struct):
    """The name of the account, as the service says it; empty where it says none."""

    account: str


@route("GET", "gateways/", permission="settings.view", answer=GatewaysOut)
def list_gateways(call: Call) -> Any:
    """List payment gateways"""
    return answer_of([gateway_out(one) for one in queries.list_gateways(by=call.by)], None)


@route(
    "POST",
    "gateways/",
    permission="settings.edit",
    body=GatewayIn,
    answer=GatewayOut,
    example={"kind": "manual", "name": "Card terminal"},
)
def add_gateway(call: Call) -> GatewayOut:
    """Add a payment gateway"""
    record = operations.save_gateway(by=call.by, data=call.body, at=call.at)
    call.place(f"gateways/{record.id}/")
    return gateway_out(record)


@route("GET", "gateways/{id}/", permission="settings.view", answer=GatewayOut)
def read_gateway(call: Call) -> GatewayOut:
    """Read a payment gateway"""
    return gateway_out(queries.get_gateway(call.id, by=call.by))


@route(
    "PATCH",
    "gateways/{id}/",
    permission="settings.edit",
    body=GatewayPatch,
    answer=GatewayOut,
    example={"is_active": False},
)
def change_gateway(call: Call) -> GatewayOut:
    """Change a payment gateway"""
    record = operations.save_gateway(
        by=call.by, data=call.body, at=call.at, gateway_id=call.id, version=call.version
    )
    return gateway_out(record)


@route(
    "POST",
    "gateways/{id}/test/",
    permission="settings.edit",
    answer=GatewayTestOut,
    is_bare=True,
    example={},
)
def try_gateway(call: Call) -> GatewayTestOut:
    """Try the keys of a payment gateway"""
    return GatewayTestOut(operations.try_gateway(call.id, by=call.by, at=call.at))
