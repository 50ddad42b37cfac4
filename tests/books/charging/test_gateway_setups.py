"""One suite for every gateway that keeps a way to pay without a payment, against its fake."""

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from guilder.books.charging.gateways import wire
from guilder.books.charging.gateways.base import BadCall, NotOffered, Order, Refused, Report, Setup
from guilder.books.charging.gateways.known import GATEWAYS, made
from guilder.foundation.edges.outbound import Unreachable
from guilder.kernel.money import Money
from tests.books.charging.making import KEYS
from tests.books.charging.test_gateways import FAKES
from tests.make import NOW

KEY = UUID("01a1fe83-0000-7000-8000-000000000011")
ABLE = tuple(one for one in FAKES if GATEWAYS[one.kind].sets_up)
# Money moves by these: none of them may be called.
MOVING = ("/v1/payment_intents", "/payments", "/v2/checkout/orders")


@pytest.fixture(params=ABLE, ids=lambda one: one.kind)
def fake(request: Any, monkeypatch: Any) -> Any:
    """A fake in the place of the network."""
    found = request.param()
    monkeypatch.setattr(wire.outbound, "request", found.request)
    return found


def service(fake: Any) -> Any:
    return made(fake.kind, KEYS[fake.kind], is_live=False)


def setup(fake: Any, **changes: Any) -> Setup:
    base = {"key": KEY, "currency": "EUR", "method": next(iter(GATEWAYS[fake.kind].sets_up)),
            "description": "Northlight", "name": "Bar", "email": "bar@example.test",
            "country": "DE", "back_url": "https://we.example/back",
            "hook_url": "https://we.example/hooks/x/y/"}  # fmt: skip
    return Setup(**{**base, **changes})


def asked(fake: Any, begun: Report) -> Report:
    found = service(fake).ask_setup(setup(fake, provider_id=begun.provider_id))
    assert found is not None
    return found


def test_those_that_keep_without_a_payment_are_named():
    able = {one.kind: set(GATEWAYS[one.kind].sets_up) for one in ABLE}

    assert able == {
        "stripe": {"card", "direct_debit"}, "mollie": {"card"}, "adyen": {"card"},
        "gocardless": {"direct_debit"}, "paypal": {"online"},
    }  # fmt: skip
    for kind, gateway in GATEWAYS.items():
        assert set(gateway.sets_up) <= set(gateway.methods), kind


@pytest.mark.parametrize("kind", ["paystack", "razorpay", "signed", "manual"])
def test_those_that_do_not_say_so(kind):
    ours = made(kind, KEYS[kind], is_live=False)

    with pytest.raises(NotOffered):
        ours.begin_setup(Setup(key=KEY, currency="EUR"))
    assert ours.ask_setup(Setup(key=KEY, currency="EUR")) is None


def test_a_begun_setup_is_pending_with_a_page_at_the_service(fake):
    found = service(fake).begin_setup(setup(fake))

    assert (found.state, found.kept) == ("pending", None)
    assert found.provider_id
    assert found.url.startswith("https://")
    assert found.is_live in {False, None}


def test_the_same_setup_twice_is_one_there(fake):
    first, second = (service(fake).begin_setup(setup(fake)) for _ in range(2))

    assert first.provider_id == second.provider_id


def test_what_was_left_is_told_by_name_and_nothing_is_charged(fake):
    begun = service(fake).begin_setup(setup(fake))
    assert asked(fake, begun).state == "pending"

    fake.leave(begun.provider_id)
    found = asked(fake, begun)
    again = asked(fake, begun)

    assert (found.state, found.kept) == (again.state, again.kept)
    assert found.state == "succeeded"
    assert found.kept is not None
    assert found.kept.customer
    assert found.kept.token
    assert found.kept.method == setup(fake).method
    assert found.kept.label[-4:].strip("• ")
    moved = [path for method, path in fake.calls if method == "POST" and path.endswith(MOVING)]
    assert moved == (["/v2/payments"] if fake.kind == "mollie" else [])  # its payment of nothing


def test_what_was_left_is_charged_and_ended_by_that_name(fake):
    begun = service(fake).begin_setup(setup(fake))
    fake.leave(begun.provider_id)
    kept = asked(fake, begun).kept
    order = Order(key=UUID(int=KEY.int + 1), amount=Money.of("119.00", "EUR"), description="INV-1",
                  hook_url="https://we.example/hooks/x/y/", kept=kept)  # fmt: skip

    found = service(fake).start(order)
    service(fake).forget(kept)

    assert found.state in {"succeeded", "pending"}
    assert not found.url
    assert fake.ended == {kept.token}


def test_a_setup_that_nobody_finished_failed_with_a_reason(fake):
    begun = service(fake).begin_setup(setup(fake))
    fake.end(begun.provider_id)

    found = asked(fake, begun)

    assert (found.state, found.kept) == ("failed", None)
    assert found.failure


def test_a_setup_that_nobody_knows_is_told_so(fake):
    name = "PLnope" if fake.kind == "adyen" else "nope"

    found = service(fake).ask_setup(setup(fake, provider_id=name))

    assert found is None or found.state == "failed"


@pytest.mark.parametrize(
    ("status", "said"), [(401, Refused), (503, Unreachable), (429, Unreachable)]
)
def test_trouble_is_no_answer_and_a_no_is_a_no(fake, status, said):
    fake.trouble = [status]

    with pytest.raises(said):
        service(fake).begin_setup(setup(fake))


def test_a_call_about_it_names_it(fake):
    begun = service(fake).begin_setup(setup(fake))
    fake.leave(begun.provider_id)

    found = service(fake).read(fake.call(begun.provider_id, at=NOW))

    assert all(one.about in {"charge", "setup"} for one in found)
    assert all(one.key == KEY or one.subject == begun.provider_id for one in found)
    if fake.kind != "mollie":  # its calls carry no signature, and nothing in them is believed
        changed = replace(fake.call(begun.provider_id, at=NOW), body=b'{"id": "evt_x"}')
        with pytest.raises(BadCall):
            service(fake).read(changed)


def test_a_direct_debit_at_stripe_is_of_the_clients_currency(monkeypatch):
    stripe = FAKES[0]()
    monkeypatch.setattr(wire.outbound, "request", stripe.request)
    kinds = {"EUR": "sepa_debit", "GBP": "bacs_debit", "USD": "us_bank_account"}

    for place, (currency, kind) in enumerate(kinds.items()):
        key = UUID(int=KEY.int + place)
        wanted = setup(stripe, method="direct_debit", currency=currency, key=key)
        begun = service(stripe).begin_setup(wanted)
        stripe.leave(begun.provider_id, f"pm_{place}")

        kept = service(stripe).ask_setup(replace(wanted, provider_id=begun.provider_id)).kept
        assert stripe.sessions[begun.provider_id]["payment_method_types"] == [kind]
        assert kept.method == "direct_debit"
