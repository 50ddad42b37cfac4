"""A fake of Mollie, ours: payments, refunds, chargebacks, calls without a signature."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from guilder.books.charging.gateways.base import Call
from tests.fakes.serving import Fake, Refusal, on


class FakeMollie(Fake):
    kind = "mollie"

    def __init__(self) -> None:
        super().__init__()
        self.payments: dict[str, Any] = {}
        self.refunds: dict[str, list[Any]] = {}
        self.chargebacks: dict[str, list[Any]] = {}

    def signed_in(self, head: dict[str, str], path: str) -> None:
        assert head["authorization"] == "Bearer test_x", path

    @on("GET", "/v2/profiles/me")
    def profile(self, given: dict[str, Any]) -> Any:
        return {"name": "Northlight"}

    @on("POST", "/v2/customers")
    def customer(self, given: dict[str, Any]) -> Any:
        return {"id": self.name("cst_")}

    @on("POST", "/v2/payments")
    def make(self, given: dict[str, Any]) -> Any:
        name = self.name("tr_")
        kept = given.get("sequenceType") == "recurring"
        self.payments[name] = {
            "id": name, "status": "paid" if kept else "open", "mode": "test",
            "amount": given["amount"], "metadata": given["metadata"],
            "sequenceType": given.get("sequenceType", "oneoff"),
            "customerId": given.get("customerId"), "method": None,
            "_links": {} if kept else {"checkout": {"href": f"https://pay.mollie.example/{name}"}},
        }  # fmt: skip
        return self.payments[name]

    @on("GET", "/v2/payments/([^/]+)")
    def read_one(self, given: dict[str, Any], name: str) -> Any:
        if name not in self.payments:
            raise Refusal(404, {"status": 404, "detail": "No payment exists"})
        return self.payments[name]

    @on("POST", "/v2/payments/([^/]+)/refunds")
    def refund(self, given: dict[str, Any], name: str) -> Any:
        payment = self.payments[name]
        made = self.refunds.setdefault(name, [])
        value = Decimal(given["amount"]["value"])
        done = sum((Decimal(one["amount"]["value"]) for one in made), Decimal(0))
        if done + value > Decimal(payment["amount"]["value"]):
            raise Refusal(422, {"status": 422, "detail": "The amount is higher than the maximum"})
        payment["amountRefunded"] = {**payment["amount"], "value": str(done + value)}
        made.append({"id": self.name("re_"), "amount": given["amount"], "status": "refunded",
                     "metadata": given["metadata"]})  # fmt: skip
        return made[-1]

    @on("GET", "/v2/payments/([^/]+)/refunds")
    def list_refunds(self, given: dict[str, Any], name: str) -> Any:
        return {"_embedded": {"refunds": self.refunds.get(name, [])}}

    @on("GET", "/v2/payments/([^/]+)/chargebacks")
    def list_chargebacks(self, given: dict[str, Any], name: str) -> Any:
        return {"_embedded": {"chargebacks": self.chargebacks.get(name, [])}}

    def pay(self, name: str) -> None:
        payment = self.payments[name]
        payment |= {"status": "paid", "method": "creditcard"}
        if payment["sequenceType"] == "first":
            payment |= {"mandateId": "mdt_1", "details": {"cardNumber": "4242"}}

    def end(self, name: str) -> None:
        self.payments[name]["status"] = "expired"

    def contest(self, name: str) -> None:
        payment = self.payments[name]
        payment["amountChargedBack"] = payment["amount"]
        self.chargebacks[name] = [{"id": "chb_1", "amount": payment["amount"],
                                   "reason": {"code": "AC01"}}]  # fmt: skip

    def call(self, name: str, *, at: datetime) -> Call:
        return Call(body=f"id={name}".encode(), at=at)
