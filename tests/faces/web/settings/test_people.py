"""Team, roles, approvals and one's own access over HTTP."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from guilder.books.workflow import queries as approvals
from guilder.foundation.identity import queries as identity
from guilder.registers.parties import queries as clients
from tests import make
from tests.make import World


@pytest.fixture
def alice(browsing: Callable[[str], Client]) -> Client:
    return browsing("alice")


@pytest.fixture
def bob(browsing: Callable[[str], Client]) -> Client:
    return browsing("bob")


def member(world: World, user_id: Any) -> Any:
    rows = identity.list_members(world.organization)
    return next(row for row in rows if row.user.id == user_id)


def made_role(alice: Client, name: str = "Billing assistant") -> Any:
    answer = alice.post(reverse("web:settings_roles"), {"name": name, "based_on": "agent"})
    assert answer.status_code == 302
    return answer.url


def test_somebody_is_invited_and_the_invitation_taken_back(world: World, alice: Client) -> None:
    page = reverse("web:settings_team")

    answer = alice.post(page, {"email": "kim@example.test", "name": "Kim", "role": "manager"})
    shown = alice.get(page).content.decode()
    [link] = identity.invitations_of(world.organization)
    alice.post(reverse("web:invitation_resend", args=[link.id]))
    alice.post(reverse("web:invitation_withdraw", args=[link.id]))

    assert answer.status_code == 302
    assert "kim@example.test" in shown
    assert (link.role, link.name) == ("manager", "Kim")
    assert identity.invitations_of(world.organization) == []


def test_who_is_inside_is_not_invited(world: World, alice: Client) -> None:
    answer = alice.post(reverse("web:settings_team"), {"email": world.bob_email, "role": "viewer"})

    assert answer.status_code == 422
    assert answer.context["form"].errors["email"]


def test_a_role_of_ones_own_is_made_changed_and_given(world: World, alice: Client) -> None:
    url = made_role(alice)
    role = identity.list_roles(world.organization)[0]
    values = {
        "name": "Drafts only", "row_rule": "assigned", "version": "1",
        "level-invoice.view": "all", "level-invoice.create": "all", "level-invoice.edit": "own",
    }  # fmt: skip
    saved = alice.post(url, values)
    given = alice.post(
        reverse("web:settings_member", args=[world.bob.user_id]), {"role": str(role.id)}
    )

    bob = identity.actor_for(world.bob.user_id, world.organization, source="web")
    assert saved.status_code == given.status_code == 302
    assert bob.permissions == {"invoice.view", "invoice.create", "invoice.edit"}
    assert bob.own == {"invoice.edit"}
    assert (bob.row_rule, bob.role) == ("assigned", "agent")
    assert "Drafts only" in alice.get(reverse("web:settings_team")).content.decode()


def test_a_role_never_holds_what_its_rows_do_not_allow(world: World, alice: Client) -> None:
    url = made_role(alice)
    values = {"name": "Sly", "row_rule": "own", "version": "1", "level-ledger.view": "all"}

    answer = alice.post(url, values)

    assert answer.status_code == 422
    assert "ledger.view" in str(answer.context["form"].errors)


def test_a_role_in_use_is_not_deleted(world: World, alice: Client) -> None:
    made_role(alice)
    role = identity.list_roles(world.organization)[0]
    alice.post(reverse("web:settings_member", args=[world.bob.user_id]), {"role": str(role.id)})

    alice.post(reverse("web:role_delete", args=[role.id]))
    kept = identity.list_roles(world.organization)
    alice.post(reverse("web:settings_member", args=[world.bob.user_id]), {"role": "agent"})
    alice.post(reverse("web:role_delete", args=[role.id]))

    assert len(kept) == 1
    assert identity.list_roles(world.organization) == []


def test_a_member_gets_a_limit_clients_and_a_lead(world: World, alice: Client) -> None:
    one, two = make.client(world.alice), make.client(world.alice)
    page = reverse("web:settings_member", args=[world.bob.user_id])

    shown = alice.get(page).context["picks"]
    answer = alice.post(page, {
        "role": "agent", "lead": str(world.alice.user_id), "limit": "1,250.00",
        "shown": [str(one.id), str(two.id)], "client": [str(two.id)],
    })  # fmt: skip

    assert {row.id for row in shown.rows} == {one.id, two.id}
    assert answer.status_code == 302, answer.context["form"].errors
    assert clients.assigned(world.organization) == {world.bob.user_id: [two.id]}
    assert str(approvals.limits(world.organization)[1][world.bob.user_id]) == "1250.00"
    assert member(world, world.bob.user_id).lead.id == world.alice.user_id


def test_the_last_admin_stays(world: World, alice: Client) -> None:
    own = reverse("web:settings_member", args=[world.alice.user_id])

    demoted = alice.post(own, {"role": "viewer"})
    alice.post(reverse("web:member_remove", args=[world.alice.user_id]))

    assert demoted.status_code == 422
    assert member(world, world.alice.user_id).role == "admin"
    assert member(world, world.alice.user_id).is_active


def test_a_removed_member_is_refused_at_the_next_click(
    world: World, alice: Client, bob: Client
) -> None:
    before = bob.get("/invoices/").status_code

    alice.post(reverse("web:member_remove", args=[world.bob.user_id]))

    assert before == 200
    assert bob.get("/invoices/").status_code == 403


def test_the_rule_of_approvals_is_saved(world: World, alice: Client) -> None:
    page = reverse("web:settings_approvals")

    answer = alice.post(page, {
        "is_active": "on", "amount": "5000", "version": "0", "roles": ["manager"],
        "limit-manager": "20000",
    })  # fmt: skip
    stale = alice.post(page, {"amount": "1", "version": "0"})

    rule = approvals.get_rule(world.organization)
    assert answer.status_code == 302
    assert (rule.is_active, rule.amount, rule.roles) == (True, 500_000, ["manager"])
    assert str(approvals.limits(world.organization)[0]["manager"]) == "20000.00"
    assert stale.status_code == 422


def test_everybody_reads_their_own_access(alice: Client, bob: Client) -> None:
    page = reverse("web:permissions")

    assert alice.get(page).status_code == bob.get(page).status_code == 200
    assert Client().get(page).status_code == 302
    assert bob.get(page).context["groups"]


@pytest.mark.parametrize("name", ["settings_team", "settings_roles", "settings_approvals"])
def test_agents_and_strangers_stay_out(name: str, bob: Client) -> None:
    assert bob.get(reverse(f"web:{name}")).status_code == 403
    assert Client().get(reverse(f"web:{name}")).status_code == 302


def test_people_and_roles_of_others_are_absent(
    world: World, alice: Client, browsing: Callable[[str], Client]
) -> None:
    mallory = browsing("mallory")
    url = made_role(alice)

    assert mallory.get(url).status_code == 404
    assert mallory.get(reverse("web:settings_member", args=[world.bob.user_id])).status_code == 404
    assert alice.get(reverse("web:settings_member", args=[uuid4()])).status_code == 404


def test_people_and_roles_are_changed_only_after_a_fresh_proof(world: World, alice: Client) -> None:
    session = alice.session
    session["proved_at"] = 0
    session.save()
    bob = [world.bob.user_id]

    for page, said in (
        (reverse("web:settings_team"), {"email": "kim@example.test", "role": "viewer"}),
        (reverse("web:settings_roles"), {"name": "Sly", "based_on": "viewer"}),
        (reverse("web:settings_member", args=bob), {"role": "admin"}),
        (reverse("web:member_remove", args=bob), {}),
    ):
        asked = alice.post(page, said)
        assert asked.status_code == 302
        assert asked.headers["Location"].startswith("/confirm/"), page

    assert identity.list_roles(world.organization) == []
    assert identity.invitations_of(world.organization) == []
    assert member(world, world.bob.user_id).role == "agent"
