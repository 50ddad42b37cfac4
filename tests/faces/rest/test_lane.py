"""The short way for programs answers as the whole way does, header by header."""

import pytest

from guilder.faces.rest import lane
from tests.faces.rest.speaking import Speaker, draft_in

OWN = {"X-Request-ID", "RateLimit", "RateLimit-Policy", "Server-Timing"}


def both(speaker: Speaker, method: str, path: str, body: object = None, **headers: str):
    """(short, whole): the same call without and with a cookie, which says nothing."""
    said = [
        speaker(method, path, body, **headers, **cookie)
        for cookie in ({}, {"Cookie": "theme=dark"})
    ]
    return [
        (one.status, without_id(one.body), {k: v for k, v in one.headers.items() if k not in OWN})
        for one in said
    ]


def without_id(body: object) -> object:
    """A body without the id of its request."""
    if isinstance(body, dict):
        return {name: value for name, value in body.items() if name != "request_id"}
    return body


@pytest.mark.parametrize(
    ("method", "path", "body", "headers"),
    [
        ("GET", "invoices/", None, {}),
        ("GET", "invoices/", None, {"Accept_Language": "de"}),
        ("GET", "invoices/", None, {"Accept_Language": "xx"}),
        ("HEAD", "invoices/", None, {}),
        ("DELETE", "invoices/", None, {}),
        ("POST", "items/", {"name": ""}, {"Accept_Language": "fr"}),
        ("GET", "invoices/019e0c5e-7f4c-7a51-9d2e-3c5f3f3a5b11/", None, {}),
        ("GET", "invoices/", None, {"Authorization": "Bearer nobody"}),
        ("GET", "nothing/", None, {}),
        ("GET", "invoices", None, {}),
        ("GET", "openapi.json", None, {}),
        ("OPTIONS", "invoices/", None, {"Origin": "https://elsewhere.example"}),
    ],
)
def test_both_ways_answer_alike(method: str, path: str, body, headers, alice: Speaker):
    short, whole = both(alice, method, path, body, **headers)

    assert short == whole


def test_a_host_that_is_not_ours_is_refused_on_both(alice: Speaker):
    short, whole = both(alice, "GET", "invoices/", Host="elsewhere.example")

    assert short[0] == whole[0] == 400


def test_one_invoice_is_read_alike(alice: Speaker):
    draft = draft_in(alice)

    short, whole = both(alice, "GET", f"invoices/{draft['id']}/")

    assert short == whole
    assert short[0] == 200


def test_only_programs_take_the_short_way(alice: Speaker, monkeypatch: pytest.MonkeyPatch):
    seen: list[str] = []
    answered = lane.answered

    def noted(request, match):
        seen.append(request.path_info)
        return answered(request, match)

    monkeypatch.setattr(lane, "answered", noted)
    alice("GET", "invoices/")
    alice("GET", "invoices/", Cookie="theme=dark")
    Speaker()("GET", "invoices/")
    alice("POST", "auth/logout/", {})

    assert seen == ["/api/v1/invoices/"]
