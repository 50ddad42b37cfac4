"""A fake of Adyen, ours: payment links, stored methods, refunds, signed notifications."""

import base64
import hashlib
import hmac
import json
from datetime import datetime
from typing import Any

from guilder.books.charging.gateways.base import Call
from tests.fakes.serving import Fake, Refusal, on

KEY = "ab" * 32


class FakeAdyen(Fake):
    kind = "adyen"

    def __init__(self) -> None:
        super().__init__()
        self.links: dict[str, Any] = {}
        self.paid: dict[str, Any] = {}
        self.told: list[dict[str, Any]] = []
        self.stored: dict[str, Any] = {}

    def signed_in(self, head: dict[str, str], path: str) -> None:
        assert head["x-api-key"] == "x", path

    @on("POST", "/v71/paymentMethods")
    def methods(self, given: dict[str, Any]) -> Any:
        return {"paymentMethods": []}

    @on("POST", "/v71/paymentLinks", status=201)
    def make(self, given: dict[str, Any]) -> Any:
        name = self.name("PL")
        self.links[name] = {**given, "id": name, "status": "active",
                            "url": f"https://test.adyen.example/{name}"}  # fmt: skip
        return self.links[name]

    @on("GET", "/v71/paymentLinks/([^/]+)")
    def read_link(self, given: dict[str, Any], name: str) -> Any:
        if name not in self.links:
            raise Refusal(422, {"status": 422, "errorCode": "14_0441", "errorType": "validation",
                                "message": "The link does not exist"})  # fmt: skip
        return self.links[name]

    @on("DELETE", "/v71/storedPaymentMethods/([^/]+)", status=204)
    def delete_stored(self, given: dict[str, Any], name: str) -> Any:
        assert given["shopperReference"]
        assert given["merchantAccount"]
        if name in self.ended:
            raise Refusal(404, {"status": 404, "errorCode": "800", "errorType": "validation",
                                "message": "Contract not found"})  # fmt: skip
        self.ended.add(name)
        return {}

    @on("POST", "/v71/payments")
    def charge(self, given: dict[str, Any]) -> Any:
        token = given["paymentMethod"]["storedPaymentMethodId"]
        refusals = {"pm_soft": "12", "pm_hard": "5"}
        name = self.name("PSP")
        if token in refusals:
            return {"pspReference": name, "resultCode": "Refused",
                    "refusalReasonCode": refusals[token]}  # fmt: skip
        return {"pspReference": name, "resultCode": "Authorised"}

    @on("POST", "/v71/payments/([^/]+)/refunds", status=201)
    def refund(self, given: dict[str, Any], name: str) -> Any:
        paid = self.paid[name]
        if paid["left"] < given["amount"]["value"]:
            raise Refusal(422, {"status": 422, "errorCode": "137", "errorType": "validation",
                                "message": "Invalid amount specified"})  # fmt: skip
        paid["left"] -= given["amount"]["value"]
        made = self.name("PSR")
        self.note("REFUND", made, given["amount"], merchantReference=given["reference"],
                  originalReference=name)  # fmt: skip
        return {**given, "pspReference": made, "paymentPspReference": name, "status": "received"}

    @on("GET", "/v71/storedPaymentMethods")
    def list_stored(self, given: dict[str, Any]) -> Any:
        found = self.stored.get(given["shopperReference"], [])
        return {"merchantAccount": given["merchantAccount"],
                "shopperReference": given["shopperReference"],
                "storedPaymentMethods": found}  # fmt: skip

    def leave(self, name: str, token: str = "tok_9") -> None:
        """The client left a card: authorised over nothing, and stored."""
        link = self.links[name]
        assert link["amount"]["value"] == 0
        assert link["storePaymentMethodMode"] == "enabled"
        link["status"] = "completed"
        whose = link["shopperReference"]
        self.stored[whose] = [{"id": token, "brand": "visa", "lastFour": "4242", "type": "scheme",
                               "expiryMonth": "03", "expiryYear": "2030"}]  # fmt: skip
        psp = self.name("PSP")
        self.note("AUTHORISATION", psp, link["amount"], merchantReference=link["reference"],
                  paymentMethod="visa")  # fmt: skip
        self.note("RECURRING_CONTRACT", token, link["amount"], originalReference=psp,
                  originalPsp=psp,
                  merchantReference=link["reference"], paymentMethod="visa",
                  additionalData={"shopperReference": whose, "cardSummary": "4242"})  # fmt: skip

    def note(self, code: str, name: str, amount: Any, **more: Any) -> None:
        """A notification that will be sent."""
        item = {"eventCode": code, "pspReference": name, "merchantAccountCode": "ShopECOM",
                "amount": amount, "success": "true", "eventDate": "2026-11-21T11:00:00+01:00", **more}  # fmt: skip
        self.told.append(item)

    def pay(self, name: str) -> None:
        link = self.links[name]
        link["status"] = "completed"
        psp = self.name("PSP")
        self.paid[psp] = {"left": link["amount"]["value"]}
        extra = {"additionalData": {"tokenization.storedPaymentMethodId": "tok_1",
                                    "tokenization.shopperReference": link["shopperReference"],
                                    "cardSummary": "4242"}}  # fmt: skip
        self.note("AUTHORISATION", psp, link["amount"], merchantReference=link["reference"],
                  paymentMethod="visa", **extra)  # fmt: skip

    def end(self, name: str) -> None:
        self.links[name]["status"] = "expired"

    def contest(self, name: str) -> None:
        psp = next(iter(self.paid))
        self.note("NOTIFICATION_OF_CHARGEBACK", self.name("DIS"), self.links[name]["amount"],
                  originalReference=psp, reason="Fraud",
                  merchantReference=self.links[name]["reference"])  # fmt: skip

    def call(self, name: str, *, at: datetime, key: str = KEY, live: str = "false") -> Call:
        if not self.told:
            self.note("REPORT_AVAILABLE", "REP1", {"value": 0, "currency": "EUR"})
        items = []
        for one in self.told:
            amount = one["amount"]
            text = ":".join([
                one["pspReference"], one.get("originalReference", ""), one["merchantAccountCode"],
                one.get("merchantReference", ""), str(amount["value"]), amount["currency"],
                one["eventCode"], one["success"],
            ])  # fmt: skip
            raw = hmac.new(bytes.fromhex(key), text.encode(), hashlib.sha256).digest()
            more = {
                **one.get("additionalData", {}),
                "hmacSignature": base64.b64encode(raw).decode(),
            }
            items.append({"NotificationRequestItem": {**one, "additionalData": more}})
        body = json.dumps({"live": live, "notificationItems": items}).encode()
        return Call(body=body, at=at)
