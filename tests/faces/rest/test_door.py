"""The door: sign-in, bodies, errors, idempotency, races, throttles, headers."""

import contextlib
import threading
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import psycopg
import pytest
from django.db import connections

from tests.faces.rest.speaking import Speaker, client_in, draft_in, issued_in, line
from tests.make import World


def test_login_gives_tokens_that_work_and_refresh_once(world: World, stranger: Speaker):
    said = {"email": world.alice_email.upper(), "password": world.password}

    tokens = stranger.ok("POST", "auth/login/", said)
    me = Speaker(token=tokens["access"]).ok("GET", "users/me/")
    fresh = stranger.ok("POST", "auth/refresh/", {"refresh": tokens["refresh"]})
    again = stranger("POST", "auth/refresh/", {"refresh": tokens["refresh"]})

    assert me["user"]["email"] == world.alice_email
    assert me["organization"]["id"] == str(world.organization)
    assert tokens["expires_in"] > 0
    assert fresh["refresh"] != tokens["refresh"]
    assert (again.status, again.body["code"]) == (401, "identity.session_ended")


def test_logout_ends_the_session_at_once(world: World, stranger: Speaker):
    tokens = stranger.ok(
        "POST", "auth/login/", {"email": world.bob_email, "password": world.password}
    )
    signed_in = Speaker(token=tokens["access"])
    assert signed_in("GET", "users/me/").status == 200

    assert stranger("POST", "auth/logout/", {"refresh": tokens["refresh"]}).status == 204

    assert signed_in("GET", "users/me/").status == 401


def test_a_wrong_password_and_an_unknown_address_are_told_alike(world: World, stranger: Speaker):
    wrong = stranger("POST", "auth/login/", {"email": world.alice_email, "password": "no"})
    unknown = stranger("POST", "auth/login/", {"email": "no@guilder.example", "password": "no"})

    assert wrong.status == unknown.status == 401
    assert wrong.body["code"] == unknown.body["code"] == "identity.wrong_password"
    assert wrong.body["detail"] == unknown.body["detail"]


def test_a_thread_whose_connection_was_cut_signs_people_in_again(
    world: World, stranger: Speaker
) -> None:
    said = {"email": world.alice_email, "password": world.password}
    stranger.ok("POST", "auth/login/", said)
    with contextlib.suppress(psycopg.Error):
        connections["default"].connection.execute("SELECT pg_terminate_backend(pg_backend_pid())")

    connections["default"].health_check_done = False  # as when a request begins

    assert stranger("POST", "auth/login/", said).status == 200


def test_a_login_without_fields_names_every_fault(stranger: Speaker):
    refused = stranger("POST", "auth/login/", {"mail": "x"})

    assert refused.status == 422
    assert refused.pointers == {"#/mail", "#/email", "#/password"}


def test_a_key_works_within_its_scopes_until_it_is_revoked(alice: Speaker):
    made = alice.ok("POST", "keys/", {"name": "Shop", "scopes": ["partner.view"]})
    key = Speaker(token=made["secret"])

    assert key("GET", "clients/").status == 200
    assert key("GET", "invoices/").status == 403
    assert key("PATCH", "users/me/", {"name": "X"}).status == 403
    assert "secret" not in str(alice.ok("GET", "keys/")).replace("'secret': None", "")
    assert alice("DELETE", f"keys/{made['id']}/").status == 204
    assert key("GET", "clients/").status == 401


def test_naming_another_organization_is_refused(world: World, alice: Speaker):
    refused = alice("GET", "clients/", Guilder_Organization=str(world.other))
    nonsense = alice("GET", "clients/", Guilder_Organization="nonsense")

    assert (refused.status, nonsense.status) == (403, 403)
    assert refused.body["code"] == "identity.no_membership"


def test_a_browsers_session_needs_the_pages_token_to_write(world: World):
    from django.test import Client

    from guilder.foundation.identity.models import User
    from tests.faces.rest.speaking import HOST

    browser = Client(SERVER_NAME=HOST, enforce_csrf_checks=True)
    browser.force_login(User.objects.get(email=world.alice_email))
    page = Speaker(client=browser)

    assert page("GET", "users/me/").status == 200
    refused = page("POST", "items/", {"name": "Hour"})
    browser.cookies["csrftoken"] = token = "a" * 32
    allowed = page("POST", "items/", {"name": "Hour"}, X_CSRFToken=token)

    assert (refused.status, refused.body["code"]) == (403, "auth.csrf")
    assert allowed.status == 201


@pytest.mark.parametrize(
    "raw",
    [
        b"{",
        b"[]",
        b'"x"',
        b"\xff\xfe",
        b'{"name": "a", "name": "b"}',
        b'{"name": NaN}',
        b'{"name": "\\ud800"}',
        b'{"a": ' * 40 + b"1" + b"}" * 40,
        b"[" * 100_000,
        b'{"a": ' + b"9" * 5000 + b"}",
    ],
    ids=["cut", "list", "text", "utf16", "twice", "nan", "surrogate", "deep", "deeper", "long"],
)
def test_what_is_not_sound_json_is_unreadable(raw: bytes, alice: Speaker):
    refused = alice("POST", "items/", raw=raw)

    assert refused.status == 400
    assert refused.body["code"] == "request.unreadable"
    assert refused.headers["Content-Type"] == "application/problem+json"


def test_every_fault_is_told_with_its_place(alice: Speaker):
    refused = alice(
        "POST",
        "invoices/",
        {
            "client": client_in(alice)["id"],
            "currency": "EURO",
            "colour": "red",
            "issue": "yes",
            "lines": [
                {"description": "x", "quantity": "1e9", "unit_price": 12.5},
                {"description": {}, "unit_price": "1", "tax": "no such code"},
            ],
        },
    )

    assert refused.status == 422
    assert refused.pointers >= {
        "#/currency",
        "#/colour",
        "#/issue",
        "#/lines/0/quantity",
        "#/lines/0/unit_price",
        "#/lines/1/description",
        "#/lines/1/tax",
    }
    assert refused.body["status"] == 422
    assert refused.body["request_id"] == refused.headers["X-Request-ID"]
    assert all(one["detail"] and one["code"] for one in refused.body["errors"])


def test_an_unknown_address_and_method_say_what_there_is(alice: Speaker):
    nowhere = alice("GET", "nothing/")
    method = alice("DELETE", "invoices/")

    assert (nowhere.status, nowhere.body["code"]) == (404, "request.no_such_address")
    assert method.status == 405
    assert method.headers["Allow"] == "GET, POST"


def test_a_repeated_request_has_one_effect_and_one_answer(alice: Speaker):
    body = {"client": client_in(alice)["id"], "currency": "EUR", "lines": [line()]}
    key = str(uuid.uuid4())

    first = alice("POST", "invoices/", body, Idempotency_Key=key)
    second = alice("POST", "invoices/", body, Idempotency_Key=key)
    other = alice("POST", "invoices/", {**body, "lines": []}, Idempotency_Key=key)
    elsewhere = alice("POST", "quotes/", body, Idempotency_Key=key)

    assert first.status == second.status == 201
    assert second.body == first.body
    assert second.headers["ETag"] == first.headers["ETag"]
    assert second.headers["Location"] == first.headers["Location"]
    assert second.headers["Idempotent-Replayed"] == "true"
    assert (other.status, other.body["code"]) == (422, "idempotency.key_reused")
    assert elsewhere.body["code"] == "idempotency.key_reused"
    assert len(alice.ok("GET", f"invoices/?client={body['client']}")["data"]) == 1


def test_a_refused_request_gives_its_key_back(alice: Speaker):
    key = str(uuid.uuid4())

    refused = alice("POST", "items/", {"name": ""}, Idempotency_Key=key)
    accepted = alice("POST", "items/", {"name": "Hour"}, Idempotency_Key=key)

    assert (refused.status, accepted.status) == (422, 201)


@pytest.mark.parametrize("key", ["", "x" * 256])
def test_a_key_that_is_none_is_refused(key: str, alice: Speaker):
    assert alice("POST", "items/", {"name": "Hour"}, Idempotency_Key=key).status == 422


def test_the_same_key_at_once_has_one_effect(alice: Speaker):
    from django.db import connections

    client, key, gate = client_in(alice)["id"], str(uuid.uuid4()), threading.Barrier(6)
    body = {"client": client, "currency": "EUR", "lines": [line()]}

    def post(_: int) -> tuple[int, str]:
        gate.wait()
        try:
            said = Speaker(token=alice.token)("POST", "invoices/", body, Idempotency_Key=key)
            return said.status, said.body.get("id") or said.body["code"]
        finally:
            connections.close_all()

    with ThreadPoolExecutor(6) as pool:
        answers = set(pool.map(post, range(6)))

    assert len(alice.ok("GET", f"invoices/?client={client}")["data"]) == 1
    assert {status for status, _ in answers} <= {201, 409}
    assert len({word for status, word in answers if status == 201}) == 1


def test_a_lost_race_is_told_and_changes_nothing(alice: Speaker):
    draft = draft_in(alice)
    path = f"invoices/{draft['id']}/"
    read = alice("GET", path)
    etag = read.headers["ETag"]

    first = alice("PATCH", path, {"lines": [line(quantity="2")]}, If_Match=etag)
    second = alice("PATCH", path, {"lines": [line(quantity="3")]}, If_Match=etag)
    deleted = alice("DELETE", path, If_Match=etag)
    by_body = alice("PATCH", path, {"lines": []}, If_Match=first.body["etag"])

    assert etag.startswith(draft["etag"].rstrip('"') + "-")
    assert first.status == 200
    assert first.headers["ETag"] != etag
    assert (second.status, deleted.status) == (412, 412)
    assert by_body.status == 200


@pytest.mark.parametrize("given", ['"999"', "nonsense", '"1", "2"'])
def test_an_etag_that_was_never_given_is_a_lost_race(given: str, alice: Speaker):
    item = alice.ok("POST", "items/", {"name": "Hour"})

    refused = alice("PATCH", f"items/{item['id']}/", {"name": "Day"}, If_Match=given)

    assert refused.status == 412


def test_a_read_with_the_etag_that_one_has_is_not_sent_again(alice: Speaker):
    path = f"clients/{client_in(alice)['id']}/"
    etag = alice("GET", path).headers["ETag"]

    again = alice("GET", path, If_None_Match=etag)

    assert (again.status, again.body, again.headers["ETag"]) == (304, b"", etag)


def test_every_answer_shows_how_the_throttle_stands(throttled: dict[str, str], alice: Speaker):
    throttled["user"] = "3/minute"

    answers = [alice("GET", "taxes/") for _ in range(4)]

    assert [one.status for one in answers] == [200, 200, 200, 429]
    left = [one.headers["RateLimit"].split(";")[1] for one in answers[:3]]
    assert left == ["r=2", "r=1", "r=0"]
    assert int(answers[3].headers["Retry-After"]) >= 1
    assert answers[3].body["code"] == "throttle.too_many_requests"


def test_strangers_and_logins_are_counted_apart(throttled: dict[str, str], stranger: Speaker):
    throttled["anon"], throttled["login"] = "2/day", "2/minute"
    address = f"203.0.113.{uuid.uuid4().int % 250}"
    stranger.client.defaults["REMOTE_ADDR"] = address
    said = {"email": "no@guilder.example", "password": "no"}

    reads = [stranger("GET", "clients/").status for _ in range(3)]
    logins = [stranger("POST", "auth/login/", said).status for _ in range(3)]

    assert reads == [401, 401, 429]
    assert logins == [401, 401, 429]


def test_a_fault_of_ours_tells_nothing_but_where_to_find_it(
    alice: Speaker, monkeypatch: pytest.MonkeyPatch
):
    from guilder.registers.catalogue import operations

    def broken(**_: object) -> None:
        raise RuntimeError("the secret of the house")

    monkeypatch.setattr(operations, "create_item", broken)
    crashed = alice("POST", "items/", {"name": "Hour"})

    assert crashed.status == 500
    assert crashed.body["request_id"] in crashed.body["detail"]
    assert "secret" not in str(crashed.body)


def test_nothing_is_half_done_when_an_error_is_answered(alice: Speaker):
    client = client_in(alice)["id"]
    last = date.fromisoformat(issued_in(alice, client=client)["issued_on"])
    before = (last - timedelta(days=1)).isoformat()
    draft = {"client": client, "currency": "EUR", "issue": True, "issued_on": before}

    refused = alice("POST", "invoices/", {**draft, "lines": [line()]})

    assert refused.status == 409
    assert len(alice.ok("GET", f"invoices/?client={client}")["data"]) == 1
