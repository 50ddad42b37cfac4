"""What we sign and read, against the services' own libraries and a local Stripe of another author.

The local server runs in a process of its own and is asked by the official client as well as by us.
"""

import base64
import http.server
import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from urllib.request import Request, urlopen
from uuid import UUID

import pytest
import standardwebhooks
import stripe

from guilder.books.charging.gateways.base import BadCall, Call, Kept, Order, Ref
from guilder.books.charging.gateways.known import made
from guilder.kernel.money import Money
from tests.books.charging import making
from tests.fakes.stripe import FakeStripe

KEY = UUID("01a1fe83-0000-7000-8000-00000000000a")


def test_the_official_library_takes_the_calls_that_we_take():
    fake, now = FakeStripe(), datetime.now(UTC)
    fake.sessions["cs_1"] = {"object": "checkout.session", "id": "cs_1"}
    call = fake.call("cs_1", at=now)

    event = stripe.Webhook.construct_event(
        call.body, call.headers["stripe-signature"], "whsec_stripe"
    )

    assert event.id == "evt_1"
    ours = made("stripe", making.KEYS["stripe"], is_live=False)
    assert ours.read(call)[0].event_id == "evt_1"
    with pytest.raises(stripe.SignatureVerificationError):
        stripe.Webhook.construct_event(
            call.body + b" ", call.headers["stripe-signature"], "whsec_stripe"
        )
    with pytest.raises(BadCall):
        ours.read(replace(call, body=call.body + b" "))


def test_what_standard_webhooks_signs_is_taken():
    now = datetime.now(UTC)
    data = {"charge": str(KEY), "id": "tx", "amount": "1.00", "currency": "EUR"}
    body = json.dumps({"type": "charge.succeeded", "data": data})
    hook = standardwebhooks.Webhook(making.SECRET)
    head = {
        "webhook-id": "msg_1",
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": hook.sign("msg_1", now, body),
    }
    call = Call(body=body.encode(), headers=head, at=now)

    (told,) = made("signed", making.KEYS["signed"], is_live=False).read(call)

    assert (told.key, told.about) == (KEY, "charge")
    mine = making.call("charge.succeeded", data, at=now)
    assert hook.verify(mine.body, dict(mine.headers))
    assert base64.b64decode(making.SECRET.removeprefix("whsec_"))


class Taker(http.server.BaseHTTPRequestHandler):
    """Keeps what is posted to it."""

    taken: list[tuple[bytes, dict[str, str]]] = []

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.taken.append((body, {name.lower(): value for name, value in self.headers.items()}))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


def free_port() -> int:
    with socket.socket() as plug:
        plug.bind(("127.0.0.1", 0))
        return plug.getsockname()[1]


@pytest.fixture(scope="module")
def local() -> Iterator[str]:
    """The address of a local Stripe."""
    port = free_port()
    command = [sys.executable, "-m", "localstripe", "--port", str(port), "--from-scratch"]
    running = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    base = f"http://127.0.0.1:{port}"
    os.environ["GUILDER_OUTBOUND_ALLOW"] = f"127.0.0.1:{port}"
    os.environ["GUILDER_GATEWAYS"] = f"stripe={base}"
    for _ in range(100):
        try:
            socket.create_connection(("127.0.0.1", port), 0.2).close()
            break
        except OSError:
            time.sleep(0.1)
    yield base
    del os.environ["GUILDER_OUTBOUND_ALLOW"], os.environ["GUILDER_GATEWAYS"]
    running.terminate()
    running.wait(10)


@pytest.fixture(scope="module")
def hooks(local: str) -> Iterator[list[tuple[bytes, dict[str, str]]]]:
    """What the local Stripe tells, signed for us."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Taker)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    data = json.dumps({
        "url": f"http://127.0.0.1:{server.server_port}/",
        "secret": "whsec_stripe",
        "events": ["payment_intent.succeeded", "charge.succeeded", "charge.refunded"],
    })  # fmt: skip
    head = {"Authorization": "Bearer sk_test_x", "Content-Type": "application/json"}
    urlopen(Request(f"{local}/_config/webhooks/ours", data.encode(), head)).read()
    yield Taker.taken
    server.shutdown()


def test_a_kept_card_is_charged_and_given_back_at_a_local_stripe(local, hooks):
    client = stripe.StripeClient("sk_test_x", base_addresses={"api": local})
    customer = client.v1.customers.create({"email": "bar@example.test"})
    method = client.v1.payment_methods.create({
        "type": "card",
        "card": {"number": "4242424242424242", "exp_month": 12, "exp_year": 2030, "cvc": "123"},
    })  # fmt: skip
    client.v1.payment_methods.attach(method.id, {"customer": customer.id})
    ours = made("stripe", making.KEYS["stripe"], is_live=False)
    order = Order(
        key=KEY,
        amount=Money.of("119.00", "EUR"),
        description="",  # the local server knows none
        kept=Kept(customer=customer.id, token=method.id),
    )

    started = ours.start(order)
    ref = Ref(key=KEY, provider_id=started.provider_id, amount=order.amount,
              provider_payment=started.provider_payment)  # fmt: skip
    asked = ours.ask(ref)
    back = ours.give_back(ref, key=KEY, amount=Money.of("19.00", "EUR"), reason="Returned")

    assert asked is not None
    assert (started.state, asked.state, asked.amount) == ("succeeded", "succeeded", order.amount)
    seen = client.v1.payment_intents.retrieve(started.provider_id)
    assert (seen.amount, seen.currency, seen.metadata["charge"]) == (11900, "eur", str(KEY))
    (refund,) = client.v1.refunds.list({"payment_intent": started.provider_id}).data
    assert (refund.id, refund.amount) == (back.provider_id, 1900)
    told = calls_told(hooks)
    events = {one.event_id for call in told for one in ours.read(call)}
    keys = {one.key for call in told for one in ours.read(call) if one.key}
    assert events
    assert keys == {KEY}
    for call in told:
        assert stripe.Webhook.construct_event(
            call.body, call.headers["stripe-signature"], "whsec_stripe"
        ).id
        with pytest.raises(BadCall):
            ours.read(replace(call, body=call.body.replace(b"11900", b"1")))


def calls_told(hooks: list[tuple[bytes, dict[str, str]]]) -> list[Call]:
    """What came in until nothing more comes."""
    for _ in range(50):
        if hooks:
            time.sleep(0.5)
            break
        time.sleep(0.1)
    return [Call(body=body, headers=head, at=datetime.now(UTC)) for body, head in hooks]
