"""Scripts of other sites: nobody's by default, the named ones' without cookies."""

from collections.abc import Callable, Iterator

import pytest
from django.test import Client

from guilder.config import cors, safety
from tests.faces.rest.speaking import HOST, Speaker
from tests.make import World

APP = "https://app.example.com"
ASKED = {
    "HTTP_ACCESS_CONTROL_REQUEST_METHOD": "POST",
    "HTTP_ACCESS_CONTROL_REQUEST_HEADERS": "authorization, idempotency-key",
}


@pytest.fixture
def allowing(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., None]]:
    """`allowing(origin, …)`: the origins of the setting."""
    from django.conf import settings

    def set_origins(*given: str) -> None:
        monkeypatch.setattr(settings, "CORS_ORIGINS", given)

    yield set_origins


def preflight(origin: str, path: str = "/api/v1/clients/"):
    return Client(SERVER_NAME=HOST).options(path, HTTP_ORIGIN=origin, **ASKED)


def test_nobody_is_let_in_unless_they_are_named(db):
    refused = preflight(APP)

    assert refused.status_code in {401, 405}
    assert not [name for name in refused.headers if name.startswith("Access-Control")]


def test_a_named_site_may_call_without_cookies(world: World, allowing: Callable[..., None]):
    allowing(APP)

    asked = preflight(APP)
    answer = Speaker.of(world.alice)("GET", "clients/", Origin=APP)

    assert asked.status_code == 204
    assert asked["Access-Control-Allow-Origin"] == APP
    assert "Idempotency-Key" in asked["Access-Control-Allow-Headers"]
    assert answer.status == 200
    assert answer.headers["Access-Control-Allow-Origin"] == APP
    assert "ETag" in answer.headers["Access-Control-Expose-Headers"]
    assert "Origin" in answer.headers["Vary"]
    assert "Access-Control-Allow-Credentials" not in {*asked.headers, *answer.headers}


@pytest.mark.parametrize(
    "origin",
    ["https://app.example.com.evil.test", "http://app.example.com", "null", "https://example.com"],
)
def test_a_site_that_looks_like_it_is_another(db, allowing: Callable[..., None], origin: str):
    allowing(APP)

    refused = preflight(origin)

    assert "Access-Control-Allow-Origin" not in refused.headers
    assert "Origin" in refused["Vary"]


def test_everybody_is_let_in_without_credentials_only(db, allowing: Callable[..., None]):
    allowing("*")

    asked = preflight("https://anybody.test")

    assert asked["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in asked.headers


def test_pages_are_not_for_other_sites(db, allowing: Callable[..., None]):
    allowing(APP)

    page = preflight(APP, "/sign-in/")

    assert "Access-Control-Allow-Origin" not in page.headers


def test_origins_are_read_and_judged():
    given = {"GUILDER_CORS_ORIGINS": f" {APP}/ , http://localhost:3000"}

    assert cors.origins(given) == (APP, "http://localhost:3000")
    assert not list(safety.faults(given))


@pytest.mark.parametrize("given", ["app.example.com", f"{APP}/path", f"*, {APP}", "ftp://x.test"])
def test_what_is_no_origin_stops_the_start(given: str):
    (name, sentence), *_ = safety.faults({"GUILDER_CORS_ORIGINS": given})

    assert name == "GUILDER_CORS_ORIGINS"
    assert "https://app.example.com" in sentence
