"""A fake of Razorpay, ours: payment links, payments, refunds, disputes, signed events."""

import hashlib
import hmac
import json
from datetime import datetime
from typing import Any

from guilder.books.charging.gateways.base import Call
from tests.fakes.serving import Fake, Refusal, on


class FakeRazorpay(Fake):
    kind = "razorpay"
    key_header = "x-refund-idempotency"

    def __init__(self) -> None:
        super().__init__()
        self.links: dict[str, Any] = {}
        self.payments: dict[str, Any] = {}
        self.refunds: list[Any] = []
        self.disputes: list[Any] = []

    def signed_in(self, head: dict[str, str], path: str) -> None:
        assert head["authorization"] == "Basic cnpwX3Rlc3RfeDp5", path

    @on("GET", "/v1/payments")
    def list_payments(self, given: dict[str, Any]) -> Any:
        return {"items": []}

    @on("POST", "/v1/payment_links")
    def make(self, given: dict[str, Any]) -> Any:
        if any(one["reference_id"] == given["reference_id"] for one in self.links.values()):
            text = "payment link with given reference_id already exists"
            raise Refusal(400, {"error": {"code": "BAD_REQUEST_ERROR", "description": text}})
        name = self.name("plink_")
        self.links[name] = {**given, "id": name, "status": "created", "payments": None,
                            "short_url": f"https://rzp.example/{name}"}  # fmt: skip
        return self.links[name]

    @on("GET", "/v1/payment_links")
    def find(self, given: dict[str, Any]) -> Any:
        wanted = given["reference_id"]
        return {"payment_links": [o for o in self.links.values() if o["reference_id"] == wanted]}

    @on("GET", "/v1/payment_links/([^/]+)")
    def read_link(self, given: dict[str, Any], name: str) -> Any:
        if name not in self.links:
            raise Refusal(400, {"error": {"description": "The id provided does not exist"}})
        return self.links[name]

    @on("GET", "/v1/payments/([^/]+)")
    def read_payment(self, given: dict[str, Any], name: str) -> Any:
        return self.payments[name]

    @on("POST", "/v1/payments/([^/]+)/refund")
    def refund(self, given: dict[str, Any], name: str) -> Any:
        payment = self.payments[name]
        if payment["amount_refunded"] + given["amount"] > payment["amount"]:
            text = "The total refund amount is greater than the refund payment amount"
            raise Refusal(
                400, {"error": {"description": text, "reason": "input_validation_failed"}}
            )
        payment["amount_refunded"] += given["amount"]
        self.refunds.append({"id": self.name("rfnd_"), "payment_id": name, "status": "processed",
                             "amount": given["amount"], "currency": payment["currency"],
                             "notes": given["notes"]})  # fmt: skip
        return self.refunds[-1]

    @on("GET", "/v1/payments/([^/]+)/refunds")
    def list_refunds(self, given: dict[str, Any], name: str) -> Any:
        return {"items": [one for one in self.refunds if one["payment_id"] == name]}

    @on("GET", "/v1/disputes")
    def list_disputes(self, given: dict[str, Any]) -> Any:
        return {"items": self.disputes}

    def pay(self, name: str) -> None:
        link = self.links[name]
        paid = self.name("pay_")
        self.payments[paid] = {"id": paid, "status": "captured", "amount": link["amount"],
                               "currency": link["currency"], "method": "upi", "fee": 59,
                               "amount_refunded": 0}  # fmt: skip
        link |= {"status": "paid", "payments": [{"payment_id": paid, "status": "captured"}]}

    def end(self, name: str) -> None:
        self.links[name]["status"] = "expired"

    def contest(self, name: str) -> None:
        paid = self.links[name]["payments"][0]["payment_id"]
        payment = self.payments[paid]
        self.disputes.append({"id": "disp_1", "payment_id": paid, "amount": payment["amount"],
                              "currency": payment["currency"], "status": "open",
                              "reason_code": "fraud", "respond_by": 1796083200})  # fmt: skip

    def call(self, name: str, *, at: datetime, secret: str = "rzp-secret") -> Call:
        entity = {"entity": {"id": name, "reference_id": self.links[name]["reference_id"]}}
        event = {"event": "payment_link.paid", "payload": {"payment_link": entity}}
        body = json.dumps(event).encode()
        mark = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
        head = {"x-razorpay-signature": mark, "x-razorpay-event-id": "ev_1"}
        return Call(body=body, headers=head, at=at)
