"""/users/: oneself, and the members of the organization."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import msgspec

from guilder.books.workflow import operations as ruling
from guilder.books.workflow import queries as workflow
from guilder.faces.rest.listing import answer_of
from guilder.faces.rest.routes import SIGNED_IN, Call, route
from guilder.faces.rest.wire import Amount, Email, Id, Role
from guilder.foundation.identity import operations, queries
from guilder.foundation.identity.models import Membership, User
from guilder.foundation.identity.permissions import ROLES
from guilder.kernel.errors import NotAllowed
from guilder.kernel.money import Money
from guilder.kernel.wire import Wire


class NoPerson(NotAllowed):
    """A key has no profile."""

    code = "users.no_person"


class OrganizationOfOut(msgspec.Struct):
    """An organization that one belongs to."""

    id: UUID
    name: str
    role: str
    is_demo: bool


class PersonOut(msgspec.Struct):
    """A person's own data."""

    id: UUID
    email: str
    name: str
    phone: str
    language: str
    time_zone: str


class MeOut(msgspec.Struct):
    """Who asks, in which organization, and what they may do; `user` is null for a key."""

    user: PersonOut | None
    key: UUID | None
    organization: OrganizationOfOut
    organizations: list[OrganizationOfOut]
    permissions: list[str]


class MePatch(msgspec.Struct, omit_defaults=True, forbid_unknown_fields=True):
    """What changes."""

    name: str = ""
    phone: str = ""
    language: str = ""
    time_zone: str = ""


class MemberOut(msgspec.Struct):
    """A member; `id` is the user's. With an `own_role` that one says what they may, and `role` is
    what it is based on. `approval_limit` is in the base currency; null: as the role has it."""

    id: UUID
    email: str
    name: str
    role: str
    own_role: UUID | None
    lead: UUID | None
    approval_limit: dict[str, str] | None
    is_active: bool


class MembersOut(msgspec.Struct):
    """All members."""

    data: list[MemberOut]
    next: str | None


class MemberIn(msgspec.Struct, omit_defaults=True, forbid_unknown_fields=True):
    """Who is let in; a person who is new to Guilder gets an account without a password."""

    email: Email
    role: Role
    name: str = ""


class MemberPatch(msgspec.Struct, omit_defaults=True, forbid_unknown_fields=True):
    """What changes: a built-in role by name or an own one by id, who has them in their team, up to
    how much they agree to (an amount in the base currency; null takes the limit away)."""

    role: Role | Id | msgspec.UnsetType = msgspec.UNSET
    lead: Id | None = None
    approval_limit: Amount | None = None


def person_out(user: User) -> PersonOut:
    """The shape of one's own data."""
    return PersonOut(user.id, user.email, user.name, user.phone, user.language, user.time_zone)


def member_out(row: Membership, limits: Mapping[UUID, Money]) -> MemberOut:
    """The shape of a member."""
    limit = limits.get(row.user.id)
    return MemberOut(
        id=row.user.id,
        email=row.user.email,
        name=row.user.name,
        role=row.role,
        own_role=row.custom_role.id if row.custom_role else None,
        lead=row.lead.id if row.lead else None,
        approval_limit={"amount": str(limit), "currency": limit.currency} if limit else None,
        is_active=row.is_active,
    )


@route("GET", "users/me/", permission=SIGNED_IN, answer=MeOut)
def read_me(call: Call) -> MeOut:
    """Read who one is"""
    by = call.by
    organization = queries.get_organization(by.organization_id)
    here = OrganizationOfOut(organization.id, organization.name, by.role, organization.is_demo)
    permissions = sorted(by.permissions)
    if by.key_id is not None or by.user_id is None:
        return MeOut(None, by.key_id, here, [here], permissions)
    organizations = [
        OrganizationOfOut(one.organization_id, one.name, one.role, one.is_demo)
        for one in queries.memberships_of(by.user_id)
    ]
    members = queries.list_members(by.organization_id)
    person = next(person_out(row.user) for row in members if row.user.id == by.user_id)
    return MeOut(person, None, here, organizations, permissions)


@route("PATCH", "users/me/", permission=SIGNED_IN, body=MePatch, answer=PersonOut)
def update_me(call: Call) -> PersonOut:
    """Change one's own data"""
    if call.by.key_id is not None or call.by.user_id is None:
        raise NoPerson("A key has no profile. Sign in as a person.")
    wire = Wire(call.body)
    wire.known(MePatch.__struct_fields__)
    data = {name: wire.text(name, most=200) for name in call.body}
    wire.done()
    return person_out(operations.update_user(call.by.user_id, data=data))


@route("GET", "users/", permission="member.view", answer=MembersOut)
def list_users(call: Call) -> Any:
    """List members"""
    _of_roles, of_people = workflow.limits(call.by.organization_id)
    rows = queries.list_members(call.by.organization_id)
    return answer_of([member_out(row, of_people) for row in rows], None)


@route(
    "POST",
    "users/",
    permission="member.edit",
    body=MemberIn,
    answer=MemberOut,
    example={"email": "kim@example.org", "role": "accountant", "name": "Kim"},
)
def add_user(call: Call) -> MemberOut:
    """Let somebody in"""
    wire = Wire(call.body)
    wire.known(MemberIn.__struct_fields__)
    email = wire.text("email", most=254, required=True)
    name = wire.text("name", most=200)
    role = wire.choice("role", ROLES, required=True)
    wire.done()
    user = queries.user_by_email(email) or operations.create_user(
        email=email, password=None, name=name
    )
    operations.add_member(by=call.by, role=role, user_id=user.id)
    return the_member(call, user.id)


@route("GET", "users/{id}/", permission="member.view", answer=MemberOut)
def read_user(call: Call) -> MemberOut:
    """Read a member"""
    return the_member(call, call.id)


@route(
    "PATCH",
    "users/{id}/",
    permission="member.edit",
    body=MemberPatch,
    answer=MemberOut,
    example={"role": "accountant", "approval_limit": "5000.00"},
)
def change_member(call: Call) -> MemberOut:
    """Change a member's role, team or limit"""
    wire = Wire(call.body)
    wire.known(MemberPatch.__struct_fields__)
    role = wire.text("role", most=40)
    lead = wire.identity("lead")
    amount = wire.decimal("approval_limit")
    if "role" in call.body and not role:
        wire.fault("role", "required", "Name a role, or send the id of one.")
    wire.done()
    if role:
        operations.set_role(call.id, by=call.by, role=role)
    if "lead" in call.body:
        operations.set_lead(call.id, by=call.by, lead_id=lead)
    if "approval_limit" in call.body:
        base = queries.get_organization(call.by.organization_id).base_currency
        limit = None if amount is None else Money.of(amount, base)
        ruling.set_limit(by=call.by, user_id=call.id, amount=limit)
    return the_member(call, call.id)


@route("DELETE", "users/{id}/", permission="member.edit", answer=None)
def remove_user(call: Call) -> None:
    """End a membership"""
    operations.remove_member(call.id, by=call.by)


def the_member(call: Call, user_id: UUID) -> MemberOut:
    """The member of that id; NoSuchMember."""
    for row in queries.list_members(call.by.organization_id):
        if row.user.id == user_id and row.is_active:
            return member_out(row, workflow.limits(call.by.organization_id)[1])
    raise queries.NoSuchMember("There is no such member.")
