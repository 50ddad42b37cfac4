"""What the rules of a directory give: built-in roles and own ones, never more than they say."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from guilder.foundation.identity import operations as identity
from guilder.foundation.identity.models import Membership, User
from guilder.foundation.identity.operations.granting import grant, role_held, roles_of
from guilder.foundation.identity.operations.roles import RoleInUse
from guilder.foundation.identity.signing import Directory, DirectoryAccount
from tests.make import World

HERE, DESK = UUID(int=1), "01a1fe83-0000-7000-8000-000000000001"
BASES = {(HERE, DESK): "accountant"}


def rule(value: str, role: str, where: UUID = HERE) -> dict[str, str]:
    return {"value": value, "role": role, "organization": str(where)}


@pytest.mark.parametrize(
    ("roles", "given"),
    [
        (["viewer", DESK], DESK),
        ([DESK, "accountant"], "accountant"),  # what it is based on comes right before it
        ([DESK, "agent"], DESK),
        (["manager", DESK, "viewer"], "manager"),
    ],
)
def test_of_several_roles_the_one_that_may_most_counts(roles: list[str], given: str) -> None:
    rules = [rule("desk", role) for role in roles]

    assert roles_of(rules, ["desk"], bases=BASES) == {HERE: given}


def test_a_role_that_is_gone_or_of_elsewhere_gives_nothing() -> None:
    rules = [rule("desk", DESK, UUID(int=2)), rule("desk", "01a1fe83-0000-7000-8000-00000000000f")]

    assert roles_of(rules, ["desk"], bases=BASES) == {}


@pytest.fixture
def office(world: World) -> Any:
    """(directory, account, role): who has the group “desk” gets an own role."""
    role = identity.create_role(
        by=world.alice, name=f"Desk {uuid4().hex[:6]}", based_on="agent",
        permissions=["invoice.view"], row_rule="own",
    )  # fmt: skip
    data = {
        "issuer": "https://login.example.com", "client_id": "guilder",
        "rules": [rule("desk", role.name.upper(), world.organization),
                  rule("head", "manager", world.organization)],
    }  # fmt: skip
    directory = identity.set_directory(f"d-{uuid4().hex[:8]}", data=data)
    user = identity.create_user(
        email=f"{uuid4().hex}@office.example", password=None, name="Kim Desk"
    )
    account = DirectoryAccount.objects.create(directory=directory, subject="kim", user=user)
    return directory, account, role


def held(user: User, world: World) -> str:
    """What somebody is in Alice's organization; "" for nothing."""
    found = Membership.objects.filter(
        user=user, organization_id=world.organization, is_active=True
    ).first()
    return "" if found is None else role_held(found)


def come(directory: Directory, account: DirectoryAccount, *groups: str) -> None:
    """Another sign-in, with these groups."""
    account.refresh_from_db()
    grant(directory, account, groups=list(groups))


def test_an_own_role_is_given_changed_and_taken_with_the_group(office: Any, world: World) -> None:
    directory, account, role = office
    seen = []

    for groups in (["desk"], ["desk"], ["head", "desk"], ["desk"], []):
        come(directory, account, *groups)
        seen.append(held(account.user, world))

    assert seen == [str(role.id), str(role.id), "manager", str(role.id), ""]


def test_a_membership_given_by_hand_keeps_its_role(office: Any, world: World) -> None:
    directory, account, _role = office
    identity.add_member(by=world.alice, user_id=account.user.id, role="viewer")

    come(directory, account, "desk")
    come(directory, account)

    assert held(account.user, world) == "viewer"


def test_a_role_that_a_rule_names_is_not_deleted(office: Any, world: World) -> None:
    directory, _account, role = office

    with pytest.raises(RoleInUse):
        identity.delete_role(role.id, by=world.alice)
    identity.set_directory(directory.code, data={"rules": []})
    identity.delete_role(role.id, by=world.alice)
