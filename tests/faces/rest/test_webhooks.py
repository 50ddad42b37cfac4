"""Webhooks and the feed of events over the API."""

import os

import psycopg

from tests.faces.rest.speaking import Speaker, client_in, issued_in


def hook(speaker: Speaker, **changes: object) -> dict:
    return speaker.ok("POST", "webhooks/", {"url": "https://shop.example/hooks", **changes})


def test_a_webhook_shows_its_secret_once(alice: Speaker) -> None:
    made = hook(alice, types=["invoice.*"])

    read = alice("GET", f"webhooks/{made['id']}/")

    assert made["secret"].startswith("whsec_")
    assert read.body == {**made, "secret": None}
    assert read.headers["ETag"].startswith(made["etag"].rstrip('"') + "-")


def test_a_lost_race_is_told_and_changes_nothing(alice: Speaker) -> None:
    made = hook(alice)
    alice.ok("PATCH", f"webhooks/{made['id']}/", {"name": "First"}, If_Match=made["etag"])

    late = alice("PATCH", f"webhooks/{made['id']}/", {"name": "Second"}, If_Match=made["etag"])

    assert late.status == 412
    assert alice.ok("GET", f"webhooks/{made['id']}/")["name"] == "First"


def test_every_fault_of_a_webhook_is_pointed_at(alice: Speaker) -> None:
    said = alice("POST", "webhooks/", {"url": "http://10.0.0.1/", "types": ["no.such"]})

    assert said.status == 422
    assert said.pointers == {"#/url", "#/types"}


def test_a_rotation_gives_another_secret(alice: Speaker) -> None:
    made = hook(alice)

    turned = alice.ok("POST", f"webhooks/{made['id']}/rotate/", {})

    assert turned["secret"].startswith("whsec_")
    assert turned["secret"] != made["secret"]
    assert turned["previous_until"] is not None


def test_a_ping_is_a_delivery_with_its_body(alice: Speaker) -> None:
    made = hook(alice)

    ping = alice.ok("POST", f"webhooks/{made['id']}/ping/", {})
    listed = alice.ok("GET", f"webhooks/{made['id']}/deliveries/?state=waiting")["data"]
    detail = alice.ok("GET", f"webhooks/{made['id']}/deliveries/{ping['id']}/")

    assert [one["id"] for one in listed] == [ping["id"]]
    assert '"type":"webhook.ping"' in detail["body"]
    assert detail["tries"] == []


def test_a_webhook_that_is_off_takes_nothing(alice: Speaker) -> None:
    made = hook(alice, is_active=False)

    refused = alice("POST", f"webhooks/{made['id']}/ping/", {})

    assert (refused.status, refused.body["code"]) == (409, "webhook.off")


def test_a_replay_needs_a_begin_before_its_end(alice: Speaker) -> None:
    made = hook(alice)
    path = f"webhooks/{made['id']}/replay/"

    backwards = {"since": "2026-11-21T00:00:00Z", "until": "2026-11-20T00:00:00Z"}
    assert alice("POST", path, backwards).pointers == {"#/until"}
    assert alice("POST", path, {}).pointers == {"#/since"}
    assert alice("POST", path, {"since": "2026-11-01T00:00:00Z"}).status == 202


def test_an_agent_may_not_look_at_webhooks(alice: Speaker, bob: Speaker) -> None:
    made = hook(alice)

    assert bob("GET", "webhooks/").status == 403
    assert bob("GET", f"webhooks/{made['id']}/").status == 403


def test_the_feed_is_caught_up_with_from_the_last_event_that_is_known(alice: Speaker) -> None:
    client_in(alice)
    known = alice.ok("GET", "events/?limit=1")["data"][0]
    made = [client_in(alice)["id"] for _ in range(3)]

    first = alice.ok("GET", f"events/?after={known['id']}&limit=2&type=partner.created")
    second = alice.ok(
        "GET", f"events/?after={known['id']}&limit=2&type=partner.created&sort=-occurred_at"
        f"&cursor={first['next']}"
    )  # fmt: skip

    told = [one["subject"] for one in first["data"] + second["data"]]
    assert told == made
    assert second["next"] is None


def test_an_event_that_is_not_there_is_no_place_in_the_feed(alice: Speaker) -> None:
    said = alice("GET", "events/?after=019e0c5e-7f4c-7a51-9d2e-3c5f3f3a5b11")

    assert (said.status, said.pointers) == (422, {"#/after"})


def test_the_feed_brings_the_things_along(alice: Speaker) -> None:
    invoice = issued_in(alice)

    found = alice.ok("GET", f"events/?subject={invoice['id']}&type=invoice.issued&expand=data")

    assert found["data"][0]["data"]["number"] == invoice["number"]
    event = alice.ok("GET", f"events/{found['data'][0]['id']}/")
    assert event["data"] is None


def test_what_may_be_overtaken_is_not_in_the_feed_yet(alice: Speaker) -> None:
    """A transaction that wrote something earlier may still commit an earlier event."""
    client_in(alice)
    known = alice.ok("GET", "events/?limit=1")["data"][0]
    with psycopg.connect(os.environ["DATABASE_URL"]) as other:
        other.execute("SELECT pg_current_xact_id()")  # as one that has written
        made = client_in(alice)

        early = alice.ok("GET", f"events/?after={known['id']}")["data"]

    late = alice.ok("GET", f"events/?after={known['id']}&type=partner.created")["data"]
    assert early == []
    assert [one["subject"] for one in late] == [made["id"]]
