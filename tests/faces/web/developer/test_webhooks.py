"""The developers' pages: webhooks with their deliveries, events, requests."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client

from guilder.office.calls import operations as calls
from guilder.office.webhooks import queries
from tests import make
from tests.faces.rest.speaking import Speaker
from tests.make import World
from tests.office.webhooks.receiver import Receiver, start
from tests.office.webhooks.telling import deliveries, endpoint, tell, work

Browsing = Callable[[str], Client]


@pytest.fixture
def receiver(monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    running = start()
    monkeypatch.setenv("GUILDER_OUTBOUND_ALLOW", f"127.0.0.1:{running.port}")
    yield running
    running.close()


def made(world: World, receiver: Receiver, **changes: Any) -> str:
    """The address of a webhook's page."""
    row, _ = endpoint(world.alice, receiver.url, **changes)
    return f"/developers/webhooks/{row.id}/"


def test_a_webhook_is_made_on_a_page_that_shows_its_secret_once(
    world: World, browsing: Browsing, receiver: Receiver
) -> None:
    alice = browsing("alice")
    data = {"url": receiver.url, "name": "Shop", "types": ["invoice.issued", "payment.recorded"]}

    answer = alice.post("/developers/webhooks/new/", data)

    row = queries.list_endpoints(by=world.alice)[0]
    secret = re.search(r"whsec_[\w+/=]+", answer.content.decode())
    assert secret
    assert (row.name, row.types) == ("Shop", ["invoice.issued", "payment.recorded"])
    again = alice.get(f"/developers/webhooks/{row.id}/").content.decode()
    assert "whsec_" not in again
    assert "invoice.issued" in again


def test_a_wrong_address_is_told_beside_its_field(browsing: Browsing) -> None:
    answer = browsing("alice").post("/developers/webhooks/new/", {"url": "http://10.0.0.1/"})

    assert answer.status_code == 422
    assert "begins with https" in answer.content.decode()


def test_types_that_were_chosen_are_ticked_when_it_is_changed(
    world: World, browsing: Browsing, receiver: Receiver
) -> None:
    alice = browsing("alice")
    page = made(world, receiver, types=["invoice.issued"])

    form = alice.get(f"{page}edit/").content.decode()
    assert re.search(r'value="invoice.issued"\s+checked', form)
    assert not re.search(r'value="invoice.created"\s+checked', form)
    version = queries.list_endpoints(by=world.alice)[0].version
    alice.post(f"{page}edit/", {"url": receiver.url, "name": "New name", "version": version})

    row = queries.list_endpoints(by=world.alice)[0]
    assert (row.name, row.types) == ("New name", [])


def test_a_delivery_shows_body_and_answers_and_is_sent_again(
    world: World, browsing: Browsing, receiver: Receiver
) -> None:
    alice = browsing("alice")
    page = made(world, receiver, types=["partner.created"])
    receiver.answers = [(500, {})]
    make.client(world.alice, name="Bar & Söhne")
    tell(world.alice)
    work(world.alice)
    row = deliveries(world.alice)[0]

    listed = alice.get(page).content.decode()
    shown = alice.get(f"{page}deliveries/{row.id}/").content.decode()
    again = alice.post(f"{page}deliveries/{row.id}/retry/")
    work(world.alice)

    assert "partner.created" in listed
    assert "500" in listed
    assert "Bar &amp; Söhne" in shown
    assert "webhook-signature" in shown
    assert "so it is" in shown
    assert again.status_code == 302
    assert deliveries(world.alice)[0].state == "delivered"


def test_ping_replay_switch_secret_and_delete(
    world: World, browsing: Browsing, receiver: Receiver
) -> None:
    alice = browsing("alice")
    page = made(world, receiver)

    assert alice.post(f"{page}ping/").status_code == 302
    assert deliveries(world.alice)[0].message.type == "webhook.ping"
    assert alice.post(f"{page}replay/", {"span": "24"}).status_code == 302
    assert "whsec_" in alice.post(f"{page}rotate/").content.decode()
    alice.post(f"{page}switch/", {"to": "off"})
    assert "Somebody switched it off" in alice.get(page).content.decode()
    alice.post(f"{page}switch/", {"to": "on"})
    assert queries.list_endpoints(by=world.alice)[0].is_active
    alice.post(f"{page}delete/")
    assert queries.list_endpoints(by=world.alice) == []


def test_deliveries_are_filtered_and_paged(
    world: World, browsing: Browsing, receiver: Receiver
) -> None:
    alice = browsing("alice")
    page = made(world, receiver)
    for _ in range(27):
        alice.post(f"{page}ping/")

    first = alice.get(page)
    older = first.context["pager"].older
    assert len(first.context["rows"]) == 25
    assert len(alice.get(older).context["rows"]) == 2
    assert alice.get(f"{page}?view=failed").context["rows"] == []
    assert len(alice.get(f"{page}?view=waiting").context["rows"]) == 25


def test_events_are_listed_by_type_and_thing_with_what_they_say(
    world: World, browsing: Browsing
) -> None:
    alice = browsing("alice")
    invoice = make.issued_invoice(world.alice)

    listed = alice.get("/developers/events/", {"type": "invoice.issued"})
    own = alice.get("/developers/events/", {"subject": str(invoice.id), "type": "invoice"})
    detail = alice.get(listed.context["rows"][0].url).content.decode()

    assert {row.type for row in listed.context["rows"]} == {"invoice.issued"}
    assert {row.subject_id for row in own.context["rows"]} == {invoice.id}
    assert invoice.number in detail
    assert f"/invoices/{invoice.id}/" in detail
    assert alice.get("/developers/events/", {"type": "no.such"}).status_code == 200


def test_requests_are_listed_and_opened(world: World, browsing: Browsing) -> None:
    alice = browsing("alice")
    speaker = Speaker.of(world.alice)
    speaker.ok("GET", "clients/")
    refused = speaker("POST", "clients/", {})
    calls.write_waiting()

    listed = alice.get("/developers/requests/")
    found = alice.get("/developers/requests/", {"request": refused.body["request_id"]})
    detail = alice.get(found.context["rows"][0].url).content.decode()

    assert [row.status for row in listed.context["rows"]] == [422, 200]
    assert len(found.context["rows"]) == 1
    assert refused.body["request_id"] in detail
    assert len(alice.get("/developers/requests/?view=refused").context["rows"]) == 1


def test_the_start_page_names_the_addresses(browsing: Browsing) -> None:
    page = browsing("alice").get("/developers/").content.decode()

    assert "/api/v1/" in page
    assert "guilder listen" in page


@pytest.mark.parametrize("path", ["", "webhooks/", "webhooks/new/", "events/", "requests/"])
def test_an_agent_may_not_look(browsing: Browsing, path: str) -> None:
    assert browsing("bob").get(f"/developers/{path}").status_code == 403
    assert Client().get(f"/developers/{path}").status_code == 302


def test_of_others_there_is_nothing(world: World, browsing: Browsing, receiver: Receiver) -> None:
    page = made(world, receiver)
    mallory = browsing("mallory")

    assert mallory.get(page).status_code == 404
    assert mallory.get(f"{page}edit/").status_code == 404
    assert mallory.post(f"{page}delete/").status_code == 404
    assert queries.list_endpoints(by=world.alice)
