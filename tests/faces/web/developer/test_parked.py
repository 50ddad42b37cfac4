"""What was not dealt with: on a page, over the API, and for its organization alone."""

from collections.abc import Callable

import pytest
from django.test import Client

from guilder.foundation.events import queries
from tests.faces.rest.speaking import Speaker
from tests.foundation.events.parking import parked_event
from tests.make import World

Browsing = Callable[[str], Client]
PAGE = "/developers/events/parked/"


def test_the_page_says_what_since_when_and_why(world: World, browsing: Browsing):
    parked_event(world.alice)
    alice = browsing("alice")

    page = alice.get(PAGE)
    feed = alice.get("/developers/events/").content.decode()

    [row] = page.context["rows"]
    told = [(one.who, one.why) for one in row.failures]
    assert told == [("Webhooks", "RuntimeError: no answer"), ("Search", "ValueError: odd")]
    assert row.heard == ["Inbox"]
    assert "Northlight bell" in page.content.decode()
    assert "1 event could not be dealt with." in feed
    assert PAGE in feed


def test_it_is_tried_again_or_given_up(world: World, browsing: Browsing):
    first, second = parked_event(world.alice), parked_event(world.alice)
    alice = browsing("alice")

    without = alice.post(f"{PAGE}{second}/give-up/", {"reason": ""}, follow=True)
    again = alice.post(f"{PAGE}{first}/retry/", follow=True)
    gone = alice.post(f"{PAGE}{second}/give-up/", {"reason": "Their program is gone"}, follow=True)

    assert "Say why" in without.content.decode()
    assert "It is tried again." in again.content.decode()
    assert "Everything was dealt with" in gone.content.decode()
    assert alice.post(f"{PAGE}{first}/retry/").status_code == 404


@pytest.mark.parametrize("act", ["retry", "give-up"])
def test_nobody_else_touches_it(world: World, browsing: Browsing, act: str):
    path = f"{PAGE}{parked_event(world.alice)}/{act}/"

    assert browsing("mallory").post(path, {"reason": "No"}).status_code == 404
    assert browsing("bob").post(path, {"reason": "No"}).status_code == 403
    assert Client().post(path).status_code == 302
    assert browsing("mallory").get(PAGE).context["rows"] == []
    assert browsing("bob").get(PAGE).status_code == 403
    assert len(queries.list_parked(world.organization)) == 1


def test_programs_list_them_page_by_page_and_act(world: World):
    made = [parked_event(world.alice) for _ in range(3)]
    alice, mallory = Speaker.of(world.alice), Speaker.of(world.mallory)

    first = alice.ok("GET", "events/parked/?limit=2")
    rest = alice.ok("GET", f"events/parked/?limit=2&cursor={first['next']}")
    without = alice("POST", f"events/parked/{made[0]}/give-up/", {"reason": " "})
    alice.ok("POST", f"events/parked/{made[0]}/give-up/", {"reason": "Gone"})
    alice.ok("POST", f"events/parked/{made[1]}/retry/", {})

    listed = [one["id"] for one in [*first["data"], *rest["data"]]]
    assert listed == [str(one) for one in reversed(made)]
    assert first["data"][0]["problem"].startswith("guilder.office.webhooks")
    assert (without.status, without.body["code"]) == (422, "event.reason_missing")
    left = [one["id"] for one in alice.ok("GET", "events/parked/")["data"]]
    assert left == [str(made[2])]
    assert mallory("POST", f"events/parked/{made[2]}/retry/", {}).status == 404
    assert mallory.ok("GET", "events/parked/")["data"] == []
