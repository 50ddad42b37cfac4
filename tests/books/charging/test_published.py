"""Our calls and the answers of our fakes, judged by what the services publish of themselves.

The documents are theirs and not in this repository: `tools/provider_specs.py` collects them.
"""

import json
import os
from collections.abc import Callable
from dataclasses import replace
from functools import cache, partial
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from guilder.books.charging.gateways import wire
from guilder.books.charging.gateways.base import Kept, Order, Ref, Refused, Report, Setup
from guilder.books.charging.gateways.known import made
from guilder.foundation.edges.outbound import Reply, Unreachable
from guilder.kernel.money import Money
from tests.books.charging.making import KEYS
from tests.fakes.adyen import FakeAdyen
from tests.fakes.mollie import FakeMollie
from tests.fakes.paypal import FakePayPal
from tests.fakes.paystack import FakePaystack
from tests.fakes.published import Exchange, Published
from tests.fakes.stripe import FakeStripe
from tests.make import NOW

ROOT = Path(__file__).parents[3]
SHARED = Path(os.environ.get("GUILDER_SHARED", ROOT.parent / "shared"))
SPECS = Path(os.environ.get("GUILDER_PROVIDER_SPECS", SHARED / "provider-specs"))
KEY = UUID("01a1fe83-0000-7000-8000-000000000001")
BACK = UUID("01a1fe83-0000-7000-8000-000000000002")
MONEY = {"paystack": "NGN"}  # it has no euros
KEPT = {"mollie": ("cst_1", "mdt_1")}
# Where a document is at odds with the service's own reference, or with itself.
KNOWN = {
    # The schema of an answer stands for the call too; their reference wants neither.
    'POST /v2/payments/{paymentId}/refunds asks: : "mode" is a required property',
    'POST /v2/payments/{paymentId}/refunds asks: : "createdAt" is a required property',
    # Wanted "except for recurring payments", as the words beside it say.
    'POST /v2/payments asks: : "redirectUrl" is a required property',
    # What their guide to saving PayPal without a purchase sends; the document has an older one alone.
    'POST /v3/vault/payment-tokens asks: /payment_source/token/type: "SETUP_TOKEN" is not one of "BILLING_AGREEMENT"',
    # In their reference, and not relied on: what comes is narrowed by us.
    "GET /refund: no parameter ?transaction",
}


@cache
def document(name: str) -> Published:
    """A published document; the test is skipped where it is not at hand."""
    path = SPECS / f"{name}.json"
    if not path.is_file():
        pytest.skip("the documents of the payment services (GUILDER_PROVIDER_SPECS) are not here")
    return Published(json.loads(path.read_text()), base="/v71" if name == "adyen" else "")


def document_for(kind: str, path: str) -> Published | None:
    """The document that speaks of a path; None for PayPal's sign-in, which has none."""
    if kind != "paypal":
        return document(kind)
    parts = {"/v2/checkout": "orders", "/v2/payments": "payments", "/v1/customer": "disputes",
             "/v1/notifications": "notifications", "/v3/vault": "vault"}  # fmt: skip
    found = next((name for start, name in parts.items() if path.startswith(start)), "")
    return document(f"paypal-{found}") if found else None


class Listening:
    """Stands between us and a fake, and keeps what both say."""

    def __init__(self, fake: Any) -> None:
        self.fake = fake
        self.heard: list[Exchange] = []

    def request(self, method: str, url: str, *, body: bytes = b"", headers: Any = None,
                limits: Any = None) -> Reply:  # fmt: skip
        reply = self.fake.request(method, url, body=body, headers=headers, limits=limits)
        head = {name.lower(): value for name, value in (headers or {}).items()}
        answer = json.loads(reply.body)
        self.heard.append(Exchange(method, url, head, body, reply.status, answer))
        return reply


def order_of(**changes: Any) -> Order:
    base = {"key": KEY, "description": "Northlight: INV-1", "name": "Bar",
            "email": "bar@example.test", "country": "DE", "back_url": "https://we.example/back",
            "hook_url": "https://we.example/hooks/x/y/"}  # fmt: skip
    return Order(**{**base, **changes})


def life(fake: Any, ours: Any) -> None:
    """Every call that we know: paid, kept, collected, declined, given back, contested, paid out."""
    euros, part, too_much = (
        Money.of(value, MONEY.get(fake.kind, "EUR")) for value in ("119.00", "19.00", "101.00")
    )
    order, ask = partial(order_of, amount=euros), partial(asked, amount=euros)
    ours.test()
    started = ours.start(order(keeps_method=ours.keeps))
    ask(ours, started)
    fake.pay(started.provider_id)
    paid = ask(ours, started) or started
    told = ours.read(fake.call(started.provider_id, at=NOW))[-1].report
    name = paid.provider_payment or (told.provider_payment if told else "")
    ref = Ref(key=KEY, provider_id=started.provider_id, provider_payment=name, amount=euros)
    ours.give_back(ref, key=BACK, amount=part, reason="Returned")
    refusal(ours.give_back, ref, key=UUID(int=9), amount=too_much, reason="More")
    fake.contest(started.provider_id)
    found = ask(ours, started)
    if fake.kind == "stripe":
        assert found is not None
        ours.answer_chargeback(found.chargebacks[0].provider_id, text="It was delivered.")
        ours.ask_payout("po_1")
        ours.search(KEY)
    if fake.kind == "paypal":
        fake.resolve("RESOLVED_BUYER_FAVOUR")
        ask(ours, started)
    if ours.keeps:
        customer, *tokens = KEPT.get(fake.kind, ("cus_1", "pm_good", "pm_soft", "pm_hard"))
        kept = Kept(customer=customer, token="")
        for place, token in enumerate(tokens):
            ours.start(order(key=UUID(int=KEY.int + 10 + place), kept=replace(kept, token=token)))
    ways = [(method, one) for method, sorts in ours.sets_up.items() for one in sorts or ("EUR",)]
    for place, (method, currency) in enumerate(ways):
        leave(fake, ours, UUID(int=KEY.int + 30 + place), method, currency)
    unknown = "PLnope" if fake.kind == "adyen" else "cs_nope"
    ours.ask(Ref(key=UUID(int=7), provider_id=unknown, provider_payment="", amount=euros))
    for place, method in enumerate(ours.methods):
        ours.start(order(key=UUID(int=KEY.int + 20 + place), method=method))


def leave(fake: Any, ours: Any, key: UUID, method: str, currency: str) -> None:
    """A way to pay that is left without a payment, charged and ended."""
    setup = Setup(key=key, currency=currency, method=method, description="Northlight", name="Bar",
                  email="bar@example.test", country="DE", back_url="https://we.example/back",
                  hook_url="https://we.example/hooks/x/y/")  # fmt: skip
    begun = ours.begin_setup(setup)
    known = replace(setup, provider_id=begun.provider_id)
    assert ours.ask_setup(known).kept is None
    fake.leave(begun.provider_id)
    kept = ours.ask_setup(known).kept
    assert kept is not None
    order = order_of(key=UUID(int=key.int + 10), amount=Money.of("119.00", currency), kept=kept)
    assert ours.start(order).state in {"succeeded", "pending"}
    ours.forget(kept)


def asked(ours: Any, started: Report, *, amount: Money) -> Report | None:
    ref = Ref(key=KEY, provider_id=started.provider_id, provider_payment="", amount=amount)
    return ours.ask(ref)


def refusal(call: Callable[..., Any], *given: Any, **more: Any) -> None:
    with pytest.raises((Refused, Unreachable)):
        call(*given, **more)


@pytest.mark.parametrize(
    "fake", (FakeStripe, FakeMollie, FakePayPal, FakeAdyen, FakePaystack), ids=lambda one: one.kind
)
def test_both_sides_speak_as_the_service_publishes(fake, monkeypatch):
    document_for(fake.kind, "/v2/checkout")
    listening = Listening(fake())
    monkeypatch.setattr(wire.outbound, "request", listening.request)

    life(listening.fake, made(fake.kind, KEYS[fake.kind], is_live=False))

    problems: dict[str, None] = {}
    for one in listening.heard:
        path = "/" + one.url.split("/", 3)[3].partition("?")[0]
        judge = document_for(fake.kind, path)
        problems |= dict.fromkeys(judge.problems(one) if judge else ())
    assert len(listening.heard) >= 10
    assert [one for one in problems if one not in KNOWN] == []


def test_notifications_are_as_adyen_publishes_them(monkeypatch):
    judge, fake = document("adyen-notifications"), FakeAdyen()
    monkeypatch.setattr(wire.outbound, "request", fake.request)
    life(fake, made("adyen", KEYS["adyen"], is_live=False))

    told = json.loads(fake.call("", at=NOW).body)

    problems: list[str] = []
    for item in told["notificationItems"]:
        code = item["NotificationRequestItem"]["eventCode"]
        kinds = judge.text["webhooks"][f"/{code}"]["post"]["requestBody"]["content"]
        schema = kinds["application/json"]["schema"]
        one = {**told, "notificationItems": [item]}
        problems += judge.faults(one, schema, code, hidden="writeOnly")
    assert {"AUTHORISATION", "REFUND", "NOTIFICATION_OF_CHARGEBACK"} <= {
        one["NotificationRequestItem"]["eventCode"] for one in told["notificationItems"]
    }
    # Every notification is signed there, as their page on HMAC has it; this one document forgets it.
    unsigned = [one for one in problems if "RECURRING" not in one or "hmacSignature" not in one]
    assert unsigned == []


DOCUMENT = {
    "openapi": "3.0.0",
    "paths": {
        "/charges/{id}": {
            "post": {
                "parameters": [{"name": "expand", "in": "query", "schema": {"type": "string"}}],
                "requestBody": {
                    "content": {
                        "application/json": {"schema": {"$ref": "#/components/schemas/ask"}}
                    }
                },
                "responses": {
                    "201": {
                        "content": {
                            "application/json": {"schema": {"$ref": "#/components/schemas/charge"}}
                        }
                    }
                },
            }
        }
    },
    "components": {
        "schemas": {
            "ask": {
                "type": "object",
                "required": ["amount", "id"],
                "properties": {
                    "amount": {"type": "integer", "minimum": 0, "exclusiveMinimum": True},
                    "id": {"type": "string", "readOnly": True},
                    "note": {"type": "string", "nullable": True},
                },
            },
            "charge": {
                "allOf": [
                    {"$ref": "#/components/schemas/ask"},
                    {"type": "object", "properties": {"fee": {"type": "integer"}}},
                ]
            },
        }
    },
}
RIGHT = Exchange(
    "POST", "https://service.example/charges/c1?expand=fee", {"content-type": "application/json"},
    b'{"amount": 1, "note": null}', 201, {"id": "c1", "amount": 1, "fee": 2},
)  # fmt: skip


def test_what_is_as_documented_has_no_problems():
    assert list(Published(DOCUMENT).problems(RIGHT)) == []


@pytest.mark.parametrize(
    ("planted", "found"),
    [
        ({"url": "https://service.example/charge/c1"}, "POST /charge/c1 is not documented"),
        ({"method": "PUT"}, "PUT /charges/c1 is not documented"),
        ({"url": "https://service.example/charges/c1?all=1"}, "no parameter ?all"),
        ({"body": b'{"amount": "1"}'}, "asks: /amount"),
        ({"body": b'{"amount": 0}'}, "asks: /amount"),
        ({"body": b'{"amount": 1, "colour": "red"}'}, "asks: /colour is not documented"),
        ({"body": b"{}"}, '"amount" is a required property'),
        ({"head": {"content-type": "text/plain"}}, "a body of text/plain is not taken"),
        ({"status": 200}, "answers 200: the status is not documented"),
        ({"answer": {"amount": 1}}, '"id" is a required property'),
        ({"answer": {"id": "c1", "amount": 1, "of": 3}}, "answers 201: /of is not documented"),
        ({"answer": {"id": "c1", "amount": 1, "fee": "2"}}, "answers 201: /fee"),
    ],
    ids=["path", "method", "parameter", "type", "bound", "stranger", "missing", "kind", "status",
         "answer-missing", "answer-stranger", "answer-type"],
)  # fmt: skip
def test_what_departs_from_the_document_is_found(planted, found):
    problems = list(Published(DOCUMENT).problems(replace(RIGHT, **planted)))

    assert [one for one in problems if found in one]
