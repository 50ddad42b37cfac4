"""Whole journeys: out, in, answered, failed, stopped; between two organizations."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from guilder.kernel.errors import Invalid
from guilder.office.channels import operations, queries
from guilder.papers.exchange.transports import signing
from guilder.papers.exchange.transports.base import Temporary
from guilder.papers.exchange.transports.folder import Folder
from tests import make
from tests.make import World
from tests.papers.exchange.transports import far_sides

SECRET = signing.new_secret()


def house(by: Any) -> Any:
    """Guilder itself at work for somebody's organization."""
    from guilder.foundation.identity import operations as identity

    return identity.system_actor(by.organization_id, "job")


def sent(by: Any, client: Any) -> UUID:
    """An issued invoice on its way by its client's channel."""
    invoice = make.issued_invoice(by, client_id=client.id)
    sending = operations.send_invoice(invoice.id, by=by, at=make.NOW)
    assert sending.transmission is not None
    return sending.transmission.id


def states(by: Any, one: UUID) -> list[str]:
    return [row.state for row in queries.history_of([one], by=by)[one]]


def test_sending_twice_while_one_is_under_way_is_one(
    world: World, channel: Any, agreed: Any
) -> None:
    by = world.alice
    client = agreed(by, channel(by, "folder"))
    invoice = make.issued_invoice(by, client_id=client.id)

    first = operations.send_invoice(invoice.id, by=by, at=make.NOW).transmission
    second = operations.send_invoice(invoice.id, by=by, at=make.NOW).transmission

    assert first is not None and second is not None and first.id == second.id


def test_without_a_channel_it_goes_by_mail(world: World) -> None:
    by = world.alice
    invoice = make.issued_invoice(by)

    sending = operations.send_invoice(invoice.id, by=by, at=make.NOW)

    assert sending.transmission is None and sending.mail is not None


def test_what_fails_for_a_time_is_tried_again_with_the_same_bytes(
    world: World, channel: Any, agreed: Any, system: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    by = world.alice
    one = sent(by, agreed(by, channel(by, "folder")))
    with monkeypatch.context() as patch:
        patch.setattr(Folder, "send", raising(Temporary("The folder is away.")))
        operations.transmit(one, by=system, at=make.NOW)
    row = queries.get_transmission(one, by=by)
    kept = queries.bytes_of(one, by=by).data
    assert (row.state, row.problem) == ("queued", "The folder is away.")
    assert row.next_attempt_at == make.NOW + timedelta(minutes=1)

    assert not operations.transmit(one, by=system, at=make.NOW)
    assert operations.transmit(one, by=system, at=make.NOW + timedelta(minutes=1))

    assert states(by, one) == ["queued", "sending", "queued", "sending", "delivered"]
    [file] = (queries.folder_of(row.channel) / "out").glob("*.xml")
    assert file.read_bytes() == kept


def raising(error: Exception) -> Callable[..., Any]:
    def fail(*_: Any, **__: Any) -> Any:
        raise error

    return fail


def test_after_three_days_it_is_given_up_and_a_person_may_send_it_again(
    world: World, channel: Any, agreed: Any, system: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    by, at = world.alice, make.NOW
    one = sent(by, agreed(by, channel(by, "folder")))
    with monkeypatch.context() as patch:
        patch.setattr(Folder, "send", raising(Temporary("The folder is away.")))
        for _ in range(10):
            operations.transmit(one, by=system, at=at)
            at += timedelta(hours=25)
    assert queries.get_transmission(one, by=by).state == "failed"
    assert not operations.transmit(one, by=system, at=at)

    operations.retry_transmission(one, by=by, at=at)
    operations.transmit(one, by=system, at=at)

    assert queries.get_transmission(one, by=by).state == "delivered"


def test_a_worker_that_died_is_followed_by_another_with_the_same_number(
    world: World, channel: Any, agreed: Any, system: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    by = world.alice
    one = sent(by, agreed(by, channel(by, "folder")))
    real, numbers = Folder.send, []

    def killed(self: Any, parcel: Any, place: Any) -> Any:
        numbers.append((parcel.number, parcel.data))
        real(self, parcel, place)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Folder, "send", killed)
        with pytest.raises(KeyboardInterrupt):
            operations.transmit(one, by=system, at=make.NOW)
    assert not operations.transmit(one, by=system, at=make.NOW + timedelta(seconds=100))
    assert operations.transmit(one, by=system, at=make.NOW + timedelta(seconds=181))

    row = queries.get_transmission(one, by=by)
    assert (row.state, row.attempts) == ("delivered", 2)
    [file] = (queries.folder_of(row.channel) / "out").glob("*.xml")
    assert [(row.number, file.read_bytes())] == numbers


def test_it_can_be_taken_back_until_a_server_has_it(
    world: World, channel: Any, agreed: Any, system: Any
) -> None:
    by = world.alice
    client = agreed(by, channel(by, "folder"))
    one, other = sent(by, client), sent(by, client)

    operations.cancel_transmission(one, by=by, at=make.NOW)
    assert not operations.transmit(one, by=system, at=make.NOW)
    operations.transmit(other, by=system, at=make.NOW)
    with pytest.raises(operations.TooLate):
        operations.cancel_transmission(other, by=by, at=make.NOW)
    with pytest.raises(operations.TooLate):
        operations.retry_transmission(other, by=by, at=make.NOW)

    assert states(by, one) == ["queued", "stopped"]


def test_others_neither_see_nor_move_it(world: World, channel: Any, agreed: Any) -> None:
    one = sent(world.alice, agreed(world.alice, channel(world.alice, "folder")))

    for call in (
        lambda: queries.get_transmission(one, by=world.mallory),
        lambda: queries.bytes_of(one, by=world.mallory),
        lambda: operations.cancel_transmission(one, by=world.mallory, at=make.NOW),
        lambda: operations.answer(
            one, by=world.mallory, data={"code": "AP"}, at=make.NOW, on=make.TODAY
        ),
    ):
        with pytest.raises(queries.NoSuchTransmission):
            call()


def test_xml_only_ways_want_an_xml_format_and_an_address(
    world: World, channel: Any, points: Any
) -> None:
    by = world.alice
    settings = far_sides.as4_settings(*points, participant=far_sides.OURS)
    way = channel(by, "as4", **settings)
    client = make.client(by)

    with pytest.raises(Invalid) as caught:
        operations.set_agreement(
            client.id, by=by, data={"channel": str(way.id), "format": "pdf"}, at=make.NOW
        )

    assert {one.pointer for one in caught.value.problems} == {"/format", "/address"}


def test_what_lies_in_the_folder_is_received_once(
    world: World, channel: Any, system: Any, folders: Path
) -> None:
    from tests.faces.cli.papers import ubl

    by = world.alice
    way = channel(by, "folder")
    side = far_sides.FolderSide(queries.folder_of(way))
    side.put("bill.xml", ubl(number="B-77"))
    side.put("noise.xml", b"<nothing/>")

    later = datetime.now(UTC) + timedelta(minutes=1)
    assert operations.collect(way.id, by=system, at=later) == 2
    side.put("bill.xml", ubl(number="B-77"))
    assert operations.collect(way.id, by=system, at=later) == 0
    rows = queries.list_transmissions(by=by, direction="in")
    for row in rows:
        operations.hand_on(row.id, by=system, at=later)
        operations.hand_on(row.id, by=system, at=later)

    found = {one.filename: one.state for one in queries.list_transmissions(by=by, direction="in")}
    assert found == {"bill.xml": "taken", "noise.xml": "refused"}
    assert [row.number for row in papers(by)] == ["B-77"]


def papers(by: Any) -> list[Any]:
    from guilder.flows.intake.models import ReceivedDocument
    from guilder.foundation.tenancy.transaction import transaction

    with transaction(by.organization_id):
        return list(ReceivedDocument.objects.of(by.organization_id).order_by("id"))


@pytest.fixture(scope="session")
def points() -> tuple[far_sides.Point, far_sides.Point]:
    """Two access points."""
    return far_sides.access_point("POP000001"), far_sides.access_point("POP000002")


def http_pair(alice: Any, bob: Any, channel: Any) -> tuple[Any, Any]:
    """Two organizations' channels that post to each other."""
    first = channel(alice, "http", url="https://b.example/", secret=SECRET)
    second = channel(bob, "http", url=f"https://a.example{queries.path_of(first)}", secret=SECRET)
    data = {"settings": {"url": f"https://b.example{queries.path_of(second)}", "secret": SECRET}}
    operations.update_channel(first.id, by=alice, data=data, at=make.NOW)
    return first, second


def as4_pair(alice: Any, bob: Any, channel: Any, points: Any) -> tuple[Any, Any]:
    """Two organizations' access points that know each other."""
    ours, theirs = points
    first = channel(
        alice, "as4", **far_sides.as4_settings(ours, theirs, participant=far_sides.OURS)
    )
    peers = f"{far_sides.OURS} https://a.example{queries.path_of(first)} {ours.name}"
    second = channel(
        bob,
        "as4",
        **far_sides.as4_settings(theirs, ours, participant=far_sides.THEIRS, peers=peers),
    )
    peers = f"{far_sides.THEIRS} https://b.example{queries.path_of(second)} {theirs.name}"
    operations.update_channel(first.id, by=alice, data={"settings": {"peers": peers}}, at=make.NOW)
    return first, second


@pytest.mark.parametrize("way", ["http", "as4"])
def test_two_organizations_exchange_invoice_and_response(
    world: World, channel: Any, agreed: Any, wire: None, points: Any, way: str
) -> None:
    alice, mallory = world.alice, world.mallory
    now = datetime.now(UTC)
    first, second = (
        as4_pair(alice, mallory, channel, points)
        if way == "as4"
        else http_pair(alice, mallory, channel)
    )
    client = agreed(alice, first, address=far_sides.THEIRS if way == "as4" else "")
    one = sent(alice, client)

    for _ in range(2):  # the second is for a crash after the first
        operations.transmit(one, by=house(alice), at=now)
    row = queries.get_transmission(one, by=alice)
    assert (row.state, row.problem) == ("delivered", "")
    [came] = queries.list_transmissions(by=mallory, channel_id=second.id)
    assert (came.direction, came.state, came.number) == ("in", "received", row.number)
    operations.hand_on(came.id, by=house(mallory), at=now)
    [paper] = papers(mallory)
    assert (paper.number, paper.channel) == (row.document_number, way)

    rejection = {"code": "RE", "reason": "REF", "text": "The order number is missing."}
    answer = operations.answer(came.id, by=mallory, data=rejection, at=now, on=make.TODAY)
    operations.transmit(answer.id, by=house(mallory), at=now)
    [told] = queries.list_transmissions(by=alice, direction="in", channel_id=first.id)
    assert told.content == "response"
    operations.hand_on(told.id, by=house(alice), at=now)

    row = queries.get_transmission(one, by=alice)
    assert (row.state, row.problem) == ("rejected", "The order number is missing.")
    assert queries.get_transmission(came.id, by=mallory).state == "rejected"
    assert [one.id for one in queries.responses_to(row.id, by=alice)] == [told.id]


def test_a_stranger_gets_nothing_through(
    world: World, channel: Any, wire: None, loopback: None
) -> None:
    way = channel(world.alice, "http", secret=SECRET)
    path, body = queries.path_of(way), b"<Invoice/>"
    now = datetime.now(UTC)
    good = signing.signed_headers(SECRET, number="m1", at=now, body=body)
    bad = signing.signed_headers(signing.new_secret(), number="m1", at=now, body=body)

    def post(path: str, head: dict[str, str]) -> int:
        return (
            Client(SERVER_NAME="localhost")
            .post(path, body, content_type="application/xml", headers=head)
            .status_code
        )

    assert post(path, bad) == 403
    assert post(path, {}) == 403
    assert post(path.replace(way.key, "wrong"), good) == 404
    assert Client(SERVER_NAME="localhost").get(path).status_code == 405
    assert not queries.list_transmissions(by=world.alice)
    assert (post(path, good), post(path, good)) == (202, 202)
    assert len(queries.list_transmissions(by=world.alice)) == 1

    operations.update_channel(way.id, by=world.alice, data={"is_active": False}, at=make.NOW)
    assert post(path, good) == 404


def test_secrets_are_sealed_and_do_not_follow_to_another_server(world: World, channel: Any) -> None:
    by = world.alice
    settings = {
        "host": "sftp.example",
        "user": "northlight",
        "password": "canary-1",
        "folder_in": "in",
    }
    way = channel(by, "sftp", **settings)
    assert b"canary-1" not in bytes(way.sealed_secrets)
    assert "password" not in way.settings

    kept = operations.update_channel(way.id, by=by, data={"name": "Other"}, at=make.NOW)
    assert kept.sealed_secrets is not None
    with pytest.raises(Invalid) as caught:
        moved = {"settings": {"host": "elsewhere.example"}}
        operations.update_channel(way.id, by=by, data=moved, at=make.NOW)
    assert [one.pointer for one in caught.value.problems] == ["/settings/password"]


def test_only_admins_keep_channels(world: World, channel: Any) -> None:
    from guilder.kernel.errors import NotAllowed

    way = channel(world.alice, "folder")

    for call in (
        lambda: channel(world.bob, "folder"),
        lambda: operations.update_channel(way.id, by=world.bob, data={}, at=make.NOW),
        lambda: operations.delete_channel(way.id, by=world.bob),
        lambda: operations.try_channel(way.id, by=world.bob, at=make.NOW),
    ):
        with pytest.raises(NotAllowed):
            call()


def test_mail_carries_the_e_invoice_and_tells_what_became_of_it(
    world: World, channel: Any, agreed: Any, system: Any
) -> None:
    from guilder.office.dispatch import queries as mails

    by = world.alice
    one = sent(by, agreed(by, channel(by, "mail"), address="e-invoices@client.example"))

    operations.transmit(one, by=system, at=make.NOW)

    row = queries.get_transmission(one, by=by)
    mail = mails.get_mail(row.mail_id, by=by)  # type: ignore[arg-type]
    assert (row.state, mail.to, mail.has_paper) == ("sending", "e-invoices@client.example", True)
    [file] = mails.files_of(mail, by=by)
    assert file.sha256 == row.sha256

    operations.follow_mail(mail.id, by=system, at=make.NOW, state="sent")
    assert queries.get_transmission(one, by=by).state == "sent"
    operations.follow_mail(mail.id, by=system, at=make.NOW, state="failed", reason="No such box.")
    assert queries.get_transmission(one, by=by).problem == "No such box."


def test_a_plain_mail_carries_the_format_that_the_client_wants(world: World) -> None:
    from guilder.office.dispatch import operations as dispatch
    from guilder.office.dispatch.operations.delivery import enclosures_of
    from guilder.office.dispatch.operations.enclosing import with_einvoice
    from guilder.registers.parties import operations as parties

    by = world.alice
    names = {}
    for wanted in ("xrechnung-ubl", "facturx", "pdf"):
        client = make.client(by)
        data = {"delivery_format": wanted}
        parties.update_partner(client.id, by=by, side="customer", data=data, at=make.NOW)
        invoice = make.issued_invoice(by, client_id=client.id)
        mail = dispatch.send_paper(invoice.id, by=by, at=make.NOW)
        for _ in range(2):  # the second is a second try
            with_einvoice(mail, by=by, at=make.NOW)
        found = enclosures_of(mail, by=by, at=make.NOW)
        names[wanted] = [(one.media_type, b"factur-x.xml" in one.data) for one in found]

    assert names == {
        "xrechnung-ubl": [("application/pdf", False), ("application/xml", False)],
        "facturx": [("application/pdf", True)],
        "pdf": [("application/pdf", False)],
    }
