"""Pages of channels: settings, how a client is reached, transmissions and what is done to them."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from guilder.foundation.identity import operations as identity
from guilder.office.channels import operations, queries
from guilder.office.channels.operations.arriving import keep_arrival
from guilder.papers.exchange.transports.base import Arrival
from tests import make
from tests.faces.cli.papers import ubl
from tests.make import World

Browse = Callable[[str], Client]


@pytest.fixture(autouse=True)
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Channels of the kind “folder” lie in a folder of this test."""
    from django.conf import settings

    monkeypatch.setattr(settings, "CHANNEL_FOLDERS", str(tmp_path))


def folder(by: Any, name: str = "Exchange") -> Any:
    data = {"name": name, "transport": "folder"}
    return operations.create_channel(by=by, data=data, at=make.NOW)[0]


def on_its_way(by: Any) -> Any:
    """A document that waits to be handed to a folder."""
    client = make.client(by)
    data = {"channel": str(folder(by).id), "format": "ubl"}
    operations.set_agreement(client.id, by=by, data=data, at=make.NOW)
    invoice = make.issued_invoice(by, client_id=client.id)
    return operations.send_invoice(invoice.id, by=by, at=datetime.now(UTC)).transmission


def came_in(by: Any) -> Any:
    """A bill that came in and was read."""
    house = identity.system_actor(by.organization_id, "job")
    channel = folder(by)
    arrival = Arrival(number="n-1", filename="bill.xml", data=ubl(number="B-9"), sender="0088:1")
    keep_arrival(channel, arrival, by=house, at=make.NOW)
    [row] = queries.list_transmissions(by=by, channel_id=channel.id)
    operations.hand_on(row.id, by=house, at=make.NOW)
    return row


def text_of(answer: Any) -> str:
    return answer.content.decode()


def test_every_way_can_be_chosen_and_its_form_stands(world: World, browsing: Browse) -> None:
    alice = browsing("alice")

    page = text_of(alice.get("/settings/channels/"))

    for name in queries.transports():
        assert f"/settings/channels/new/{name}/" in page
        assert alice.get(f"/settings/channels/new/{name}/").status_code == 200


def test_a_channel_is_made_changed_tried_and_deleted(world: World, browsing: Browse) -> None:
    alice = browsing("alice")
    posted = {"name": "Exchange", "is_active": "on", "receives": "on", "s_after": "delete"}

    made = alice.post("/settings/channels/new/folder/", posted)
    [row] = queries.list_channels(by=world.alice)
    address = f"/settings/channels/{row.id}/"
    assert (made["Location"], row.settings) == (address, {"after": "delete"})

    alice.post(address, {**posted, "name": "Bridge", "is_active": "", "version": "1"})
    [row] = queries.list_channels(by=world.alice)
    assert (row.name, row.is_active) == ("Bridge", False)

    told = text_of(alice.post(f"{address}try/", follow=True))
    assert "The folder is ready" in told
    alice.post(f"{address}delete/")
    assert not queries.list_channels(by=world.alice)


def test_a_made_secret_is_shown_once(world: World, browsing: Browse) -> None:
    alice = browsing("alice")

    page = text_of(alice.post("/settings/channels/new/http/", {"name": "Bridge"}))
    [row] = queries.list_channels(by=world.alice)

    assert "whsec_" in page
    assert row.key in page
    assert "whsec_" not in text_of(alice.get(f"/settings/channels/{row.id}/")).replace(
        "whsec_ and base64", ""
    )


def test_faults_stand_at_their_fields(world: World, browsing: Browse) -> None:
    answer = browsing("alice").post(
        "/settings/channels/new/sftp/", {"name": "Bridge", "s_port": "22", "s_after": "delete"}
    )

    assert answer.status_code == 422
    assert {"s_host", "s_user"} <= set(answer.context["form"].errors)


def test_a_client_is_reached_by_a_channel(world: World, browsing: Browse) -> None:
    alice, client = browsing("alice"), make.client(world.alice)
    channel = folder(world.alice)

    posted = {"channel": str(channel.id), "address": "acme", "format": "xrechnung-ubl"}
    answer = alice.post(f"/clients/{client.id}/channel/", posted)

    assert answer["Location"] == f"/clients/{client.id}/"
    agreed = queries.agreement_with(client.id, by=world.alice)
    assert agreed is not None and (agreed.channel_id, agreed.address) == (channel.id, "acme")
    alice.post(f"/clients/{client.id}/channel/", {"channel": "", "format": "pdf"})
    assert queries.agreement_with(client.id, by=world.alice) is None


def test_sending_asks_for_the_channel_first_and_can_be_undone(
    world: World, browsing: Browse
) -> None:
    alice, client = browsing("alice"), make.client(world.alice)
    data = {"channel": str(folder(world.alice).id), "format": "ubl"}
    operations.set_agreement(client.id, by=world.alice, data=data, at=make.NOW)
    invoice = make.issued_invoice(world.alice, client_id=client.id)

    assert "Exchange" in text_of(alice.get(f"/invoices/{invoice.id}/send/"))
    assert alice.get(f"/invoices/{invoice.id}/send/?by=mail").status_code == 200
    alice.post(f"/invoices/{invoice.id}/transmit/")
    [row] = queries.list_transmissions(by=world.alice)
    page = text_of(alice.get(f"/invoices/{invoice.id}/"))
    assert f"/transmissions/{row.id}/" in page
    assert f"/transmissions/{row.id}/cancel/" in page

    alice.post(f"/transmissions/{row.id}/cancel/")
    assert queries.get_transmission(row.id, by=world.alice).state == "stopped"
    alice.post(f"/transmissions/{row.id}/retry/")
    assert queries.get_transmission(row.id, by=world.alice).state == "queued"


def test_a_transmission_shows_what_happened_and_gives_its_bytes(
    world: World, browsing: Browse
) -> None:
    alice, row = browsing("alice"), on_its_way(world.alice)
    house = identity.system_actor(world.alice.organization_id, "job")
    operations.transmit(row.id, by=house, at=datetime.now(UTC))

    page = text_of(alice.get(f"/transmissions/{row.id}/"))
    data = alice.get(f"/transmissions/{row.id}/bytes/")

    assert "Delivered" in page and row.document_number in page
    assert data.content == queries.bytes_of(row.id, by=world.alice).data
    assert data["Content-Disposition"].startswith("attachment")
    listed = text_of(alice.get("/transmissions/?view=out"))
    assert f"/transmissions/{row.id}/" in listed
    assert f"/transmissions/{row.id}/" not in text_of(alice.get("/transmissions/?view=failed"))


def test_the_sender_of_a_bill_is_answered(world: World, browsing: Browse) -> None:
    alice, row = browsing("alice"), came_in(world.alice)
    address = f"/transmissions/{row.id}/"

    refused = alice.post(f"{address}answer/", {"code": "RE", "reason": "", "text": ""})
    assert refused.status_code == 422
    told = {"code": "RE", "reason": "REF", "text": "Order number?"}
    assert alice.post(f"{address}answer/", told)["Location"] == address

    [response] = queries.responses_to(row.id, by=world.alice)
    assert b"Order number?" in queries.bytes_of(response.id, by=world.alice).data
    assert queries.get_transmission(row.id, by=world.alice).state == "rejected"


def test_who_may_not_and_others_see_nothing(world: World, browsing: Browse) -> None:
    row = on_its_way(world.alice)
    mallory, bob, nobody = browsing("mallory"), browsing("bob"), Client()

    for address in (
        f"/settings/channels/{row.channel_id}/",
        f"/transmissions/{row.id}/",
        f"/transmissions/{row.id}/bytes/",
        f"/clients/{row.partner_id}/channel/",
    ):
        assert mallory.get(address).status_code == 404, address
        assert nobody.get(address).status_code == 302, address
    for address in (f"/transmissions/{row.id}/cancel/", f"/transmissions/{row.id}/retry/"):
        assert mallory.post(address).status_code == 404, address
        assert bob.post(address).status_code == 403, address
    assert bob.get("/settings/channels/").status_code == 403
    assert bob.get(f"/clients/{row.partner_id}/channel/").status_code in (403, 404)
