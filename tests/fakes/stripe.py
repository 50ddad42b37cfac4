"""A fake of Stripe, ours: Checkout, PaymentIntents, refunds, disputes, payouts, signed events."""

import hashlib
import hmac
import json
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl

from guilder.books.charging.gateways.base import Call
from tests.fakes.serving import Fake, Refusal, nested, on

CREATED = 1795000000
BILLING = {"address": None, "email": None, "name": None, "phone": None}


def listed(url: str, rows: list[Any]) -> dict[str, Any]:
    """A list as they write it: one page."""
    return {"object": "list", "url": url, "has_more": False, "data": rows}


def no(status: int, kind: str, code: str, message: str = "", **more: Any) -> Refusal:
    """Their no."""
    error = {"type": kind, "code": code, "message": message, **more}
    return Refusal(status, {"error": error})


def movement(name: str, kind: str, amount: int, fee: int, currency: str) -> dict[str, Any]:
    """A balance transaction."""
    return {"object": "balance_transaction", "id": name, "type": kind, "amount": amount,
            "available_on": CREATED, "created": CREATED, "currency": currency, "fee": fee,
            "fee_details": [], "net": amount - fee, "reporting_category": kind,
            "status": "available", "balance_type": "payments"}  # fmt: skip


# What a way to pay tells by its kind.
LEFT = {
    "card": {"brand": "visa", "exp_month": 12, "exp_year": 2030, "funding": "credit"},
    "sepa_debit": {"country": "DE", "bank_code": "12030000"},
    "bacs_debit": {"sort_code": "108800"},
    "us_bank_account": {"bank_name": "STRIPE TEST BANK", "account_type": "checking"},
}


class FakeStripe(Fake):
    kind = "stripe"

    def __init__(self) -> None:
        super().__init__()
        self.sessions: dict[str, Any] = {}
        self.intents: dict[str, Any] = {}
        self.refunds: dict[str, Any] = {}
        self.disputes: dict[str, Any] = {}
        self.futures: dict[str, str] = {}
        self.setups: dict[str, Any] = {}

    def signed_in(self, head: dict[str, str], path: str) -> None:
        assert head["authorization"] == "Bearer sk_test_x", path
        assert head["stripe-version"]

    def read(self, body: bytes, head: dict[str, str]) -> dict[str, Any]:
        return nested(parse_qsl(body.decode()))

    @on("GET", "/v1/account")
    def account(self, given: dict[str, Any]) -> Any:
        return {"object": "account", "id": "acct_1", "business_profile": {"name": "Northlight"}}

    @on("POST", "/v1/checkout/sessions")
    def open_session(self, given: dict[str, Any]) -> Any:
        name = self.name("cs_test_")
        if given["mode"] == "setup":
            return self.open_setup(name, given)
        line = given["line_items"]["0"]["price_data"]
        self.sessions[name] = {
            "object": "checkout.session", "id": name, "status": "open", "livemode": False,
            "payment_status": "unpaid", "payment_intent": None,
            "url": f"https://checkout.stripe.example/{name}",
            "client_reference_id": given["client_reference_id"], "metadata": given["metadata"],
            "amount_total": int(line["unit_amount"]), "currency": line["currency"],
            "automatic_tax": {"enabled": False, "status": None}, "created": CREATED,
            "custom_fields": [], "custom_text": {"shipping_address": None, "submit": None},
            "expires_at": CREATED + 86_400, "mode": given["mode"], "shipping_options": [],
            "payment_method_types": list(given.get("payment_method_types", {"0": "card"}).values()),
        }  # fmt: skip
        self.futures[name] = given["payment_intent_data"].get("setup_future_usage", "")
        return self.sessions[name]

    def open_setup(self, name: str, given: dict[str, Any]) -> Any:
        """A page that only keeps: no line, no amount."""
        assert "line_items" not in given
        assert "payment_intent_data" not in given
        intent = self.name("seti_")
        self.setups[intent] = {
            "object": "setup_intent", "id": intent, "status": "requires_payment_method",
            "livemode": False, "customer": None, "payment_method": None, "created": CREATED,
            "usage": "off_session", "metadata": given["setup_intent_data"]["metadata"],
            "payment_method_types": list(given["payment_method_types"].values()),
        }  # fmt: skip
        self.sessions[name] = {
            "object": "checkout.session", "id": name, "status": "open", "livemode": False,
            "payment_status": "no_payment_required", "payment_intent": None,
            "setup_intent": intent, "customer": None,
            "url": f"https://checkout.stripe.example/{name}",
            "client_reference_id": given["client_reference_id"], "metadata": given["metadata"],
            "amount_total": None, "currency": None, "created": CREATED, "mode": "setup",
            "automatic_tax": {"enabled": False, "status": None}, "custom_fields": [],
            "custom_text": {"shipping_address": None, "submit": None}, "shipping_options": [],
            "expires_at": CREATED + 86_400,
            "payment_method_types": list(given["payment_method_types"].values()),
        }  # fmt: skip
        return self.sessions[name]

    def leave(self, name: str, token: str = "pm_left") -> None:
        """The client left a way to pay: a card with 3-D Secure, or a mandate."""
        session = self.sessions[name]
        kind = session["payment_method_types"][0]
        about = {"last4": "4242", **LEFT[kind]}
        method = {"object": "payment_method", "id": token, "type": kind, kind: about,
                  "created": CREATED, "billing_details": BILLING, "livemode": False}  # fmt: skip
        self.setups[session["setup_intent"]] |= {
            "status": "succeeded", "customer": "cus_9", "payment_method": method,
        }  # fmt: skip
        session |= {"status": "complete", "customer": "cus_9"}

    @on("GET", "/v1/checkout/sessions/([^/]+)")
    def read_session(self, given: dict[str, Any], name: str) -> Any:
        if name not in self.sessions:
            raise no(404, "invalid_request_error", "resource_missing", "No such session")
        found = self.sessions[name]
        intent = found["payment_intent"]
        if found["mode"] == "setup":
            return {**found, "setup_intent": self.setups[found["setup_intent"]]}
        return {**found, "payment_intent": self.intents[intent] if intent else None}

    @on("POST", "/v1/payment_intents")
    def make_intent(self, given: dict[str, Any]) -> Any:
        if given["payment_method"] in {"pm_soft", "pm_hard"}:
            code = {"pm_soft": "insufficient_funds", "pm_hard": "stolen_card"}
            intent = self.intent(int(given["amount"]), given["currency"], given["metadata"])
            intent["status"] = "requires_payment_method"
            raise no(402, "card_error", "card_declined", payment_intent=intent,
                     decline_code=code[given["payment_method"]])  # fmt: skip
        intent = self.intent(int(given["amount"]), given["currency"], given["metadata"])
        if given["payment_method"] == "pm_asks":
            intent["status"] = "requires_action"
        return intent

    @on("POST", "/v1/payment_methods/([^/]+)/detach")
    def detach(self, given: dict[str, Any], name: str) -> Any:
        if name in self.ended:
            message = "The payment method you provided is not attached to a customer"
            raise no(400, "invalid_request_error", "", message)
        self.ended.add(name)
        return {"id": name, "object": "payment_method", "type": "card", "customer": None,
                "created": 1_790_000_000, "livemode": False, "metadata": {},
                "billing_details": {"address": None, "email": None, "name": None,
                                    "phone": None, "tax_id": None}}  # fmt: skip

    @on("GET", "/v1/payment_intents/search")
    def search(self, given: dict[str, Any]) -> Any:
        found = [
            one for one in self.intents.values() if one["metadata"]["charge"] in given["query"]
        ]
        answer = listed("/v1/payment_intents/search", found)
        return {**answer, "object": "search_result", "next_page": None}

    @on("GET", "/v1/payment_intents/([^/]+)")
    def read_intent(self, given: dict[str, Any], name: str) -> Any:
        return self.intents[name]

    def intent(self, amount: int, currency: str, metadata: Any, *, fee: int = 59) -> dict[str, Any]:
        name = self.name("pi_")
        charge = {
            "object": "charge", "id": self.name("ch_"), "amount": amount, "disputed": False,
            "amount_captured": amount, "amount_refunded": 0, "billing_details": BILLING,
            "captured": True, "created": CREATED, "currency": currency, "livemode": False,
            "metadata": metadata, "paid": True, "refunded": False, "status": "succeeded",
            "balance_transaction": movement("txn_0", "charge", amount, fee, currency),
            "payment_method_details": {"type": "card"},
        }  # fmt: skip
        self.intents[name] = {
            "object": "payment_intent", "id": name, "status": "succeeded", "amount": amount,
            "amount_received": amount, "amount_capturable": 0, "currency": currency,
            "metadata": metadata,
            "livemode": False, "latest_charge": charge, "capture_method": "automatic",
            "confirmation_method": "automatic", "created": CREATED,
            "payment_method_types": ["card"],
        }  # fmt: skip
        return self.intents[name]

    @on("POST", "/v1/refunds")
    def refund(self, given: dict[str, Any]) -> Any:
        intent = self.intents[given["payment_intent"]]
        charge, amount = intent["latest_charge"], int(given["amount"])
        if charge["amount_refunded"] + amount > intent["amount"]:
            raise no(400, "invalid_request_error", "charge_already_refunded", "Too much")
        charge["amount_refunded"] += amount
        name = self.name("re_")
        self.refunds[name] = {
            "object": "refund", "id": name, "amount": amount, "currency": intent["currency"],
            "status": "succeeded", "payment_intent": intent["id"], "created": CREATED,
            "metadata": given.get("metadata", {}),
        }  # fmt: skip
        return self.refunds[name]

    @on("GET", "/v1/refunds")
    def list_refunds(self, given: dict[str, Any]) -> Any:
        wanted = given["payment_intent"]
        rows = [o for o in self.refunds.values() if o["payment_intent"] == wanted]
        return listed("/v1/refunds", rows)

    @on("GET", "/v1/disputes")
    def list_disputes(self, given: dict[str, Any]) -> Any:
        wanted = given["payment_intent"]
        rows = [o for o in self.disputes.values() if o["payment_intent"] == wanted]
        return listed("/v1/disputes", rows)

    @on("POST", "/v1/disputes/([^/]+)")
    def answer(self, given: dict[str, Any], name: str) -> Any:
        assert given["submit"] == "true"
        self.disputes[name]["status"] = "under_review"
        return self.disputes[name]

    @on("GET", "/v1/payouts/([^/]+)")
    def payout(self, given: dict[str, Any], name: str) -> Any:
        return {"object": "payout", "id": name, "amount": 11841, "currency": "eur",
                "status": "paid", "arrival_date": 1796083200, "automatic": True,
                "created": CREATED, "livemode": False, "method": "standard",
                "reconciliation_status": "completed", "source_type": "card",
                "type": "bank_account"}  # fmt: skip

    @on("GET", "/v1/balance_transactions")
    def movements(self, given: dict[str, Any]) -> Any:
        rows = [movement("txn_1", "charge", 11900, 59, "eur"),
                movement("txn_2", "payout", -11841, 0, "eur")]  # fmt: skip
        return listed("/v1/balance_transactions", [] if "starting_after" in given else rows)

    def pay(self, name: str) -> None:
        session = self.sessions[name]
        intent = self.intent(session["amount_total"], session["currency"], session["metadata"])
        if self.futures[name]:
            card = {"brand": "visa", "last4": "4242", "exp_month": 12, "exp_year": 2030,
                    "funding": "credit"}  # fmt: skip
            intent |= {"setup_future_usage": "off_session", "customer": "cus_1",
                       "payment_method": {"object": "payment_method", "id": "pm_kept",
                                          "type": "card", "card": card, "created": CREATED,
                                          "billing_details": BILLING,
                                          "livemode": False}}  # fmt: skip
        session |= {"status": "complete", "payment_status": "paid", "payment_intent": intent["id"]}

    def end(self, name: str) -> None:
        self.sessions[name]["status"] = "expired"

    def contest(self, name: str) -> None:
        intent = self.intents[self.sessions[name]["payment_intent"]]
        intent["latest_charge"]["disputed"] = True
        self.disputes["dp_1"] = {
            "object": "dispute", "id": "dp_1", "amount": intent["amount"], "reason": "fraudulent",
            "currency": intent["currency"], "status": "needs_response",
            "payment_intent": intent["id"], "balance_transactions": [],
            "charge": intent["latest_charge"]["id"], "created": CREATED,
            "evidence": {"enhanced_evidence": {}}, "enhanced_eligibility_types": [],
            "is_charge_refundable": False, "livemode": False, "metadata": {},
            "evidence_details": {"due_by": 1796083200, "has_evidence": False, "past_due": False,
                                 "submission_count": 0, "enhanced_eligibility": {},
                                 "submission_method": "not_submitted"},
        }  # fmt: skip

    def call(self, name: str, *, at: datetime, secret: str = "whsec_stripe", live: bool = False,
             event: str = "evt_1", about: Any = None) -> Call:  # fmt: skip
        found = about or self.sessions[name]
        body = json.dumps({"id": event, "livemode": live, "type": "x",
                           "data": {"object": found}}).encode()  # fmt: skip
        stamp = str(int(at.timestamp()))
        mark = hmac.new(secret.encode(), f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()
        return Call(body=body, headers={"stripe-signature": f"t={stamp},v1={mark}"}, at=at)
