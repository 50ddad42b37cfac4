"""Bringing along what an answer names by its id alone."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from guilder.faces.rest.listing import read_expand
from guilder.faces.rest.routes import Call
from guilder.kernel.actor import Actor
from guilder.registers.parties import queries as parties
from guilder.registers.parties.schemas import partner_out

CLIENT = ("client",)
QUERY = (("expand", "`client` brings the client along, instead of its id."),)


def put_clients(shaped: Sequence[Any], *, by: Actor) -> None:
    """Put the whole client where its id stands."""
    by.require("partner.view")
    wanted = {one.client for one in shaped}
    rows = parties.list_partners(by.organization_id, side="customer").filter(id__in=wanted)
    clients = {row.id: partner_out(row, side="customer") for row in rows}
    for one in shaped:
        one.client = clients.get(one.client, one.client)


def clients_of(call: Call) -> Any:
    """What widens a page for this caller."""
    return partial(put_clients, by=call.by)


def widened(call: Call, shaped: Any) -> Any:
    """A single thing with what `expand` asks for."""
    if read_expand(call.request.GET, expands=CLIENT):
        put_clients([shaped], by=call.by)
    return shaped
