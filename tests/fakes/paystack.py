"""A fake of Paystack, ours: transactions by reference, refunds, disputes, signed events."""

import hashlib
import hmac
import json
from datetime import datetime
from typing import Any

from guilder.books.charging.gateways.base import Call
from tests.fakes.serving import Fake, Refusal, on

CHARGED = ("id", "amount", "currency", "transaction_date", "status", "reference", "domain",
           "metadata", "gateway_response", "message", "channel", "ip_address", "log", "fees",
           "authorization", "plan")  # fmt: skip
UNTOLD = ("transaction_date", "plan_object")
STAMP = "2026-11-21T10:00:00.000Z"
CUSTOMER = {"id": 1, "first_name": "Bar", "last_name": "Bar", "email": "bar@example.test",
            "customer_code": "CUS_1", "phone": None, "metadata": None, "risk_action": "default",
            "international_format_phone": None}  # fmt: skip
LOG = {"start_time": 1, "time_spent": 1, "attempts": 1, "errors": 0, "success": True,
       "mobile": False, "input": [], "history": []}  # fmt: skip
CARD = {"authorization_code": "AUTH_1", "bin": None, "last4": "4081", "exp_month": "12",
        "exp_year": "2030", "channel": "card", "card_type": "visa", "bank": "TEST BANK",
        "country_code": "NG", "brand": "visa", "reusable": True, "signature": "SIG_1",
        "account_name": None}  # fmt: skip


def said(data: Any, **more: Any) -> dict[str, Any]:
    """Their yes, in their envelope."""
    return {"status": True, "message": "Done", "data": data, **more}


def refusal(status: int, message: str) -> Refusal:
    """Their no."""
    about = {
        "meta": {"nextStep": "Try again"},
        "type": "validation_error",
        "code": "validation_error",
    }
    return Refusal(status, {"status": False, "message": message, **about})


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
        return said([{"currency": "NGN", "balance": 0}])

    def add(self, given: dict[str, Any], status: str) -> dict[str, Any]:
        reference = given["reference"]
        if reference in self.transactions:
            raise refusal(400, "Duplicate Transaction Reference")
        self.names += 1
        self.transactions[reference] = {
            "id": self.names, "reference": reference, "amount": int(given["amount"]), "fees": None,
            "currency": given["currency"], "status": status, "domain": "test", "channel": "",
            "receipt_number": None, "message": None, "gateway_response": "Not completed",
            "paid_at": None, "created_at": STAMP, "ip_address": "192.0.2.1",
            "metadata": self.text(given["metadata"]), "log": LOG, "fees_split": None, "authorization": {},
            "customer": CUSTOMER, "plan": None, "split": {}, "order_id": None, "paidAt": None,
            "createdAt": STAMP, "requested_amount": int(given["amount"]),
            "pos_transaction_data": None, "source": None, "fees_breakdown": None,
            "connect": None, "transaction_date": STAMP, "plan_object": {}, "subaccount": {},
        }  # fmt: skip
        return self.transactions[reference]

    def text(self, metadata: Any) -> str:
        return metadata if isinstance(metadata, str) else json.dumps(metadata)

    @on("POST", "/transaction/initialize")
    def make(self, given: dict[str, Any]) -> Any:
        made = self.add(given, "abandoned")
        url = f"https://checkout.paystack.example/{made['id']}"
        return said({"authorization_url": url, "access_code": "ACCESS_1",
                     "reference": made["reference"]})  # fmt: skip

    @on("POST", "/transaction/charge_authorization")
    def charge(self, given: dict[str, Any]) -> Any:
        answers = {"pm_soft": "Insufficient Funds", "pm_hard": "Stolen Card"}
        answer = answers.get(given["authorization_code"])
        made = self.add(given, "failed" if answer else "success")
        made |= {"gateway_response": answer or "Approved", "channel": "card",
                 "authorization": CARD}  # fmt: skip
        told = {name: made[name] for name in CHARGED}
        return said({**told, "customer": {**CUSTOMER, "metadata": {}}})

    @on("POST", "/customer/authorization/deactivate")
    def deactivate(self, given: dict[str, Any]) -> Any:
        if given["authorization_code"] in self.ended:
            raise refusal(404, "Authorization code not found")
        self.ended.add(given["authorization_code"])
        return {"status": True, "message": "Authorization has been deactivated"}

    @on("GET", "/transaction/verify/([^/]+)")
    def verify(self, given: dict[str, Any], reference: str) -> Any:
        if reference not in self.transactions:
            raise refusal(404, "Transaction reference not found.")
        return said(self.transactions[reference])

    @on("POST", "/refund")
    def refund(self, given: dict[str, Any]) -> Any:
        found = next(o for o in self.transactions.values() if str(o["id"]) == given["transaction"])
        done = sum(one["amount"] for one in self.refunds if one["transaction"] == found["id"])
        if done + given["amount"] > found["amount"]:
            raise refusal(400, "Refund amount is too much")
        self.names += 1
        made = {
            "id": self.names, "integration": 1, "domain": "test", "amount": given["amount"],
            "currency": found["currency"], "status": "processed", "refunded_by": "us@we.example",
            "merchant_note": given["merchant_note"], "customer_note": given["customer_note"],
            "deducted_amount": given["amount"], "createdAt": STAMP,
        }  # fmt: skip
        self.refunds.append({
            **made, "transaction": found["id"], "dispute": None, "settlement": None,
            "refunded_at": None, "fully_deducted": 1, "bank_reference": None,
            "transaction_reference": found["reference"], "reason": "", "refund_type": "part",
            "customer": {**CUSTOMER, "phone": None, "metadata": "",
                         "international_format_phone": ""},
            "transaction_amount": found["amount"], "initiated_by": "us@we.example",
            "refund_channel": "api", "session_id": None, "collect_account_number": False,
        })  # fmt: skip
        of = {
            "id": found["id"], "domain": "test", "reference": found["reference"],
            "amount": found["amount"], "paid_at": STAMP, "channel": found["channel"],
            "currency": found["currency"], "plan": {}, "split": {}, "order_id": None,
            "authorization": {"exp_month": None, "exp_year": None, "account_name": None},
            "customer": {"international_format_phone": None}, "subaccount": {"currency": None},
            "paidAt": STAMP, "pos_transaction_data": None, "source": None, "fees_breakdown": None,
        }  # fmt: skip
        return said({**made, "transaction": of, "channel": None, "expected_at": STAMP,
                     "fully_deducted": True, "updatedAt": STAMP})  # fmt: skip

    @on("GET", "/refund")
    def list_refunds(self, given: dict[str, Any]) -> Any:
        # Their document knows no filter by transaction: all refunds, newest first, by pages.
        size, page = int(given["perPage"]), int(given["page"])
        rows = self.refunds[::-1][(page - 1) * size : page * size]
        meta = {"total": len(self.refunds), "skipped": (page - 1) * size, "perPage": str(size),
                "page": page, "pageCount": -(-len(self.refunds) // size),
                "failedRefundCount": 0}  # fmt: skip
        return said(rows, meta=meta)

    @on("GET", "/dispute/transaction/([^/]+)")
    def dispute(self, given: dict[str, Any], name: str) -> Any:
        if name not in self.disputes:
            raise refusal(404, "Dispute not found")
        return said(self.disputes[name])

    def pay(self, name: str) -> None:
        self.transactions[name] |= {"status": "success", "fees": 59, "channel": "card",
                                    "paid_at": STAMP, "authorization": CARD}  # fmt: skip

    def end(self, name: str) -> None:
        self.transactions[name] |= {"status": "failed", "gateway_response": "Declined"}

    def contest(self, name: str) -> None:
        found = self.transactions[name]
        self.disputes[str(found["id"])] = {
            "id": 7, "refund_amount": found["amount"], "currency": found["currency"],
            "status": "awaiting-merchant-feedback", "category": "fraud",
            "dueAt": "2026-12-01T00:00:00.000Z", "history": [], "messages": [], "last4": "4081",
            "bin": "408408", "transaction_reference": None, "merchant_transaction_reference": name,
            "domain": "test", "resolution": None, "note": None, "attachments": None,
            "integration": 1, "created_by": 1, "evidence": None, "resolvedAt": None,
            "createdAt": STAMP, "updatedAt": STAMP,
            "transaction": {
                **{name: found[name] for name in found if name not in UNTOLD},
                "paidAt": STAMP, "paid_at": STAMP, "metadata": {"custom_fields": []}, "plan": {}, "receipt_number": 1,
                "authorization": {"receiver_bank_account_number": None, "receiver_bank": None},
                "customer": {"international_format_phone": None}, "connect": {},
            },
        }  # fmt: skip

    def call(self, name: str, *, at: datetime, secret: str = "sk_test_paystack") -> Call:
        body = json.dumps({"event": "charge.success", "data": {"reference": name}}).encode()
        mark = hmac.new(secret.encode(), body, hashlib.sha512).hexdigest()
        return Call(body=body, headers={"x-paystack-signature": mark}, at=at)
