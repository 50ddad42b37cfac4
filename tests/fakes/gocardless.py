"""A fake of GoCardless, ours: billing requests, payments of mandates, refunds, signed events."""

import hashlib
import hmac
import json
from datetime import datetime
from typing import Any

from guilder.books.charging.gateways.base import Call
from tests.fakes.serving import Fake, Refusal, on


class FakeGoCardless(Fake):
    kind = "gocardless"
    key_header = "-"  # a key that was used is answered by 409 with what it made

    def __init__(self) -> None:
        super().__init__()
        self.requests: dict[str, Any] = {}
        self.wanted: dict[str, Any] = {}
        self.payments: dict[str, Any] = {}
        self.refunds: dict[str, Any] = {}
        self.causes: dict[str, str] = {}
        self.used: dict[str, str] = {}
        self.key = ""

    def signed_in(self, head: dict[str, str], path: str) -> None:
        assert head["authorization"] == "Bearer sandbox_x", path
        assert head["gocardless-version"] == "2015-07-06"
        self.key = head.get("idempotency-key", "")

    def once(self, name: str) -> None:
        if self.key in self.used:
            link = {"links": {"conflicting_resource_id": self.used[self.key]},
                    "reason": "idempotent_creation_conflict"}  # fmt: skip
            raise Refusal(409, {"error": {"errors": [link]}})
        self.used[self.key] = name

    @on("GET", "/creditors")
    def creditors(self, given: dict[str, Any]) -> Any:
        return {"creditors": [{"name": "Northlight"}]}

    @on("POST", "/billing_requests")
    def make(self, given: dict[str, Any]) -> Any:
        name = self.name("BRQ")
        self.once(name)
        found = given["billing_requests"]
        self.wanted[name] = found
        assert found.get("payment_request") or "setup" in found["metadata"]
        self.requests[name] = {"id": name, "status": "pending", "links": {}}
        return {"billing_requests": self.requests[name]}

    @on("GET", "/billing_requests/([^/]+)")
    def read_request(self, given: dict[str, Any], name: str) -> Any:
        if name not in self.requests:
            raise Refusal(404, {"error": {"message": "not found"}})
        return {"billing_requests": self.requests[name]}

    def leave(self, name: str, token: str = "MD9") -> None:
        """The client gave a mandate, and paid nothing."""
        assert "payment_request" not in self.wanted[name]
        self.requests[name] |= {
            "status": "fulfilled",
            "links": {"mandate_request_mandate": token, "customer": "CU9"},
        }

    @on("GET", "/mandates/([^/]+)")
    def read_mandate(self, given: dict[str, Any], name: str) -> Any:
        return {"mandates": {"id": name, "status": "active", "scheme": "sepa_core",
                             "links": {"customer_bank_account": "BA9"}}}  # fmt: skip

    @on("GET", "/customer_bank_accounts/([^/]+)")
    def read_account(self, given: dict[str, Any], name: str) -> Any:
        return {"customer_bank_accounts": {"id": name, "bank_name": "GLS BANK",
                                           "account_number_ending": "11"}}  # fmt: skip

    @on("POST", "/mandates/([^/]+)/actions/cancel")
    def cancel_mandate(self, given: dict[str, Any], name: str) -> Any:
        if name in self.ended:
            error = {"message": "Mandate not cancelled", "code": 422, "type": "invalid_state",
                     "errors": [{"reason": "cancellation_failed"}]}  # fmt: skip
            raise Refusal(422, {"error": error})
        self.ended.add(name)
        return {"mandates": {"id": name, "status": "cancelled"}}

    @on("POST", "/billing_request_flows")
    def flow(self, given: dict[str, Any]) -> Any:
        name = given["billing_request_flows"]["links"]["billing_request"]
        url = f"https://pay.gocardless.example/{name}"
        return {"billing_request_flows": {"id": "BRF1", "authorisation_url": url}}

    @on("GET", "/billing_request_flows/([^/]+)")
    def read_flow(self, given: dict[str, Any], name: str) -> Any:
        return {"billing_request_flows": {"id": name, "authorisation_url": "https://again.example"}}

    @on("POST", "/payments")
    def pay_by_mandate(self, given: dict[str, Any]) -> Any:
        name = self.name("PM")
        self.once(name)
        return {"payments": self.payment(name, given["payments"], "pending_submission")}

    def payment(self, name: str, wanted: Any, status: str) -> Any:
        self.payments[name] = {"id": name, "amount": wanted["amount"], "status": status,
                               "currency": wanted["currency"], "amount_refunded": 0}  # fmt: skip
        return self.payments[name]

    @on("GET", "/payments/([^/]+)")
    def read_payment(self, given: dict[str, Any], name: str) -> Any:
        return {"payments": self.payments[name]}

    @on("GET", "/events")
    def events(self, given: dict[str, Any]) -> Any:
        cause = self.causes.get(given["payment"])
        return {"events": [{"details": {"cause": cause}}] if cause else []}

    @on("POST", "/refunds")
    def refund(self, given: dict[str, Any]) -> Any:
        found = given["refunds"]
        payment = self.payments[found["links"]["payment"]]
        if self.key in self.used:
            self.once("")
        wanted = payment["amount_refunded"] + found["amount"]
        if found["total_amount_confirmation"] != wanted or wanted > payment["amount"]:
            reason = [{"reason": "total_amount_confirmation_invalid"}]
            raise Refusal(422, {"error": {"message": "Too much", "errors": reason}})
        payment["amount_refunded"] = wanted
        name = self.name("RF")
        self.once(name)
        self.refunds[name] = {"id": name, "amount": found["amount"], "status": "paid",
                              "currency": payment["currency"], "metadata": found["metadata"],
                              "links": found["links"]}  # fmt: skip
        return {"refunds": self.refunds[name]}

    @on("GET", "/refunds")
    def list_refunds(self, given: dict[str, Any]) -> Any:
        of = given["payment"]
        return {"refunds": [one for one in self.refunds.values() if one["links"]["payment"] == of]}

    @on("GET", "/refunds/([^/]+)")
    def read_refund(self, given: dict[str, Any], name: str) -> Any:
        return {"refunds": self.refunds[name]}

    @on("GET", "/payouts/([^/]+)")
    def payout(self, given: dict[str, Any], name: str) -> Any:
        return {"payouts": {"id": name, "amount": 11800, "currency": "EUR", "status": "paid",
                            "deducted_fees": 100, "arrival_date": "2026-11-25",
                            "reference": "NORTH-1"}}  # fmt: skip

    def pay(self, name: str) -> None:
        request = self.requests[name]
        paid = self.payment(self.name("PM"), self.wanted[name]["payment_request"], "confirmed")
        request["status"] = "fulfilled"
        request["links"] = {"payment_request_payment": paid["id"],
                            "mandate_request_mandate": "MD1", "customer": "CU1"}  # fmt: skip

    def end(self, name: str) -> None:
        self.requests[name]["status"] = "cancelled"

    def contest(self, name: str) -> None:
        paid = self.requests[name]["links"]["payment_request_payment"]
        self.payments[paid]["status"] = "charged_back"

    def call(self, name: str, *, at: datetime, secret: str = "gc-secret") -> Call:
        event = {"id": "EV1", "resource_type": "billing_requests", "action": "fulfilled",
                 "links": {"billing_request": name}}  # fmt: skip
        body = json.dumps({"events": [event, {**event, "id": "EV2"}]}).encode()
        mark = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
        return Call(body=body, headers={"webhook-signature": mark}, at=at)
