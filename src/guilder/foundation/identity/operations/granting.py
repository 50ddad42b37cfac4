"""What a directory's rules give: memberships, with a built-in role or an organization's own one.

A rule is {"value": a group or "*", "organization": an id, "role": a built-in one's name or an own
one's id}.
"""

import logging
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from guilder.foundation.identity.models import CustomRole, Membership, Organization, User
from guilder.foundation.identity.operations.members import set_role
from guilder.foundation.identity.operations.organizations import (
    LastAdmin,
    add_member,
    remove_member,
    system_actor,
)
from guilder.foundation.identity.permissions import ROLES
from guilder.foundation.identity.signing import Directory, DirectoryAccount
from guilder.foundation.identity.team import find_role
from guilder.foundation.tenancy.transaction import transaction

logger = logging.getLogger("guilder.security")


def grant(directory: Directory, account: DirectoryAccount, *, groups: list[str]) -> None:
    """Give and take what the directory's rules say of these groups.

    Only organizations that the rules name are touched; a membership that somebody gave by hand is
    never taken. Of several roles the one that may most counts.
    """
    wanted = roles_of(directory.rules, groups, bases=bases_of(directory.rules))
    granted = {UUID(one) for one in account.granted}
    user = account.user
    ours = {
        organization_id
        for organization_id, role in wanted.items()
        if let_in(user, organization_id, role, is_ours=organization_id in granted)
    }
    for organization_id in granted - set(wanted):
        take_out(user, organization_id)
    kept = sorted(str(one) for one in ours)
    DirectoryAccount.objects.filter(id=account.id).update(granted=kept)


def bases_of(rules: list[dict[str, str]]) -> dict[tuple[UUID, str], str]:
    """(organization, own role's id) → the built-in role that it is based on; those that are gone
    are absent."""
    named = [rule["role"] for rule in rules if rule["role"] not in ROLES]
    rows = CustomRole.objects.filter(id__in=named) if named else ()
    return {(row.organization_id, str(row.id)): row.based_on for row in rows}  # type: ignore[attr-defined]


def roles_of(
    rules: list[dict[str, str]], groups: list[str], *, bases: Mapping[tuple[UUID, str], str]
) -> dict[UUID, str]:
    """Organization → role, of the rules whose value is among the groups ("*": of everybody).

    Of several the first in the table of roles counts; an own role comes right behind the one that
    it is based on, and one that is gone gives nothing.
    """
    found: dict[UUID, tuple[int, int, str]] = {}
    for rule in rules:
        if rule["value"] not in (*groups, "*"):
            continue
        organization_id, role = UUID(rule["organization"]), rule["role"]
        base = role if role in ROLES else bases.get((organization_id, role))
        if base is None:
            continue
        rank = (ROLES.index(base), int(role != base), role)
        found[organization_id] = min(found.get(organization_id, rank), rank)
    return {organization_id: role for organization_id, (_, _, role) in found.items()}


def let_in(user: User, organization_id: UUID, role: str, *, is_ours: bool) -> bool:
    """Make sure of a membership; whether it is one that the directory gave."""
    if not Organization.objects.filter(id=organization_id).exists():
        return False
    held = membership(user, organization_id)
    if held is not None and (role_held(held) == role or not is_ours):
        return is_ours
    by = system_actor(organization_id, source="directory")
    with transaction(organization_id):
        try:
            if held is None and role in ROLES:
                add_member(by=by, user_id=user.id, role=role)
                return True
            if held is None:
                add_member(by=by, user_id=user.id, role=LEAST)
            set_role(user.id, by=by, role=role)
        except LastAdmin:
            logger.warning("User %s stays the last admin of %s.", user.id, organization_id)
    return True


LEAST = "viewer"  # for the moment before an own role is given, in the same transaction


def role_held(held: Membership) -> str:
    """A member's role as rules name it."""
    return str(held.custom_role_id or held.role)  # type: ignore[attr-defined]


def take_out(user: User, organization_id: UUID) -> None:
    """End a membership that the directory gave."""
    if membership(user, organization_id) is None:
        return
    by = system_actor(organization_id, source="directory")
    with transaction(organization_id):
        try:
            remove_member(user.id, by=by)
        except LastAdmin:
            logger.warning("User %s stays the last admin of %s.", user.id, organization_id)


def membership(user: User, organization_id: UUID) -> Membership | None:
    """A membership that stands."""
    return Membership.objects.filter(
        user=user, organization_id=organization_id, is_active=True
    ).first()


def settled_rule(rule: Mapping[str, Any]) -> dict[str, str]:
    """A rule without faults as it is kept: an own role by its id, whatever it is called later."""
    organization_id, role = UUID(str(rule["organization"])), str(rule["role"]).strip()
    if role not in ROLES:
        role = str(find_role(role, organization_id=organization_id).id)  # type: ignore[union-attr]
    return {
        "value": str(rule["value"]).strip(),
        "role": role,
        "organization": str(organization_id),
    }


def rule_fault(rule: Mapping[str, Any]) -> str:
    """What is wrong with one rule; "" for nothing. Its role may be an own one's id or name."""
    if not isinstance(rule.get("value"), str) or not rule["value"].strip():
        return "Enter the group or role of the provider, or * for everybody."
    try:
        organization_id = UUID(str(rule.get("organization", "")))
    except ValueError:
        return "Choose an organization."
    if not Organization.objects.filter(id=organization_id).exists():
        return "There is no such organization."
    role = str(rule.get("role", "")).strip()
    if role not in ROLES and find_role(role, organization_id=organization_id) is None:
        return f"Choose one of these roles: {', '.join(ROLES)}, or one that the organization made."
    return ""
