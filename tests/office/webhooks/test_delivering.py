"""From an event to a receiver: signed, in order, tried again, given up, told again."""

import json
import threading
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings
from standardwebhooks import Webhook

from guilder.foundation.events.models import Event
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.errors import Conflict, NotAllowed, NotFound
from guilder.office.dispatch.models import Mail
from guilder.office.webhooks import operations, queries
from guilder.office.webhooks.models import Attempt, Delivery, Endpoint, PendingDelivery
from guilder.office.webhooks.operations import delivering
from tests import make
from tests.make import World
from tests.office.webhooks.receiver import Receiver
from tests.office.webhooks.telling import deliveries, endpoint, fresh, tell, work

LATER = timedelta(hours=25)  # longer than any one wait


def test_what_happens_reaches_the_receiver_signed_and_in_the_api_s_shape(
    world: World, receiver: Receiver
) -> None:
    made, secret = endpoint(world.alice, receiver.url, types=["invoice.issued"])
    invoice = make.issued_invoice(world.alice)
    tell(world.alice)

    assert work(world.alice) == 1

    call = receiver.calls[0]
    said = Webhook(secret).verify(call.body, call.headers)
    assert said["type"] == "invoice.issued"
    assert said["id"] == call.headers["webhook-id"]
    assert said["organization"] == str(world.organization)
    assert said["event"]["invoice_id"] == str(invoice.id)
    assert said["data"]["number"] == invoice.number
    assert said["data"]["totals"]["due"] == str(invoice_due(world, invoice.id))
    delivery = deliveries(world.alice)[0]
    assert (delivery.state, delivery.attempts, delivery.last_status) == ("delivered", 1, 204)
    assert fresh(made).last_success_at is not None
    assert not PendingDelivery.objects.filter(organization_id=world.organization).exists()


def invoice_due(world: World, invoice_id: object) -> str:
    from guilder.books.invoicing import queries as invoicing
    from guilder.books.invoicing.schemas import invoice_out

    record = invoicing.get_invoice(invoice_id, by=world.alice)  # type: ignore[arg-type]
    return invoice_out(record, on=make.TODAY).totals.due


def test_only_what_was_chosen_is_told_and_nothing_of_others(
    world: World, receiver: Receiver
) -> None:
    endpoint(world.alice, receiver.url, types=["payment.*"])
    make.client(world.alice)
    make.client(world.mallory)
    tell(world.alice)
    tell(world.mallory)

    assert work(world.alice) == 0
    assert deliveries(world.alice) == []
    assert deliveries(world.mallory) == []


def test_messages_are_numbered_in_the_order_of_the_organization(
    world: World, receiver: Receiver
) -> None:
    endpoint(world.alice, receiver.url)
    for _ in range(3):
        make.client(world.alice)
    tell(world.alice)
    work(world.alice)

    numbers = [json.loads(call.body)["sequence"] for call in receiver.calls]
    assert sorted(numbers) == list(range(1, len(numbers) + 1))


def test_a_thing_that_is_gone_is_told_as_gone(world: World, receiver: Receiver) -> None:
    from guilder.registers.parties import operations as parties

    endpoint(world.alice, receiver.url, types=["partner.created", "partner.deleted"])
    client = make.client(world.alice)
    parties.delete_partner(client.id, by=world.alice)
    tell(world.alice)
    work(world.alice)

    told = [json.loads(call.body) for call in receiver.calls]
    assert {one["type"] for one in told} == {"partner.created", "partner.deleted"}
    assert all(one["data"] == {"id": str(client.id), "deleted": True} for one in told)


def test_a_refused_delivery_is_tried_again_under_the_same_id_until_it_is_taken(
    world: World, receiver: Receiver
) -> None:
    made, _ = endpoint(world.alice, receiver.url, types=["partner.created"])
    receiver.answers = [(500, {}), (429, {"Retry-After": "120"})]
    make.client(world.alice)
    tell(world.alice)
    now = datetime.now(UTC) + timedelta(seconds=1)

    work(world.alice, at=now)
    first = deliveries(world.alice)[0]
    assert (first.state, first.attempts, first.last_status) == ("waiting", 1, 500)
    assert first.next_attempt_at is not None
    assert now + timedelta(seconds=4) < first.next_attempt_at < now + timedelta(seconds=6)
    assert fresh(made).failing_since == now
    assert work(world.alice, at=now + timedelta(seconds=2)) == 0

    work(world.alice, at=now + timedelta(seconds=7))
    second = deliveries(world.alice)[0]
    # the receiver asked for two minutes; the table says five, and five is longer
    assert second.next_attempt_at is not None
    assert second.next_attempt_at > now + timedelta(seconds=120)

    work(world.alice, at=now + LATER)
    assert deliveries(world.alice)[0].state == "delivered"
    assert fresh(made).failing_since is None
    assert len({call.headers["webhook-id"] for call in receiver.calls}) == 1
    tries = queries.list_attempts(first.id, by=world.alice)
    assert [(one.number, one.status) for one in tries] == [(3, 204), (2, 429), (1, 500)]
    assert tries[-1].response_text == "so it is"
    assert tries[-1].request_head["webhook-signature"].startswith("v1,")


def test_after_three_days_a_delivery_is_given_up(world: World, receiver: Receiver) -> None:
    endpoint(world.alice, receiver.url, types=["partner.created"])
    receiver.answers = [(503, {})] * 20
    make.client(world.alice)
    tell(world.alice)
    at = datetime.now(UTC) + timedelta(seconds=1)

    while deliveries(world.alice)[0].state == "waiting":
        work(world.alice, at=at)
        at = deliveries(world.alice)[0].next_attempt_at or at

    delivery = deliveries(world.alice)[0]
    assert (delivery.state, delivery.attempts) == ("failed", 10)
    assert timedelta(days=2.8) < at - delivery.created_at < timedelta(days=3.6)
    assert not PendingDelivery.objects.filter(delivery_id=delivery.id).exists()


def test_an_endpoint_that_fails_for_days_is_switched_off_and_the_admins_are_told(
    world: World, receiver: Receiver
) -> None:
    made, _ = endpoint(world.alice, receiver.url, types=["partner.created"], name="Shop")
    receiver.answers = [(500, {})] * 9
    make.client(world.alice)
    tell(world.alice)
    now = datetime.now(UTC) + timedelta(seconds=1)
    work(world.alice, at=now)
    make.client(world.alice)
    tell(world.alice)

    work(world.alice, at=now + timedelta(days=settings.WEBHOOK_DISABLE_DAYS))

    off = fresh(made)
    assert (off.is_active, off.disabled_because) == (False, "failing")
    assert {one.state for one in deliveries(world.alice)} == {"stopped"}
    assert not PendingDelivery.objects.filter(organization_id=world.organization).exists()
    tell(world.alice)
    with transaction(world.organization):
        mail = Mail.objects.of(world.organization).get(kind="notice")
    assert mail.to == world.alice_email
    assert "Shop" in mail.subject
    assert receiver.url in mail.text


def test_an_endpoint_that_says_it_is_gone_is_switched_off_at_once(
    world: World, receiver: Receiver
) -> None:
    made, _ = endpoint(world.alice, receiver.url, types=["partner.created"])
    receiver.answers = [(410, {})]
    make.client(world.alice)
    tell(world.alice)

    work(world.alice)

    assert fresh(made).disabled_because == "gone"
    make.client(world.alice)
    tell(world.alice)
    assert len(deliveries(world.alice)) == 1  # nothing more is queued for it


def test_a_redirect_is_not_followed(world: World, receiver: Receiver) -> None:
    endpoint(world.alice, receiver.url, types=["partner.created"])
    receiver.answers = [(302, {"Location": "http://169.254.169.254/"})]
    make.client(world.alice)
    tell(world.alice)

    work(world.alice)

    assert len(receiver.calls) == 1
    assert deliveries(world.alice)[0].last_status == 302


def test_an_address_that_turned_private_is_not_called(
    world: World, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    endpoint(world.alice, receiver.url, types=["partner.created"])
    monkeypatch.delenv("GUILDER_OUTBOUND_ALLOW")
    make.client(world.alice)
    tell(world.alice)

    work(world.alice)

    assert receiver.calls == []
    delivery = deliveries(world.alice)[0]
    assert delivery.state == "waiting"
    assert "closed to outgoing calls" in delivery.problem


def test_a_silent_receiver_is_left_after_three_seconds(world: World, receiver: Receiver) -> None:
    receiver.held = threading.Event()
    endpoint(world.alice, f"{receiver.url}/held", types=["partner.created"])
    make.client(world.alice)
    tell(world.alice)

    work(world.alice)

    assert len(receiver.calls) == 1  # who is still silent
    assert deliveries(world.alice)[0].last_status is None
    assert delivering.LIMITS.total == 3
    receiver.held.set()


def test_one_slow_endpoint_has_two_calls_under_way_and_the_others_go_on(
    world: World, receiver: Receiver
) -> None:
    slow, _ = endpoint(world.alice, receiver.url, types=["partner.created"], name="slow")
    quick, _ = endpoint(world.alice, receiver.url, types=["partner.created"], name="quick")
    for _ in range(5):
        make.client(world.alice)
    tell(world.alice)
    at = datetime.now(UTC) + timedelta(seconds=1)

    first = operations.take_due(at=at, limit=100)
    again = operations.take_due(at=at, limit=100)
    for one in first:
        if one.endpoint_id == quick.id:
            operations.deliver(one, by=world.alice, at=at)
    third = operations.take_due(at=at, limit=100)

    mine = [one for one in first if one.organization_id == world.organization]
    assert sorted(one.endpoint_id for one in mine) == sorted([slow.id] * 2 + [quick.id] * 2)
    assert [one for one in again if one.organization_id == world.organization] == []
    assert [one.endpoint_id for one in third if one.organization_id == world.organization] == [
        quick.id
    ] * 2


def test_a_silent_receiver_with_a_long_queue_does_not_hold_up_a_quick_one(
    world: World, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    from guilder.office.webhooks import tasks

    monkeypatch.setattr(delivering, "LIMITS", replace(delivering.LIMITS, total=100))
    receiver.held = threading.Event()
    silent, _ = endpoint(world.alice, f"{receiver.url}/held", types=["partner.created"])
    for _ in range(8):
        make.client(world.alice)
    tell(world.alice)
    tasks.deliver_due()  # two of its calls are under way until they are let go, six wait
    quick, _ = endpoint(world.alice, f"{receiver.url}/quick", types=["partner.created"])
    make.client(world.alice)
    tell(world.alice)

    began = time.monotonic()
    while not [one for one in deliveries(world.alice, quick.id) if one.state == "delivered"]:
        tasks.deliver_due()
        assert time.monotonic() - began < 90
        time.sleep(0.05)

    assert "waiting" in {one.state for one in deliveries(world.alice, silent.id)}
    receiver.held.set()
    while PendingDelivery.objects.filter(
        organization_id=world.organization, taken_until__gt=datetime.now(UTC)
    ).exists():
        time.sleep(0.05)


def test_what_a_dead_worker_held_is_taken_again_after_its_lease(
    world: World, receiver: Receiver
) -> None:
    endpoint(world.alice, receiver.url, types=["partner.created"])
    make.client(world.alice)
    tell(world.alice)
    at = datetime.now(UTC) + timedelta(seconds=1)
    operations.take_due(at=at, limit=100)  # and the worker is gone

    assert work(world.alice, at=at + timedelta(seconds=29)) == 0
    assert work(world.alice, at=at + timedelta(seconds=31)) == 1
    assert deliveries(world.alice)[0].state == "delivered"


def test_for_a_day_after_a_rotation_both_secrets_sign(world: World, receiver: Receiver) -> None:
    made, old = endpoint(world.alice, receiver.url, types=["partner.created"])
    now = datetime.now(UTC)
    _, new = operations.rotate_secret(made.id, by=world.alice, at=now)
    make.client(world.alice)
    tell(world.alice)
    work(world.alice)

    call = receiver.calls[0]
    assert old != new
    for secret in (old, new):
        Webhook(secret).verify(call.body, call.headers)

    from guilder.office.webhooks import sealing

    assert sealing.keys_of(fresh(made), at=now + timedelta(hours=25)) == [new]


def test_a_delivery_is_sent_again_when_somebody_asks(world: World, receiver: Receiver) -> None:
    made, _ = endpoint(world.alice, receiver.url, types=["partner.created"])
    make.client(world.alice)
    tell(world.alice)
    work(world.alice)
    done = deliveries(world.alice)[0]

    operations.retry_delivery(done.id, endpoint_id=made.id, by=world.alice, at=datetime.now(UTC))
    work(world.alice)

    assert deliveries(world.alice)[0].attempts == 2
    assert receiver.calls[0].headers["webhook-id"] == receiver.calls[1].headers["webhook-id"]
    assert receiver.calls[0].body == receiver.calls[1].body


def test_what_is_under_way_is_not_sent_twice(world: World, receiver: Receiver) -> None:
    made, _ = endpoint(world.alice, receiver.url, types=["partner.created"])
    make.client(world.alice)
    tell(world.alice)
    at = datetime.now(UTC) + timedelta(seconds=1)
    operations.take_due(at=at, limit=100)

    with pytest.raises(operations.StillWaiting):
        operations.retry_delivery(
            deliveries(world.alice)[0].id, endpoint_id=made.id, by=world.alice, at=at
        )


def test_a_range_is_told_again_with_what_was_missed_while_it_was_off(
    world: World, receiver: Receiver
) -> None:
    made, _ = endpoint(world.alice, receiver.url, types=["partner.created"])
    began = datetime.now(UTC) - timedelta(seconds=1)
    heard = make.client(world.alice)
    tell(world.alice)
    work(world.alice)
    at = datetime.now(UTC)
    operations.update_endpoint(made.id, by=world.alice, data={"is_active": False}, at=at)
    missed = make.client(world.alice)
    tell(world.alice)
    operations.update_endpoint(made.id, by=world.alice, data={"is_active": True}, at=at)
    until = datetime.now(UTC) + timedelta(seconds=1)

    count = operations.replay_range(
        made.id, by=world.alice, at=datetime.now(UTC), since=began, until=until
    )
    work(world.alice)

    assert count == 1
    subjects = [json.loads(call.body)["event"]["partner_id"] for call in receiver.calls]
    assert subjects == [str(heard.id), str(missed.id)]
    everything = operations.replay_range(
        made.id, by=world.alice, at=datetime.now(UTC), since=began, until=until, only_missed=False
    )
    assert everything == 2


def test_a_replay_is_asked_for_and_a_worker_does_it(world: World, receiver: Receiver) -> None:
    from guilder.foundation.jobs.queue import LOOPS
    from guilder.office.webhooks import tasks

    made, _ = endpoint(world.alice, receiver.url, types=["partner.created"])
    now = datetime.now(UTC)
    operations.ask_replay(
        made.id,
        by=world.alice,
        since=now - timedelta(hours=1),
        until=now,
        types=["partner.created"],
    )

    with transaction(world.organization):
        assert Event.objects.of(world.organization).filter(type="webhook.replay_asked").exists()
    assert tell(world.alice) > 0
    assert tasks.replay.name == "webhooks.replay"
    assert any("deliver_due" in name for name in LOOPS)


def test_a_ping_shows_that_it_arrives(world: World, receiver: Receiver) -> None:
    made, secret = endpoint(world.alice, receiver.url, types=["payment.*"])

    operations.ping(made.id, by=world.alice, at=datetime.now(UTC))
    work(world.alice)

    said = Webhook(secret).verify(receiver.calls[0].body, receiver.calls[0].headers)
    assert said["type"] == "webhook.ping"


def test_nothing_is_sent_to_an_endpoint_that_is_off(world: World, receiver: Receiver) -> None:
    made, _ = endpoint(world.alice, receiver.url, is_active=False)

    with pytest.raises(operations.EndpointOff):
        operations.ping(made.id, by=world.alice, at=datetime.now(UTC))


def test_the_worker_s_loop_calls_in_threads_of_its_own(world: World, receiver: Receiver) -> None:
    from guilder.office.webhooks import tasks

    endpoint(world.alice, receiver.url, types=["partner.created"])
    make.client(world.alice)
    tell(world.alice)

    for _ in range(100):
        tasks.deliver_due()
        if receiver.calls and deliveries(world.alice)[0].state == "delivered":
            break
        time.sleep(0.05)

    assert deliveries(world.alice)[0].state == "delivered"


def test_old_deliveries_are_forgotten_and_what_waits_stays(
    world: World, receiver: Receiver
) -> None:
    endpoint(world.alice, receiver.url, types=["partner.created"])
    make.client(world.alice)
    tell(world.alice)
    work(world.alice)
    receiver.answers = [(500, {})]
    make.client(world.alice)
    tell(world.alice)
    work(world.alice)

    gone = operations.forget_old(world.organization, before=datetime.now(UTC) + LATER)

    assert gone == 1
    assert [one.state for one in deliveries(world.alice)] == ["waiting"]
    with transaction(world.organization):
        assert Attempt.objects.of(world.organization).count() == 1


def test_deleting_an_endpoint_takes_its_deliveries_along(world: World, receiver: Receiver) -> None:
    made, _ = endpoint(world.alice, receiver.url, types=["partner.created"])
    make.client(world.alice)
    tell(world.alice)
    work(world.alice)

    operations.delete_endpoint(made.id, by=world.alice)

    with transaction(world.organization):
        assert not Endpoint.objects.of(world.organization).exists()
        assert not Delivery.objects.of(world.organization).exists()


def test_who_may_not_is_refused_and_others_see_nothing(world: World, receiver: Receiver) -> None:
    made, _ = endpoint(world.alice, receiver.url)

    with pytest.raises(NotAllowed):
        endpoint(world.bob, receiver.url)
    with pytest.raises(NotAllowed):
        queries.list_endpoints(by=world.bob)
    with pytest.raises(NotFound):
        queries.get_endpoint(made.id, by=world.mallory)
    with pytest.raises(NotFound):
        operations.ping(made.id, by=world.mallory, at=datetime.now(UTC))
    with pytest.raises(NotFound):
        operations.delete_endpoint(made.id, by=world.mallory)


def test_there_are_not_more_endpoints_than_there_may_be(
    world: World, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    from guilder.office.webhooks.operations import endpoints

    monkeypatch.setattr(endpoints, "MOST", 1)
    endpoint(world.alice, receiver.url)

    with pytest.raises(Conflict):
        endpoint(world.alice, receiver.url)
