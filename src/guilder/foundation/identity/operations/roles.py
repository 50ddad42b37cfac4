"""Roles that an organization makes for itself, out of the permission table."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from guilder.foundation.audit import operations as audit
from guilder.foundation.events import bus
from guilder.foundation.identity.events import RoleChanged, RoleDeleted, RoleMade
from guilder.foundation.identity.models import CustomRole, Invitation, Membership, Role
from guilder.foundation.identity.permissions import ALL, RULES
from guilder.foundation.identity.signing import Directory
from guilder.foundation.identity.team import get_role, grantable
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.kernel.errors import Conflict, Invalid, Problem, Stale

BASES = frozenset((Role.MANAGER, Role.ACCOUNTANT, Role.AGENT, Role.VIEWER))
MOST_ROLES = 50


class BadRole(Invalid):
    """Something about the role is wrong; `problems` say what."""

    code = "identity.bad_role"


class RoleInUse(Conflict):
    """Somebody has the role still."""

    code = "identity.role_in_use"


class RoleChangedMeanwhile(Stale):
    """The role changed since it was read."""

    code = "identity.role_changed_meanwhile"


def create_role(
    *,
    by: Actor,
    name: str,
    based_on: str,
    permissions: Iterable[str],
    own: Iterable[str] = (),
    row_rule: str = "own",
) -> CustomRole:
    """A role beside the six; `own` are those of its permissions for one's own things only.

    Raises BadRole with every fault.
    """
    by.require("member.edit")
    values = read(name=name, based_on=based_on, permissions=permissions, own=own, row_rule=row_rule)
    with transaction(by.organization_id):
        roles = CustomRole.objects.filter(organization_id=by.organization_id)
        if roles.count() >= MOST_ROLES:
            raise BadRole(f"There may be {MOST_ROLES} roles at most. Delete one first.")
        refuse_taken(values["name"], by=by)
        role = CustomRole.objects.create(organization_id=by.organization_id, **values)
        note("role.create", role, by=by, before=None)
        bus.publish(RoleMade(role_id=role.id, name=role.name), by=by)
    return role


def update_role(
    role_id: UUID,
    *,
    by: Actor,
    name: str,
    permissions: Iterable[str],
    own: Iterable[str] = (),
    row_rule: str = "own",
    version: int | None = None,
) -> CustomRole:
    """Change a role for everybody who has it, from their next request on.

    Raises NoSuchRole, BadRole, RoleChangedMeanwhile.
    """
    by.require("member.edit")
    with transaction(by.organization_id):
        role = locked(role_id, by=by)
        if version is not None and version != role.version:
            raise RoleChangedMeanwhile("Somebody changed this role; load it again.")
        values = read(
            name=name, based_on=role.based_on, permissions=permissions, own=own, row_rule=row_rule
        )
        refuse_taken(values["name"], by=by, besides=role.id)
        before = told(role)
        for field, value in values.items():
            setattr(role, field, value)
        role.version += 1
        role.save()
        note("role.update", role, by=by, before=before)
        bus.publish(RoleChanged(role_id=role.id, name=role.name), by=by)
    return role


def delete_role(role_id: UUID, *, by: Actor) -> None:
    """Delete a role that nobody has. Raises NoSuchRole, RoleInUse."""
    by.require("member.edit")
    with transaction(by.organization_id):
        role = locked(role_id, by=by)
        holders = Membership.objects.filter(custom_role_id=role.id)
        if holders.filter(is_active=True).exists():
            raise RoleInUse("Somebody has this role. Give them another one first.")
        named = Invitation.objects.filter(custom_role=role)
        if named.filter(accepted_at=None, withdrawn_at=None).exists():
            raise RoleInUse("An invitation names this role. Take it back first.")
        if Directory.objects.filter(rules__contains=[{"role": str(role.id)}]).exists():
            raise RoleInUse("Single sign-on gives this role. Ask who looks after the installation.")
        named.update(custom_role=None)
        holders.update(custom_role=None)
        note("role.delete", role, by=by, before=told(role), after=None)
        bus.publish(RoleDeleted(role_id=role.id, name=role.name), by=by)
        role.delete()


def read(
    *, name: str, based_on: str, permissions: Iterable[str], own: Iterable[str], row_rule: str
) -> dict[str, Any]:
    """The columns of a role. Raises BadRole with every fault."""
    wanted, narrowed = sorted(set(permissions)), sorted(set(own))
    problems = [*name_problems(name), *base_problems(based_on, row_rule)]
    if not problems:
        problems += held_problems(wanted, narrowed, row_rule=row_rule)
    if problems:
        raise BadRole(problems=problems)
    return {
        "name": " ".join(name.split()),
        "based_on": based_on,
        "permissions": wanted,
        "own": narrowed,
        "row_rule": row_rule,
    }


def name_problems(name: str) -> list[Problem]:
    """What is wrong with a role's name: it must not be taken for a built-in one."""
    if not 0 < len(name.strip()) <= 40:
        text = "Enter a name of at most 40 characters."
        return [Problem("/name", "identity.bad_name", text)]
    if name.strip().lower() in Role.values:
        return [Problem("/name", "identity.role_name_taken", "This is the name of another role.")]
    return []


def base_problems(based_on: str, row_rule: str) -> list[Problem]:
    """What is wrong with what a role begins as, and with the rows that it sees."""
    found = []
    if based_on not in BASES:
        text = f"Choose one of these: {', '.join(sorted(BASES))}."
        found.append(Problem("/based_on", "identity.bad_base", text))
    if row_rule not in RULES or row_rule == "portal":
        text = "Choose one of these: all, team, assigned, own."
        found.append(Problem("/row_rule", "identity.bad_rule", text))
    return found


def held_problems(wanted: list[str], own: list[str], *, row_rule: str) -> list[Problem]:
    """What is wrong with the permissions of a role."""
    allowed = grantable(row_rule)
    found = []
    for name in wanted:
        if name not in ALL:
            text = f"There is no permission “{name}”; remove it."
            found.append(Problem("/permissions", "identity.unknown_permission", text))
        elif name not in allowed:
            text = f"A role of this kind may not hold “{name}”."
            found.append(Problem("/permissions", "identity.not_grantable", text))
    for name in own:
        if name not in wanted:
            text = f"“{name}” is narrowed to own things, but the role does not hold it."
            found.append(Problem("/own", "identity.not_held", text))
    if not wanted:
        text = "Choose at least one permission."
        found.append(Problem("/permissions", "identity.no_permission", text))
    return found


def refuse_taken(name: str, *, by: Actor, besides: UUID | None = None) -> None:
    """BadRole when another role of the organization has the name."""
    same = CustomRole.objects.filter(organization_id=by.organization_id, name__iexact=name)
    if same.exclude(id=besides).exists():
        text = "Another role has this name."
        raise BadRole(problems=[Problem("/name", "identity.role_name_taken", text)])


def locked(role_id: UUID, *, by: Actor) -> CustomRole:
    """The role under lock. Raises NoSuchRole."""
    get_role(role_id, by=by)
    return CustomRole.objects.select_for_update(of=("self",), no_key=True).get(id=role_id)


def note(action: str, role: CustomRole, *, by: Actor, before: Any, after: Any = ...) -> None:
    """The audit entry of a change of roles."""
    audit.record(
        by=by,
        action=action,
        table="identity_customrole",
        row_id=role.id,
        before=before,
        after=told(role) if after is ... else after,
    )


def told(role: CustomRole) -> dict[str, Any]:
    """What the audit trail says of a role."""
    return {
        "name": role.name,
        "based_on": role.based_on,
        "permissions": role.permissions,
        "own": role.own,
        "row_rule": role.row_rule,
    }
