"""The page of directories: for operators, after a fresh proof, and judged whole."""

import time
import uuid
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from guilder.foundation.identity import operations as identity
from guilder.foundation.identity import queries as identities
from guilder.foundation.identity.models import User
from guilder.foundation.identity.operations.directories import client_of
from guilder.foundation.identity.signing import Directory
from tests.make import World

SECRET = "canary-7Qz-tulip"


@pytest.fixture
def operator(world: World, browsing: Any) -> Client:
    User.objects.filter(id=world.alice.user_id).update(is_operator=True)
    return browsing("alice")


def typed(code: str, world: World, **changes: str) -> dict[str, str]:
    name = identities.get_organization(world.organization).name
    return {
        "code": code,
        "name": "Office",
        "issuer": "https://login.example.com/realms/office",
        "client_id": "guilder",
        "client_secret": SECRET,
        "scopes": "openid email profile",
        "groups_claim": "realm_access.roles",
        "rules": f"guilder-admin = admin @ {name}\n* = viewer @ {world.organization}",
        "makes_users": "on",
        "is_active": "on",
        **changes,
    }


def test_a_directory_is_set_with_rules_by_name_or_id(world: World, operator: Client) -> None:
    code = f"d-{uuid.uuid4().hex[:8]}"

    answer = operator.post(reverse("web:settings_directories"), typed(code, world))

    assert answer["Location"] == reverse("web:settings_directory", args=[code])
    kept = Directory.objects.get(code=code)
    organization = str(world.organization)
    assert kept.rules == [
        {"value": "guilder-admin", "role": "admin", "organization": organization},
        {"value": "*", "role": "viewer", "organization": organization},
    ]
    assert SECRET.encode() not in bytes(kept.sealed_secret or b"")
    page = operator.get(answer["Location"]).content.decode()
    assert SECRET not in page and "guilder-admin = admin @" in page
    assert "/sign-in/return/" in page


def test_a_rule_may_give_a_role_of_the_organizations_own(world: World, operator: Client) -> None:
    code, role = f"d-{uuid.uuid4().hex[:8]}", own_role(world, "Front desk")
    name = identities.get_organization(world.organization).name
    rules = f"desk = front desk @ {name}\nother = {role.id} @ {name}"

    answer = operator.post(reverse("web:settings_directories"), typed(code, world, rules=rules))

    kept = Directory.objects.get(code=code)
    assert [rule["role"] for rule in kept.rules] == [str(role.id)] * 2
    assert "desk = Front desk @" in operator.get(answer["Location"]).content.decode()


def test_a_role_of_another_organization_is_none_for_a_rule(world: World, operator: Client) -> None:
    role = own_role(world, "Front desk")
    rules = f"desk = {role.id} @ {world.other}"

    answer = operator.post(reverse("web:settings_directories"), typed("d-x", world, rules=rules))

    assert set(answer.context["form"].errors) == {"rules"}


def own_role(world: World, name: str) -> Any:
    """A role of Alice's organization."""
    return identity.create_role(
        by=world.alice, name=name, based_on="agent", permissions=["invoice.view"], row_rule="own"
    )


def test_an_empty_secret_keeps_the_stored_one(world: World, operator: Client) -> None:
    code = f"d-{uuid.uuid4().hex[:8]}"
    operator.post(reverse("web:settings_directories"), typed(code, world))
    address = reverse("web:settings_directory", args=[code])

    operator.post(address, typed(code, world, client_secret="", name="Renamed"))

    kept = Directory.objects.get(code=code)
    assert (kept.name, client_of(kept, redirect_uri="x").secret) == ("Renamed", SECRET)


def test_faults_stand_beside_their_fields(world: World, operator: Client) -> None:
    answer = operator.post(
        reverse("web:settings_directories"),
        typed("Bad Code", world, issuer="login.example.com", rules="x = king @ nowhere"),
    )

    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"code", "issuer", "rules"}


def test_a_directory_is_removed_and_asked(world: World, operator: Client) -> None:
    code = f"d-{uuid.uuid4().hex[:8]}"
    operator.post(reverse("web:settings_directories"), typed(code, world, issuer="http://10.0.0.1"))

    asked = operator.post(reverse("web:directory_check", args=[code]), follow=True)
    gone = operator.post(reverse("web:directory_remove", args=[code]))

    assert "cannot be reached" in asked.content.decode()
    assert gone.status_code == 302
    assert not Directory.objects.filter(code=code).exists()
    assert operator.get(reverse("web:settings_directory", args=[code])).status_code == 404


def test_an_admin_who_is_no_operator_sets_none(world: World, browsing: Any) -> None:
    mallory = browsing("mallory")
    code = f"d-{uuid.uuid4().hex[:8]}"

    answers = [
        mallory.get(reverse("web:settings_directories")),
        mallory.post(reverse("web:settings_directories"), typed(code, world)),
        mallory.post(reverse("web:directory_check", args=[code])),
        mallory.post(reverse("web:directory_remove", args=[code])),
    ]

    assert {answer.status_code for answer in answers} == {403}
    assert not Directory.objects.filter(code=code).exists()
    assert "Single sign-on" not in mallory.get(reverse("web:profile")).content.decode()


def test_an_operator_proves_themselves_first(world: World, operator: Client) -> None:
    session = operator.session
    session["proved_at"] = int(time.time()) - 901
    session.save()

    answer = operator.post(reverse("web:settings_directories"), typed("late", world))

    assert answer["Location"].startswith("/confirm/")


def test_signed_out_it_asks_to_sign_in(db: Any) -> None:
    assert Client().get(reverse("web:settings_directories"))["Location"].startswith("/sign-in/")
