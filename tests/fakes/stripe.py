"""A fake of Stripe, ours: Checkout, PaymentIntents, refunds, disputes, payouts, signed events."""

import hashlib
import hmac
import json
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl

from guilder.books.charging.gateways.base import Call
from tests.fakes.serving import Fake, Refusal, nested, on


class FakeStripe(Fake):
    kind = "stripe"

    def __init__(self) -> None:
        super().__init__()
        self.sessions: dict[str, Any] = {}
        self.intents: dict[str, Any] = {}
        self.refunds: dict[str, Any] = {}
        self.disputes: dict[str, Any] = {}

    def signed_in(self, head: dict[str, str], path: str) -> None:
        assert head["authorization"] == "Bearer sk_test_x", path
        assert head["stripe-version"]

    def read(self, body: bytes, head: dict[str, str]) -> dict[str, Any]:
        return nested(parse_qsl(body.decode()))

    @on("GET", "/v1/account")
    def account(self, given: dict[str, Any]) -> Any:
        return {"id": "acct_1", "business_profile": {"name": "Northlight"}}

    @on("POST", "/v1/checkout/sessions")
    def open_session(self, given: dict[str, Any]) -> Any:
        name = self.name("cs_test_")
        line = given["line_items"]["0"]["price_data"]
        self.sessions[name] = {
            "object": "checkout.session", "id": name, "status": "open", "livemode": False,
            "payment_status": "unpaid", "payment_intent": None,
            "url": f"https://checkout.stripe.example/{name}",
            "client_reference_id": given["client_reference_id"], "metadata": given["metadata"],
            "amount": int(line["unit_amount"]), "currency": line["currency"],
            "future": given["payment_intent_data"].get("setup_future_usage"),
        }  # fmt: skip
        return self.sessions[name]

    @on("GET", "/v1/checkout/sessions/([^/]+)")
    def read_session(self, given: dict[str, Any], name: str) -> Any:
        if name not in self.sessions:
            raise Refusal(404, {"error": {"message": "No such session", "code": "missing"}})
        found = self.sessions[name]
        intent = found["payment_intent"]
        return {**found, "payment_intent": self.intents[intent] if intent else None}

    @on("POST", "/v1/payment_intents")
    def make_intent(self, given: dict[str, Any]) -> Any:
        if given["payment_method"] in {"pm_soft", "pm_hard"}:
            code = {"pm_soft": "insufficient_funds", "pm_hard": "stolen_card"}
            intent = self.intent(int(given["amount"]), given["currency"], given["metadata"])
            intent["status"] = "requires_payment_method"
            error = {"type": "card_error", "code": "card_declined", "payment_intent": intent,
                     "decline_code": code[given["payment_method"]]}  # fmt: skip
            raise Refusal(402, {"error": error})
        intent = self.intent(int(given["amount"]), given["currency"], given["metadata"])
        if given["payment_method"] == "pm_asks":
            intent["status"] = "requires_action"
        return intent

    @on("GET", "/v1/payment_intents/search")
    def search(self, given: dict[str, Any]) -> Any:
        found = [
            one for one in self.intents.values() if one["metadata"]["charge"] in given["query"]
        ]
        return {"data": found}

    @on("GET", "/v1/payment_intents/([^/]+)")
    def read_intent(self, given: dict[str, Any], name: str) -> Any:
        return self.intents[name]

    def intent(self, amount: int, currency: str, metadata: Any, *, fee: int = 59) -> dict[str, Any]:
        name = self.name("pi_")
        charge = {
            "id": self.name("ch_"), "amount_refunded": 0, "disputed": False,
            "balance_transaction": {"fee": fee, "currency": currency},
            "payment_method_details": {"type": "card"},
        }  # fmt: skip
        self.intents[name] = {
            "object": "payment_intent", "id": name, "status": "succeeded", "amount": amount,
            "amount_received": amount, "currency": currency, "metadata": metadata,
            "livemode": False, "latest_charge": charge,
        }  # fmt: skip
        return self.intents[name]

    @on("POST", "/v1/refunds")
    def refund(self, given: dict[str, Any]) -> Any:
        intent = self.intents[given["payment_intent"]]
        charge, amount = intent["latest_charge"], int(given["amount"])
        if charge["amount_refunded"] + amount > intent["amount"]:
            raise Refusal(
                400, {"error": {"code": "charge_already_refunded", "message": "Too much"}}
            )
        charge["amount_refunded"] += amount
        name = self.name("re_")
        self.refunds[name] = {
            "object": "refund", "id": name, "amount": amount, "currency": intent["currency"],
            "status": "succeeded", "payment_intent": intent["id"],
            "metadata": given.get("metadata", {}),
        }  # fmt: skip
        return self.refunds[name]

    @on("GET", "/v1/refunds")
    def list_refunds(self, given: dict[str, Any]) -> Any:
        wanted = given["payment_intent"]
        return {"data": [o for o in self.refunds.values() if o["payment_intent"] == wanted]}

    @on("GET", "/v1/disputes")
    def list_disputes(self, given: dict[str, Any]) -> Any:
        wanted = given["payment_intent"]
        return {"data": [o for o in self.disputes.values() if o["payment_intent"] == wanted]}

    @on("POST", "/v1/disputes/([^/]+)")
    def answer(self, given: dict[str, Any], name: str) -> Any:
        assert given["submit"] == "true"
        self.disputes[name]["status"] = "under_review"
        return self.disputes[name]

    @on("GET", "/v1/payouts/([^/]+)")
    def payout(self, given: dict[str, Any], name: str) -> Any:
        return {"object": "payout", "id": name, "amount": 11841, "currency": "eur",
                "status": "paid", "arrival_date": 1796083200}  # fmt: skip

    @on("GET", "/v1/balance_transactions")
    def movements(self, given: dict[str, Any]) -> Any:
        rows = [{"id": "txn_1", "type": "charge", "amount": 11900, "fee": 59},
                {"id": "txn_2", "type": "payout", "amount": -11841, "fee": 0}]  # fmt: skip
        return {"data": [] if "starting_after" in given else rows, "has_more": False}

    def pay(self, name: str) -> None:
        session = self.sessions[name]
        intent = self.intent(session["amount"], session["currency"], session["metadata"])
        if session["future"]:
            intent |= {"setup_future_usage": "off_session", "customer": "cus_1",
                       "payment_method": {"id": "pm_kept", "type": "card",
                                          "card": {"brand": "visa", "last4": "4242"}}}  # fmt: skip
        session |= {"status": "complete", "payment_status": "paid", "payment_intent": intent["id"]}

    def end(self, name: str) -> None:
        self.sessions[name]["status"] = "expired"

    def contest(self, name: str) -> None:
        intent = self.intents[self.sessions[name]["payment_intent"]]
        intent["latest_charge"]["disputed"] = True
        self.disputes["dp_1"] = {
            "object": "dispute", "id": "dp_1", "amount": intent["amount"], "reason": "fraudulent",
            "currency": intent["currency"], "status": "needs_response",
            "payment_intent": intent["id"], "evidence_details": {"due_by": 1796083200},
        }  # fmt: skip

    def call(self, name: str, *, at: datetime, secret: str = "whsec_stripe", live: bool = False,
             event: str = "evt_1", about: Any = None) -> Call:  # fmt: skip
        found = about or self.sessions[name]
        body = json.dumps({"id": event, "livemode": live, "type": "x",
                           "data": {"object": found}}).encode()  # fmt: skip
        stamp = str(int(at.timestamp()))
        mark = hmac.new(secret.encode(), f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()
        return Call(body=body, headers={"stripe-signature": f"t={stamp},v1={mark}"}, at=at)
