"""Forged calls of payment services: without the gateway's own secret nobody says that money came."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest

from guilder.books.charging.gateways import wire
from guilder.books.charging.gateways.base import Account, BadCall, BadKeys, Call, Order
from guilder.books.charging.gateways.known import GATEWAYS, made
from guilder.kernel.money import Money
from tests.books.charging import making
from tests.fakes.adyen import FakeAdyen
from tests.fakes.gocardless import FakeGoCardless
from tests.fakes.paystack import FakePaystack
from tests.fakes.razorpay import FakeRazorpay
from tests.fakes.stripe import FakeStripe
from tests.make import NOW

# The name of the secret that calls are signed with, and the fake that signs them.
SIGNING = {
    "stripe": ("webhook_secret", FakeStripe),
    "gocardless": ("webhook_secret", FakeGoCardless),
    "adyen": ("hmac_key", FakeAdyen),
    "paystack": ("secret_key", FakePaystack),
    "razorpay": ("webhook_secret", FakeRazorpay),
    "signed": ("secret", None),
}
Signs = Callable[[str, str], Call]


@pytest.fixture
def signs(monkeypatch: pytest.MonkeyPatch) -> Signs:
    """A call of a service about a charge that it knows, signed with a secret."""

    def call(kind: str, secret: str) -> Call:
        fake = SIGNING[kind][1]
        if fake is None:
            data = {"charge": str(UUID(int=1)), "amount": "1.00", "currency": "EUR"}
            return making.call("charge.succeeded", data, at=NOW, secret=secret)
        service: Any = fake()
        monkeypatch.setattr(wire.outbound, "request", service.request)
        order = Order(
            key=UUID(int=1), amount=Money.of("119.00", "EUR"), description="INV-1", country="DE",
            name="Bar", email="bar@example.test", back_url="https://we.example/back",
            hook_url="https://we.example/hooks/x/y/",
        )  # fmt: skip
        started = made(kind, making.KEYS[kind], is_live=False).start(order)
        if kind == "adyen":
            service.pay(started.provider_id)
            return service.call(started.provider_id, at=NOW, key=secret)
        return service.call(started.provider_id, at=NOW, secret=secret)

    return call


@pytest.mark.parametrize("kind", SIGNING)
def test_only_the_gateways_own_secret_signs(kind: str, signs: Signs) -> None:
    """Row D2: unsigned, or signed with a key of one's own, a call is refused; its twin is not."""
    gateway, right = made(kind, making.KEYS[kind], is_live=False), making.KEYS[kind]
    name = SIGNING[kind][0]
    true = signs(kind, right[name])
    others = {"adyen": "cd" * 32, "signed": "whsec_" + "A" * 44}
    forged = signs(kind, others.get(kind, "a secret of my own"))
    bare = Call(body=true.body.replace(b"hmacSignature", b"x"), headers={}, at=NOW)

    assert gateway.read(true)
    for call in (forged, bare):
        with pytest.raises(BadCall):
            gateway.read(call)


@pytest.mark.parametrize("kind", SIGNING)
def test_a_call_signed_with_nothing_is_refused_by_a_gateway_without_a_secret(
    kind: str, signs: Signs
) -> None:
    """Row D3: were a secret ever empty, what everybody can sign with it would still not count."""
    name = SIGNING[kind][0]
    forged = signs(kind, "")

    with pytest.raises((BadCall, BadKeys)):
        keyless = GATEWAYS[kind](Account(keys={**making.KEYS[kind], name: ""}, is_live=False))
        keyless.read(forged)


@pytest.mark.parametrize("blank", ["", "  ", "\t"], ids=["empty", "spaces", "tab"])
@pytest.mark.parametrize("kind", SIGNING)
def test_a_gateway_without_its_secret_is_not_set_up(kind: str, blank: str) -> None:
    """Row D3: no gateway begins with an empty secret."""
    name = SIGNING[kind][0]

    with pytest.raises(BadKeys) as raised:
        made(kind, {**making.KEYS[kind], name: blank}, is_live=False)

    assert [one.pointer for one in raised.value.problems] == [f"/keys/{name}"]
