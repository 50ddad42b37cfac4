"""Requests under an Idempotency-Key at addresses that open their own transactions."""

import uuid

import pytest

from guilder.faces.rest import urls  # noqa: F401  (fills the table of routes)
from guilder.faces.rest.openapi import document
from guilder.faces.rest.routes import ROUTES, Route
from tests.faces.rest.speaking import Speaker
from tests.faces.rest.twins import TWINS, address_of
from tests.make import make_world

APART = [one for one in ROUTES if one.takes_key and one.is_bare]


@pytest.mark.usefixtures("alice")
@pytest.mark.parametrize("route", APART, ids=lambda route: route.path)
def test_what_opens_its_own_transactions_has_one_effect_and_one_answer_too(route: Route):
    speaker = Speaker.of(make_world().alice)
    request = TWINS[route.method, route.path](speaker)
    address, key = address_of(route.path, request), str(uuid.uuid4())

    first = speaker("POST", address, request.body, Idempotency_Key=key)
    second = speaker("POST", address, request.body, Idempotency_Key=key)
    other = speaker("POST", address, {"other": "body"}, Idempotency_Key=key)

    assert 200 <= first.status < 300
    assert (second.status, second.body) == (first.status, first.body)
    assert second.headers["Idempotent-Replayed"] == "true"
    assert (other.status, other.body["code"]) == (422, "idempotency.key_reused")


def test_what_is_refused_outside_a_transaction_gives_its_key_back(alice: Speaker):
    key = str(uuid.uuid4())

    refused = alice("POST", "documents/", {"content": ""}, Idempotency_Key=key)
    twin = TWINS["POST", "documents/"](alice)
    accepted = alice("POST", "documents/", twin.body, Idempotency_Key=key)

    assert (refused.status, accepted.status) == (422, 201)


def test_each_address_that_takes_a_key_says_so_and_no_other():
    described = document()["paths"]

    told = {
        route.path
        for route in ROUTES
        for one in described[f"/api/v1/{route.path}"][route.method.lower()].get("parameters", ())
        if one["name"] == "Idempotency-Key"
    }

    assert told == {route.path for route in ROUTES if route.takes_key}
    assert {one.path for one in ROUTES if one.method == "POST"} - told == {
        "auth/login/",
        "auth/refresh/",
        "auth/logout/",
        "auth/prove/",
        "exports/{id}/file/",
    }
