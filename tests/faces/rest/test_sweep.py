"""Every route of the OpenAPI document: foreign ids are told like absent ones, and roles hold."""

import copy
import json
import re
import uuid
from collections.abc import Iterator
from typing import Any

import pytest

from guilder.faces.rest import urls  # noqa: F401  (fills the table of routes)
from guilder.faces.rest.openapi import document
from guilder.faces.rest.routes import OPEN, ROUTES, SIGNED_IN
from guilder.foundation.identity.permissions import permissions_of
from tests.faces.rest.speaking import Said, Speaker
from tests.faces.rest.twins import TWINS, Request, address_of

ID = re.compile(r"[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}")
NO_ORGANIZATION = {"auth/login/", "auth/refresh/", "auth/logout/"}
DESCRIBED = sorted(
    (method.upper(), path.removeprefix("/api/v1/"))
    for path, methods in document()["paths"].items()
    for method in methods
)
SWEPT = [pytest.param(*one, id=" ".join(one)) for one in DESCRIBED if one[1] not in NO_ORGANIZATION]


def test_every_described_route_is_in_the_sweep():
    left = {one for one in DESCRIBED if one not in TWINS and one[1] not in NO_ORGANIZATION}

    assert left == set()
    assert len(DESCRIBED) == len(ROUTES)


@pytest.mark.parametrize(("method", "path"), SWEPT)
def test_another_organizations_ids_answer_like_absent_ones(
    method: str, path: str, alice: Speaker, mallory: Speaker
):
    theirs, own = TWINS[method, path](alice), TWINS[method, path](mallory)

    for place, foreign in places(theirs):
        seen = ask(mallory, method, path, put(own, place, foreign))
        absent = ask(mallory, method, path, put(own, place, str(uuid.uuid4())))

        assert told(seen) == told(absent), place
        assert place[0] == "query" or seen.status in {404, 409, 422}, (place, seen.body)

    rightful = ask(mallory, method, path, own)
    assert 200 <= rightful.status < 300, rightful.body


@pytest.mark.parametrize(("method", "path"), SWEPT)
def test_nobody_gets_in_without_a_sign_in(method: str, path: str, stranger: Speaker):
    request = Request(dict.fromkeys(("id", "allocation", "delivery"), str(uuid.uuid4())))

    refused = ask(stranger, method, path, request)

    assert refused.status == 401
    assert refused.headers["WWW-Authenticate"].startswith("Bearer")
    assert refused.body["code"] == "identity.not_signed_in"


@pytest.mark.parametrize(("method", "path"), SWEPT)
def test_a_role_without_the_permission_is_refused(
    method: str, path: str, alice: Speaker, bob: Speaker
):
    route = next(one for one in ROUTES if (one.method, one.path) == (method, path))
    request = TWINS[method, path](alice)

    if route.permission == SIGNED_IN or route.permission in permissions_of("agent"):
        allowed = ask(bob, method, path, TWINS[method, path](alice))
        assert allowed.status != 401
        return
    assert route.permission != OPEN
    refused = ask(bob, method, path, request)

    assert refused.status == 403
    assert refused.body["code"] == "not_allowed"


def test_no_collection_shows_another_organizations_rows(alice: Speaker, mallory: Speaker):
    for make in {make for (method, _), make in TWINS.items() if method == "POST"}:
        make(alice)
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


def told(said: Said) -> tuple[int, str]:
    """An answer without the ids in it."""
    return said.status, ID.sub("ID", json.dumps(said.body, default=str))
