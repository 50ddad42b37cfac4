"""/roles/ of the organization's own, and /invitations/ of who is to have them."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import msgspec

from guilder.faces.rest import tasks
from guilder.faces.rest.listing import answer_of
from guilder.faces.rest.routes import Call, route
from guilder.faces.rest.wire import Email
from guilder.foundation.identity import operations as identity
from guilder.foundation.identity import queries as people
from guilder.foundation.identity.models import CustomRole, Invitation
from guilder.foundation.identity.operations.invitations import VALID_FOR
from guilder.foundation.jobs.queue import enqueue
from guilder.kernel.wire import Wire

RowRule = Literal["all", "team", "assigned", "own"]
RULES = ("all", "team", "assigned", "own")
BASES = ("manager", "accountant", "agent", "viewer")


class RoleOut(msgspec.Struct):
    """A role of the organization's own; `own` are those of its permissions for own things only."""

    id: UUID
    name: str
    based_on: str
    permissions: list[str]
    own: list[str]
    row_rule: str
    etag: str


class RolesOut(msgspec.Struct):
    """All own roles, by name."""

    data: list[RoleOut]
    next: str | None


class RoleIn(msgspec.Struct, omit_defaults=True, forbid_unknown_fields=True):
    """A new role: what it begins as, what it holds, which rows it sees."""

    name: str
    based_on: Literal["manager", "accountant", "agent", "viewer"]
    permissions: list[str]
    own: list[str] = []
    row_rule: RowRule = "own"


class RolePatch(msgspec.Struct, omit_defaults=True, forbid_unknown_fields=True):
    """What changes; what a role is based on never does."""

    name: str = ""
    permissions: list[str] = []
    own: list[str] = []
    row_rule: RowRule | msgspec.UnsetType = msgspec.UNSET


class InvitationOut(msgspec.Struct):
    """Somebody who is asked in; the link of the mail works until `expires_at`."""

    id: UUID
    email: str
    name: str
    role: str
    own_role: UUID | None
    asked_at: datetime
    expires_at: datetime


class InvitationsOut(msgspec.Struct):
    """Invitations that wait, newest first."""

    data: list[InvitationOut]
    next: str | None


class InvitationIn(msgspec.Struct, omit_defaults=True, forbid_unknown_fields=True):
    """Who is asked in; `role` is a built-in one by name or one of the organization's by id."""

    email: Email
    role: str
    name: str = ""


def role_out(row: CustomRole) -> RoleOut:
    """The shape of a role."""
    return RoleOut(
        row.id, row.name, row.based_on, row.permissions, row.own, row.row_rule, f'"{row.version}"'
    )


def invitation_out(row: Invitation) -> InvitationOut:
    """The shape of an invitation."""
    custom = row.custom_role
    return InvitationOut(
        row.id,
        row.email,
        row.name,
        row.role,
        custom.id if custom else None,
        row.asked_at,
        row.asked_at + VALID_FOR,
    )


def names(wire: Wire, call: Call, field: str, usual: Iterable[str] = ()) -> list[str]:
    """A list of texts of the body."""
    found = call.body.get(field, list(usual))
    if not isinstance(found, list) or not all(isinstance(one, str) for one in found):
        wire.fault(field, "not_a_list", "Send a list of permissions.")
        return []
    return found


# Roles


@route("GET", "roles/", permission="member.view", answer=RolesOut)
def list_roles(call: Call) -> Any:
    """List the organization's own roles"""
    return answer_of([role_out(one) for one in people.list_roles(call.by.organization_id)], None)


@route(
    "POST",
    "roles/",
    permission="member.edit",
    body=RoleIn,
    answer=RoleOut,
    example={
        "name": "Billing assistant",
        "based_on": "agent",
        "permissions": ["invoice.view", "invoice.create", "invoice.edit"],
        "own": ["invoice.edit"],
        "row_rule": "assigned",
    },
)
def create_role(call: Call) -> RoleOut:
    """Make a role"""
    wire = Wire(call.body)
    wire.known(RoleIn.__struct_fields__)
    name = wire.text("name", most=200, required=True)
    based_on = wire.choice("based_on", BASES, required=True)
    row_rule = wire.choice("row_rule", RULES) or "own"
    held, own = names(wire, call, "permissions"), names(wire, call, "own")
    wire.done()
    made = identity.create_role(
        by=call.by, name=name, based_on=based_on, permissions=held, own=own, row_rule=row_rule
    )
    call.place(f"roles/{made.id}/")
    return role_out(made)


@route("GET", "roles/{id}/", permission="member.view", answer=RoleOut)
def read_role(call: Call) -> RoleOut:
    """Read a role"""
    return role_out(people.get_role(call.id, by=call.by))


@route("PATCH", "roles/{id}/", permission="member.edit", body=RolePatch, answer=RoleOut)
def update_role(call: Call) -> RoleOut:
    """Change a role for everybody who has it"""
    known = people.get_role(call.id, by=call.by)
    wire = Wire(call.body)
    wire.known(RolePatch.__struct_fields__)
    name = wire.text("name", most=200) or known.name
    row_rule = wire.choice("row_rule", RULES) or known.row_rule
    held = names(wire, call, "permissions", known.permissions)
    own = names(wire, call, "own", known.own)
    wire.done()
    return role_out(
        identity.update_role(
            call.id,
            by=call.by,
            name=name,
            permissions=held,
            own=own,
            row_rule=row_rule,
            version=call.version,
        )
    )


@route("DELETE", "roles/{id}/", permission="member.edit", answer=None)
def delete_role(call: Call) -> None:
    """Delete a role that nobody has"""
    identity.delete_role(call.id, by=call.by)


# Invitations


@route("GET", "invitations/", permission="member.view", answer=InvitationsOut)
def list_invitations(call: Call) -> Any:
    """List the invitations that wait"""
    rows = people.invitations_of(call.by.organization_id)
    return answer_of([invitation_out(one) for one in rows], None)


@route(
    "POST",
    "invitations/",
    permission="member.edit",
    body=InvitationIn,
    answer=InvitationOut,
    example={"email": "kim@example.org", "role": "accountant", "name": "Kim"},
)
def invite(call: Call) -> InvitationOut:
    """Ask somebody in

    A mail with a link goes out; the link works for seven days.
    """
    wire = Wire(call.body)
    wire.known(InvitationIn.__struct_fields__)
    email = wire.text("email", most=254, required=True)
    role = wire.text("role", most=40, required=True)
    name = wire.text("name", most=200)
    wire.done()
    made = identity.invite_member(by=call.by, email=email, name=name, role=role, at=call.at)
    mail(call, made)
    return invitation_out(made)


@route("GET", "invitations/{id}/", permission="member.view", answer=InvitationOut)
def read_invitation(call: Call) -> InvitationOut:
    """Read an invitation that waits"""
    for one in people.invitations_of(call.by.organization_id):
        if one.id == call.id:
            return invitation_out(one)
    raise people.NoSuchInvitation("There is no such invitation.")


@route("POST", "invitations/{id}/resend/", permission="member.edit", answer=InvitationOut)
def resend_invitation(call: Call) -> InvitationOut:
    """Mail the link of an invitation again"""
    Wire(call.body).known(())
    found = identity.resend_invitation(call.id, by=call.by, at=call.at)
    mail(call, found)
    return invitation_out(found)


@route("DELETE", "invitations/{id}/", permission="member.edit", answer=None)
def withdraw_invitation(call: Call) -> None:
    """Take an invitation back"""
    identity.withdraw_invitation(call.id, by=call.by, at=call.at)


def mail(call: Call, invitation: Invitation) -> None:
    """The mail with the link, tried until a server takes it."""
    enqueue(
        tasks.mail_invitation,
        organization_id=call.by.organization_id,
        invitation_id=invitation.id,
    )
