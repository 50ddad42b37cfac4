"""Clients' people in the portal, and who of the house looks after which clients."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import msgspec

from guilder.faces.rest.listing import answer_of
from guilder.faces.rest.routes import Call, route
from guilder.faces.rest.v1.team import mail
from guilder.faces.rest.wire import Email, Id
from guilder.foundation.identity import queries as people
from guilder.kernel.wire import Wire
from guilder.registers.parties import operations, queries

MOST = 5_000  # clients of one person


class GuestOut(msgspec.Struct):
    """Somebody of a client: `id` is the person's, or the invitation's while it waits."""

    id: UUID
    email: str
    name: str
    state: Literal["inside", "invited"]
    since: datetime


class GuestsOut(msgspec.Struct):
    """Who comes in by the portal for a client, then who is asked."""

    data: list[GuestOut]
    next: str | None


class GuestIn(msgspec.Struct, omit_defaults=True, forbid_unknown_fields=True):
    """Whom of a client to ask in."""

    email: Email
    name: str = ""


class ClientsOfIn(msgspec.Struct, forbid_unknown_fields=True):
    """All clients of a person; those that are not named are not theirs any more."""

    clients: list[Id]


class ClientsOfOut(msgspec.Struct):
    """The clients whom a member looks after; of a client's person those that they belong to."""

    clients: list[UUID]


def guest_out(guest: queries.Guest) -> GuestOut:
    """The shape of somebody of a client."""
    inside = guest.user_id is not None
    one = guest.user_id or guest.invitation_id
    assert one is not None  # noqa: S101  (for the type checker)
    return GuestOut(one, guest.email, guest.name, "inside" if inside else "invited", guest.since)


# Clients' people


@route("GET", "clients/{id}/guests/", permission="portal.invite", answer=GuestsOut)
def list_guests(call: Call) -> Any:
    """List who of a client comes in by the portal"""
    queries.get_partner(call.by.organization_id, call.id, side="customer")
    rows = queries.guests_of(call.id, by=call.by, at=call.at)
    return answer_of([guest_out(one) for one in rows], None)


@route(
    "POST",
    "clients/{id}/guests/",
    permission="portal.invite",
    body=GuestIn,
    answer=GuestOut,
    status=201,
    example={"email": "kim@hafenkontor.example", "name": "Kim"},
)
def invite_guest(call: Call) -> GuestOut:
    """Ask somebody of a client into the portal

    Who comes in for another client already sees this one's documents at once.
    """
    wire = Wire(call.body)
    wire.known(GuestIn.__struct_fields__)
    email = wire.text("email", most=254, required=True)
    name = wire.text("name", most=200)
    wire.done()
    queries.get_partner(call.by.organization_id, call.id, side="customer")
    made = operations.invite_guest(call.id, by=call.by, email=email, name=name, at=call.at)
    if made is not None:
        mail(call, made)
    known = queries.guests_of(call.id, by=call.by, at=call.at)
    return guest_out(next(one for one in known if one.email == email.strip().lower()))


@route("GET", "clients/{id}/guests/{guest}/", permission="portal.invite", answer=GuestOut)
def read_guest(call: Call) -> GuestOut:
    """Read who of a client comes in, or is asked"""
    queries.get_partner(call.by.organization_id, call.id, side="customer")
    for one in queries.guests_of(call.id, by=call.by, at=call.at):
        if call.path["guest"] in (one.user_id, one.invitation_id):
            return guest_out(one)
    raise operations.NoSuchGuest("There is no such person.")


@route("DELETE", "clients/{id}/guests/{guest}/", permission="portal.invite", answer=None)
def remove_guest(call: Call) -> None:
    """Show somebody of a client out, or take their invitation back"""
    queries.get_partner(call.by.organization_id, call.id, side="customer")
    guest = call.path["guest"]
    waiting = queries.guests_of(call.id, by=call.by, at=call.at)
    if any(one.invitation_id == guest for one in waiting):
        operations.uninvite_guest(call.id, by=call.by, invitation_id=guest, at=call.at)
    else:
        operations.show_out(call.id, by=call.by, user_id=guest)


# Who looks after whom


@route("GET", "users/{id}/clients/", permission="member.view", answer=ClientsOfOut)
def read_clients_of(call: Call) -> ClientsOfOut:
    """Read whom a member looks after"""
    of = call.by.organization_id
    role = people.actor_for(call.id, of, source=call.by.source).role
    known = queries.portal_people(of) if role == "client" else queries.assigned(of)
    return ClientsOfOut(known.get(call.id, []))


@route(
    "PUT",
    "users/{id}/clients/",
    permission="partner.assign",
    body=ClientsOfIn,
    answer=ClientsOfOut,
)
def set_clients_of(call: Call) -> ClientsOfOut:
    """Say whom a member looks after

    For somebody with the role `client`, whose documents they see.
    """
    wire = Wire(call.body)
    wire.known(("clients",))
    given = call.body.get("clients")
    wanted: list[UUID] = []
    if not isinstance(given, list):
        wire.fault("clients", "not_a_list", "Send a list of clients' ids.")
    else:
        wanted = ids(wire, given)
    wire.done()
    role = people.actor_for(call.id, call.by.organization_id, source=call.by.source).role
    change = operations.open_portal if role == "client" else operations.assign_clients
    return ClientsOfOut(change(call.id, by=call.by, partner_ids=wanted, at=call.at))


def ids(wire: Wire, given: list[Any]) -> list[UUID]:
    """The ids of a list; each that is none is a fault."""
    found = []
    for at, one in enumerate(given[:MOST]):
        try:
            found.append(UUID(one))
        except (ValueError, TypeError, AttributeError):
            wire.fault(f"clients/{at}", "not_an_id", "Send the id of a client.")
    return found
