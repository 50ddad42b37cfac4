"""Every route of the OpenAPI document: foreign ids are told like absent ones, roles and tags hold."""

import copy
import json
import re
import time
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from guilder.faces.rest import urls  # noqa: F401  (fills the table of routes)
from guilder.faces.rest.openapi import document
from guilder.faces.rest.routes import OPEN, ROUTES, SIGNED_IN, Route
from guilder.foundation.identity import calc
from guilder.foundation.identity import operations as identity
from guilder.foundation.identity.models import ApiKey, User
from guilder.foundation.identity.permissions import permissions_of
from guilder.foundation.identity.queries import signing_keys
from tests.faces.rest.speaking import Said, Speaker
from tests.faces.rest.tagging import said_with_tags
from tests.faces.rest.twins import TWINS, Request, address_of
from tests.make import World, make_world
from tests.uncounted import untraced

ID = re.compile(r"[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}")
NO_ORGANIZATION = {"auth/login/", "auth/refresh/", "auth/logout/"}
DESCRIBED = sorted(
    (method.upper(), path.removeprefix("/api/v1/"))
    for path, methods in document()["paths"].items()
    for method in methods
)
# Here everything wants an approval from then on; a statement is taken in once.
ONCE = re.compile("appro|bank")
SWEPT = [pytest.param(*one, id=" ".join(one)) for one in DESCRIBED if one[1] not in NO_ORGANIZATION]


@pytest.fixture(scope="module")
def kept() -> dict[str, World]:
    """What the reading routes share."""
    return {}


@pytest.fixture
def world(request: pytest.FixtureRequest, db: Any, kept: dict[str, World]) -> World:
    """A fresh world; routes that only read share one, where what they make can be made twice."""
    asked = getattr(request.node, "callspec", None)
    told = asked.params if asked else {}
    if told.get("method") != "GET" or ONCE.search(told["path"]):
        return make_world()
    if not kept:
        kept["world"] = make_world()
    return kept["world"]


def test_every_described_route_is_in_the_sweep():
    left = {one for one in DESCRIBED if one not in TWINS and one[1] not in NO_ORGANIZATION}

    assert left == set()
    assert len(DESCRIBED) == len(ROUTES)


@pytest.mark.parametrize(("method", "path"), SWEPT)
def test_another_organizations_ids_answer_like_absent_ones(
    method: str, path: str, alice: Speaker, mallory: Speaker
):
    theirs = TWINS[method, path](alice)
    with untraced():  # the same way again, and so is what is absent
        own = TWINS[method, path](mallory)

    for place, foreign in places(theirs):
        seen = ask(mallory, method, path, put(own, place, foreign))
        with untraced():
            absent = ask(mallory, method, path, put(own, place, str(uuid.uuid4())))

        assert told(seen) == told(absent), place
        assert place[0] == "query" or seen.status in {404, 409, 422}, (place, seen.body)

    rightful = said_with_tags(mallory, method, path, own)
    assert 200 <= rightful.status < 300, rightful.body


@pytest.mark.uncounted
@pytest.mark.parametrize(("method", "path"), SWEPT)
def test_nobody_gets_in_without_a_sign_in(method: str, path: str, stranger: Speaker):
    request = Request(
        dict.fromkeys(("id", "allocation", "delivery", "guest", "order"), str(uuid.uuid4()))
    )

    refused = ask(stranger, method, path, request)

    assert refused.status == 401
    assert refused.headers["WWW-Authenticate"].startswith("Bearer")
    assert refused.body["code"] == "identity.not_signed_in"


@pytest.mark.uncounted
@pytest.mark.parametrize(("method", "path"), SWEPT)
def test_a_role_without_the_permission_is_refused(
    method: str, path: str, alice: Speaker, bob: Speaker
):
    route = next(one for one in ROUTES if (one.method, one.path) == (method, path))
    request = TWINS[method, path](alice)

    if route.permission == SIGNED_IN or route.permission in permissions_of("agent"):
        allowed = ask(bob, method, path, request)
        assert allowed.status != 401
        return
    assert route.permission != OPEN
    refused = ask(bob, method, path, request)

    assert refused.status == 403
    assert refused.body["code"] == "not_allowed"


@pytest.mark.uncounted
def test_no_collection_shows_another_organizations_rows(alice: Speaker, mallory: Speaker):
    # Who wants approvals cannot issue without them any more.
    apart = re.compile("appro|submit|recall|reject")
    posts = [(path, make) for (method, path), make in TWINS.items() if method == "POST"]
    for make in {make for path, make in posts if not apart.search(path)}:
        make(alice)
        # Some want an approval from then on; what others issue must need none.
        alice.ok("PUT", "approval-rule/", {"is_active": False, "amount": "0"})
    collections = [path for method, path in DESCRIBED if method == "GET" and "{" not in path]

    for path in collections:
        own = ids_of(alice.ok("GET", path))
        seen = ids_of(mallory.ok("GET", path))
        assert not own & seen, path


def ids_of(body: Any) -> set[str]:
    """Every id in an answer."""
    return set(ID.findall(json.dumps(body)))


def ask(speaker: Speaker, method: str, path: str, request: Request) -> Said:
    """The answer to a request."""
    return speaker(method, address_of(path, request), request.body)


def places(request: Request) -> Iterator[tuple[tuple[Any, ...], str]]:
    """Where a request names ids, and which."""
    for part in ("path", "query", "body"):
        for place, value in leaves(getattr(request, part)):
            if isinstance(value, str) and ID.fullmatch(value):
                yield (part, *place), value


def leaves(value: Any) -> Iterator[tuple[tuple[Any, ...], Any]]:
    """The places of all plain values."""
    if isinstance(value, dict | list):
        inside = value.items() if isinstance(value, dict) else enumerate(value)
        for key, inner in inside:
            for place, leaf in leaves(inner):
                yield (key, *place), leaf
    else:
        yield (), value


def put(request: Request, place: tuple[Any, ...], value: str) -> Request:
    """A copy of a request with another value in one place."""
    made = copy.deepcopy(request)
    part: Any = getattr(made, place[0])
    for key in place[1:-1]:
        part = part[key]
    part[place[-1]] = value
    return made


def told(said: Said) -> tuple[int, str, dict[str, str]]:
    """Status, body and headers of an answer, without the ids in it and what is told of time."""
    headers = {
        name.lower(): ID.sub("ID", value)
        for name, value in said.headers.items()
        if name.lower() not in MOVING
    }
    return said.status, ID.sub("ID", json.dumps(said.body, default=str)), headers


MOVING = {"x-request-id", "ratelimit", "date", "retry-after", "content-length", "etag"}


def lost_credentials(world: World, alice: Speaker) -> dict[str, Speaker]:
    """What opened doors once: by what became of it."""
    made = {
        name: alice.ok("POST", "keys/", {"name": name, "scopes": []})
        for name in ("revoked key", "expired key")
    }
    assert alice("DELETE", f"keys/{made['revoked key']['id']}/").status == 204
    past = datetime.now(UTC) - timedelta(days=1)
    ApiKey.objects.filter(id=made["expired key"]["id"]).update(expires_at=past)
    user = User.objects.get(id=world.alice.user_id)
    ended = identity.open_session(user)
    identity.logout(ended.refresh)
    living = identity.open_session(user)
    claims = calc.AccessClaims(user_id=user.id, session_id=living.session_id)
    old = calc.access_token(claims, key=signing_keys()[0], at=int(time.time()) - 86_400)
    forged = calc.access_token(claims, key=b"another key" * 4, at=int(time.time()))
    kim = identity.create_user(
        email=f"kim-{uuid.uuid4().hex}@guilder.example", password=world.password, name="Kim"
    )
    identity.add_member(by=world.alice, user_id=kim.id, role="admin")
    shut_out = identity.open_session(kim)
    User.objects.filter(id=kim.id).update(is_active=False)
    return {
        **{name: Speaker(token=one["secret"]) for name, one in made.items()},
        "ended session": Speaker(token=ended.access),
        "expired token": Speaker(token=old),
        "forged token": Speaker(token=forged),
        "refresh token": Speaker(token=living.refresh),
        "person shut out": Speaker(token=shut_out.access),
    }


@pytest.mark.uncounted
def test_what_was_revoked_or_expired_opens_no_route(
    world: World, alice: Speaker, throttled: dict[str, str]
):
    throttled.update(secret="off")
    lost = lost_credentials(world, alice)
    somewhere = Request({"id": str(uuid.uuid4()), "allocation": str(uuid.uuid4())})
    assert alice("GET", "users/me/").status == 200

    for method, path in DESCRIBED:
        if path in NO_ORGANIZATION:
            continue
        places = Request({name: str(uuid.uuid4()) for name in NAMES.findall(path)} | somewhere.path)
        nobody = told(ask(Speaker(), method, path, places))
        for name, speaker in lost.items():
            assert told(ask(speaker, method, path, places)) == nobody, (method, path, name)


def portal_of(world: World) -> Speaker:
    """Somebody with the role of clients and no client of their own."""
    user = identity.create_user(
        email=f"portal-{uuid.uuid4().hex}@guilder.example", password=world.password, name="Portal"
    )
    identity.add_member(by=world.alice, user_id=user.id, role="client")
    return Speaker(token=identity.open_session(user).access)


OF_CLIENTS = [
    pytest.param(route, id=f"{route.method} {route.path}")
    for route in ROUTES
    if route.permission in permissions_of("client")
]


@pytest.mark.uncounted
@pytest.mark.parametrize("route", OF_CLIENTS)
def test_a_client_of_the_portal_sees_nobody_elses_things(
    route: Route, world: World, alice: Speaker
):
    request = TWINS[route.method, route.path](alice)

    answer = ask(portal_of(world), route.method, route.path, request)

    if "{" in route.path:
        assert answer.status in {403, 404}, answer.body
    elif answer.status == 200 and route.listing:
        assert answer.body["data"] == []


@pytest.mark.uncounted
def test_a_client_of_the_portal_gets_no_further(world: World):
    portal = portal_of(world)

    for route in ROUTES:
        if route.permission not in {OPEN, SIGNED_IN, *permissions_of("client")}:
            places = Request({name: str(uuid.uuid4()) for name in NAMES.findall(route.path)})
            refused = ask(portal, route.method, route.path, places)
            assert refused.status == 403, (route.method, route.path)


NAMES = re.compile(r"{(\w+)}")
