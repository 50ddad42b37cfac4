"""A fake of Paystack, ours: transactions by reference, refunds, disputes, signed events."""

import hashlib
import hmac
import json
from datetime import datetime
from typing import Any

from guilder.books.charging.gateways.base import Call
from tests.fakes.serving import Fake, Refusal, on


class FakePaystack(Fake):
    kind = "paystack"
    key_header = "-"  # there are no keys: a reference is taken once

    def __init__(self) -> None:
        super().__init__()
        self.transactions: dict[str, Any] = {}
        self.refunds: list[Any] = []
        self.disputes: dict[str, Any] = {}

    def signed_in(self, head: dict[str, str], path: str) -> None:
        assert head["authorization"] == "Bearer sk_test_paystack", path

    @on("GET", "/balance")
    def balance(self, given: dict[str, Any]) -> Any:
        return {"status": True, "data": []}

    def add(self, given: dict[str, Any], status: str) -> dict[str, Any]:
        reference = given["reference"]
        if reference in self.transactions:
            raise Refusal(400, {"status": False, "message": "Duplicate Transaction Reference"})
        self.names += 1
        self.transactions[reference] = {
            "id": self.names, "reference": reference, "amount": int(given["amount"]), "fees": None,
            "currency": given["currency"], "status": status, "domain": "test", "channel": "",
        }  # fmt: skip
        return self.transactions[reference]

    @on("POST", "/transaction/initialize")
    def make(self, given: dict[str, Any]) -> Any:
        made = self.add(given, "abandoned")
        url = f"https://checkout.paystack.example/{made['id']}"
        return {"status": True, "data": {"authorization_url": url, "reference": made["reference"]}}

    @on("POST", "/transaction/charge_authorization")
    def charge(self, given: dict[str, Any]) -> Any:
        answers = {"pm_soft": "Insufficient Funds", "pm_hard": "Stolen Card"}
        answer = answers.get(given["authorization_code"])
        made = self.add(given, "failed" if answer else "success")
        made |= {"gateway_response": answer or "Approved", "channel": "card"}
        return {"status": True, "data": made}

    @on("GET", "/transaction/verify/([^/]+)")
    def verify(self, given: dict[str, Any], reference: str) -> Any:
        if reference not in self.transactions:
            raise Refusal(404, {"status": False, "message": "Transaction reference not found."})
        return {"status": True, "data": self.transactions[reference]}

    @on("POST", "/refund")
    def refund(self, given: dict[str, Any]) -> Any:
        found = next(o for o in self.transactions.values() if str(o["id"]) == given["transaction"])
        done = sum(one["amount"] for one in self.refunds if one["of"] == found["id"])
        if done + given["amount"] > found["amount"]:
            raise Refusal(400, {"status": False, "message": "Refund amount is too much"})
        self.names += 1
        self.refunds.append({"id": self.names, "of": found["id"], "amount": given["amount"],
                             "currency": found["currency"], "status": "processed",
                             "merchant_note": given["merchant_note"]})  # fmt: skip
        return {"status": True, "data": self.refunds[-1]}

    @on("GET", "/refund")
    def list_refunds(self, given: dict[str, Any]) -> Any:
        of = given["transaction"]
        return {"status": True, "data": [one for one in self.refunds if str(one["of"]) == of]}

    @on("GET", "/dispute/transaction/([^/]+)")
    def dispute(self, given: dict[str, Any], name: str) -> Any:
        if name not in self.disputes:
            raise Refusal(404, {"status": False, "message": "Dispute not found"})
        return {"status": True, "data": self.disputes[name]}

    def pay(self, name: str) -> None:
        card = {"authorization_code": "AUTH_1", "reusable": True, "card_type": "visa",
                "last4": "4081"}  # fmt: skip
        self.transactions[name] |= {"status": "success", "fees": 59, "channel": "card",
                                    "authorization": card,
                                    "customer": {"email": "bar@example.test"}}  # fmt: skip

    def end(self, name: str) -> None:
        self.transactions[name] |= {"status": "failed", "gateway_response": "Declined"}

    def contest(self, name: str) -> None:
        found = self.transactions[name]
        self.disputes[str(found["id"])] = {
            "id": 7, "refund_amount": found["amount"], "currency": found["currency"],
            "status": "awaiting-merchant-feedback", "category": "fraud",
            "dueAt": "2026-12-01T00:00:00.000Z",
        }  # fmt: skip

    def call(self, name: str, *, at: datetime, secret: str = "sk_test_paystack") -> Call:
        body = json.dumps({"event": "charge.success", "data": {"reference": name}}).encode()
        mark = hmac.new(secret.encode(), body, hashlib.sha512).hexdigest()
        return Call(body=body, headers={"x-paystack-signature": mark}, at=at)
