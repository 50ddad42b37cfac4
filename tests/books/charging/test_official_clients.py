"""What we sign, read and ask, against the libraries that the services themselves publish.

Each library is led to our fake, so that it and we are answered alike; then what both asked is
compared. Where a service publishes a verifier of its calls, it judges the same bytes as we do.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import parse_qsl, urlsplit
from uuid import UUID

import gocardless_pro
import gocardless_pro.errors
import gocardless_pro.resources
import gocardless_pro.webhooks
import pytest
import razorpay
import razorpay.errors
import requests
from Adyen.util import is_valid_hmac_notification

from guilder.books.charging.gateways import wire
from guilder.books.charging.gateways.base import BadCall, Call, Kept, Order, Ref
from guilder.books.charging.gateways.known import made
from guilder.kernel.money import Money
from tests.books.charging.making import KEYS
from tests.fakes import adyen
from tests.fakes.adyen import FakeAdyen
from tests.fakes.gocardless import FakeGoCardless
from tests.fakes.razorpay import FakeRazorpay
from tests.make import NOW

KEY = UUID("01a1fe83-0000-7000-8000-000000000001")
BACK = UUID("01a1fe83-0000-7000-8000-000000000002")
EUR = Money.of("119.00", "EUR")
HEADS = ("authorization", "gocardless-version", "idempotency-key")


@dataclass(slots=True)
class Heard:
    """A fake that is asked by us and by a library, and what each asked of it."""

    fake: Any
    ours: list[Any] = field(default_factory=list)
    theirs: list[Any] = field(default_factory=list)

    def by_us(self, method: str, url: str, *, body: bytes = b"", headers: Any = None,
              limits: Any = None) -> Any:  # fmt: skip
        self.ours.append(asked(method, url, body, headers or {}))
        return self.fake.request(method, url, body=body, headers=headers, limits=limits)

    def by_them(self, prepared: Any) -> requests.Response:
        """In the place of the library's network."""
        body = prepared.body or b""
        body = body.encode() if isinstance(body, str) else body
        head = dict(prepared.headers)
        self.theirs.append(asked(prepared.method, prepared.url, body, head))
        reply = self.fake.request(prepared.method, prepared.url, body=body, headers=head)
        answer = requests.Response()
        answer.status_code, answer._content = reply.status, reply.body
        return answer


def asked(method: str, url: str, body: bytes, headers: Any) -> tuple[Any, ...]:
    """What matters of a call."""
    parts = urlsplit(url)
    head = {name.lower(): value for name, value in headers.items()}
    return (method, parts.netloc, parts.path, dict(parse_qsl(parts.query)),
            json.loads(body) if body else None,
            {name: head[name] for name in HEADS if name in head})  # fmt: skip


@pytest.fixture
def led(monkeypatch: Any) -> Callable[[Any], Heard]:
    """Lead us and the libraries to a fake."""

    def lead(fake: Any) -> Heard:
        heard = Heard(fake)
        monkeypatch.setattr(wire.outbound, "request", heard.by_us)
        monkeypatch.setattr(
            requests.Session, "send", lambda session, prepared, **more: heard.by_them(prepared)
        )
        return heard

    return lead


def order(**changes: Any) -> Order:
    base = {"key": KEY, "amount": EUR, "description": "Northlight: INV-1", "name": "Bar",
            "email": "bar@example.test", "back_url": "https://we.example/back"}  # fmt: skip
    return Order(**{**base, **changes})


def test_gocardless_is_asked_as_its_own_library_asks(led):
    heard = led(FakeGoCardless())
    ours = made("gocardless", KEYS["gocardless"], is_live=False)

    ours.test()
    started = ours.start(order())
    heard.fake.pay(started.provider_id)
    found = ours.ask(ref := Ref(key=KEY, provider_id=started.provider_id, provider_payment="",
                                amount=EUR))  # fmt: skip
    ref = replace(ref, provider_payment=found.provider_payment)
    ours.give_back(ref, key=BACK, amount=Money.of("19.00", "EUR"), reason="Returned")
    heard.fake.payments[ref.provider_payment]["status"] = "failed"
    ours.ask(ref)
    ours.start(order(key=UUID(int=5), kept=Kept(customer="CU1", token="MD1")))
    ours.ask_payout("PO1")

    client = gocardless_pro.Client(access_token="sandbox_x", environment="sandbox")
    heard.fake.used.clear()
    for method, _, path, query, body, head in heard.ours:
        _, kind, *name = path.split("/")
        service = getattr(client, kind)
        if method == "POST":
            key = {"Idempotency-Key": head["idempotency-key"]}
            heard.fake.payments.get(ref.provider_payment, {})["amount_refunded"] = 0
            service.create(params=body[kind], headers=key)
        elif name:
            service.get(name[0])
        else:
            service.list(params=query)
    assert len(heard.ours) >= 12
    assert heard.theirs == heard.ours


RECORDS = {"billing_requests": "BillingRequest", "billing_request_flows": "BillingRequestFlow",
           "payments": "Payment", "refunds": "Refund", "payouts": "Payout", "events": "Event",
           "creditors": "Creditor"}  # fmt: skip


def test_the_fake_of_gocardless_answers_what_its_library_knows(led, monkeypatch):
    heard = led(FakeGoCardless())
    answers: list[Any] = []
    listen = heard.by_us

    def told(*given: Any, **more: Any) -> Any:
        reply = listen(*given, **more)
        answers.append(json.loads(reply.body))
        return reply

    monkeypatch.setattr(wire.outbound, "request", told)
    ours = made("gocardless", KEYS["gocardless"], is_live=False)
    ours.test()
    started = ours.start(order())
    heard.fake.pay(started.provider_id)
    ref = Ref(key=KEY, provider_id=started.provider_id, provider_payment="", amount=EUR)
    ref = replace(ref, provider_payment=ours.ask(ref).provider_payment)
    ours.give_back(ref, key=BACK, amount=Money.of("19.00", "EUR"), reason="Returned")
    ours.ask(ref)
    ours.ask_payout("PO1")

    strangers = set()
    for kind, found in (pair for answer in answers for pair in answer.items()):
        known = getattr(gocardless_pro.resources, RECORDS[kind])
        for one in found if isinstance(found, list) else [found]:
            strangers |= {f"{kind}.{name}" for name in one if not hasattr(known, name)}
    assert strangers == set()


def test_razorpay_is_asked_as_its_own_library_asks(led):
    heard = led(FakeRazorpay())
    ours = made("razorpay", KEYS["razorpay"], is_live=False)
    client = razorpay.Client(auth=("rzp_test_x", "y"))
    amount = Money.of("119.00", "INR")

    ours.test()
    started = ours.start(order(amount=amount))
    heard.fake.pay(started.provider_id)
    ref = Ref(key=KEY, provider_id=started.provider_id, provider_payment="", amount=amount)
    ref = replace(ref, provider_payment=ours.ask(ref).provider_payment)
    ours.give_back(ref, key=BACK, amount=Money.of("19.00", "INR"), reason="Returned")
    ours.ask(ref)
    ours.ask(replace(ref, provider_id=""))

    def repeated(method: str, path: str, query: Any, body: Any) -> None:
        parts = path.removeprefix("/v1/").split("/")
        if method == "POST" and parts[-1] == "refund":
            heard.fake.answers.clear()
            heard.fake.payments[parts[1]]["amount_refunded"] = 0
            client.payment.refund(parts[1], body)
        elif method == "POST":
            heard.fake.links.pop(started.provider_id)
            heard.fake.names = 0
            client.payment_link.create(body)
            heard.fake.pay(started.provider_id)
        elif parts[-1] == "refunds":
            client.payment.fetch_multiple_refund(parts[1])
        else:
            service = {"payments": client.payment, "payment_links": client.payment_link,
                       "disputes": client.dispute}[parts[0]]  # fmt: skip
            service.fetch(parts[1]) if len(parts) > 1 else service.all(query)

    for method, _, path, query, body, _ in list(heard.ours):
        repeated(method, path, query, body)
    assert len(heard.ours) >= 8
    assert heard.theirs == heard.ours


def test_adyens_own_verifier_takes_what_we_take():
    fake = FakeAdyen()
    fake.note("AUTHORISATION", "PSP1", {"value": 11900, "currency": "EUR"},
              merchantReference=str(KEY))  # fmt: skip
    fake.note("REFUND", "PSP2", {"value": 1900, "currency": "EUR"},
              merchantReference=str(BACK), originalReference="PSP1")  # fmt: skip
    call = fake.call("", at=NOW)
    ours = made("adyen", KEYS["adyen"], is_live=False)

    items = [one["NotificationRequestItem"] for one in json.loads(call.body)["notificationItems"]]

    assert all(is_valid_hmac_notification(one, adyen.KEY) for one in items)
    assert len(ours.read(call)) == len(items) == 2
    for name, value in (("pspReference", "PSP9"), ("success", "false"), ("eventCode", "CHARGEBACK"),
                        ("amount", {"value": 1, "currency": "EUR"})):  # fmt: skip
        changed = {**items[0], name: value}
        body = json.dumps({"live": "false",
                           "notificationItems": [{"NotificationRequestItem": changed}]})  # fmt: skip
        assert not is_valid_hmac_notification(changed, adyen.KEY)
        with pytest.raises(BadCall):
            ours.read(Call(body=body.encode(), at=NOW))


def test_gocardless_own_verifier_takes_what_we_take():
    call = FakeGoCardless().call("BRQ1", at=NOW)
    ours = made("gocardless", KEYS["gocardless"], is_live=False)
    mark = call.headers["webhook-signature"]

    theirs = gocardless_pro.webhooks.parse(call.body.decode(), "gc-secret", mark)

    assert [one.id for one in theirs] == [one.event_id for one in ours.read(call)] == ["EV1", "EV2"]
    changed = call.body.replace(b"BRQ1", b"BRQ2")
    with pytest.raises(gocardless_pro.errors.InvalidSignatureError):
        gocardless_pro.webhooks.parse(changed.decode(), "gc-secret", mark)
    with pytest.raises(BadCall):
        ours.read(replace(call, body=changed))


def test_razorpays_own_verifier_takes_what_we_take():
    fake = FakeRazorpay()
    fake.links["plink_1"] = {"reference_id": str(KEY)}
    call = fake.call("plink_1", at=NOW)
    ours = made("razorpay", KEYS["razorpay"], is_live=False)
    verify = razorpay.Utility().verify_webhook_signature
    mark = call.headers["x-razorpay-signature"]

    assert verify(call.body.decode(), mark, "rzp-secret")
    assert ours.read(call)[0].key == KEY
    changed = call.body.replace(b"plink_1", b"plink_2")
    with pytest.raises(razorpay.errors.SignatureVerificationError):
        verify(changed.decode(), mark, "rzp-secret")
    with pytest.raises(BadCall):
        ours.read(replace(call, body=changed))
