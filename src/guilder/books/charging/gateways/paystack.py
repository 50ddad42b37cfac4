"""Paystack: cards and mobile money in Ghana, Nigeria, Kenya. API of paystack.com/docs/api."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from guilder.books.charging.gateways import wire
from guilder.books.charging.gateways.base import (
    Account,
    Back,
    BadCall,
    BadKeys,
    Call,
    Contest,
    Kept,
    Key,
    Order,
    Ref,
    Report,
    Told,
)
from guilder.kernel.money import Money

BASE = "https://api.paystack.co"
# Everything counts in hundredths there, also what has none in ISO 4217.
PLACES = {"XOF": 2, "RWF": 2}
STATES = {"success": "succeeded", "failed": "failed", "abandoned": "pending", "ongoing": "pending",
          "pending": "pending", "processing": "pending", "queued": "pending",
          "reversed": "succeeded"}  # fmt: skip
BACKS = {"pending": "pending", "processing": "pending", "needs-attention": "pending",
         "processed": "succeeded", "failed": "failed"}  # fmt: skip
CHANNELS = {"card": ["card"], "bank_transfer": ["bank_transfer"],
            "online": ["mobile_money", "ussd", "qr", "bank"]}  # fmt: skip
OURS = {"card": "card", "bank_transfer": "bank_transfer", "mobile_money": "online"}
PAGE, MOST_PAGES = 100, 50
HARD = ("Stolen Card", "Lost Card", "Expired Card", "Restricted Card", "Invalid Card Number")


class Paystack(wire.Quiet):
    """A business at Paystack."""

    title: ClassVar[str] = "Paystack"
    keys: ClassVar[tuple[Key, ...]] = (Key("secret_key"),)
    methods: ClassVar[tuple[str, ...]] = ("card", "online", "bank_transfer")
    refunds: ClassVar[bool] = True
    keeps: ClassVar[bool] = True

    def __init__(self, account: Account) -> None:
        self.base = account.base or BASE
        self.is_live = account.is_live
        self.key = account.keys["secret_key"].strip()
        start = "sk_live_" if account.is_live else "sk_test_"
        if not self.key.startswith(start):
            raise BadKeys(f"A key of this mode begins with {start}.")

    def send(self, method: str, path: str, data: Any = None) -> tuple[int, Any]:
        """One call."""
        headers = {"Authorization": f"Bearer {self.key}"}
        return wire.call(method, f"{self.base}{path}", headers=headers, data=data)

    def test(self) -> str:
        """The balance answers where the key is right."""
        answered(*self.send("GET", "/balance"))
        return ""

    def forget(self, kept: Kept) -> None:
        """Deactivate a card's authorization; one that nobody knows is gone."""
        data = {"authorization_code": kept.token}
        status, found = self.send("POST", "/customer/authorization/deactivate", data)
        if status != 404:
            answered(status, found)

    def start(self, order: Order) -> Report:
        """A page of Paystack, or a charge of a kept card. The reference is ours and taken once."""
        data: dict[str, Any] = {
            "email": order.email,
            "amount": wire.units(order.amount, places=PLACES),
            "currency": order.amount.currency,
            "reference": str(order.key),
        }
        about = {"charge": str(order.key), "description": order.description[:100]}
        if order.kept is not None:
            data |= {
                "email": order.kept.customer,
                "authorization_code": order.kept.token,
                "metadata": json.dumps(about),
            }  # text here, an object below
            status, found = self.send("POST", "/transaction/charge_authorization", data)
        else:
            data |= {"callback_url": order.back_url, "metadata": about}
            if order.method in CHANNELS:
                data["channels"] = CHANNELS[order.method]
            status, found = self.send("POST", "/transaction/initialize", data)
        if status >= 400 and "duplicate" in str(found.get("message", "")).lower():
            return self.verified(str(order.key)) or Report(state="unknown")
        made = answered(status, found)
        if order.kept is not None:
            return self.report(made)
        return Report(state="pending", provider_id=str(order.key), url=made["authorization_url"])

    def ask(self, ref: Ref) -> Report | None:
        """A transaction by its reference, which is our key."""
        return self.verified(str(ref.key))

    def verified(self, reference: str) -> Report | None:
        """What Paystack knows of a reference; None where nothing."""
        status, found = self.send("GET", f"/transaction/verify/{wire.part(reference)}")
        if status in {400, 404} and "not found" in str(found.get("message", "")).lower():
            return None
        return self.report(answered(status, found))

    def report(self, found: Mapping[str, Any]) -> Report:
        """What a transaction says."""
        currency = str(found["currency"])
        state = STATES.get(str(found["status"]), "unknown")
        answer = str(found.get("gateway_response") or "")
        channel = str(found.get("channel") or "")
        name = str(found.get("id", ""))
        return Report(
            state=state,
            provider_id=str(found["reference"]),
            provider_payment=name,
            amount=wire.minor(found["amount"], currency, places=PLACES),
            is_live=found.get("domain") == "live" if found.get("domain") else None,
            method=OURS.get(channel, "online" if channel else ""),
            fee=wire.minor(found.get("fees") or 0, currency, places=PLACES),
            failure=answer[:80] if state == "failed" else "",
            is_hard=state == "failed" and answer in HARD,
            backs=self.backs(name) if state == "succeeded" else (),
            chargebacks=self.contests(name) if state == "succeeded" else (),
            kept=kept_of(found) if state == "succeeded" else None,
        )

    def backs(self, transaction: str) -> list[Back]:
        """Refunds of a transaction, whether or not their list is narrowed to it as it is asked to:
        their reference has that filter, their published document has not."""
        rows: list[Any] = []
        for page in range(1, MOST_PAGES + 1):
            query = f"transaction={wire.part(transaction)}&perPage={PAGE}&page={page}"
            found = answered(*self.send("GET", f"/refund?{query}"))
            rows += found
            if len(found) < PAGE:
                break
        return [back(one) for one in rows if of(one) == transaction]

    def contests(self, transaction: str) -> list[Contest]:
        """Disputes of a transaction."""
        status, found = self.send("GET", f"/dispute/transaction/{wire.part(transaction)}")
        if status == 404:
            return []
        one = answered(status, found)
        return [contest(one)] if one else []

    def give_back(self, ref: Ref, *, key: UUID, amount: Money, reason: str) -> Back:
        """A refund. There are no keys of ours there: one that bears ours in its note is it."""
        for one in self.backs(ref.provider_payment):
            if one.key == key:
                return one
        data = {
            "transaction": ref.provider_payment,
            "amount": wire.units(amount, places=PLACES),
            "currency": amount.currency,
            "customer_note": reason[:100],
            "merchant_note": str(key),
        }
        return back(answered(*self.send("POST", "/refund", data)))

    def read(self, call: Call) -> Sequence[Told]:
        """One event, signed with the secret key."""
        right = wire.signed(self.key, call.body, way="sha512").hex()
        if not wire.same(call.headers.get("x-paystack-signature", ""), right):
            raise BadCall("The signature is not right.")
        event = wire.read_json(call.body)
        if not isinstance(event, Mapping) or not isinstance(event.get("data"), Mapping):
            raise BadCall("The call is no event.")
        kind, found = str(event.get("event", "")), event["data"]
        # Events have no names of their own; the same body twice is the same event.
        name = wire.digest(call.body)
        inner = found.get("transaction")
        reference = found.get("reference") or found.get("transaction_reference")
        if kind.startswith("charge.dispute") and isinstance(inner, Mapping):
            reference = inner.get("reference")
        elif kind.startswith("refund."):
            reference = found.get("transaction_reference")
        if not kind.startswith(("charge.", "refund.")) or not reference:
            return [Told(event_id=name)]
        is_live = found.get("domain") == "live" if found.get("domain") else None
        key = wire.as_key(reference)
        return [Told(event_id=name, about="charge", subject=str(reference), key=key,
                     is_live=is_live)]  # fmt: skip


def of(refund: Mapping[str, Any]) -> str:
    """The transaction that a refund is of: its id, alone or inside of it."""
    found = refund.get("transaction")
    return str(found.get("id") if isinstance(found, Mapping) else found)


def back(found: Mapping[str, Any]) -> Back:
    """One refund."""
    return Back(
        provider_id=str(found["id"]),
        amount=wire.minor(found["amount"], found["currency"], places=PLACES),
        state=BACKS.get(str(found["status"]), "unknown"),
        key=wire.as_key(found.get("merchant_note")),
    )


def contest(found: Mapping[str, Any]) -> Contest:
    """One dispute."""
    status = str(found.get("status", ""))
    stage = "open" if status.startswith("awaiting-merchant") else "review"
    if status == "resolved":
        stage = "won" if found.get("resolution") == "declined" else "lost"
    due = found.get("dueAt") or found.get("due_at")
    return Contest(
        provider_id=str(found["id"]),
        amount=wire.minor(found.get("refund_amount") or found["amount"], found["currency"],
                          places=PLACES),
        stage=stage,
        reason=str(found.get("category") or "")[:80],
        answer_by=datetime.fromisoformat(due) if due else None,
    )  # fmt: skip


def kept_of(found: Mapping[str, Any]) -> Kept | None:
    """A card that may be charged again."""
    about = found.get("authorization") or {}
    if not about.get("reusable") or not about.get("authorization_code"):
        return None
    return Kept(
        customer=str((found.get("customer") or {}).get("email", "")),
        token=str(about["authorization_code"]),
        label=f"{about.get('card_type', '')} •••• {about.get('last4', '')}".strip()[:60],
    )


def answered(status: int, found: Any) -> Any:
    """What was asked for. Raises Refused."""
    if status < 400 and found.get("status") is True:
        return found.get("data")
    raise wire.refused(status, str(found.get("message", "")), str(found.get("code", "")))
