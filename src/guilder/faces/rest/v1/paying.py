"""/clients/{id}/payment-methods/: by which methods a client may pay on their page."""

from typing import Literal

import msgspec

from guilder.books.charging import operations, queries
from guilder.books.charging.queries import Allowed
from guilder.faces.rest.routes import Call, route
from guilder.faces.rest.wire import Amount
from guilder.foundation.tenancy.transaction import transaction
from guilder.registers.parties import queries as parties

Way = Literal["card", "direct_debit", "bank_transfer", "online", "cash"]


class ClientMethodsOut(msgspec.Struct):
    """Methods that the client's page offers, none for all; `most` in whole units."""

    methods: list[str]
    most: str | None


class ClientMethodsIn(msgspec.Struct, omit_defaults=True, forbid_unknown_fields=True):
    """Which methods, none for all, and online up to which amount."""

    methods: list[Way] = []
    most: Amount | None = None


def shaped(found: Allowed) -> ClientMethodsOut:
    """As it is shown."""
    return ClientMethodsOut(list(found.methods), None if found.most is None else f"{found.most:f}")


@route("GET", "clients/{id}/payment-methods/", permission="partner.view", answer=ClientMethodsOut)
def read_client_methods(call: Call) -> ClientMethodsOut:
    """Read how a client may pay"""
    with transaction(call.by.organization_id):
        parties.get_partner(call.by.organization_id, call.id)
    return shaped(queries.client_methods(call.id, by=call.by))


@route(
    "PUT",
    "clients/{id}/payment-methods/",
    permission="partner.edit",
    body=ClientMethodsIn,
    answer=ClientMethodsOut,
    example={"methods": ["card"], "most": "500.00"},
)
def set_client_methods(call: Call) -> ClientMethodsOut:
    """Say how a client may pay"""
    return shaped(operations.set_client_methods(call.id, by=call.by, data=call.body))
