"""Every call to Stripe and every answer of our fake, judged by Stripe's own library.

Its classes are made from the document that they publish, of a newer version than the one that we
name in our calls; what has another name since is told in RENAMED. The library is also made to ask
what we ask, so that paths and forms are compared as they go out.
"""

import re
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
import stripe
import stripe.checkout
import stripe.params
import stripe.params.checkout

from guilder.books.charging.gateways import wire
from guilder.books.charging.gateways.base import Ref
from guilder.books.charging.gateways.known import made
from guilder.books.charging.gateways.stripe import VERSION
from guilder.kernel.money import Money
from tests.books.charging.making import KEYS
from tests.books.charging.test_published import KEY, Listening, life
from tests.fakes.published import Exchange, listed
from tests.fakes.serving import nested
from tests.fakes.stripe import FakeStripe
from tests.fakes.typed import Typed

ASKS, GIVES = stripe.params, stripe
JUDGE = Typed(stripe, stripe.checkout, base=stripe.StripeObject, options=stripe.RequestOptions)
# Pattern → (what may be asked, what is answered, how the library is told to ask it).
CALLS: dict[str, tuple[Any, Any, str]] = {
    "GET /v1/account": (ASKS.AccountRetrieveCurrentParams, GIVES.Account,
                        "accounts.retrieve_current"),
    "POST /v1/checkout/sessions": (ASKS.checkout.SessionCreateParams, GIVES.checkout.Session,
                                   "checkout.sessions.create"),
    "GET /v1/checkout/sessions/([^/]+)": (ASKS.checkout.SessionRetrieveParams,
                                          GIVES.checkout.Session, "checkout.sessions.retrieve"),
    "POST /v1/payment_intents": (ASKS.PaymentIntentCreateParams, GIVES.PaymentIntent,
                                 "payment_intents.create"),
    "GET /v1/payment_intents/search": (ASKS.PaymentIntentSearchParams,
                                       GIVES.SearchResultObject[GIVES.PaymentIntent],
                                       "payment_intents.search"),
    "GET /v1/payment_intents/([^/]+)": (ASKS.PaymentIntentRetrieveParams, GIVES.PaymentIntent,
                                        "payment_intents.retrieve"),
    "POST /v1/payment_methods/([^/]+)/detach": (ASKS.PaymentMethodDetachParams,
                                                GIVES.PaymentMethod, "payment_methods.detach"),
    "POST /v1/refunds": (ASKS.RefundCreateParams, GIVES.Refund, "refunds.create"),
    "GET /v1/refunds": (ASKS.RefundListParams, GIVES.ListObject[GIVES.Refund], "refunds.list"),
    "GET /v1/disputes": (ASKS.DisputeListParams, GIVES.ListObject[GIVES.Dispute],
                         "disputes.list"),
    "POST /v1/disputes/([^/]+)": (ASKS.DisputeUpdateParams, GIVES.Dispute, "disputes.update"),
    "GET /v1/payouts/([^/]+)": (ASKS.PayoutRetrieveParams, GIVES.Payout, "payouts.retrieve"),
    "GET /v1/balance_transactions": (ASKS.BalanceTransactionListParams,
                                     GIVES.ListObject[GIVES.BalanceTransaction],
                                     "balance_transactions.list"),
}  # fmt: skip
# Another name since: payment_method_types is what it is called in the version that we name.
RENAMED = {"payment_method_types": "allowed_payment_method_types"}
# Their document has both of them in what is found; the library's class leaves them out.
KNOWN = {
    "GET /v1/payment_intents/search answers /url is not documented",
    "GET /v1/payment_intents/search answers /next_page: None is no str",
}


class Sent(stripe.HTTPClient):
    """In the place of the library's network: keeps what it would have sent."""

    name = "kept"

    def __init__(self) -> None:
        super().__init__()
        self.kept: list[tuple[Any, ...]] = []

    def request(self, method: str, url: str, headers: Any, post_data: Any = None, **_: Any) -> Any:
        self.kept.append(outward(method, url, post_data or "", dict(headers)))
        return b"{}", 200, {}


def outward(method: str, url: str, body: str | bytes, head: Any) -> tuple[Any, ...]:
    """What Stripe sees of a call."""
    text, parts = body.decode() if isinstance(body, bytes) else body, urlsplit(url)
    low = {name.lower(): value for name, value in head.items()}
    names = ("authorization", "stripe-version", "idempotency-key")
    given = {name: low[name] for name in names if name in low}
    if method.upper() == "GET":
        given.pop("idempotency-key", None)
    return (method.upper(), parts.netloc, parts.path, sorted(parse_qsl(parts.query)),
            sorted(parse_qsl(text)), given)  # fmt: skip


@pytest.fixture
def heard(monkeypatch: Any) -> list[Exchange]:
    """All that we say to Stripe in the lives of payments and setups, with the answers."""
    listening = Listening(FakeStripe())
    monkeypatch.setattr(wire.outbound, "request", listening.request)
    ours = made("stripe", KEYS["stripe"], is_live=False)
    life(listening.fake, ours)
    amount = Money.of("119.00", "EUR")
    ours.ask(Ref(key=KEY, provider_id=next(iter(listening.fake.intents)), provider_payment="",
                 amount=amount))  # fmt: skip
    return listening.heard


def route_of(one: Exchange) -> str:
    asked = f"{one.method} {urlsplit(one.url).path}"
    return next(route for route in CALLS if re.fullmatch(route, asked))


def values_of(one: Exchange) -> Any:
    """What is asked, out of the form or the query."""
    text = one.body.decode() if one.body else urlsplit(one.url).query
    return listed(nested(parse_qsl(text)))


def problems(one: Exchange) -> list[str]:
    """What the library has against a call and its answer."""
    asks, gives, _ = CALLS[route_of(one)]
    values = {RENAMED.get(name, name): value for name, value in values_of(one).items()}
    found = [f"asks {fault}" for fault in JUDGE.faults(values, asks, owner=asks, in_form=True)]
    answer = one.answer
    if one.status >= 400:
        answer = answer["error"].get("payment_intent")
        gives = GIVES.PaymentIntent
    if answer is not None:
        found += [f"answers {fault}" for fault in JUDGE.faults(answer, gives, owner=stripe.Charge)]
    return [f"{route_of(one)} {fault}" for fault in found]


def test_the_library_knows_all_that_is_said(heard):
    found = dict.fromkeys(fault for one in heard for fault in problems(one))

    assert {route_of(one) for one in heard} == set(CALLS)
    assert [one for one in found if one not in KNOWN] == []


def test_the_library_asks_as_we_ask(heard):
    kept = Sent()
    client = stripe.StripeClient("sk_test_x", stripe_version=VERSION, http_client=kept)

    for one in heard:
        route = route_of(one)
        call: Any = client.v1
        for step in CALLS[route][2].split("."):
            call = getattr(call, step)
        (names,) = re.findall(f"^{route}()$", f"{one.method} {urlsplit(one.url).path}")
        key = {name.lower(): value for name, value in one.head.items()}.get("idempotency-key")
        options = {"idempotency_key": key} if key else {}
        call(*filter(None, names), params=values_of(one), options=options)

    ours = [outward(one.method, one.url, one.body, one.head) for one in heard]
    assert len(ours) >= 20
    # The library gives a key of its own to what is repeated without one by us.
    theirs = [(*rest, given if "idempotency-key" in mine[-1] else
               {name: value for name, value in given.items() if name != "idempotency-key"})
              for (*rest, given), mine in zip(kept.kept, ours, strict=True)]  # fmt: skip
    assert theirs == ours


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"colour": "red"}, "/colour is not documented"),
        ({"mode": "keep"}, "/mode"),
        ({"setup_intent_data": {"usage": "x"}}, "/setup_intent_data/usage is not documented"),
        ({"line_items": [{"quantity": "one"}]}, "/line_items/0/quantity"),
        ({"allowed_payment_method_types": ["purse"]}, "/allowed_payment_method_types"),
        ({"submit_type": {"a": "b"}}, "/submit_type"),
    ],
    ids=["stranger", "word", "inner", "number", "in-list", "shape"],
)
def test_what_the_library_does_not_know_is_found(change, fault):
    asks = ASKS.checkout.SessionCreateParams

    found = list(JUDGE.faults({"mode": "setup", **change}, asks, owner=asks, in_form=True))

    assert [one for one in found if fault in one]


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"status": "left"}, "/status"),
        ({"usage": None}, "/usage"),
        ({"created": "today"}, "/created"),
        ({"colour": "red"}, "/colour is not documented"),
        ({"payment_method": {"id": "pm_1"}}, "/payment_method/created is missing"),
    ],
    ids=["word", "nothing", "type", "stranger", "inner"],
)
def test_an_answer_that_the_library_does_not_know_is_found(change, fault):
    fake = FakeStripe()
    given = {"client_reference_id": "x", "metadata": {}, "setup_intent_data": {"metadata": {}},
             "payment_method_types": {"0": "card"}}  # fmt: skip
    intent = fake.setups[fake.open_setup("cs_1", given)["setup_intent"]]
    assert list(JUDGE.faults(intent, GIVES.SetupIntent)) == []

    found = list(JUDGE.faults({**intent, **change}, GIVES.SetupIntent))

    assert [one for one in found if fault in one]
