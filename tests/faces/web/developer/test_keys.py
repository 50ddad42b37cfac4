"""API keys on their page: made, shown once, renewed, revoked, and by whom."""

import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from guilder.foundation.identity import operations as identity
from guilder.foundation.identity import queries as identities
from guilder.foundation.identity.models import ApiKey
from tests.make import World

SECRET = re.compile(r"gld_live_[\w-]{43}")


@pytest.fixture
def alice(browsing: Callable[[str], Client]) -> Client:
    return browsing("alice")


def made(client: Client, **given: str) -> str:
    typed = {"name": "Web shop", "role": "accountant", "life": "90", **given}
    page = client.post(reverse("web:key_new"), typed).content.decode()
    found = SECRET.search(page)
    assert found, page[:4000]
    return found[0]


def test_a_key_is_shown_once_and_works(world: World, alice: Client) -> None:
    secret = made(alice, **{"scope-invoice": "invoice.view", "plan": "5000/hour"})

    caller = identities.authenticate(f"Bearer {secret}")
    page = alice.get(reverse("web:developer_keys")).content.decode()

    assert caller.actor.organization_id == world.organization
    assert caller.actor.permissions == {"invoice.view"}
    assert secret not in page
    assert secret[:17] in page and "5000 calls in 3600 s" in page


def test_a_renewed_key_has_a_new_secret_and_the_old_one_works_on(
    world: World, alice: Client
) -> None:
    old = made(alice)
    key = ApiKey.objects.get(prefix=old[:17])

    page = alice.post(reverse("web:key_rotate", args=[key.id]), {"keep": "1"}).content.decode()

    fresh = SECRET.search(page)
    assert fresh and fresh[0] != old
    for secret in (old, fresh[0]):
        assert identities.authenticate(f"Bearer {secret}").actor.role == "accountant"
    key.refresh_from_db()
    assert key.expires_at is not None


def test_renewed_without_a_while_the_old_one_ends_at_once(world: World, alice: Client) -> None:
    old = made(alice)
    key = ApiKey.objects.get(prefix=old[:17])

    alice.post(reverse("web:key_rotate", args=[key.id]), {"keep": "0"})

    with pytest.raises(identities.NotSignedIn):
        identities.authenticate(f"Bearer {old}")


def test_a_revoked_key_is_refused(alice: Client) -> None:
    secret = made(alice)
    key = ApiKey.objects.get(prefix=secret[:17])

    alice.post(reverse("web:key_revoke", args=[key.id]))

    with pytest.raises(identities.NotSignedIn):
        identities.authenticate(f"Bearer {secret}")
    assert "Ended keys" in alice.get(reverse("web:developer_keys")).content.decode()


def test_faults_are_said_beside_their_fields(alice: Client) -> None:
    answer = alice.post(reverse("web:key_new"), {"name": "", "role": "accountant", "plan": "many"})

    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"name"}
    answer = alice.post(reverse("web:key_new"), {"name": "x", "role": "accountant", "plan": "many"})
    assert set(answer.context["form"].errors) == {"plan"}


def test_keys_are_of_their_organization(world: World, alice: Client, browsing) -> None:
    secret = made(alice)
    key = ApiKey.objects.get(prefix=secret[:17])
    mallory = browsing("mallory")

    for route in ("key_rotate", "key_revoke"):
        assert mallory.post(reverse(f"web:{route}", args=[key.id])).status_code == 404
    assert secret[:17] not in mallory.get(reverse("web:developer_keys")).content.decode()
    assert identities.authenticate(f"Bearer {secret}")


def test_who_may_not_has_no_keys(world: World, browsing) -> None:
    bob = browsing("bob")

    assert bob.get(reverse("web:developer_keys")).status_code == 403
    assert bob.post(reverse("web:key_new"), {"name": "x", "role": "agent"}).status_code == 403


def test_a_key_does_not_outlive_a_revoked_one_by_being_renewed(world: World) -> None:
    from datetime import timedelta

    key, _ = identity.create_api_key(by=world.alice, name="Gone")
    identity.revoke_api_key(key.id, by=world.alice)

    with pytest.raises(identities.NotFound):
        identity.rotate_api_key(key.id, by=world.alice, keep_for=timedelta(hours=1))
