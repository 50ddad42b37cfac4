"""Help, sessions extended and begun again, reports of the policy, refusals and their pages."""

import json
import logging
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from guilder.faces.web import answers, lasting
from tests import make
from tests.make import PASSWORD, World

Browse = Callable[[str], Client]
HTMX = {"HTTP_HX_REQUEST": "true"}


def test_help_names_who_can_help(world: World, browsing: Browse):
    page = browsing("bob").get("/help/").content.decode()

    assert world.alice_email in page
    assert world.mallory_email not in page
    assert "Keyboard shortcuts" in page


@pytest.mark.parametrize("address", ["/help/", "/design/", "/design/sheet/"])
def test_who_is_signed_out_is_sent_to_sign_in(db: Any, monkeypatch: Any, address: str):
    monkeypatch.setattr("django.conf.settings.DESIGN_PAGE", True)

    assert Client().get(address)["Location"].startswith("/sign-in/?next=")


def test_the_design_page_is_not_there_unless_it_is_asked_for(
    world: World, browsing: Browse, monkeypatch: Any
):
    alice = browsing("alice")
    assert alice.get("/design/").status_code == 404
    assert alice.post("/design/act/").status_code == 404
    assert "/design/" not in alice.get("/").content.decode()

    monkeypatch.setattr("django.conf.settings.DESIGN_PAGE", True)

    page = alice.get("/design/").content.decode()
    assert "Every component" in page
    assert page.count('class="badge') >= 12


def test_an_act_answers_htmx_with_triggers_and_a_form_with_a_redirect(
    world: World, browsing: Browse, monkeypatch: Any
):
    monkeypatch.setattr("django.conf.settings.DESIGN_PAGE", True)
    alice = browsing("alice")

    swapped = alice.post("/design/act/", **HTMX)
    events = json.loads(swapped["HX-Trigger"])
    assert swapped.status_code == 204
    assert events["toast"]["undo_url"] == "/design/undo/"
    assert list(events)[-1] == "sheet-close"

    plain = alice.post("/design/act/")
    assert plain["Location"] == "/design/"
    page = alice.get("/design/").content.decode()
    assert 'action="/design/undo/"' in page


def test_a_sheet_is_a_fragment_in_place_and_a_page_by_its_address(
    world: World, browsing: Browse, monkeypatch: Any
):
    monkeypatch.setattr("django.conf.settings.DESIGN_PAGE", True)
    alice = browsing("alice")

    part = alice.get("/design/sheet/", HTTP_HX_TARGET=answers.SHEET, **HTMX).content.decode()
    assert "data-sheet" in part
    assert "<html" not in part
    assert "<html" in alice.get("/design/sheet/").content.decode()
    refused = alice.post("/design/sheet/", HTTP_HX_TARGET=answers.SHEET, **HTMX)
    assert refused.status_code == 422
    assert "There is a problem" in refused.content.decode()


def test_a_session_says_when_it_ends_and_is_renewed_by_use_not_by_asking(
    world: World, browsing: Browse
):
    alice = browsing("alice")
    alice.get("/help/")
    began = alice.session[lasting.RENEWED]
    session = alice.session
    session[lasting.RENEWED] = began - 3 * 24 * 3600
    session.save()

    told = alice.get("/session/").json()["ends_at"]
    assert told == (began + 11 * 24 * 3600) * 1000  # fourteen days, three of them gone
    assert alice.get("/session/").json()["ends_at"] == told

    alice.get("/help/")
    assert alice.session[lasting.RENEWED] >= began


def test_listening_for_news_does_not_lengthen_a_session(world: World, browsing: Browse):
    alice = browsing("alice")
    alice.get("/help/")
    session = alice.session
    session[lasting.RENEWED] -= 3 * 24 * 3600
    before = session[lasting.RENEWED]
    session.save()

    alice.get("/help/", HTTP_ACCEPT="text/event-stream")

    assert alice.session[lasting.RENEWED] == before


def test_a_session_is_extended(world: World, browsing: Browse):
    alice = browsing("alice")
    alice.get("/help/")
    session = alice.session
    session[lasting.RENEWED] -= 600
    session.save()

    answer = alice.post("/session/extend/", **HTMX)

    end = timezone.now() + lasting.length()
    assert abs(answer.json()["ends_at"] / 1000 - end.timestamp()) < timedelta(seconds=5).seconds


def test_a_signed_out_request_of_an_open_page_is_told_to_ask_in_place(db: Any):
    answer = Client().get("/help/", **HTMX)

    assert answer.status_code == 401
    assert json.loads(answer["HX-Trigger"]) == {"sign-in": True}
    assert Client().get("/session/").status_code == 401


def again(client: Client, world: World, **changes: str) -> Any:
    given = {
        "email": world.alice_email,
        "password": PASSWORD,
        "person": str(world.alice.user_id),
        "organization": str(world.organization),
        **changes,
    }
    return client.post("/session/again/", given, **HTMX)


def test_the_same_person_goes_on_where_they_were(world: World):
    client = Client()

    answer = again(client, world)

    told = json.loads(answer["HX-Trigger"])["signed-in"]
    assert answer.status_code == 204
    assert told["token"]
    assert client.get("/help/").status_code == 200


def test_a_wrong_password_is_refused_in_place(world: World):
    answer = again(Client(), world, password="something else")

    assert answer.status_code == 422
    assert "There is a problem" in answer.content.decode()
    assert "HX-Trigger" not in answer


def test_another_person_does_not_get_the_page_of_the_first(world: World):
    answer = again(Client(), world, email=world.bob_email)
    assert answer["HX-Redirect"] == "/"

    answer = again(Client(), world, organization=str(world.other))
    assert answer["HX-Redirect"] == "/"


OLD = {
    "csp-report": {
        "document-uri": "http://testserver/pay/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/?q=1",
        "effective-directive": "script-src-elem",
        "blocked-uri": "https://evil.example/x.js?secret=1",
    }
}
NEW = [
    {
        "type": "csp-violation",
        "body": {
            "documentURL": "http://testserver/",
            "effectiveDirective": "style-src-attr",
            "blockedURL": "inline",
        },
    }
]


@pytest.mark.parametrize(
    ("report", "words"),
    [
        (OLD, "script-src-elem refused https://evil.example/x.js on http://testserver/pay/…/"),
        (NEW, "style-src-attr refused inline on http://testserver/"),
    ],
)
def test_a_breach_of_the_policy_is_counted_and_logged_without_secrets(
    db: Any, caplog: Any, report: Any, words: str
):
    with caplog.at_level(logging.WARNING, logger="guilder.policy"):
        body = json.dumps(report)
        answer = Client().post("/reports/policy/", body, content_type="application/csp-report")

    assert answer.status_code == 204
    assert words in caplog.text
    assert "secret" not in caplog.text


@pytest.mark.parametrize(
    ("body", "status"), [("no json", 400), ("{}", 204), ("[1]", 400), ("x" * 20_000, 413)]
)
def test_what_is_no_report_is_refused(db: Any, body: str, status: int):
    answer = Client().post("/reports/policy/", body, content_type="application/csp-report")

    assert answer.status_code == status


def test_reports_are_throttled(db: Any, monkeypatch: Any):
    monkeypatch.setitem(settings.THROTTLES, "report", "2/minute")
    client = Client(REMOTE_ADDR="203.0.113.77")

    found = [
        client.post("/reports/policy/", "{}", content_type="application/json").status_code
        for _ in range(3)
    ]

    assert found == [204, 204, 429]


def test_a_form_without_its_page_s_token_is_told_what_to_do(world: World):
    client = Client(enforce_csrf_checks=True)

    answer = client.post(
        "/sign-in/", {"email": "x"}, HTTP_REFERER="http://testserver/invoices/new/?x=1"
    )

    page = answer.content.decode()
    assert answer.status_code == 403
    assert "This page was open for too long" in page
    assert 'href="/invoices/new/"' in page


def test_a_missing_right_names_who_can_give_it(world: World, browsing: Browse):
    page = browsing("bob").get("/settings/")

    assert page.status_code == 403
    assert world.alice_email in page.content.decode()


def test_an_address_that_is_none_offers_the_search_to_who_is_inside(world: World, browsing: Browse):
    assert 'action="/search/"' in browsing("alice").get("/nowhere/").content.decode()
    assert 'action="/search/"' not in Client().get("/nowhere/").content.decode()


def test_too_many_requests_count_down(world: World, browsing: Browse, monkeypatch: Any):
    monkeypatch.setitem(settings.THROTTLES, "page", "1/minute")
    alice = browsing("alice")
    alice.get("/help/")

    answer = alice.get("/help/")

    assert answer.status_code == 429
    assert f'data-countdown="{answer["Retry-After"]}"' in answer.content.decode()


def test_a_refused_act_of_an_open_page_goes_back_to_it(world: World, browsing: Browse):
    invoice = make.issued_invoice(world.alice)
    alice = browsing("alice")

    answer = alice.post(
        f"/invoices/{invoice.id}/delete/",
        **HTMX,
        HTTP_HX_CURRENT_URL="http://testserver/invoices/?view=open",
    )

    assert answer.status_code == 204
    assert answer["HX-Redirect"] == "/invoices/?view=open"


def test_pages_travel_packed_and_files_do_not_twice(world: World, browsing: Browse):
    alice = browsing("alice")

    packed = alice.get("/help/", HTTP_ACCEPT_ENCODING="gzip")
    assert packed["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in alice.get("/session/", HTTP_ACCEPT_ENCODING="gzip")


def test_the_menu_shows_what_one_may_and_what_exists(world: World, browsing: Browse):
    for name, shown, hidden in (
        ("alice", ["/invoices/", "/clients/", "/payments/", "/settings/"], []),
        ("bob", ["/invoices/", "/clients/"], ["/payments/", "/settings/"]),
    ):
        answer = browsing(name).get("/help/")
        page = answer.content.decode()
        nav = page[page.index('<nav class="nav"') : page.index('class="bar"')]
        for address in shown:
            assert f'href="{address}"' in nav, (name, address)
        for address in hidden:
            assert f'href="{address}"' not in nav, (name, address)


def test_every_entry_of_the_menu_leads_somewhere(world: World, browsing: Browse):
    from guilder.faces.web import menu

    alice = browsing("alice")
    places = [place for group in menu.GROUPS for place in group.places]
    ours = [p for p in (*places, *menu.FOOT, *menu.CREATES) if p.permission != menu.OPERATOR]
    urls = [url for p in ours if (url := menu.address_of(p.route))]
    assert len(urls) > 8
    for url in urls:
        assert alice.get(url).status_code == 200, url


def test_no_two_entries_share_a_key(world: World):
    from guilder.faces.web import menu

    places = [place for group in menu.GROUPS for place in group.places]
    keys = [p.keys for p in (*places, *menu.FOOT, *menu.CREATES) if p.keys]

    assert len(keys) == len(set(keys))
    assert all(len(one.split()) == 2 for one in keys)


def test_what_no_page_changes_is_fetched_once_and_kept(world: World, browsing: Browse):
    alice, bob = browsing("alice"), browsing("bob")
    address = re.search(r'data-shared="([^"]+)"', alice.get("/help/").content.decode())
    assert address
    answer = alice.get(address[1])

    assert answer.headers["Cache-Control"] == "private, max-age=31536000, immutable"
    assert 'id="palette"' in answer.content.decode()
    assert "csrfmiddlewaretoken" not in answer.content.decode()
    assert address[1] not in bob.get("/help/").content.decode()  # may do less: has another
    assert "no-store" in bob.get(address[1]).headers["Cache-Control"]
    assert Client().get(address[1]).status_code == 302


def test_panels_of_a_list_come_late_to_who_runs_scripts(world: World, browsing: Browse):
    client = browsing("alice")
    assert 'id="status-draft"' in client.get("/invoices/").content.decode()

    client.cookies["script"] = "on"
    assert 'id="status-draft"' not in client.get("/invoices/").content.decode()
    assert 'id="status-draft"' in client.get("/invoices/", **HTMX).content.decode()
