"""The API's description and its two browsers."""

import json
import re
from pathlib import Path

import pytest

from guilder.faces.rest import urls  # noqa: F401  (fills the table of routes)
from guilder.faces.rest.openapi import document
from guilder.faces.rest.reference import write
from guilder.faces.rest.routes import OPEN, ROUTES, SIGNED_IN
from guilder.foundation.identity.permissions import ALL
from tests.faces.rest.speaking import Speaker

ROOT = Path(__file__).resolve().parents[3]


def test_the_description_is_given_without_a_sign_in(stranger: Speaker):
    said = stranger("GET", "openapi.json")

    assert said.status == 200
    assert said.body["openapi"] == "3.1.0"
    assert said.body == document()


def test_every_route_says_its_permission_and_every_answer():
    paths = document()["paths"]
    for route in ROUTES:
        described = paths[f"/api/v1/{route.path}"][route.method.lower()]
        assert described["summary"], route
        assert route.permission in {OPEN, SIGNED_IN} or described["x-permission"] in ALL
        assert {"401", "429", "500"} <= set(described["responses"])
        assert "404" in described["responses"] or "{" not in route.path
        assert any(status < "300" for status in described["responses"])


def test_names_of_operations_and_shapes_are_their_own():
    names = [route.name for route in ROUTES]
    shapes = {shape for route in ROUTES for shape in (route.body, route.answer) if shape}

    assert len(set(names)) == len(names)
    assert len({shape.__name__ for shape in shapes}) == len(shapes)


def test_the_page_of_the_room_lists_every_route(tmp_path: Path):
    page = ROOT / "docs/rooms/rest.md"
    fresh = tmp_path / "rest.md"
    fresh.write_text(page.read_text())

    write(fresh)  # the page itself says how to do this

    assert page.read_text() == fresh.read_text()


def test_every_reference_leads_somewhere():
    described = document()
    text = json.dumps(described)

    for name in set(re.findall(r'"#/components/schemas/(\w+)"', text)):
        assert name in described["components"]["schemas"]


@pytest.mark.parametrize("path", ["/swagger/", "/redoc/"])
def test_the_browsers_are_pages_of_our_own(path: str, stranger: Speaker):
    page = stranger("GET", path)

    assert page.status == 200
    assert b"/api/v1/openapi.json" in page.body
    assert b"//cdn" not in page.body
    assert "script-src 'self'" in page.headers["Content-Security-Policy"]
