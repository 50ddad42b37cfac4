"""One suite that every gateway passes, each against a fake of its service."""

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from guilder.books.charging.gateways import wire
from guilder.books.charging.gateways.base import (
    BadCall,
    BadKeys,
    Kept,
    NotOffered,
    Order,
    Ref,
    Refused,
    Report,
)
from guilder.books.charging.gateways.known import GATEWAYS, made
from guilder.foundation.edges.outbound import Unreachable
from guilder.kernel.money import Money
from tests.books.charging.making import KEYS
from tests.fakes.adyen import FakeAdyen
from tests.fakes.gocardless import FakeGoCardless
from tests.fakes.mollie import FakeMollie
from tests.fakes.paypal import FakePayPal
from tests.fakes.paystack import FakePaystack
from tests.fakes.razorpay import FakeRazorpay
from tests.fakes.stripe import FakeStripe
from tests.make import NOW

FAKES = (FakeStripe, FakeMollie, FakePayPal, FakeGoCardless, FakeAdyen, FakePaystack, FakeRazorpay)
KEY = UUID("01a1fe83-0000-7000-8000-000000000001")
BACK = UUID("01a1fe83-0000-7000-8000-000000000002")
EUR = Money.of("119.00", "EUR")


@pytest.fixture(params=FAKES, ids=lambda one: one.kind)
def fake(request: Any, monkeypatch: Any) -> Any:
    """A fake in the place of the network."""
    found = request.param()
    monkeypatch.setattr(wire.outbound, "request", found.request)
    return found


def service(fake: Any, **changes: str) -> Any:
    return made(fake.kind, {**KEYS[fake.kind], **changes}, is_live=False)


def order(**changes: Any) -> Order:
    base = {"key": KEY, "amount": EUR, "description": "Northlight: INV-1", "name": "Bar",
            "email": "bar@example.test", "country": "DE", "back_url": "https://we.example/back",
            "hook_url": "https://we.example/hooks/x/y/"}  # fmt: skip
    return Order(**{**base, **changes})


def ref_of(report: Report, amount: Money = EUR) -> Ref:
    return Ref(key=KEY, provider_id=report.provider_id, provider_payment=report.provider_payment,
               amount=amount)  # fmt: skip


def settled(fake: Any, started: Report, amount: Money = EUR) -> Report:
    """What the service says after the client has paid: when asked, or by its call."""
    fake.pay(started.provider_id)
    found = service(fake).ask(ref_of(started, amount))
    assert found is not None
    return found if fake.kind != "adyen" else told(fake, started)


def told(fake: Any, started: Report, place: int = -1) -> Report:
    """The report that a call brings along."""
    report = service(fake).read(fake.call(started.provider_id, at=NOW))[place].report
    assert report is not None
    return report


def test_a_started_charge_is_pending_with_a_page_at_the_service(fake):
    found = service(fake).start(order())

    assert found.state == "pending"
    assert found.provider_id
    assert found.url.startswith("https://")


def test_the_same_order_twice_is_one_charge(fake):
    first, second = service(fake).start(order()), service(fake).start(order())

    assert first.provider_id == second.provider_id


@pytest.mark.parametrize("amount", ["119.00 EUR", "0.50 USD", "1200 JPY", "1.234 KWD"])
def test_money_comes_back_as_it_was_asked_for(fake, amount):
    value, currency = amount.split()
    asked = Money.of(value, currency)

    found = settled(fake, service(fake).start(order(amount=asked)), asked)

    assert (found.state, found.amount) == ("succeeded", asked)


def test_a_paid_charge_says_what_it_cost_and_how_it_was_paid(fake):
    found = settled(fake, service(fake).start(order()))

    assert found.provider_payment
    assert found.is_live in {False, None}
    assert found.method in {"card", "online", "direct_debit"}
    fees = {"stripe": 59, "paypal": 200, "paystack": 59, "razorpay": 59}
    assert (found.fee.minor if found.fee else 0) == fees.get(fake.kind, 0)


def test_a_charge_that_ended_unpaid_failed_with_a_reason(fake):
    started = service(fake).start(order())
    fake.end(started.provider_id)

    found = service(fake).ask(ref_of(started))

    assert found is not None
    assert found.state == "failed"
    assert found.failure


def test_a_charge_that_nobody_knows_is_told_so_or_over(fake):
    unknown = Ref(key=KEY, provider_id="PLnope" if fake.kind == "adyen" else "nope-1",
                  provider_payment="", amount=EUR)  # fmt: skip
    if fake.kind == "stripe":
        unknown = replace(unknown, provider_id="cs_nope")

    found = service(fake).ask(unknown)

    assert found is None or found.state == "failed"


def test_an_answer_that_got_lost_is_found_again(fake):
    fake.trouble = [None] if fake.kind != "paypal" else [0, None]
    with pytest.raises(Unreachable):
        service(fake).start(order())

    again = service(fake).start(order())

    assert again.state == "pending"
    makes = {*getattr(fake, "links", ()), *getattr(fake, "sessions", ())}
    assert len(makes) <= 1


@pytest.mark.parametrize("status", [500, 503, 429])
def test_trouble_of_the_service_is_no_answer(fake, status):
    fake.trouble = [status]

    with pytest.raises(Unreachable):
        service(fake).start(order())


def test_a_refusal_is_a_refusal(fake):
    fake.trouble = [401]

    with pytest.raises(Refused):
        service(fake).start(order())


def test_the_test_button_asks_the_service(fake):
    service(fake).test()

    fake.trouble = [403]
    with pytest.raises(Refused):
        service(fake).test()


def test_money_goes_back_once_for_a_key_and_never_more_than_came(fake):
    paid = ref_of(settled(fake, service(fake).start(order())))
    part = Money.of("19.00", "EUR")

    first = service(fake).give_back(paid, key=BACK, amount=part, reason="Returned")
    again = service(fake).give_back(paid, key=BACK, amount=part, reason="Returned")

    assert first.provider_id == again.provider_id
    assert (first.amount, first.key) == (part, BACK)
    assert first.state in {"succeeded", "pending"}
    with pytest.raises(Refused):
        other = UUID(int=BACK.int + 1)
        service(fake).give_back(paid, key=other, amount=Money.of("100.01", "EUR"), reason="More")


def test_what_was_given_back_is_told_with_our_key(fake):
    started = service(fake).start(order())
    paid = ref_of(settled(fake, started))
    service(fake).give_back(paid, key=BACK, amount=Money.of("19.00", "EUR"), reason="Returned")

    found = told(fake, started) if fake.kind == "adyen" else service(fake).ask(paid)

    assert found is not None
    assert [(one.key, one.amount.minor, one.state) for one in found.backs] == [
        (BACK, 1900, "succeeded")
    ]


def test_a_chargeback_is_told(fake):
    started = service(fake).start(order())
    paid = ref_of(settled(fake, started))
    if fake.kind == "paypal":
        fake.signed_in = lambda head, path: None
    fake.contest(started.provider_id)

    found = told(fake, started) if fake.kind == "adyen" else service(fake).ask(paid)

    assert found is not None
    (one,) = found.chargebacks
    assert (one.amount, one.stage) == (
        EUR, "lost" if fake.kind in {"mollie", "gocardless"} else "open"
    )  # fmt: skip
    assert one.reason


@pytest.mark.parametrize(
    ("outcome", "stage"),
    [("RESOLVED_BUYER_FAVOUR", "lost"), ("ACCEPTED", "lost"), ("RESOLVED_SELLER_FAVOUR", "won"),
     ("CANCELED_BY_BUYER", "won"), ("NONE", "review")],
)  # fmt: skip
def test_how_a_dispute_at_paypal_ended_is_read_where_it_is_said(monkeypatch, outcome, stage):
    paypal = FakePayPal()
    monkeypatch.setattr(wire.outbound, "request", paypal.request)
    started = service(paypal).start(order())
    paid = ref_of(settled(paypal, started))
    paypal.contest(started.provider_id)
    paypal.resolve(outcome)

    found = service(paypal).ask(paid)

    assert [one.stage for one in found.chargebacks] == [stage]


def test_refunds_of_other_payments_at_paystack_are_not_taken_for_ours(monkeypatch):
    paystack = FakePaystack()
    monkeypatch.setattr(wire.outbound, "request", paystack.request)
    other = UUID(int=KEY.int + 1)
    for key in (KEY, other):
        service(paystack).start(order(key=key))
        paystack.pay(str(key))
    ours, theirs = (
        replace(ref_of(service(paystack).verified(str(key))), key=key) for key in (KEY, other)
    )
    service(paystack).give_back(theirs, key=BACK, amount=Money.of("5.00", "EUR"), reason="x")

    assert service(paystack).ask(ours).backs == []
    assert [one.key for one in service(paystack).ask(theirs).backs] == [BACK]


def test_a_call_names_the_charge_and_each_event_once(fake):
    started = service(fake).start(order())
    if fake.kind == "adyen":
        fake.pay(started.provider_id)

    found = service(fake).read(fake.call(started.provider_id, at=NOW))

    assert all(one.about == "charge" for one in found)
    assert len({one.event_id for one in found}) == len(found)
    assert all(one.key == KEY or one.subject == started.provider_id for one in found)


def test_a_call_that_was_changed_is_refused(fake):
    started = service(fake).start(order())
    call = fake.call(started.provider_id, at=NOW)
    changed = replace(call, body=call.body.replace(b"1", b"2").replace(b"0", b"3"))
    if fake.kind == "mollie":  # its calls carry no signature, and nothing in them is believed
        assert service(fake).read(call)[0].report is None
        return

    with pytest.raises(BadCall):
        service(fake).read(changed)


@pytest.mark.parametrize("body", [b"", b"[]", b"null", b"{}", b"\xff", b'{"events": 3}'])
def test_nonsense_is_refused(fake, body):
    from guilder.books.charging.gateways.base import Call

    with pytest.raises(BadCall):
        service(fake).read(Call(body=body, headers={}, at=NOW))


def test_missing_keys_are_named(fake):
    needed = [one.name for one in GATEWAYS[fake.kind].keys if one.is_needed]

    with pytest.raises(BadKeys) as raised:
        made(fake.kind, {}, is_live=False)

    assert [one.pointer for one in raised.value.problems] == [f"/keys/{name}" for name in needed]


KEPT = ("stripe", "adyen", "paystack", "paypal")


def can_keep(fake: Any) -> bool:
    """Whether the service keeps ways to pay at all, with a payment or without."""
    return GATEWAYS[fake.kind].keeps or bool(GATEWAYS[fake.kind].sets_up)


@pytest.mark.parametrize("token", ["pm_soft", "pm_hard"])
def test_a_kept_method_that_declines_says_whether_to_try_again(fake, token):
    if fake.kind not in KEPT:
        assert fake.kind in {"mollie", "gocardless", "razorpay"}  # told later, or never
        return
    kept = Kept(customer="cus_1", token=token)

    found = service(fake).start(order(kept=kept))

    assert (found.state, found.is_hard) == ("failed", token == "pm_hard")
    assert found.failure


def test_a_kept_method_is_charged_without_the_client(fake):
    if not can_keep(fake):
        return
    kept = Kept(customer="cus_1", token="MD1" if fake.kind == "gocardless" else "pm_good")

    found = service(fake).start(order(kept=kept))

    assert found.state in {"succeeded", "pending"}
    assert not found.url


def test_a_kept_method_is_ended_there_and_twice_is_once(fake):
    kept = Kept(customer="cus_1", token="MD1")
    if not can_keep(fake):
        with pytest.raises(NotOffered):
            service(fake).forget(kept)
        return
    for _ in range(2):
        service(fake).forget(kept)

    assert fake.ended == {"MD1"}


@pytest.mark.parametrize(("status", "said"), [(403, Refused), (503, Unreachable)])
def test_a_service_that_will_not_end_it_says_so(fake, status, said):
    if not can_keep(fake):
        return
    fake.trouble = [status] if fake.kind != "paypal" else [0, status]

    with pytest.raises(said):
        service(fake).forget(Kept(customer="cus_1", token="MD1"))
    assert fake.ended == set()


def test_a_method_that_was_left_can_be_kept(fake):
    if not GATEWAYS[fake.kind].keeps:
        return

    found = settled(fake, service(fake).start(order(keeps_method=True)))

    assert found.kept is not None
    assert found.kept.token
