"""Razorpay: UPI and cards in India by payment links. API of razorpay.com/docs/api."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
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
    Key,
    Order,
    Ref,
    Report,
    Told,
)
from guilder.kernel.money import Money

BASE = "https://api.razorpay.com"
LINKS = {"created": "pending", "partially_paid": "pending", "paid": "succeeded",
         "cancelled": "failed", "expired": "failed"}  # fmt: skip
PAYMENTS = {"captured": "succeeded", "refunded": "succeeded", "authorized": "pending",
            "created": "pending", "failed": "pending"}  # fmt: skip
BACKS = {"processed": "succeeded", "pending": "pending", "failed": "failed"}
OURS = {"card": "card", "upi": "online", "netbanking": "bank_transfer", "emandate": "direct_debit"}
DISPUTES = {"open": "open", "under_review": "review", "won": "won", "closed": "won", "lost": "lost"}


class Razorpay(wire.Quiet):
    """A merchant at Razorpay."""

    title: ClassVar[str] = "Razorpay"
    keys: ClassVar[tuple[Key, ...]] = (
        Key("key_id", is_secret=False),
        Key("key_secret"),
        Key("webhook_secret"),
    )
    methods: ClassVar[tuple[str, ...]] = ("online", "card", "bank_transfer")
    refunds: ClassVar[bool] = True

    def __init__(self, account: Account) -> None:
        self.base = account.base or BASE
        self.is_live = account.is_live
        self.user = account.keys["key_id"].strip()
        self.secret = account.keys["key_secret"].strip()
        self.hook_secret = account.keys["webhook_secret"].strip()
        start = "rzp_live_" if account.is_live else "rzp_test_"
        if not self.user.startswith(start):
            raise BadKeys(f"A key id of this mode begins with {start}.")

    def send(self, method: str, path: str, data: Any = None, *, key: str = "") -> tuple[int, Any]:
        """One call."""
        headers = {"Authorization": wire.basic(self.user, self.secret)}
        if key:
            headers["X-Refund-Idempotency"] = key
        return wire.call(method, f"{self.base}/v1{path}", headers=headers, data=data)

    def test(self) -> str:
        """Any read answers where the keys are right."""
        answered(*self.send("GET", "/payments?count=1"))
        return self.user

    def start(self, order: Order) -> Report:
        """A payment link; its reference is ours and taken once."""
        data = {
            "amount": order.amount.minor,
            "currency": order.amount.currency,
            "accept_partial": False,
            "reference_id": str(order.key),
            "description": order.description[:2048],
            "customer": {"name": order.name[:50], "email": order.email},
            "notify": {"sms": False, "email": False},
            "callback_url": order.back_url,
            "callback_method": "get",
            "notes": {"charge": str(order.key)},
        }
        status, found = self.send("POST", "/payment_links", data)
        if status == 400 and "already exists" in str(found):
            return self.search(order.key) or Report(state="unknown")
        return self.link(answered(status, found))

    def ask(self, ref: Ref) -> Report | None:
        """A link with its payment; by our reference where its name is not known."""
        if not ref.provider_id:
            return self.search(ref.key)
        status, found = self.send("GET", f"/payment_links/{wire.part(ref.provider_id)}")
        if status == 404 or (status == 400 and "does not exist" in str(found)):
            return None
        return self.link(answered(status, found))

    def search(self, key: UUID) -> Report | None:
        """What became of a call that had no answer."""
        found = answered(*self.send("GET", f"/payment_links?reference_id={key}"))
        links = found.get("payment_links") or []
        return self.link(links[0]) if links else None

    def link(self, found: Mapping[str, Any]) -> Report:
        """What a link says, with the payment that was made by it."""
        base = {"provider_id": str(found["id"]), "url": str(found.get("short_url", ""))}
        state = LINKS.get(str(found["status"]), "unknown")
        names = [one["payment_id"] for one in found.get("payments") or ()
                 if one.get("status") in {"captured", "refunded"}]  # fmt: skip
        if names:
            return self.payment(names[-1], base)
        if state == "succeeded":  # paid, and the payment is not named yet
            state = "pending"
        failure = str(found["status"]) if state == "failed" else ""
        return Report(
            state=state,
            is_live=self.is_live,
            failure=failure,
            provider_id=base["provider_id"],
            url=base["url"],
        )

    def payment(self, payment_id: str, base: Mapping[str, Any]) -> Report:
        """What a payment says."""
        found = answered(*self.send("GET", f"/payments/{wire.part(payment_id)}"))
        currency = str(found["currency"])
        return Report(
            state=PAYMENTS.get(str(found["status"]), "unknown"),
            provider_payment=payment_id,
            amount=Money(int(found["amount"]), currency),
            is_live=self.is_live,
            method=OURS.get(str(found.get("method")), "online"),
            # Their fee has the tax on it in it.
            fee=Money(int(found["fee"]), currency) if found.get("fee") else None,
            backs=self.backs(payment_id) if int(found.get("amount_refunded") or 0) else (),
            chargebacks=self.contests(payment_id),
            **base,
        )

    def backs(self, payment_id: str) -> list[Back]:
        """Refunds of a payment."""
        found = answered(*self.send("GET", f"/payments/{wire.part(payment_id)}/refunds"))
        return [back(one) for one in found["items"]]

    def contests(self, payment_id: str) -> list[Contest]:
        """Disputes about a payment."""
        status, found = self.send("GET", "/disputes?count=100")
        if status in {400, 404}:  # not every account has them
            return []
        items = answered(status, found)["items"]
        return [contest(one) for one in items if one.get("payment_id") == payment_id]

    def give_back(self, ref: Ref, *, key: UUID, amount: Money, reason: str) -> Back:
        """A refund."""
        data = {"amount": amount.minor, "speed": "normal", "receipt": str(key),
                "notes": {"refund": str(key), "reason": reason[:200]}}  # fmt: skip
        path = f"/payments/{wire.part(ref.provider_payment)}/refund"
        return back(answered(*self.send("POST", path, data, key=str(key))))

    def read(self, call: Call) -> Sequence[Told]:
        """One signed event; its name stands in a header."""
        right = wire.signed(self.hook_secret, call.body).hex()
        if not wire.same(call.headers.get("x-razorpay-signature", ""), right):
            raise BadCall("The signature is not right.")
        event = wire.read_json(call.body)
        if not isinstance(event, Mapping) or not isinstance(event.get("payload"), Mapping):
            raise BadCall("The call is no event.")
        name = call.headers.get("x-razorpay-event-id") or wire.digest(call.body)
        inner = event["payload"]
        link = (inner.get("payment_link") or {}).get("entity") or {}
        payment = (inner.get("payment") or {}).get("entity") or {}
        key = link.get("reference_id") or (payment.get("notes") or {}).get("charge")
        subject = link.get("id") or payment.get("id")
        if not subject:
            refund = (inner.get("refund") or inner.get("dispute") or {}).get("entity") or {}
            subject = refund.get("payment_id")
        if not subject:
            return [Told(event_id=name[:200])]
        return [Told(event_id=name[:200], about="charge", subject=str(subject),
                     key=wire.as_key(key))]  # fmt: skip


def back(found: Mapping[str, Any]) -> Back:
    """One refund."""
    notes = found.get("notes")
    return Back(
        provider_id=str(found["id"]),
        amount=Money(int(found["amount"]), found["currency"]),
        state=BACKS.get(str(found["status"]), "unknown"),
        key=wire.as_key(notes.get("refund")) if isinstance(notes, Mapping) else None,
    )


def contest(found: Mapping[str, Any]) -> Contest:
    """One dispute."""
    due = found.get("respond_by")
    return Contest(
        provider_id=str(found["id"]),
        amount=Money(int(found["amount"]), found["currency"]),
        stage=DISPUTES.get(str(found["status"]), "review"),
        reason=str(found.get("reason_code") or "")[:80],
        answer_by=datetime.fromtimestamp(due, UTC) if due else None,
    )


def answered(status: int, found: Any) -> Any:
    """What was asked for. Raises Refused."""
    if status < 400:
        return found
    error = found.get("error") or {}
    raise wire.refused(status, str(error.get("description", "")), str(error.get("reason") or ""))
