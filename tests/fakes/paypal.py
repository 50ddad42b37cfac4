"""A fake of PayPal, ours: orders, captures, refunds, disputes, verification of its calls."""

import json
from datetime import datetime
from decimal import Decimal
from typing import Any

from guilder.books.charging.gateways.base import Call
from tests.fakes.serving import Fake, Refusal, on

SUMMED_UP = ("dispute_id", "dispute_amount", "status", "reason", "seller_response_due_date")


class FakePayPal(Fake):
    kind = "paypal"
    key_header = "paypal-request-id"

    def __init__(self) -> None:
        super().__init__()
        self.orders: dict[str, Any] = {}
        self.disputes: list[Any] = []
        self.right: set[str] = set()
        self.setups: dict[str, Any] = {}
        self.tokens: dict[str, str] = {}

    def signed_in(self, head: dict[str, str], path: str) -> None:
        token = "Basic aWQ6c2VjcmV0" if path.endswith("/token") else "Bearer A21"
        assert head["authorization"] == token, path

    def read(self, body: bytes, head: dict[str, str]) -> dict[str, Any]:
        is_form = "form" in head.get("content-type", "")
        return {} if is_form else super().read(body, head)

    @on("POST", "/v1/oauth2/token")
    def token(self, given: dict[str, Any]) -> Any:
        return {"access_token": "A21"}

    @on("POST", "/v2/checkout/orders")
    def make(self, given: dict[str, Any]) -> Any:
        name = self.name("ORDER")
        wallet = given["payment_source"]["paypal"]
        if wallet.get("vault_id") in {"pm_soft", "pm_hard"}:
            issue = {"pm_soft": "INSTRUMENT_DECLINED", "pm_hard": "PAYER_CANNOT_PAY"}
            about = [{"issue": issue[wallet["vault_id"]]}]
            raise Refusal(422, {"name": "UNPROCESSABLE_ENTITY", "details": about})
        if "vault_id" in wallet:
            self.orders[name] = {"id": name, "links": [], "purchase_units": given["purchase_units"]}
            return self.capture({}, name)
        link = {"rel": "payer-action", "href": f"https://paypal.example/checkoutnow?token={name}"}
        self.orders[name] = {"id": name, "status": "PAYER_ACTION_REQUIRED", "links": [link],
                             "purchase_units": given["purchase_units"]}  # fmt: skip
        return self.orders[name]

    @on("POST", "/v3/vault/setup-tokens", status=201)
    def make_setup(self, given: dict[str, Any]) -> Any:
        name = self.name("SETUP")
        href = f"https://paypal.example/agreements/approve?approval_session_id={name}"
        self.setups[name] = {"id": name, "status": "PAYER_ACTION_REQUIRED",
                             "links": [{"rel": "approve", "href": href}]}  # fmt: skip
        return self.setups[name]

    @on("GET", "/v3/vault/setup-tokens/([^/]+)")
    def read_setup(self, given: dict[str, Any], name: str) -> Any:
        if name not in self.setups:
            raise Refusal(404, {"name": "RESOURCE_NOT_FOUND", "details": []})
        return self.setups[name]

    @on("POST", "/v3/vault/payment-tokens", status=201)
    def make_token(self, given: dict[str, Any]) -> Any:
        name = given["payment_source"]["token"]["id"]
        assert given["payment_source"]["token"]["type"] == "SETUP_TOKEN"
        assert self.setups[name]["status"] == "APPROVED"
        self.setups[name]["status"] = "VAULTED"
        return {"id": self.tokens[name], "customer": {"id": "CUST9"},
                "payment_source": {"paypal": {"email_address": "bar@example.test"}}}  # fmt: skip

    @on("DELETE", "/v3/vault/payment-tokens/([^/]+)", status=204)
    def delete_token(self, given: dict[str, Any], name: str) -> Any:
        if name in self.ended:
            raise Refusal(404, {"name": "RESOURCE_NOT_FOUND", "details": []})
        self.ended.add(name)
        return {}

    def leave(self, name: str, token: str = "tok9") -> None:
        """The client approved that PayPal keeps the wallet for us."""
        self.setups[name]["status"] = "APPROVED"
        self.tokens[name] = token

    @on("GET", "/v2/checkout/orders/([^/]+)")
    def read_order(self, given: dict[str, Any], name: str) -> Any:
        if name not in self.orders:
            raise Refusal(404, {"name": "RESOURCE_NOT_FOUND", "details": []})
        return self.orders[name]

    @on("POST", "/v2/checkout/orders/([^/]+)/capture", status=201)
    def capture(self, given: dict[str, Any], name: str) -> Any:
        order = self.orders[name]
        unit = order["purchase_units"][0]
        fee = {"currency_code": unit["amount"]["currency_code"], "value": "2"}
        capture = {"id": self.name("CAP"), "status": "COMPLETED", "amount": unit["amount"],
                   "custom_id": unit["custom_id"],
                   "seller_receivable_breakdown": {"gross_amount": unit["amount"], "paypal_fee": fee}}  # fmt: skip
        unit["payments"] = {"captures": [capture], "refunds": []}
        order["status"] = "COMPLETED"
        return order

    @on("POST", "/v2/payments/captures/([^/]+)/refund", status=201)
    def refund(self, given: dict[str, Any], name: str) -> Any:
        found = (one["purchase_units"][0] for one in self.orders.values())
        unit = next(one for one in found if one["payments"]["captures"][0]["id"] == name)
        made = unit["payments"]["refunds"]
        done = sum((Decimal(one["amount"]["value"]) for one in made), Decimal(0))
        if done + Decimal(given["amount"]["value"]) > Decimal(unit["amount"]["value"]):
            issue = {"issue": "REFUND_AMOUNT_EXCEEDED"}
            raise Refusal(422, {"name": "UNPROCESSABLE_ENTITY", "details": [issue]})
        made.append({"id": self.name("REF"), "status": "COMPLETED", "amount": given["amount"],
                     "custom_id": given["custom_id"]})  # fmt: skip
        return made[-1]

    @on("GET", "/v1/customer/disputes")
    def list_disputes(self, given: dict[str, Any]) -> Any:
        wanted = given["disputed_transaction_id"]
        found = [one for one in self.disputes if of(one) == wanted]
        # The list sums up: it says neither what a dispute is about nor how it ended.
        told = [{name: one[name] for name in SUMMED_UP} for one in found]
        return {"items": told} if told else {}

    @on("GET", "/v1/customer/disputes/([^/]+)")
    def read_dispute(self, given: dict[str, Any], name: str) -> Any:
        return next(one for one in self.disputes if one["dispute_id"] == name)

    @on("POST", "/v1/notifications/verify-webhook-signature")
    def verify(self, given: dict[str, Any]) -> Any:
        mark = f"{given['transmission_sig']}:{json.dumps(given['webhook_event'])}"
        is_right = mark in self.right and given["webhook_id"] == "1WH"
        return {"verification_status": "SUCCESS" if is_right else "FAILURE"}

    def pay(self, name: str) -> None:
        self.orders[name]["status"] = "APPROVED"

    def end(self, name: str) -> None:
        del (self.setups if name in self.setups else self.orders)[name]

    def contest(self, name: str) -> None:
        capture = self.orders[name]["purchase_units"][0]["payments"]["captures"][0]
        self.disputes.append({
            "disputed_transactions": [{"seller_transaction_id": capture["id"]}], "dispute_id": "PP-D-1", "dispute_amount": capture["amount"],
            "status": "WAITING_FOR_SELLER_RESPONSE", "reason": "UNAUTHORISED",
            "seller_response_due_date": "2026-12-01T00:00:00.000Z",
        })  # fmt: skip

    def resolve(self, outcome: str) -> None:
        """The last dispute has ended."""
        self.disputes[-1] |= {"status": "RESOLVED", "dispute_outcome": {"outcome_code": outcome}}

    def call(self, name: str, *, at: datetime, signature: str = "sig") -> Call:
        event = {"id": "WH-EVT-1", "event_type": "CHECKOUT.ORDER.APPROVED",
                 "resource": {"id": name}}  # fmt: skip
        self.right.add(f"sig:{json.dumps(event)}")
        head = {"paypal-transmission-sig": signature, "paypal-auth-algo": "SHA256withRSA",
                "paypal-transmission-id": "f69cd13f0-d67a-11e5-baa3-778b53f4ae55",
                "paypal-cert-url": "https://api.paypal.example/v1/notifications/certs/CERT-1",
                "paypal-transmission-time": at.isoformat().replace("+00:00", "Z")}  # fmt: skip
        return Call(body=json.dumps(event).encode(), headers=head, at=at)


def of(dispute: dict[str, Any]) -> str:
    """The capture that a dispute is about."""
    return dispute["disputed_transactions"][0]["seller_transaction_id"]
