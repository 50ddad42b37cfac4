"""Invitations: who comes in by one, as what, and who does not."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from guilder.foundation.identity import operations as identity
from guilder.foundation.identity import queries
from guilder.foundation.identity.models import AccessToken
from guilder.foundation.identity.operations import invitations
from guilder.foundation.identity.operations.roles import RoleInUse
from guilder.kernel.errors import NotAllowed, NotFound
from tests.make import NOW, PASSWORD, World


def invited(world: World, *, email: str = "", role: str = "viewer") -> tuple[Any, str]:
    """(the invitation, the secret of its mail)."""
    address = email or f"kim-{uuid4().hex[:10]}@guilder.example"
    made = identity.invite_member(by=world.alice, email=address, role=role, name="Kim", at=NOW)
    return identity.invitation_secret(made.id, by=world.alice)


def accept(secret: str, **given: Any) -> Any:
    return identity.accept_invitation(secret, at=NOW, **given)


def test_somebody_new_comes_in_with_an_account(world: World) -> None:
    invitation, secret = invited(world, role="manager")

    user, organization = accept(secret, password=PASSWORD, name="Kim Berg")

    assert (user.email, user.name, organization) == (
        invitation.email, "Kim Berg", world.organization,
    )  # fmt: skip
    assert queries.actor_for(user.id, organization, source="web").role == "manager"
    with pytest.raises(NotFound):
        accept(secret, user_id=user.id)  # it works once


def test_only_the_hash_of_a_secret_is_stored(world: World) -> None:
    invitation, secret = invited(world)

    [token] = AccessToken.objects.filter(target_id=invitation.id)

    assert len(secret) >= 40
    assert secret.encode() not in bytes(token.token_hash)


def test_who_has_an_account_must_be_signed_in_with_it(world: World) -> None:
    _, secret = invited(world, email=world.mallory_email)

    with pytest.raises(invitations.NotInvited):
        accept(secret, password=PASSWORD)  # the link alone enters no account
    with pytest.raises(invitations.NotInvited):
        accept(secret, user_id=world.bob.user_id)
    _user, organization = accept(secret, user_id=world.mallory.user_id)

    assert organization == world.organization
    assert {one.organization_id for one in queries.memberships_of(world.mallory.user_id)} == {
        world.organization, world.other,
    }  # fmt: skip


@pytest.mark.parametrize("secret", ["", " ", "x", "None", "0" * 43])
def test_what_is_no_secret_leads_nowhere(world: World, secret: str) -> None:
    invited(world)

    with pytest.raises(NotFound):
        queries.find_invitation(secret, at=NOW)


def test_an_old_link_is_void(world: World) -> None:
    invitation, secret = invited(world)
    AccessToken.objects.filter(target_id=invitation.id).update(expires_at=NOW - timedelta(days=1))

    with pytest.raises(NotFound):
        accept(secret, password=PASSWORD)


def test_sent_again_voids_the_link_before(world: World) -> None:
    invitation, first = invited(world)
    identity.resend_invitation(invitation.id, by=world.alice, at=NOW)
    _, second = identity.invitation_secret(invitation.id, by=world.alice)

    with pytest.raises(NotFound):
        accept(first, password=PASSWORD)
    assert accept(second, password=PASSWORD)


def test_taken_back(world: World) -> None:
    invitation, secret = invited(world)
    identity.withdraw_invitation(invitation.id, by=world.alice, at=NOW)

    with pytest.raises(NotFound):
        accept(secret, password=PASSWORD)
    with pytest.raises(NotFound):
        identity.resend_invitation(invitation.id, by=world.alice, at=NOW)


def test_with_a_role_of_the_organization(world: World) -> None:
    role = identity.create_role(
        by=world.alice, name="Reader", based_on="viewer", permissions=["invoice.view"],
        row_rule="own",
    )  # fmt: skip
    _, secret = invited(world, role=str(role.id))

    with pytest.raises(RoleInUse):
        identity.delete_role(role.id, by=world.alice)
    user, organization = accept(secret, password=PASSWORD, name="Kim")

    actor = queries.actor_for(user.id, organization, source="web")
    assert (actor.permissions, actor.row_rule) == ({"invoice.view"}, "own")


def test_who_may_not(world: World) -> None:
    invitation, _ = invited(world)

    with pytest.raises(NotAllowed):
        identity.invite_member(by=world.bob, email="a@b.example", role="viewer", at=NOW)
    with pytest.raises(NotFound):
        identity.withdraw_invitation(invitation.id, by=world.mallory, at=NOW)
    with pytest.raises(invitations.AlreadyMember):
        identity.invite_member(by=world.alice, email=world.bob_email, role="viewer", at=NOW)
    with pytest.raises(invitations.BadInvitation):
        identity.invite_member(by=world.alice, email="no address", role="viewer", at=NOW)
