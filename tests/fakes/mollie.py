"""A fake of Mollie, ours: payments, refunds, chargebacks, calls without a signature."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from guilder.books.charging.gateways.base import Call
from tests.fakes.serving import Fake, Refusal, on

STAMP = "2026-11-21T10:00:00+00:00"


def linked(**links: str) -> dict[str, Any]:
    """Links as they write them."""
    return {
        name: {"href": f"https://api.mollie.example/v2/{where}", "type": "application/hal+json"}
        for name, where in links.items()
    }


def listed(name: str, rows: list[Any]) -> dict[str, Any]:
    """A list as they write it: one page."""
    links = {**linked(self=name, documentation="docs"), "previous": None, "next": None}
    return {"count": len(rows), "_embedded": {name: rows}, "_links": links}


def trouble(status: int, detail: str) -> Refusal:
    """Their no."""
    title = {404: "Not Found", 410: "Gone", 422: "Unprocessable Entity"}[status]
    about = {"status": status, "title": title, "detail": detail}
    return Refusal(status, {**about, "_links": linked(documentation="docs")})


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
        return {"resource": "profile", "id": "pfl_1", "mode": "test", "name": "Northlight",
                "website": "https://we.example", "email": "us@we.example",
                "phone": "+4930123456", "businessCategory": None, "status": "verified",
                "createdAt": STAMP,
                "_links": linked(self="profiles/pfl_1", dashboard="dashboard")}  # fmt: skip

    @on("POST", "/v2/customers", status=201)
    def customer(self, given: dict[str, Any]) -> Any:
        name = self.name("cst_")
        return {"resource": "customer", "id": name, "mode": "test", "name": given["name"],
                "email": given["email"], "locale": None, "metadata": given.get("metadata"),
                "createdAt": STAMP,
                "_links": linked(self=f"customers/{name}", dashboard="dashboard",
                                 documentation="docs")}  # fmt: skip

    @on("DELETE", "/v2/customers/([^/]+)/mandates/([^/]+)", status=204)
    def revoke(self, given: dict[str, Any], customer: str, name: str) -> Any:
        if name in self.ended:
            raise trouble(410, "The mandate is no longer available")
        self.ended.add(name)
        return {}

    @on("POST", "/v2/payments", status=201)
    def make(self, given: dict[str, Any]) -> Any:
        name = self.name("tr_")
        kept = given.get("sequenceType") == "recurring"
        self.payments[name] = {
            "resource": "payment", "id": name, "status": "paid" if kept else "open",
            "mode": "test", "createdAt": STAMP, "description": given["description"],
            "profileId": "pfl_1",
            "amount": given["amount"], "metadata": given["metadata"],
            "sequenceType": given.get("sequenceType", "oneoff"),
            "_links": linked(self=f"payments/{name}", dashboard="dashboard"),
        }  # fmt: skip
        if "customerId" in given:
            self.payments[name]["customerId"] = given["customerId"]
        if kept:
            self.payments[name]["method"] = "creditcard"
        else:
            page = {"href": f"https://pay.mollie.example/{name}", "type": "text/html"}
            self.payments[name]["_links"]["checkout"] = page
        return self.payments[name]

    @on("GET", "/v2/payments/([^/]+)")
    def read_one(self, given: dict[str, Any], name: str) -> Any:
        if name not in self.payments:
            raise trouble(404, "No payment exists")
        return self.payments[name]

    @on("POST", "/v2/payments/([^/]+)/refunds", status=201)
    def refund(self, given: dict[str, Any], name: str) -> Any:
        payment = self.payments[name]
        made = self.refunds.setdefault(name, [])
        value = Decimal(given["amount"]["value"])
        done = sum((Decimal(one["amount"]["value"]) for one in made), Decimal(0))
        if done + value > Decimal(payment["amount"]["value"]):
            raise trouble(422, "The amount is higher than the maximum")
        payment["amountRefunded"] = {**payment["amount"], "value": str(done + value)}
        refund = self.name("re_")
        made.append({"resource": "refund", "id": refund, "mode": "test", "createdAt": STAMP,
                     "amount": given["amount"], "status": "refunded", "paymentId": name,
                     "description": given["description"], "metadata": given["metadata"],
                     "_links": linked(self=refund, payment=name)})  # fmt: skip
        links = {**made[-1]["_links"], **linked(documentation="docs")}
        return {**made[-1], "_links": links}

    @on("GET", "/v2/payments/([^/]+)/refunds")
    def list_refunds(self, given: dict[str, Any], name: str) -> Any:
        return listed("refunds", self.refunds.get(name, []))

    @on("GET", "/v2/payments/([^/]+)/chargebacks")
    def list_chargebacks(self, given: dict[str, Any], name: str) -> Any:
        return listed("chargebacks", self.chargebacks.get(name, []))

    def pay(self, name: str) -> None:
        payment = self.payments[name]
        payment |= {"status": "paid", "method": "creditcard"}
        if payment["sequenceType"] == "first":
            payment |= {"mandateId": "mdt_1", "details": {"cardNumber": "4242"}}

    def leave(self, name: str, token: str = "mdt_9") -> None:
        """The client left a card: the payment of nothing is paid."""
        payment = self.payments[name]
        assert payment["amount"]["value"] == "0.00"
        payment |= {"status": "paid", "method": "creditcard", "mandateId": token,
                    "details": {"cardNumber": "4242"}}  # fmt: skip

    def end(self, name: str) -> None:
        self.payments[name]["status"] = "expired"

    def contest(self, name: str) -> None:
        payment = self.payments[name]
        payment["amountChargedBack"] = payment["amount"]
        reason = {"code": "AC01", "description": "Account identifier incorrect"}
        self.chargebacks[name] = [{"resource": "chargeback", "id": "chb_1", "paymentId": name,
                                   "createdAt": STAMP, "amount": payment["amount"],
                                   "reason": reason,
                                   "_links": linked(self="chb_1", payment=name)}]  # fmt: skip

    def call(self, name: str, *, at: datetime) -> Call:
        return Call(body=f"id={name}".encode(), at=at)
