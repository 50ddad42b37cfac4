"""Founding a further organization over the API: once, whole, and by whom it is allowed."""

from typing import Any

import pytest

from guilder.foundation.identity import operations as identity
from guilder.foundation.identity.models import Membership, Organization, User
from tests.faces.rest.speaking import Speaker
from tests.make import World

FRENCH = {"name": "Second House SARL", "country": "FR"}


@pytest.fixture
def founder(world: World) -> Speaker:
    """Alice, an operator."""
    User.objects.filter(id=world.alice.user_id).update(is_operator=True)
    return Speaker.of(world.alice)


def organizations_of(world: World) -> int:
    return Membership.objects.filter(user_id=world.alice.user_id).count()


def test_it_is_ready_for_its_first_invoice(founder: Speaker) -> None:
    made = founder.ok("POST", "organizations/", FRENCH)
    there = {"Guilder_Organization": made["id"]}

    client = founder(
        "POST",
        "clients/",
        {"kind": "individual", "name": "Kim", "address": {"country": "FR"}},
        **there,
    )
    taxes = founder("GET", "taxes/", **there)

    assert (made["base_currency"], made["language"], made["time_zone"]) == (
        "EUR", "fr", "Europe/Paris"
    )  # fmt: skip
    assert client.status == 201
    assert "20.000000" in str(taxes.body) or "20" in str(taxes.body)
    assert founder("GET", "organization/", **there).body["name"] == "Second House SARL"


def test_what_is_said_counts_before_what_the_country_has(founder: Speaker) -> None:
    told = {"base_currency": "USD", "language": "en", "time_zone": "America/Cayenne"}

    made = founder.ok("POST", "organizations/", {**FRENCH, **told})

    assert {name: made[name] for name in told} == told


def test_the_same_request_founds_one(founder: Speaker, world: World) -> None:
    before = organizations_of(world)

    answers = [
        founder("POST", "organizations/", FRENCH, Idempotency_Key="found-1") for _ in range(2)
    ]

    assert [one.status for one in answers] == [201, 201]
    assert answers[0].body["id"] == answers[1].body["id"]
    assert organizations_of(world) == before + 1


@pytest.mark.parametrize(
    ("given", "pointer"),
    [
        ({"name": " "}, "/name"),
        ({"country": "ZZ"}, "/country"),
        ({"base_currency": "EURO"}, "/base_currency"),
        ({"time_zone": "Mars/Olympus"}, "/time_zone"),
        ({"colour": "red"}, "/colour"),
    ],
)
def test_a_fault_founds_nothing(
    given: dict[str, Any], pointer: str, founder: Speaker, world: World
) -> None:
    before = Organization.objects.count()

    refused = founder("POST", "organizations/", {**FRENCH, **given})

    assert (refused.status, refused.pointers) == (422, {f"#{pointer}"})
    assert Organization.objects.count() == before


def test_who_is_no_operator_founds_nothing(world: World) -> None:
    refused = Speaker.of(world.bob)("POST", "organizations/", FRENCH)

    assert (refused.status, refused.body["code"]) == (403, "identity.no_founder")


def test_a_key_founds_nothing(founder: Speaker, world: World) -> None:
    _, secret = identity.create_api_key(by=world.alice, name="program", role="admin")
    founder.token = secret

    refused = founder("POST", "organizations/", FRENCH)

    assert (refused.status, refused.body["code"]) == (403, "identity.no_founder")


def test_nobody_in_particular_founds_nothing(db: Any) -> None:
    assert Speaker()("POST", "organizations/", FRENCH).status == 401
