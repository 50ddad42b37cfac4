"""What a page leaves out for browsers that fetch it when it is needed."""

import re
from collections.abc import Callable

import pytest
from django.test import Client

from guilder.faces.web import choices
from tests.make import World

PAGES = ["/settings/", "/profile/", "/clients/new/", "/invoices/new/", "/payments/new/"]


@pytest.fixture
def alice(world: World, browsing: Callable[[str], Client]) -> Client:
    return browsing("alice")


def options_of(text: str, name: str) -> list[str]:
    select = re.search(rf'<select name="{name}".*?</select>', text, re.S)
    assert select, name
    return re.findall(r'<option value="([^"]*)"', select[0])


def address_of(text: str, name: str) -> str:
    found = re.search(rf'<select name="{name}"[^>]*data-options="([^"]+)"', text)
    assert found, name
    return found[1]


@pytest.mark.parametrize("path", PAGES)
def test_a_browser_without_script_gets_every_choice(alice: Client, path: str):
    assert "data-options" not in alice.get(path).content.decode()


@pytest.mark.parametrize("path", PAGES)
def test_a_browser_with_script_fetches_long_choices_once(alice: Client, path: str):
    alice.cookies["script"] = "on"
    text = alice.get(path).content.decode()

    for address in set(re.findall(r'data-options="([^"]+)"', text)):
        answer = alice.get(address)
        assert answer.status_code == 200
        assert "immutable" in answer["Cache-Control"]
        assert "Cookie" not in answer.get("Vary", "")  # kept whatever cookies come
        assert answer.content.count(b"<option") > 100


def test_what_is_chosen_and_the_pages_own_choices_come_with_it(alice: Client):
    alice.cookies["script"] = "on"
    settings = alice.get("/settings/").content.decode()
    profile = alice.get("/profile/").content.decode()

    assert options_of(settings, "country") == ["DE"]
    assert options_of(settings, "time_zone") == ["Europe/Berlin"]
    assert options_of(profile, "time_zone") == [""]
    assert '<option value="" selected data-top>' in profile
    # The currency of the books stands on top of the usual ones.
    assert options_of(alice.get("/clients/new/").content.decode(), "currency") == ["EUR"]


def test_what_is_fetched_is_what_a_page_without_script_shows(alice: Client):
    whole = options_of(alice.get("/settings/").content.decode(), "time_zone")
    alice.cookies["script"] = "on"
    address = address_of(alice.get("/settings/").content.decode(), "time_zone")

    fetched = re.findall(r'<option value="([^"]*)"', alice.get(address).content.decode())
    assert fetched == whole == [code for code, _name in choices.time_zones()]


def test_choices_of_another_name_language_or_nobody_are_not_kept(alice: Client):
    assert alice.get("/shared/planets/0123456789abcdef/").status_code == 404
    stale = alice.get("/shared/countries/0123456789abcdef/")
    assert stale.status_code == 200
    assert "immutable" not in stale["Cache-Control"]
    assert Client().get("/shared/countries/0123456789abcdef/").status_code == 302


def test_a_form_takes_a_choice_that_did_not_come_with_the_page(alice: Client):
    alice.cookies["script"] = "on"
    given = {"kind": "company", "name": "Oslo AS", "country": "NO", "currency": "NOK"}
    answer = alice.post("/clients/new/", {**given, "language": "en"})

    assert answer.status_code == 302
